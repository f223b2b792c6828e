"""R07 to R10, R13 and R22: payments that came back, do not arrive, were sent to strangers, or belong to no bill."""

from datetime import date, timedelta
from random import Random

from domain.contacts import ContactState
from seed.faults.account_life import Life
from seed.faults.stage import Stage
from seed.records import BankLine, Match, Payment, Statement

_UNPAID = (-2, -1)
_OLD, _NEW, _FRAUD = "+19705550164", "+14065550139", "+13035550117"
_COVERED_SINCE = 120  # days


def add_numbers(stage: Stage) -> None:
    """Beside the verified number: one that was replaced lately, one that nobody has checked, and a fraud."""
    stage.contact(stage.patient, _OLD, verified_ago=300, ended_ago=20, state=ContactState.RETIRED)
    stage.contact(stage.patient, _NEW, proposed_ago=5)
    stage.contact(stage.patient, _FRAUD, proposed_ago=12, ended_ago=11, state=ContactState.REPORTED)


def came_back(stage: Stage, rng: Random) -> Life:
    """An e-check bounced, and the bill was not paid again."""
    life = Life(stage, rng, unpaid=_UNPAID)
    bill = life.bills[-2]
    payment = life.pay(bill, bill.falls_due_on - timedelta(days=2), method="e-check")
    life.give_back(payment, bill, bill.falls_due_on + timedelta(days=2))
    life.must("R07", payment)
    life.must("R03")
    return life


def came_back_and_paid_again(stage: Stage, rng: Random) -> Life:
    """An e-check bounced, and the bill was paid by another way."""
    life = Life(stage, rng, unpaid=_UNPAID)
    bill = life.bills[-2]
    payment = life.pay(bill, bill.falls_due_on - timedelta(days=2), method="e-check")
    life.give_back(payment, bill, bill.falls_due_on + timedelta(days=2))
    life.pay(bill, bill.falls_due_on + timedelta(days=3), method="card", confirmation="70123")
    return life


def cheque_that_never_arrived(stage: Stage, rng: Random) -> Life:
    """Stopped before it posted: nothing came back; the bill is past due again."""
    life = Life(stage, rng, unpaid=_UNPAID)
    bill = life.bills[-2]
    payment = life.pay(bill, bill.falls_due_on - timedelta(days=2), method="cheque", posted=False)
    life.give_back(payment, bill, bill.falls_due_on + timedelta(days=4))
    life.must("R03")
    return life


def _by_phone(life: Life, ago: int, *, number: str = "", on_call: str = "", on_payment: str = "") -> Payment:
    call = life.call(ago, "payment", number, outcome="paid", confirmation_number=on_call)
    day = life.stage.day(ago)
    return life.pay(life.bills[-2], day, method="card", channel="phone", confirmation=on_payment, call=call)


def no_confirmation(stage: Stage, rng: Random) -> Life:
    """Paid on a call; nobody wrote the number down."""
    life = Life(stage, rng, newest=12, unpaid=_UNPAID)
    life.must("R08", _by_phone(life, rng.randrange(21, 30)))
    return life


def confirmation_on_the_call(stage: Stage, rng: Random) -> Life:
    """The number stands with the call, or with the payment, or with a correction of the call."""
    life = Life(stage, rng, newest=12, unpaid=_UNPAID)
    where = rng.randrange(3)
    payment = _by_phone(life, 25, on_call="81077" if where == 0 else "", on_payment="81077" if where == 1 else "")
    if where == 2:
        life.call(24, "payment", outcome="paid", confirmation_number="81077", amends=payment.call)
    return life


def never_posted(stage: Stage, rng: Random) -> Life:
    """Confirmed two weeks ago, and the vendor still does not show it."""
    life = Life(stage, rng, newest=12, unpaid=_UNPAID)
    day, method = stage.day(rng.randrange(21, 30)), rng.choice(("card", "e-check"))
    payment = life.pay(life.bills[-2], day, method=method, channel="portal", posted=False, confirmation="55019")
    life.must("R09", payment)
    return life


def posting_soon(stage: Stage, rng: Random) -> Life:
    """Confirmed, and not posted: by card yesterday, by cheque last week."""
    life = Life(stage, rng, unpaid=_UNPAID)
    method, ago = rng.choice((("card", 1), ("cheque", 8)))
    life.pay(life.bills[-2], stage.day(ago), method=method, posted=False, confirmation="55020")
    return life


def pending_without_a_number(stage: Stage, rng: Random) -> Life:
    """Sent by the bank, weeks ago: there is no confirmation to ask with."""
    life = Life(stage, rng, newest=12, unpaid=_UNPAID)
    life.pay(life.bills[-2], stage.day(rng.randrange(21, 30)), posted=False)
    return life


def _northern(stage: Stage, rng: Random) -> Life:
    """In the currency of the statements; every payment is on one but that of the bill before the newest."""
    life = Life(stage, rng, site=stage.northern, currency="CAD", newest=12, unpaid=_UNPAID)
    for payment in [p for p in stage.books.payments if p.account is life.account]:
        _show(stage, payment)
    return life


