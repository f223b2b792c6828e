"""Money: paying bills, and what can happen to a payment afterwards."""

from datetime import date

from domain.working_days import add_working_days, working_day_until
from seed.calls import call_of
from seed.habits import Instalment, posting_day
from seed.history import History
from seed.numbering import OWN_NUMBERS
from seed.records import Bill, Charge, Payment, Way
from seed.vendors import fill

# Chance in ten thousand that a payment comes back, by method; e-checks bounce
_COMES_BACK = {"e-check": 260, "ach": 25, "autopay": 90, "cheque": 40, "transfer": 10, "card": 0}
_LOST_IN_THE_MAIL = 90
_PAID_TWICE = 55
_NOT_NOTICED = 120_000  # a larger amount is not sent twice: somebody approves it
_ROUNDED_UP = 500  # of payments by telephone
_REASONS = {
    "e-check": "Returned: insufficient funds",
    "ach": "Returned: account number not found",
    "autopay": "Returned: draw refused by the bank",
    "cheque": "Returned: signature does not match",
    "transfer": "Returned: reference not recognised",
}


def _payable(bill: Bill) -> int:
    return bill.open - bill.withheld


def _confirmation(history: History, method: str) -> str:
    """Vendors number what is paid to them directly; payment runs and cheques get our own numbers (see numbering)."""
    if method in OWN_NUMBERS:
        return ""
    return fill(history.account.vendor.confirmation_template, history.rng)


def _use_what_is_there(history: History, day: date, bills: list[Bill]) -> None:
    """Credit notes and unapplied money go first, to the oldest bill."""
    for source in (*history.credit_notes, *history.on_account):
        for bill in bills:
            left = source.unapplied if isinstance(source, Payment) else source.open
            if amount := min(left, _payable(bill)):
                history.allocate(source, bill, amount, day)
    history.credit_notes = [note for note in history.credit_notes if note.open]
    history.on_account = [payment for payment in history.on_account if payment.unapplied]


def use_what_is_there(history: History, day: date) -> None:
    """The vendor applies money on account, and credits, to what is open."""
    _use_what_is_there(history, day, [bill for bill in history.bills if _payable(bill) > 0])


def send(history: History, day: date, amount: int, way: Way, bills: list[Bill]) -> Payment:
    """Book a payment of `amount`, with its call when made by telephone, and apply it to `bills` oldest first."""
    account, rng = history.account, history.rng
    posted_on = posting_day(day, way.method, account.site.country, rng)
    payment = Payment(
        account=account,
        paid_on=day,
        amount=amount,
        method=way.method,
        channel=way.channel,
        confirmation_number=_confirmation(history, way.method),
        posted_on=posted_on if posted_on <= history.today else None,
    )
    if way.channel == "phone":
        payment.call = call_of(history, payment, bills)
    history.books.payments.append(payment)
    for bill in bills:
        if part := min(payment.unapplied, _payable(bill)):
            history.allocate(payment, bill, part, day)
    return payment


def pay(history: History, day: date, how: Instalment, bill: Bill) -> None:
    """Pay a bill, with every other that is planned for the same day; a part of it only, when the plan says so."""
    if history.held_back(bill):
        return
    rng = history.rng
    if how.share < 100:
        amount = _payable(bill) * how.share // 100
        amount -= amount % (5_000 if amount > 30_000 else 1_000)  # what somebody says on the telephone
        if amount > 0:
            send(history, day, amount, how.way, [bill])
        return
    bills = [
        b
        for b in history.bills
        if _payable(b) > 0 and not history.held_back(b) and (b is bill or history.planned.get(b, history.today) <= day)
    ]
    _use_what_is_there(history, day, bills)
    bills = [b for b in bills if _payable(b) > 0]
    amount = sum(_payable(b) for b in bills)
    if not amount:
        return
    if how.way.channel == "phone" and rng.randrange(10_000) < _ROUNDED_UP:
        amount += -amount % 1_000
    payment = send(history, day, amount, how.way, bills)
    if payment.unapplied:
        history.on_account.append(payment)
    _what_may_happen(history, payment)


