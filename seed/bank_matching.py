"""Matching the demo's bank lines as its people do: statement by statement the matcher proposes, and they decide.

What is certain is made; what is only suggested, and is right, is accepted by hand, and so is what a line is besides. Of the
last weeks most still waits.
"""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from domain.matching.legs import Learned, LineLeg, PaymentLeg
from domain.matching.matcher import propose
from domain.matching.proposals import Explanation, Proposal, Shape
from domain.matching.words import words_of
from domain.policies import USUAL_POSTING, Policy, in_force
from seed.banking import Shown
from seed.books import Organisation
from seed.people import PAYABLES, address
from seed.records import Account, BankLine, Bill, LineDecision, Match, Payment, Statement

_BY = address(PAYABLES[0])
_WAITS, _BY_HAND = 7, 36  # days before today from which nothing is decided, or nothing by hand
_FORGOTTEN = 60  # days after which neither a payment nor a line is looked for any more


@dataclass
class _Desk:
    """What is open, under the numbers that the matcher is given, and what was learned so far."""

    books: Organisation
    shown: Shown
    payments: dict[int, tuple[Payment, PaymentLeg]] = field(default_factory=dict)
    lines: dict[int, tuple[BankLine, LineLeg]] = field(default_factory=dict)
    explanations: dict[tuple[str, str], str] = field(default_factory=dict)

    def open_up(self, statement: Statement) -> None:
        """The lines of a statement came in."""
        first = max(self.lines, default=0) + 1
        for number, line in enumerate(statement.lines, first):
            leg = LineLeg(
                number,
                statement.bank_account,
                statement.currency,
                line.amount,
                line.booked_on,
                statement.kind,
                line.booked_on,
                line.reference,
                line.counterparty,
                line.description,
            )
            self.lines[number] = line, leg


def match_lines(books: Organisation, shown: Shown, today: date, clearly: Collection[Account] = ()) -> None:
    """Add matches and decisions to `books`, after each day on which statements came; of `clearly` nothing waits."""
    desk = _Desk(books, shown)
    legs = _legs(books)
    came: dict[date, list[Statement]] = defaultdict(list)
    for imported_on, statement in shown.statements:
        came[imported_on].append(statement)
    for day in sorted(came):
        for statement in came[day]:
            desk.open_up(statement)
        waits = day > today - timedelta(days=_WAITS)
        if waits and not clearly:
            break
        desk.payments |= {n: legs.pop(n) for n, (payment, _) in list(legs.items()) if payment.paid_on < day}
        _decide(desk, day, today - timedelta(days=_BY_HAND), clearly if waits else None)
        _forget(desk, day - timedelta(days=_FORGOTTEN))


def _legs(books: Organisation) -> dict[int, tuple[Payment, PaymentLeg]]:
    """Payments that stand, as the matcher is given them."""
    terms: dict[str, list[Policy]] = defaultdict(list)
    for vendor, policy in books.policies:
        terms[vendor.slug].append(policy)
    bills: dict[Payment, set[str]] = defaultdict(set)
    for allocation in books.allocations:
        if isinstance(allocation.source, Payment) and isinstance(allocation.target, Bill):
            bills[allocation.source].add(allocation.target.number)
    places = {id(account): number for number, account in enumerate(books.accounts)}
    vendors = {vendor.slug: number for number, vendor in enumerate(books.vendors)}
    found = {}
    for number, payment in enumerate(books.payments, 1):
        if payment.kind != "payment" or payment.reversed_on is not None:
            continue
        account = payment.account
        policy = in_force(terms[account.vendor.slug], account.service_type, account.currency, payment.paid_on)
        posting = policy.posting() if policy else USUAL_POSTING
        leg = PaymentLeg(
            number,
            places[id(account)],
            vendors[account.vendor.slug],
            account.currency,
            payment.amount,
            payment.paid_on,
            payment.posted_on,
            payment.method,
            payment.confirmation_number,
            account.number,
            (account.vendor.name,),
            tuple(sorted(bills[payment])),
            posting.get(payment.method, max(USUAL_POSTING.values())),
            (policy.calendar if policy else "") or account.site.country,
        )
        found[number] = payment, leg
    return found


