"""What must be in the demo whatever the dice say: who stopped paying, what is in dispute, what lies unapplied today.

Days are counted back from today; an account is named by site and vendor:service_type.
"""

from datetime import date, timedelta

from domain.working_days import add_working_days, is_working_day, working_day_until
from seed.calls import outage
from seed.corrections import add_late_lines, bill_again, correct_price, final_credit, open_dispute
from seed.history import History
from seed.payments import come_back, give_up, leave_on_account, pay_twice, send
from seed.records import Way

# Bills that fell due in these last days stay unpaid: how far that has come depends on the vendor's terms (see terms).
STOPPED_PAYING = {
    ("CHA", "clearbrook:water"): 190,  # never switched off
    ("EUG", "clearbrook:water"): 130,
    ("GLA", "severnvale:power"): 104,
    ("BOI", "greatdivide:power"): 102,  # off for some weeks
    ("SCR", "lumora:internet"): 64,
    ("PUB", "greatdivide:power"): 64,
    ("PUB", "ardmore:voice"): 58,  # about to be
    ("SHF", "pennine:internet"): 44,
    ("GLA", "larkfield:mobile"): 39,
    ("EUG", "halvorsen:circuit"): 52,  # announced, or soon
    ("CGN", "rheinfaden:internet"): 48,
    ("AGS", "ardmore:voice"): 47,
    ("SCK", "vantelle:mobile"): 32,
    ("HAM", "rheinfaden:mobile"): 32,
}
DISPUTES_OPEN = {
    ("TUL", "halvorsen:circuit"): 74,
    ("SHF", "pennine:voice"): 52,
    ("CHA", "greatdivide:power"): 41,
    ("WOR", "vantelle:mobile"): 33,
    ("HFD", "vantelle:mobile"): 24,
    ("LDS", "pennine:circuit"): 19,
    ("CGN", "nordmark:power"): 12,
}
DISPUTES_CLOSED = {("ALB", "greatdivide:power"): 240, ("TYS", "ardmore:voice"): 190, ("HAM", "rheinfaden:voice"): 150}
CREDITS_OPEN = {("GEG", "lumora:internet"): 18, ("BRS", "pennine:internet"): 26, ("MCN", "ardmore:voice"): 9}
CREDITS_USED = {("HFD", "halvorsen:circuit"): 130, ("SHF", "severnvale:power"): 260}
LEFT_ON_ACCOUNT = {
    ("AGS", "greatdivide:power"): (16, 125_000),
    ("BGR", "clearbrook:water"): (23, 18_540),
    ("HAM", "rheinfaden:internet"): (11, 40_000),
}
LINES_ADDED = {("TYS", "halvorsen:circuit"): 96, ("SCK", "halvorsen:circuit"): 55}
BILLED_AGAIN = {("TYS", "greatdivide:power"): 165, ("SHF", "larkfield:mobile"): 88}
CHEQUES_LOST = {("SCR", "ardmore:voice"): 97, ("ALB", "clearbrook:water"): 12}
BOUNCED = {("SCK", "ardmore:voice"): 47, ("CHA", "vantelle:mobile"): 26, ("PUB", "lumora:internet"): 10}
PAID_TWICE = {("WOR", "lumora:internet"): 140, ("MUC", "rheinfaden:internet"): 95}
OUTAGES = {("PUB", "lumora:internet"): 21, ("EUG", "lumora:internet"): 46, ("BOI", "lumora:internet"): 8}


def _bill_again_when_unpaid(history: History, day: date, tries: int = 60) -> None:
    unpaid = [bill for bill in history.bills if not bill.settled and not bill.withheld]
    if unpaid:
        bill_again(history, day, unpaid[-1])
    elif tries:
        history.at(day + timedelta(days=1), _bill_again_when_unpaid, tries - 1)


def _pay_badly(history: History, day: date, method: str, tries: int = 60) -> None:
    """Pay what is open by a cheque that gets lost, or an e-check that bounces; waits for something to pay."""
    bills = [bill for bill in history.bills if bill.open > bill.withheld]
    country = history.account.site.country
    if not is_working_day(day, country) or not bills:
        if tries:
            history.at(day + timedelta(days=1), _pay_badly, method, tries - 1)
        return
    way = Way(method, "mail" if method == "cheque" else "portal")
    payment = send(history, day, sum(bill.open - bill.withheld for bill in bills), way, bills)
    if method == "cheque":
        payment.posted_on = None
        history.at(add_working_days(day, 14, country), give_up, payment)
    elif payment.posted_on is not None:
        history.at(add_working_days(payment.posted_on, 2, country), come_back, payment)


def _pay_twice(history: History, day: date) -> None:
    """The last payment once more; the vendor sends it back."""
    paid = [
        p for p in history.books.payments if p.account is history.account and p.kind == "payment" and not p.reversed_on
    ]
    pay_twice(history, working_day_until(day, history.account.site.country), paid[-1], True)


def stage(history: History) -> None:
    """Plan what the plot has for this account."""
    account, today = history.account, history.today
    key = (account.site.code, f"{account.vendor.slug}:{account.service_type}")

    def ago(days: int) -> date:
        return today - timedelta(days=days)

    if key in STOPPED_PAYING:
        history.frozen_from = ago(STOPPED_PAYING[key])
    for scene, handler, arguments in (
        (DISPUTES_OPEN, open_dispute, (False,)),
        (DISPUTES_CLOSED, open_dispute, (True,)),
        (CREDITS_OPEN, correct_price, (True,)),
        (CREDITS_USED, correct_price, ()),
        (LINES_ADDED, add_late_lines, ()),
        (BILLED_AGAIN, _bill_again_when_unpaid, ()),
        (CHEQUES_LOST, _pay_badly, ("cheque",)),
        (BOUNCED, _pay_badly, ("e-check",)),
        (PAID_TWICE, _pay_twice, ()),
        (OUTAGES, outage, ()),
    ):
        if key in scene:
            history.at(ago(scene[key]), handler, *arguments)
    if key in LEFT_ON_ACCOUNT:
        days, amount = LEFT_ON_ACCOUNT[key]
        history.at(ago(days), leave_on_account, amount)
    if account.closed_on is not None:
        history.at(account.closed_on + timedelta(days=16), final_credit)