def _what_may_happen(history: History, payment: Payment) -> None:
    rng, country = history.rng, history.account.site.country
    dice = rng.randrange(10_000)
    if payment.method == "cheque" and dice < _LOST_IN_THE_MAIL:
        payment.posted_on = None
        history.at(add_working_days(payment.paid_on, rng.randrange(13, 19), country), give_up, payment)
    elif payment.posted_on and dice < _COMES_BACK[payment.method]:
        history.at(add_working_days(payment.posted_on, rng.randrange(2, 5), country), come_back, payment)
    elif payment.channel in {"portal", "bank"} and payment.amount <= _NOT_NOTICED and dice >= 10_000 - _PAID_TWICE:
        history.at(
            add_working_days(payment.paid_on, rng.randrange(1, 5), country), pay_twice, payment, rng.random() < 0.5
        )


def give_back(history: History, day: date, payment: Payment, note: str) -> list[Bill]:
    """Take back what a payment was applied to, and book its reversal. Returns the bills that are open again."""
    if payment in history.on_account:
        history.on_account.remove(payment)
    reopened = []
    for allocation in history.live_allocations(payment):
        history.take_back(allocation, day)
        reopened.append(allocation.target)
    payment.reversed_on = day
    history.books.payments.append(
        Payment(
            account=payment.account,
            paid_on=day,
            amount=payment.amount,
            method=payment.method,
            channel=payment.channel,
            confirmation_number=payment.confirmation_number,
            kind="reversal",
            posted_on=day,
            reverses=payment,
            note=note,
        )
    )
    return [bill for bill in reopened if isinstance(bill, Bill)]


def _pay_again(history: History, day: date, bills: list[Bill], wait: tuple[int, int]) -> None:
    account, rng = history.account, history.rng
    again = add_working_days(day, rng.randrange(*wait), account.site.country)
    way = Way("transfer", "bank") if account.site.country == "DE" else Way("card", "phone")
    for bill in bills:
        history.planned[bill] = again
    if bills:
        history.at(again, pay, Instalment(again, way), bills[0])


def come_back(history: History, day: date, payment: Payment) -> None:
    """The bank or vendor returns a payment: its bills are open again, a fee follows, and it is paid another way."""
    bills = give_back(history, day, payment, _REASONS[payment.method])
    history.next_lines.append(Charge("fee", f"Returned payment fee, {day:%d %b %Y}", 2_500))
    _pay_again(history, day, bills, (2, 6) if history.account.site.strain < 2 else (4, 16))


def give_up(history: History, day: date, payment: Payment) -> None:
    """A cheque never arrived: stopped at the bank before it posted, and paid another way."""
    _pay_again(history, day, give_back(history, day, payment, "Stopped: cheque never arrived"), (1, 3))


def pay_twice(history: History, day: date, first: Payment, returns: bool) -> None:
    """The same bill paid once more by mistake: the vendor sends it back, or it waits for the next bill."""
    extra = send(history, day, first.amount, Way(first.method, first.channel), [])
    extra.note = "Paid twice"
    if returns:
        weeks = add_working_days(day, history.rng.randrange(14, 26), history.account.site.country)
        history.at(weeks, refund, extra)
    else:
        history.on_account.append(extra)


def refund(history: History, day: date, source: Payment | Bill) -> None:
    """The vendor pays back what is left of a payment or credit note."""
    left = source.unapplied if isinstance(source, Payment) else source.open
    if not left:
        return
    american = history.account.site.country == "US"
    back = Payment(
        account=history.account,
        paid_on=day,
        amount=left,
        method="cheque" if american else "transfer",
        channel="mail" if american else "bank",
        confirmation_number=f"RF{history.rng.randrange(100_000, 999_999)}",
        kind="refund",
        posted_on=day,
        note="Refund from the vendor",
    )
    history.books.payments.append(back)
    history.allocate(source, back, left, day)


def leave_on_account(history: History, day: date, amount: int) -> None:
    """Money sent without saying for which bill; nobody has applied it yet."""
    way = Way("e-check", "portal") if history.account.site.country == "US" else Way("transfer", "bank")
    payment = send(history, working_day_until(day, history.account.site.country), amount, way, [])
    payment.note = "Sent without a bill number"
