"""What people decided by hand, kept for the next line with the same words; retired when the decision is taken back."""

from typing import Any

from sqlalchemy import Row, insert, select

from data_access.database import Writing
from data_access.schema import match_aliases
from domain.matching.words import words_of


def text_of(line: Row[Any]) -> str:
    """All that the bank says of a line in words."""
    return " ".join(filter(None, (line.counterparty, line.description, line.reference)))


def learn(writing: Writing, line: Row[Any], *, vendor_id: int | None = None, reason: str = "") -> None:
    """Remember the words of a held line as this vendor, or as this reason; nothing where it has no words."""
    words = words_of(text_of(line))
    if not words:
        return
    values = {"bank_account": line.bank_account, "words": words, "vendor_id": vendor_id, "reason": reason}
    values |= {"bank_line_id": line.id, "decided_by": writing.actor, "decided_at": writing.at}
    new_id = writing.connection.execute(insert(match_aliases).returning(match_aliases.c.id), [values]).scalar_one()
    writing.record("learn", match_aliases.name, new_id, after=values)


def forget(writing: Writing, line_id: int, *, explanations: bool) -> None:
    """Retire what was learned from the line, of explanations or of vendors."""
    back = match_aliases.alias("back")
    meaning = match_aliases.c.vendor_id.is_(None) if explanations else match_aliases.c.vendor_id.is_not(None)
    standing = (
        select(match_aliases)
        .outerjoin(back, back.c.undoes_id == match_aliases.c.id)
        .where(
            match_aliases.c.bank_line_id == line_id, match_aliases.c.undoes_id.is_(None), back.c.id.is_(None), meaning
        )
    )
    for row in writing.connection.execute(standing.order_by(match_aliases.c.id)).all():
        values = {name: row._mapping[name] for name in ("bank_account", "words", "vendor_id", "reason", "bank_line_id")}
        values |= {"decided_by": writing.actor, "decided_at": writing.at, "undoes_id": row.id}
        writing.connection.execute(insert(match_aliases), [values])
        writing.record("forget", match_aliases.name, row.id, after=values)