def _show(stage: Stage, payment: Payment) -> Match | None:
    """Put it on the statement, and match it, where the statement reaches back to it."""
    if not stage.books.statements:
        start = stage.day(_COVERED_SINCE)
        statement = Statement("Operating account", "bank", "CAD", start, stage.day(0) + timedelta(days=1))
        stage.books.statements.append(statement)
    statement = stage.books.statements[0]
    booked_on = payment.posted_on or payment.paid_on
    if payment.paid_on < statement.period_start:
        return None
    line = BankLine(booked_on, -payment.amount, f"Cedarline {payment.account.number}")
    statement.lines.append(line)
    match = Match(payment, line, stage.moment((stage.today - booked_on).days, 20))
    stage.books.matches.append(match)
    return match


def not_on_the_statement(stage: Stage, rng: Random) -> Life:
    """Posted weeks ago; the statement has no such line."""
    life = _northern(stage, rng)
    life.must("R10", life.pay(life.bills[-2], stage.day(rng.randrange(20, 30))))
    return life


def match_undone(stage: Stage, rng: Random) -> Life:
    """It was matched to a line that turned out to be another payment's."""
    life = _northern(stage, rng)
    payment = life.pay(life.bills[-2], stage.day(rng.randrange(20, 30)))
    if (match := _show(stage, payment)) is not None:
        stage.books.matches.append(Match(payment, match.line, stage.moment(3), match))
    life.must("R10", payment)
    return life


def on_the_statement(stage: Stage, rng: Random) -> Life:
    """Posted and matched."""
    life = _northern(stage, rng)
    _show(stage, life.pay(life.bills[-2], stage.day(rng.randrange(20, 30))))
    return life


def posted_this_week(stage: Stage, rng: Random) -> Life:
    """The bank may take a few days."""
    life = _northern(stage, rng)
    life.pay(life.bills[-2], stage.day(rng.randrange(2, 8)))
    return life


def paid_by_card(stage: Stage, rng: Random) -> Life:
    """A bank account does not show what a card paid, and there is no statement of the card."""
    life = _northern(stage, rng)
    life.pay(life.bills[-2], stage.day(rng.randrange(20, 30)), method="card", channel="portal", confirmation="7")
    return life


def paid_to_a_stranger(stage: Stage, rng: Random) -> Life:
    """Unchecked, reported, close to the right number, or in no directory."""
    life = Life(stage, rng, newest=12, unpaid=_UNPAID)
    number = rng.choice((_NEW, _FRAUD, "+13035550179", "+16025550100"))
    life.must("R13", _by_phone(life, rng.randrange(21, 30), number=number, on_payment="9021"))
    return life


def paid_on_the_right_number(stage: Stage, rng: Random) -> Life:
    """The verified number, or the old one while it was good."""
    life = Life(stage, rng, newest=12, unpaid=_UNPAID)
    _by_phone(life, rng.randrange(22, 30), number=rng.choice(("", _OLD)), on_payment="9022")
    return life


def money_nobody_applied(stage: Stage, rng: Random) -> Life:
    """A payment without a bill number, or a credit note, that has waited for more than a month."""
    life = Life(stage, rng)
    ago = rng.randrange(31, 90)
    lump = rng.randrange(2_000, 9_000)
    life.must("R22", life.credit(ago, lump) if rng.random() < 0.5 else life.pay(None, stage.day(ago), lump))
    return life


def money_that_waits(stage: Stage, rng: Random) -> Life:
    """Not applied, but for a few weeks only."""
    life = Life(stage, rng)
    ago = rng.randrange(3, 31)
    lump = rng.randrange(2_000, 9_000)
    if rng.random() < 0.5:
        life.credit(ago, lump)
    else:
        life.pay(None, stage.day(ago), lump)
    return life


def credit_that_was_used(stage: Stage, rng: Random) -> Life:
    """An old credit note, applied to the newest bill."""
    life = Life(stage, rng)
    note = life.credit(rng.randrange(40, 80), rng.randrange(1_000, 4_000))
    day: date = life.bills[-1].issued_on
    life.apply(note, life.bills[-1], note.amount, day)
    return life


STORIES = (
    ("R07", came_back),
    ("R07", came_back_and_paid_again),
    ("R07", cheque_that_never_arrived),
    ("R08", no_confirmation),
    ("R08", confirmation_on_the_call),
    ("R09", never_posted),
    ("R09", posting_soon),
    ("R09", pending_without_a_number),
    ("R10", not_on_the_statement),
    ("R10", match_undone),
    ("R10", on_the_statement),
    ("R10", posted_this_week),
    ("R10", paid_by_card),
    ("R13", paid_to_a_stranger),
    ("R13", paid_on_the_right_number),
    ("R22", money_nobody_applied),
    ("R22", money_that_waits),
    ("R22", credit_that_was_used),
)
