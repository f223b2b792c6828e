"""An account that bills every month and is paid in time: nothing to find on it, until a story changes something."""

from datetime import date, timedelta
from random import Random

from domain.notices import NoticeKind
from domain.periods import add_months
from seed.faults.stage import Expected, Stage
from seed.records import Account, Allocation, Bill, Call, Charge, Dispute, Notice, Payment, Site, Vendor

BILLS = 7
TERMS = 21


class Life:
    """One account's records. `bills`: the oldest first; all are paid but the newest and those that a story left `unpaid`.

    newest: days since the newest bill was issued. It is due three weeks after that, long enough away for R04.
    """

    def __init__(
        self,
        stage: Stage,
        rng: Random,
        *,
        vendor: Vendor | None = None,
        site: Site | None = None,
        currency: str = "USD",
        newest: int | None = None,
        count: int = BILLS,
        months: int = 1,
        terms: int = TERMS,
        method: str = "ach",
        amounts: list[int] | None = None,
        unpaid: tuple[int, ...] = (-1,),
    ) -> None:
        self.stage, self.rng, self.method = stage, rng, method
        self.books = stage.books
        self.account: Account = stage.open_account(
            vendor or stage.patient, rng, site=site, currency=currency, terms_days=terms
        )
        self.expected: list[Expected] = []
        self.bills: list[Bill] = []
        last = stage.day(rng.randrange(5, 13) if newest is None else newest)
        usual = rng.randrange(20_000, 90_000)
        for back in range(count - 1, -1, -1):
            issued_on = add_months(last, -back * months)
            amount = amounts[-1 - back] if amounts else usual + rng.randrange(-usual // 50, usual // 50)
            self.bill(issued_on, amount, (issued_on, add_months(last, (1 - back) * months)))
        left = [self.bills[index] for index in unpaid if -len(self.bills) <= index < len(self.bills)]
        for bill in self.bills:
            if bill not in left:
                self.pay(bill, bill.falls_due_on - timedelta(days=3))

    def bill(
        self,
        issued_on: date,
        amount: int,
        period: tuple[date | None, date | None] | None,
        *more: Charge,
        due_on: date | None = None,
    ) -> Bill:
        """Book a bill of one recurring line, and `more`."""
        number = f"{self.account.number}/{len(self.bills) + 1:02d}"
        due = due_on or issued_on + timedelta(days=self.account.terms_days)
        start, end = period or (None, None)
        lines = [Charge("recurring", "Internet access", amount), *more]
        bill = Bill(self.account, number, "invoice", issued_on, due, start, end, lines)
        self.books.bills.append(bill)
        self.bills.append(bill)
        return bill

    def credit(self, ago: int, amount: int, reverses: Bill | None = None) -> Bill:
        """Book a credit note."""
        line = [Charge("credit", "Credit", -amount)]
        number = f"CR{self.account.number}-{len(self.books.bills)}"
        note = Bill(self.account, number, "credit_note", self.stage.day(ago), None, None, None, line, reverses)
        self.books.bills.append(note)
        return note

    def pay(
        self,
        bill: Bill | None,
        day: date,
        amount: int | None = None,
        *,
        method: str = "",
        channel: str = "bank",
        posted: bool = True,
        confirmation: str = "",
        call: Call | None = None,
    ) -> Payment:
        """Book a payment, posted on the next day, and apply it to `bill`."""
        method = method or self.method
        channel = "autopay" if method == "autopay" else channel
        whole = amount if amount is not None else bill.open if bill else 0
        payment = Payment(self.account, day, whole, method, channel, confirmation, call=call)
        if posted and day + timedelta(days=1) <= self.stage.today:
            payment.posted_on = day + timedelta(days=1)
        self.books.payments.append(payment)
        if bill is not None:
            self.apply(payment, bill, whole, day)
        return payment

    def apply(self, source: Payment | Bill, bill: Bill, amount: int, day: date) -> Allocation:
        """Apply a part of a payment or credit note to a bill."""
        allocation = Allocation(source, bill, amount, day)
        self.books.allocations.append(allocation)
        bill.settled += amount
        if isinstance(source, Payment):
            source.allocated += amount
        else:
            source.settled += amount
        return allocation

    def give_back(self, payment: Payment, bill: Bill, day: date) -> None:
        """The payment comes back, and its bill is open again."""
        applied = next(a for a in self.books.allocations if a.source is payment and a.target is bill)
        self.books.allocations.append(Allocation(payment, bill, applied.amount, day, applied))
        bill.settled -= applied.amount
        payment.allocated -= applied.amount
        payment.reversed_on = day
        back = Payment(self.account, day, payment.amount, payment.method, payment.channel, "", kind="reversal")
        back.posted_on, back.reverses, back.note = day, payment, "Returned: insufficient funds"
        self.books.payments.append(back)

    def call(self, ago: int, purpose: str = "question", number: str = "", **more: object) -> Call:
        """Book a call to the vendor's verified number, or to another one."""
        number = number or self.account.vendor.phone["US"]
        at = self.stage.moment(ago)
        call = Call(self.account, at, number, "outbound", 300, "Pat", "Dana Whitlock", "yes", purpose, "answered")
        for name, value in more.items():
            setattr(call, name, value)
        self.books.calls.append(call)
        return call

    def notice(self, kind: NoticeKind, ago: int, acts_in: int | None, amount: int, bill: Bill | None = None) -> Notice:
        """Book a letter of the vendor; `acts_in` days from today."""
        acts_on = None if acts_in is None else self.stage.day(-acts_in)
        notice = Notice(self.account, kind, self.stage.day(ago), acts_on, amount, "N-1", "letter", bill=bill)
        self.books.notices.append(notice)
        return notice

    def dispute(self, bill: Bill, amount: int, ago: int, closed_ago: int | None = None) -> Dispute:
        """Book a dispute, closed or not."""
        dispute = Dispute(bill, amount, "Rate above the contract", self.stage.day(ago))
        if closed_ago is not None:
            dispute.closed_on, dispute.outcome = self.stage.day(closed_ago), "rejected"
        self.books.disputes.append(dispute)
        return dispute

    def must(self, rule: str, record: object | None = None) -> None:
        """This rule has to fire, about the record (the account itself)."""
        self.expected.append(Expected(rule, self.account if record is None else record))