def _decide(desk: _Desk, day: date, by_hand_before: date, only: Collection[Account] | None) -> None:
    at = datetime.combine(day, time(14, 30), UTC)
    for number, (line, _) in list(desk.lines.items()):
        if any(p.reversed_on is not None and p.reversed_on <= day for p in desk.shown.payments.get(line, ())):
            _explain(desk, number, Explanation.RETURN, "The payment came back", at)
    payments = [leg for _, leg in desk.payments.values()]
    learned = Learned(explanations=dict(desk.explanations))
    found = propose(payments, [leg for _, leg in desk.lines.values()], learned=learned)
    for proposal in found.matches:
        if proposal.automatic and (only is None or desk.payments[proposal.payment_ids[0]][0].account in only):
            _match(desk, proposal, at)
    for proposal in found.matches:
        if proposal.rank == 1 and not proposal.automatic and _is_right(desk, proposal, by_hand_before):
            _match(desk, proposal, at)
    for number, (line, _) in list(desk.lines.items()):
        if line.booked_on < by_hand_before:
            _match_by_hand(desk, number, at)
    looks = {explained.line_id: explained.reason for explained in found.explained}
    for number, (line, _) in list(desk.lines.items()):
        if line.booked_on >= by_hand_before:
            continue
        reason, note = desk.shown.others.get(line, (looks.get(number), ""))
        if reason is not None:
            _explain(desk, number, reason, note, at)


def _is_right(desk: _Desk, proposal: Proposal, before: date) -> bool:
    """Is it all that the lines are, still open, and old enough that somebody looked?"""
    for part in proposal.parts:
        if part.payment_id not in desk.payments or part.line_id not in desk.lines:
            return False
        payment, line = desk.payments[part.payment_id][0], desk.lines[part.line_id][0]
        if line.booked_on >= before or payment not in desk.shown.payments.get(line, ()):
            return False
    moved = sum(part.amount for part in proposal.parts)
    shown = -sum(desk.lines[number][0].amount for number in proposal.line_ids)
    return moved == sum(desk.payments[number][0].amount for number in proposal.payment_ids) and (
        moved == shown or proposal.shape is Shape.WITH_FEE
    )


def _match_by_hand(desk: _Desk, number: int, at: datetime) -> None:
    """What the matcher could not see: a debit for more payments than it adds up."""
    line = desk.lines[number][0]
    of = desk.shown.payments.get(line, [])
    places = {id(payment): n for n, (payment, _) in desk.payments.items()}
    if of and sum(payment.amount for payment in of) == -line.amount and all(id(payment) in places for payment in of):
        desk.books.matches += [Match(payment, line, at, None, payment.amount, _BY) for payment in of]
        for payment in of:
            del desk.payments[places[id(payment)]]
        del desk.lines[number]


def _match(desk: _Desk, proposal: Proposal, at: datetime) -> None:
    reasons = json.dumps([[r.name, r.value, r.points] for r in proposal.reasons], ensure_ascii=False)
    for part in proposal.parts:
        payment, line = desk.payments[part.payment_id][0], desk.lines[part.line_id][0]
        desk.books.matches.append(Match(payment, line, at, None, part.amount, _BY, proposal.score, reasons))
        if proposal.shape is Shape.WITH_FEE:
            charge = LineDecision(line, Explanation.FEE.value, "The bank's charge, within the debit", _BY, at)
            desk.books.decisions.append(charge)
    for number in proposal.payment_ids:
        del desk.payments[number]
    for number in proposal.line_ids:
        del desk.lines[number]


def _explain(desk: _Desk, number: int, reason: Explanation, note: str, at: datetime) -> None:
    line, leg = desk.lines.pop(number)
    words = words_of(leg.text)
    key = leg.bank_account, words
    came_back = reason is Explanation.RETURN and line.amount < 0  # nothing is learned from a debit that was returned
    new = bool(words) and key not in desk.explanations and not came_back
    desk.explanations |= {key: reason.value} if new else {}
    desk.books.decisions.append(LineDecision(line, reason.value, note, _BY, at, words if new else ""))


def _forget(desk: _Desk, day: date) -> None:
    """Old ones stay open, and nobody looks for them any more."""
    desk.payments = {n: kept for n, kept in desk.payments.items() if kept[0].paid_on >= day}
    desk.lines = {n: kept for n, kept in desk.lines.items() if kept[0].booked_on >= day}
