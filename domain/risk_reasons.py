"""Why a risk is what it is: facts with their numbers and what they refer to, in the order in which they are told."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from domain.notices import Notice
from domain.periods import add_months, shifted
from domain.policies import Policy
from domain.risk import Risk, Stage
from domain.risk_facts import AccountFacts, RiskBill
from domain.suspension import Cause


class ReasonKind(StrEnum):
    """What kind of fact it is. The comment names the fields that it fills."""

    NOTICE = "notice"  # notice_id, detail: its kind, day it acts on (a late one: its date), amount it still asks
    PAST_DUE = "past_due"  # bill, amount owed, day it was due, days late
    DUE_WITHIN = (
        "due_within"  # bill, amount owed, day it is due: not late yet, but it may stop the service in this window
    )
    DISPUTED = "disputed"  # bill, amount withheld
    POLICY = "policy"  # policy_id, days after the due or invoice date (detail names which) to the likely day
    YOUNG_ACCOUNT = "young_account"  # days, day until which the account counts as young
    PART = "part"  # policy_id, amount of the parts that put off what may stop it in this window, days by which
    NEVER_SUSPENDS = "never_suspends"  # policy_id
    NO_POLICY = "no_policy"
    NOTICE_EXPECTED = "notice_expected"  # day by which the vendor must have warned, days of warning
    LATE_FEE = "late_fee"  # amount, day since when
    RESTORAL = "restoral"  # amount on top to be switched on again
    PENDING = "pending"  # bill, amount on its way
    ON_ACCOUNT = "on_account"  # amount not applied to a bill
    PROMISED = "promised"  # call_id, day, amount where one was named
    PROMISE_BROKEN = "promise_broken"  # call_id, day, days since


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact; what a kind does not fill is None or ''. Amounts in minor units of the account's currency."""

    kind: ReasonKind
    amount: int | None = None
    day: date | None = None
    days: int | None = None
    bill_id: int | None = None
    number: str = ""
    notice_id: int | None = None
    policy_id: int | None = None
    call_id: int | None = None
    detail: str = ""


def reasons_of(account: AccountFacts, risk: Risk, as_of: date) -> list[Reason]:
    """The facts behind `risk`: every bill that it counts is named in one."""
    causes = risk.causes
    return [
        *(_notice(account, notice) for notice in risk.notices),
        *_bills(account, risk, causes, as_of),
        *_terms(account, risk, causes),
        *_money(account, as_of),
    ]


def _notice(account: AccountFacts, notice: Notice) -> Reason:
    owed = sum(bill.owed for bill in account.bills if notice.covers(bill.id, bill.due_on))
    return Reason(
        ReasonKind.NOTICE,
        amount=notice.asks(owed),
        day=notice.acts_on or notice.dated,
        bill_id=notice.bill_id,
        notice_id=notice.id,
        detail=notice.kind.value,
    )


def _bills(account: AccountFacts, risk: Risk, causes: Sequence[Cause], as_of: date) -> Iterator[Reason]:
    late = account.past_due(as_of)
    for bill in late:
        yield _of_bill(ReasonKind.PAST_DUE, bill, bill.owed, bill.due_on, (as_of - bill.due_on).days)
    if risk.firm.window is not None:
        for cause in causes:
            for bill in cause.due_by(risk.firm.window.latest):
                if bill not in late:
                    yield _of_bill(ReasonKind.DUE_WITHIN, bill, bill.owed, bill.due_on)
    for bill in account.bills:
        if bill.disputed:
            yield _of_bill(ReasonKind.DISPUTED, bill, min(bill.disputed, bill.open_amount))


def _of_bill(kind: ReasonKind, bill: RiskBill, amount: int, day: date | None = None, days: int | None = None) -> Reason:
    return Reason(kind, amount, day, days, bill.id, bill.number)


def _terms(account: AccountFacts, risk: Risk, causes: Sequence[Cause]) -> Iterator[Reason]:
    policy, firm, fee = account.policy, risk.firm, risk.fee
    if policy is None:
        yield Reason(ReasonKind.NO_POLICY)
        return
    if policy.suspension is None:
        yield Reason(ReasonKind.NEVER_SUSPENDS, policy_id=policy.id)
    yield from _days(account, causes, policy)
    yield from _part(risk, causes, policy)
    if firm.window and policy.notice_days and firm.stage is Stage.LATE:
        warned_by = shifted(firm.window.earliest, -policy.notice_days)
        yield Reason(ReasonKind.NOTICE_EXPECTED, day=warned_by, days=policy.notice_days, policy_id=policy.id)
    if fee.amount:
        yield Reason(ReasonKind.LATE_FEE, fee.amount, fee.since, policy_id=policy.id)
    if firm.restoral:
        yield Reason(ReasonKind.RESTORAL, firm.restoral, policy_id=policy.id)


def _days(account: AccountFacts, causes: Sequence[Cause], policy: Policy) -> Iterator[Reason]:
    """The policy's days, told of the bill that they stop first; nothing where a notice rules every bill."""
    ruled = [
        (cause.windows[bill.id].earliest, bill)
        for cause in causes
        if not cause.stands
        for bill in cause.bills
        if bill.id in cause.windows
    ]
    if not ruled:
        return
    bill = min(ruled, key=lambda pair: (pair[0], pair[1].id))[1]
    counted = policy.counted_day(policy.counted_from, bill.issued_on, bill.due_on, account.country)
    days = policy.days_for(account.opened_on, counted)
    if days is None:
        return
    yield Reason(ReasonKind.POLICY, days=days.likely, policy_id=policy.id, detail=policy.counted_from.value)
    if days is policy.young and account.opened_on is not None:
        until = add_months(account.opened_on, policy.young_months)
        yield Reason(ReasonKind.YOUNG_ACCOUNT, days=days.likely, day=until, policy_id=policy.id)


def _part(risk: Risk, causes: Sequence[Cause], policy: Policy) -> Iterator[Reason]:
    """Told while a part of some bill is missing."""
    until = risk.firm.window.latest if risk.firm.window else None
    due = [(cause, bill.id) for cause in causes for bill in (cause.due_by(until) if until else ())]
    missing = sum(cause.missing.get(bill_id, 0) for cause, bill_id in due)
    if missing and policy.part:
        yield Reason(ReasonKind.PART, missing, days=policy.part.days, policy_id=policy.id)


def _money(account: AccountFacts, as_of: date) -> Iterator[Reason]:
    for bill in account.bills:
        if bill.pending:
            yield _of_bill(ReasonKind.PENDING, bill, bill.pending)
    if account.on_account:
        yield Reason(ReasonKind.ON_ACCOUNT, account.on_account)
    for promise in account.promises:
        broken = promise.promised_on < as_of
        yield Reason(
            ReasonKind.PROMISE_BROKEN if broken else ReasonKind.PROMISED,
            promise.amount,
            promise.promised_on,
            (as_of - promise.promised_on).days if broken else None,
            call_id=promise.call_id,
        )
