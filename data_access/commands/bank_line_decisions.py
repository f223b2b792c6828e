"""Saying what a bank line is that no payment of the ledger made, and taking that back."""

from typing import Any

from sqlalchemy import insert

from data_access.commands.held_lines import held_line, standing_decision
from data_access.commands.match_aliases import forget, learn
from data_access.commands.match_refusals import MatchRefusedError
from data_access.commands.refusals import told_as_refusals
from data_access.commands.shared import for_every_site
from data_access.database import Writing
from data_access.free_text import refuse_card_numbers
from data_access.schema import bank_line_decisions
from data_access.scope import Scope
from domain.matching.proposals import Explanation


def explain_line(writing: Writing, scope: Scope, line_id: int, reason: Explanation, note: str = "") -> int:
    """Explain what of the line is not matched, and learn its words; returns the decision's id."""
    for_every_site(scope, "explain a bank line")
    line = held_line(writing, line_id)
    if (standing := standing_decision(writing, line_id)) is not None:
        raise MatchRefusedError(
            f"{standing.decided_by} explained bank line {line_id} as {standing.reason}; take that back first"
        )
    if line.matched == abs(line.amount):
        raise MatchRefusedError(f"bank line {line_id} is matched in full; undo its match first")
    values: dict[str, Any] = {"bank_line_id": line_id, "reason": reason.value, "note": note.strip()}
    refuse_card_numbers(writing.connection, scope, values)
    values |= {"decided_by": writing.actor, "decided_at": writing.at}
    with told_as_refusals():
        new_id = writing.connection.execute(
            insert(bank_line_decisions).returning(bank_line_decisions.c.id), [values]
        ).scalar_one()
    writing.record("explain", bank_line_decisions.name, new_id, after=values)
    came_back = reason is Explanation.RETURN and line.amount < 0  # a vendor's debit as any other, which was returned
    if not line.matched and not came_back:  # what is left beside a payment says nothing of the words
        learn(writing, line, reason=reason.value)
    return new_id


def take_back_explanation(writing: Writing, scope: Scope, line_id: int) -> int:
    """The line is open again, and what was learned from it is forgotten; returns the row's id."""
    for_every_site(scope, "take back what a bank line was explained as")
    held_line(writing, line_id)
    standing = standing_decision(writing, line_id)
    if standing is None:
        raise MatchRefusedError(f"bank line {line_id} is not explained; there is nothing to take back")
    values = {"bank_line_id": line_id, "reason": standing.reason, "undoes_id": standing.id}
    values |= {"decided_by": writing.actor, "decided_at": writing.at}
    with told_as_refusals():
        new_id = writing.connection.execute(
            insert(bank_line_decisions).returning(bank_line_decisions.c.id), [values]
        ).scalar_one()
    writing.record("take back", bank_line_decisions.name, new_id, after=values)
    forget(writing, line_id, explanations=True)
    return new_id
