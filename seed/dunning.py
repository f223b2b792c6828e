"""What vendors do when they are not paid, by their terms and with some noise: remind, announce, switch off.

Their dice are their own, so that what they do changes no other chance. The likely day of their terms is the usual one.
"""

from datetime import date, timedelta
from functools import partial

from domain.notices import NoticeKind
from domain.policies import Policy, SuspensionDays, in_force
from domain.working_days import add_working_days, working_day_from, working_day_until
from seed.habits import Instalment
from seed.history import History
from seed.part_payments import put_off
from seed.payments import pay
from seed.records import Bill, Charge, Notice, Way

_A_REMINDER_IN = 20  # days
_HEEDED = 0.85  # of announced suspensions: paid in time, and mostly on the telephone
_CHANNELS = ("letter", "letter", "e-mail")
_DAYS_LATE, _HOW_OFTEN = (0, 1, 2), (7, 2, 1)


def terms_of(history: History, day: date) -> Policy | None:
    """The vendor's terms for this account on a day."""
    account = history.account
    return in_force(history.terms, account.service_type, account.currency, day)


def watch(history: History, bill: Bill) -> None:
    """Plan what the vendor does about a bill as long as it is not paid."""
    policy, dice, country = terms_of(history, bill.issued_on), history.dice, history.account.site.country
    if policy is None:
        return
    reminded = working_day_from(bill.falls_due_on + timedelta(days=dice.randrange(6, 13)), country)
    history.at(reminded, _remind, bill)
    counted = policy.counted_day(policy.counted_from, bill.issued_on, bill.falls_due_on, country)
    days = policy.days_for(history.account.opened_on, counted)
    if days is None:
        return
    acts_on = counted + timedelta(days=_days_drawn(history, days))
    if policy.acts_on_working_days:
        acts_on = working_day_from(acts_on, country)
    warned = working_day_until(acts_on - timedelta(days=policy.notice_days), country)
    first = working_day_from(bill.falls_due_on + timedelta(days=1), country)
    history.at(max(warned, first), _announce, bill, acts_on)


def _days_drawn(history: History, days: SuspensionDays) -> int:
    """Mostly the likely day, give or take one; now and then anywhere in the window."""
    dice = history.dice
    if dice.random() < 0.1:
        return dice.randrange(days.earliest, days.latest + 1)
    return min(days.latest, max(days.earliest, days.likely + dice.choice((-1, 0, 0, 1))))


def _owed(history: History, before: date) -> list[Bill]:
    return [bill for bill in history.bills if bill.open > bill.withheld and bill.falls_due_on < before]


def _send(history: History, day: date, kind: NoticeKind, acts_on: date | None = None, note: str = "") -> None:
    amount = sum(bill.open - bill.withheld for bill in _owed(history, day))
    number = f"{history.account.vendor.slug[:2].upper()}N-{history.dice.randrange(100_000, 999_999)}"
    channel = history.dice.choice(_CHANNELS)
    history.books.notices.append(Notice(history.account, kind, day, acts_on, amount, number, channel, note))


def _last(history: History, *kinds: NoticeKind) -> Notice | None:
    own = [n for n in history.books.notices if n.account is history.account and n.kind in kinds]
    return own[-1] if own else None


def _remind(history: History, day: date, bill: Bill) -> None:
    last = _last(history, *NoticeKind)
    recent = last is not None and day < last.dated + timedelta(days=_A_REMINDER_IN)
    if bill.open > bill.withheld and not recent:
        _send(history, day, NoticeKind.LATE)


def _announce(history: History, day: date, bill: Bill, acts_on: date) -> None:
    """One announcement for all that is past due; another one only once that day has passed."""
    last = _last(history, NoticeKind.SUSPENSION, NoticeKind.DISCONNECTION)
    if bill.open <= bill.withheld or (last is not None and last.acts_on is not None and day <= last.acts_on):
        return
    if last is not None and last.happened and _owed(history, last.dated):
        return  # off already
    _send(history, day, NoticeKind.SUSPENSION, acts_on)
    country, dice = history.account.site.country, history.dice
    late = dice.choices(_DAYS_LATE, _HOW_OFTEN)[0]
    history.at(add_working_days(acts_on, late, country) if late else acts_on, _switch_off, day)
    if dice.random() < _HEEDED:
        in_time = working_day_until(acts_on - timedelta(days=dice.randrange(1, 5)), country)
        _pay_all(history, max(in_time, day), day)


def _switch_off(history: History, day: date, announced: date, *, waited: bool = False) -> None:
    """Unless all is paid by the day; where the terms accept a part and that is paid, once so many days later."""
    owed = _owed(history, announced)
    if not owed:
        return
    policy = terms_of(history, day)
    later = None if waited else put_off(policy, owed, day, history.account.site.country)
    if later is not None:
        history.at(later, partial(_switch_off, waited=True), announced)
        return
    _send(history, day, NoticeKind.SUSPENSION, day, "Service was suspended")
    country, dice = history.account.site.country, history.dice
    if policy is not None and policy.disconnection_days is not None:
        history.at(working_day_from(day + timedelta(days=policy.disconnection_days), country), _cut, announced)
    if policy is not None and policy.restoral.fee and not any(map(history.held_back, _owed(history, announced))):
        history.next_lines.append(Charge("fee", "Reconnection fee", policy.restoral.fee))
    _pay_all(history, add_working_days(day, dice.randrange(1, 4), country), day)


def _cut(history: History, day: date, announced: date) -> None:
    if _owed(history, announced):
        _send(history, day, NoticeKind.DISCONNECTION, day, "Service was disconnected")


def _pay_all(history: History, day: date, before: date) -> None:
    """Everything that was due is paid on a day, by whatever is quickest, but for what the site does not pay."""
    way = Way("transfer", "bank") if history.account.site.country == "DE" else Way("card", "phone")
    bills = [bill for bill in _owed(history, before) if not history.held_back(bill)]
    for bill in bills:
        history.planned[bill] = min(day, history.planned.get(bill, day))
    if bills:
        history.at(day, pay, Instalment(day, way), bills[0])
