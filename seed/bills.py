"""Issuing bills, and planning what follows from each."""

from datetime import date, timedelta

from domain.late_fees import FeeItem, late_fee
from domain.working_days import add_working_days, working_day_from
from seed.calls import chase, outage, question
from seed.corrections import bill_again, correct_price, open_dispute
from seed.cycles import METERED, Cycle
from seed.dunning import terms_of, watch
from seed.habits import Instalment, plan
from seed.history import History
from seed.payments import pay, use_what_is_there
from seed.records import Bill, Charge
from seed.tariffs import lines_of
from seed.vendors import invoice_number

_NOT_WORTH_A_FEE = 1_500  # minor units past due
# Chances in ten thousand, for each bill
_NO_DUE_DATE = 170  # of vendors whose paper bills are typed in
_OUTAGE, _QUESTION, _DISPUTE, _RATE_WRONG, _BILLED_WRONG, _ADJUSTED = 230, 260, 85, 40, 14, 35
_PAPER = frozenset({"ardmore", "clearbrook"})


def _late_fee(history: History, day: date) -> list[Charge]:
    """What the vendor's terms charge for the bills that are unpaid on the day of the next one."""
    policy, country = terms_of(history, day), history.account.site.country
    if policy is None:
        return []
    items = [
        FeeItem(bill.issued_on, bill.falls_due_on, bill.open, bill.withheld, _recurring(bill))
        for bill in history.bills
        if bill.open
    ]
    fee = late_fee(items, policy, day, country)
    if fee.base < _NOT_WORTH_A_FEE:
        return []
    return [Charge("late_fee", "Reminder fee" if country == "DE" else "Late payment charge", fee.amount)]


def _recurring(bill: Bill) -> int:
    return max(0, sum(charge.amount for charge in bill.charges if charge.type == "recurring"))


def issue(history: History, day: date, cycle: Cycle) -> None:
    """Book the bill of a cycle and plan its payment and the trouble that it causes."""
    account, rng = history.account, history.rng
    extra = history.next_lines + _late_fee(history, day)
    history.next_lines = []
    if rng.randrange(10_000) < _ADJUSTED:
        extra.append(
            Charge("adjustment", "Adjustment of the last bill", rng.choice((-1, -1, 1)) * rng.randrange(310, 2_900))
        )
    paper = account.vendor.slug in _PAPER and rng.randrange(10_000) < _NO_DUE_DATE
    bill = Bill(
        account=account,
        number=invoice_number(account, day, len(history.bills) + 1, rng),
        kind="invoice",
        issued_on=day,
        due_on=None if paper else cycle.due_on,
        period_start=cycle.period_start,
        period_end=cycle.period_end,
        charges=lines_of(account, cycle, history.today, extra, rng),
    )
    history.add_bill(bill)
    if history.on_account:
        history.at(add_working_days(day, 2, account.site.country), use_what_is_there)
    _plan_payment(history, bill)
    _plan_trouble(history, bill)
    watch(history, bill)


def _plan_payment(history: History, bill: Bill) -> None:
    """Oldest first: a bill is never paid before the one before it, and with it when that is about to be paid anyway."""
    instalments = plan(history.account, bill, history.today, history.rng)
    before = max((history.planned[b] for b in history.bills[:-1] if b in history.planned), default=None)
    last = instalments[-1]
    if before is not None and last.day < before and len(instalments) == 1:
        last = Instalment(before, last.way)
        instalments = [last]
    elif before is not None and bill.issued_on + timedelta(days=1) < before <= last.day <= before + timedelta(days=4):
        last = Instalment(before, last.way)
        instalments = [*[i for i in instalments[:-1] if i.day < before], last]
    history.planned[bill] = last.day
    for instalment in instalments:
        history.at(instalment.day, pay, instalment, bill)
    _plan_reminders(history, bill, last.day)


def _plan_reminders(history: History, bill: Bill, paid_on: date) -> None:
    rng, country = history.rng, history.account.site.country
    frozen = history.held_back(bill)
    for after, chance in ((rng.randrange(5, 11), 0.5), (rng.randrange(24, 36), 0.6), (rng.randrange(55, 66), 0.6)):
        day = working_day_from(bill.falls_due_on + timedelta(days=after), country)
        if (frozen or day < paid_on) and rng.random() < chance:
            history.at(day, chase, bill)


def _plan_trouble(history: History, bill: Bill) -> None:
    rng, account = history.rng, history.account
    country = account.site.country

    def soon(least: int, most: int) -> date:
        return working_day_from(bill.issued_on + timedelta(days=rng.randrange(least, most)), country)

    dice = [rng.randrange(10_000) for _ in range(5)]
    if dice[0] < _OUTAGE and account.service_type not in METERED:
        history.at(soon(8, 27), outage)
    if dice[1] < _QUESTION:
        history.at(soon(2, 20), question)
    if dice[2] < _DISPUTE:
        history.at(soon(2, 8), open_dispute, True)
    if dice[3] < _RATE_WRONG:
        history.at(soon(6, 25), correct_price)
    if dice[4] < _BILLED_WRONG:
        history.at(soon(1, 4), bill_again, bill)
