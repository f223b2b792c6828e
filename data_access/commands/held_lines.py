"""A bank line with the decision that stands on it, held until the commit, so that two people decide one after the other."""

from typing import Any

from sqlalchemy import Row, select, update

from data_access.commands.refusals import NotFoundError
from data_access.database import Writing
from data_access.schema import bank_line_decisions, bank_lines


def held_line(writing: Writing, line_id: int) -> Any:
    """The line; raises NotFoundError."""
    row = writing.connection.execute(
        select(bank_lines).where(bank_lines.c.id == line_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no bank line {line_id}")
    return row


def standing_decision(writing: Writing, line_id: int) -> Row[Any] | None:
    """What the line was explained to be, while that was not taken back."""
    back = bank_line_decisions.alias("back")
    return writing.connection.execute(
        select(bank_line_decisions)
        .outerjoin(back, back.c.undoes_id == bank_line_decisions.c.id)
        .where(
            bank_line_decisions.c.bank_line_id == line_id,
            bank_line_decisions.c.undoes_id.is_(None),
            back.c.id.is_(None),
        )
        .order_by(bank_line_decisions.c.id)
        .limit(1)
    ).one_or_none()


def move(writing: Writing, line_id: int, amount: int) -> None:
    """Move the line's counter; the caller holds the line."""
    changed = update(bank_lines).where(bank_lines.c.id == line_id).values(matched=bank_lines.c.matched + amount)
    writing.connection.execute(changed)
