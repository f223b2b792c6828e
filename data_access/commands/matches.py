"""Matching payments to bank lines: what was proposed, what a person says by hand, and taking it back by a further row.

Bank lines belong to no site, so only somebody who sees every site decides. Payments are held in order of id, then lines
in order of id, so that two people who decide at once queue.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import insert, select

from data_access.commands.held_lines import held_line, move, standing_decision
from data_access.commands.match_aliases import forget, learn
from data_access.commands.match_refusals import MatchRefusedError
from data_access.commands.refusals import NotFoundError, told_as_refusals
from data_access.commands.shared import for_every_site, the_row
from data_access.database import Writing
from data_access.schema import accounts, matches, payments
from data_access.scope import Scope, within
from domain.matching.proposals import Part, Proposal
from domain.money import Money


def accept(writing: Writing, scope: Scope, proposal: Proposal) -> list[int]:
    """Match as proposed; returns the matches' ids. A suggestion taken by a person is learned from."""
    return _match(writing, scope, proposal.parts, proposal, by_hand=not proposal.automatic)


def accept_many(writing: Writing, scope: Scope, proposals: Iterable[Proposal]) -> list[int]:
    """Match all that are at the bar, in one transaction; raises MatchRefusedError for a suggestion among them."""
    chosen = sorted(proposals, key=lambda p: (p.payment_ids, p.line_ids))
    if any(not proposal.automatic for proposal in chosen):
        raise MatchRefusedError("a suggestion below the bar is accepted one by one; leave it out")
    ids = sorted({part.payment_id for proposal in chosen for part in proposal.parts})
    for payment_id in ids:  # all of them in order before the first line
        _held_payment(writing, scope, payment_id)
    for line_id in sorted({part.line_id for proposal in chosen for part in proposal.parts}):
        held_line(writing, line_id)
    return [new for proposal in chosen for new in _match(writing, scope, proposal.parts, proposal, by_hand=False)]


def match_by_hand(writing: Writing, scope: Scope, parts: Sequence[Part]) -> list[int]:
    """Match several lines and payments with amounts in minor units, as a person says; returns the matches' ids."""
    return _match(writing, scope, parts, None, by_hand=True)


def _match(
    writing: Writing, scope: Scope, parts: Sequence[Part], proposal: Proposal | None, *, by_hand: bool
) -> list[int]:
    for_every_site(scope, "match bank lines")
    if not parts:
        raise MatchRefusedError("nothing was chosen; choose a payment and a bank line")
    if any(part.amount <= 0 for part in parts):
        raise MatchRefusedError("match a positive amount")
    held = {x: _held_payment(writing, scope, x) for x in sorted({part.payment_id for part in parts})}
    lines = {x: held_line(writing, x) for x in sorted({part.line_id for part in parts})}
    _check(writing, parts, held, lines)
    reasons = [[r.name, r.value, r.points] for r in proposal.reasons] if proposal else []
    made = []
    for part in parts:
        payment = held[part.payment_id]
        values = {
            "account_id": payment.account_id,
            "site_id": payment.site_id,
            "payment_id": part.payment_id,
            "bank_line_id": part.line_id,
            "amount": part.amount,
            "score": proposal.score if proposal else None,
            "decided_by": writing.actor,
            "decided_at": writing.at,
            "reasons": json.dumps(reasons, ensure_ascii=False) if reasons else "",
        }
        made.append(_insert(writing, values, "match"))
        move(writing, part.line_id, part.amount)
    if by_hand:
        for line_id, line in lines.items():
            vendors = {held[part.payment_id].vendor_id for part in parts if part.line_id == line_id}
            if len(vendors) == 1:
                learn(writing, line, vendor_id=vendors.pop())
    return made


def _check(writing: Writing, parts: Sequence[Part], held: dict[int, Any], lines: dict[int, Any]) -> None:
    for payment in held.values():
        if payment.kind != "payment" or payment.reversed_on is not None:
            why = f"was {payment.status} on {payment.reversed_on}" if payment.reversed_on else f"is a {payment.kind}"
            raise MatchRefusedError(f"payment {payment.id} {why}; only a payment that stands is matched")
        wanted = sum(part.amount for part in parts if part.payment_id == payment.id)
        _check_amount(f"payment {payment.id}", wanted, payment.amount, payment.matched, payment.currency)
    for line in lines.values():
        if line.amount > 0:
            raise MatchRefusedError(f"bank line {line.id} is money in; a payment is money out. Explain it instead")
        if (decision := standing_decision(writing, line.id)) is not None:
            raise MatchRefusedError(
                f"{decision.decided_by} explained bank line {line.id} as {decision.reason}; take that back first"
            )
        wanted = sum(part.amount for part in parts if part.line_id == line.id)
        _check_amount(f"bank line {line.id}", wanted, -line.amount, line.matched, line.currency)
    for part in parts:
        own, other = held[part.payment_id].currency, lines[part.line_id].currency
        if own != other:
            raise MatchRefusedError(
                f"payment {part.payment_id} is in {own}, bank line {part.line_id} in {other}; match within one currency"
            )
    if Counter((part.payment_id, part.line_id) for part in parts).most_common(1)[0][1] > 1:
        raise MatchRefusedError("the same payment and bank line were chosen twice; give one amount for both")


def _check_amount(what: str, wanted: int, amount: int, matched: int, currency: str) -> None:
    if wanted > amount - matched:
        left = amount - matched
        told = (
            f"has {Money(left, currency).text} left, not {Money(wanted, currency).text}"
            if left
            else "is matched already"
        )
        raise MatchRefusedError(f"{what} {told}; undo its match, or choose another or less")


def undo_match(writing: Writing, scope: Scope, match_id: int) -> int:
    """Take a match back by a row that names it; what was learned from it by hand is forgotten. Returns the row's id."""
    for_every_site(scope, "undo a match")
    found = writing.connection.execute(
        select(matches).where(matches.c.id == match_id, within(scope, matches.c.site_id))
    ).one_or_none()
    if found is None:
        raise NotFoundError(f"there is no match {match_id}")
    if found.undoes_id is not None:
        raise MatchRefusedError(f"row {match_id} undoes match {found.undoes_id}; it is not a match")
    _held_payment(writing, scope, found.payment_id)
    held_line(writing, found.bank_line_id)
    undone = select(matches.c.id).where(matches.c.account_id == found.account_id, matches.c.undoes_id == match_id)
    if writing.connection.scalar(undone) is not None:
        raise MatchRefusedError(f"match {match_id} was undone already")
    names = ("account_id", "site_id", "payment_id", "bank_line_id", "amount")
    values = {name: found._mapping[name] for name in names}
    values |= {"decided_by": writing.actor, "decided_at": writing.at, "undoes_id": match_id}
    new_id = _insert(writing, values, "undo")
    move(writing, found.bank_line_id, -found.amount)
    forget(writing, found.bank_line_id, explanations=False)
    return new_id


def _held_payment(writing: Writing, scope: Scope, payment_id: int) -> Any:
    row = writing.connection.execute(
        select(payments, accounts.c.currency, accounts.c.vendor_id)
        .join(accounts, accounts.c.id == payments.c.account_id)
        .where(the_row(writing, payments, payment_id), within(scope, payments.c.site_id))
        .with_for_update(of=payments)
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no payment {payment_id}")
    return row


def _insert(writing: Writing, values: dict[str, Any], action: str) -> int:
    with told_as_refusals():
        new_id = writing.connection.execute(insert(matches).returning(matches.c.id), [values]).scalar_one()
    writing.record(action, matches.name, new_id, site_id=values["site_id"], after=values)
    return new_id
