"""What the banks show: five accounts, statement after statement, with what no payment of the ledger made among it.

Most payments have their line. Some run together in one debit, a few leave in two or with a charge on top, and some are
missing: the bank never made them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from domain.matching.proposals import Explanation
from domain.periods import add_months
from domain.working_days import add_working_days, working_day_from, working_day_until
from seed.bank_texts import draw_line
from seed.books import Batch, Organisation
from seed.numbering import OWN_NUMBERS
from seed.organisation import stream
from seed.records import Account, BankLine, Payment, Statement

MONTHS = 18  # that statements go back
ARRIVES = 3  # days after a month's end in which its statement comes
_LATELY = 12  # days that the newest download of an account goes back
_FULL = 6  # payments in one debit at most
# Of a thousand payments: the bank shows nothing, two debits, a charge within
_MISSING, _IN_TWO, _WITH_CHARGE = 8, 5, 9
_TOGETHER, _UNNAMED = 70, 15  # of a hundred payment runs are one debit, and of these say nothing of whom they paid
_UNTOLD, _LATE = 200, 30  # of a thousand of these last days, a charge within that the bank does not tell of


@dataclass(frozen=True, slots=True)
class BankAccount:
    """An account or card of ours; `bank`: where its statements come from, `file`: what they are called."""

    number: str
    kind: str
    currency: str
    country: str
    balance: int
    bank: str
    file: str

    @property
    def place(self) -> str:
        """Who shows a payment is known by its kind and currency."""
        return f"{self.kind} {self.currency}"


OPERATING = BankAccount("004417720931", "bank", "USD", "US", 18_422_017, "First Calder Bank", "operating-{}.bai")
ACCOUNTS = (
    OPERATING,
    BankAccount("GB33CALD20441709831208", "bank", "GBP", "GB", 4_910_440, "Calder & Holt", "gbp-{}.sta"),
    BankAccount("DE47500105170931208443", "bank", "EUR", "DE", 3_377_905, "Rheinische Kontobank", "eur-{}.xml"),
    BankAccount("Purchasing card", "card", "USD", "US", 0, "First Calder Bank", "card-{}.qfx"),
    BankAccount("Purchasing card UK", "card", "GBP", "GB", 0, "Calder & Holt", "card-uk-{}.qfx"),
)


@dataclass(slots=True)
class Shown:
    """Lines by account, and what each is: the payments that it shows, or what else it is and how somebody puts it."""

    lines: dict[str, list[BankLine]] = field(default_factory=lambda: defaultdict(list))
    payments: dict[BankLine, list[Payment]] = field(default_factory=dict)
    others: dict[BankLine, tuple[Explanation, str]] = field(default_factory=dict)
    statements: list[tuple[date, Statement]] = field(default_factory=list)  # with the day on which each was imported


def months_covered(today: date) -> list[date]:
    """The first day of each month whose statement has come, the oldest first, and the day after the last one."""
    this = today.replace(day=1)
    closed = this if today >= this + timedelta(days=ARRIVES) else add_months(this, -1)
    return [add_months(closed, -n) for n in range(MONTHS, -1, -1)]


def draw_banking(books: Organisation, random_seed: int, today: date, clearly: Collection[Account] = ()) -> Shown:
    """Add the statements to `books`. Of the accounts in `clearly` every payment is shown, and told beyond doubt."""
    months = months_covered(today)
    shown = Shown()
    for line, of in _debits(books.payments, random_seed, clearly, today - timedelta(days=_LATE)):
        if months[0] <= line.booked_on < today:
            shown.lines[_place(of[0])].append(line)
            shown.payments[line] = of
    for place, line, meaning in _other_lines(books, random_seed, months, today):
        shown.lines[place].append(line)
        shown.others[line] = meaning
    for account in sorted(ACCOUNTS, key=lambda account: account.kind != "card"):  # what cards cost, the bank pays
        _fund(account, shown, months, today)
    for account in ACCOUNTS:
        shown.lines[account.place].sort(key=lambda line: (line.booked_on, line.amount, line.reference))
        shown.statements += _cut(account, shown.lines[account.place], months, today)
    shown.statements.sort(key=lambda imported: (imported[0], imported[1].period_end))
    for imported_on, made in shown.statements:
        _book(books, made, imported_on)
    return shown


def _place(payment: Payment) -> str:
    return f"{'card' if payment.method == 'card' else 'bank'} {payment.account.currency}"


def _debits(
    payments: Sequence[Payment], random_seed: int, clearly: Collection[Account], late: date
) -> Iterator[tuple[BankLine, list[Payment]]]:
    runs: dict[tuple[object, ...], list[Payment]] = defaultdict(list)
    for number, payment in enumerate(payments):
        if payment.kind == "payment" and payment.posted_on is not None:
            own = payment.method in OWN_NUMBERS and payment.account not in clearly and payment.reversed_on is None
            account = payment.account
            run = (account.vendor.slug, account.currency, payment.confirmation_number, payment.paid_on)
            runs[run if own else (number,)].append(payment)
    for run in runs.values():
        first = run[0]
        rng = stream(random_seed, "bank", first.account.number, first.paid_on, first.amount)
        plain = first.account in clearly
        if first.method == "cheque" or (1 < len(run) <= _FULL and rng.randrange(100) < _TOGETHER):
            line = draw_line(first, _booked(run, rng), sum(p.amount for p in run), rng)
            if len(run) > 2 and rng.randrange(100) < _UNNAMED:
                line = BankLine(line.booked_on, line.amount, "BULK PAYMENT")
            yield line, run
            continue
        for payment in run:
            yield from _one(payment, rng, plain, late)


def _booked(run: Sequence[Payment], rng: Random) -> date:
    """The bank has it on the day of posting, or the working day after it."""
    day = max(payment.posted_on or payment.paid_on for payment in run)
    return add_working_days(day, rng.choice((0, 0, 0, 1)), run[0].account.site.country)


def _one(payment: Payment, rng: Random, plain: bool, late: date) -> Iterator[tuple[BankLine, list[Payment]]]:
    day, dice = _booked([payment], rng), rng.randrange(1_000)
    if plain:
        yield draw_line(payment, day, payment.amount, rng, clearly=True), [payment]
        return
    if dice < _MISSING and payment.reversed_on is None:
        return
    if dice < _MISSING + _IN_TWO and payment.amount > 20_000:
        first = payment.amount * rng.randrange(30, 60) // 100
        for amount in (first, payment.amount - first):
            yield draw_line(payment, day, amount, rng), [payment]
        return
    charge = 0
    told = dice >= 1_000 - _WITH_CHARGE
    if (told or (day > late and dice >= 1_000 - _WITH_CHARGE - _UNTOLD)) and _may_cost(payment):
        charge = rng.choice((250, 450, 750))
    line = draw_line(payment, day, payment.amount + charge, rng)
    if charge and told:
        line.description += " INCL CHARGES"
    yield line, [payment]


def _may_cost(payment: Payment) -> bool:
    return payment.method in {"transfer", "e-check"} and payment.amount > 20_000


_OTHER = tuple[str, BankLine, tuple[Explanation, str]]


def _other_lines(books: Organisation, random_seed: int, months: Sequence[date], today: date) -> Iterator[_OTHER]:
    for payment in books.payments:
        place, day = _place(payment), payment.posted_on
        if day is None or not months[0] <= day < today or (payment.reverses and payment.reverses.posted_on is None):
            continue
        name, number = payment.account.vendor.name.upper(), payment.confirmation_number
        if payment.kind == "refund":
            yield place, BankLine(day, payment.amount, "REFUND", name, number), (Explanation.RETURN, "")
        elif payment.kind == "reversal":
            yield place, BankLine(day, payment.amount, "RETURNED ITEM", name, number), (Explanation.RETURN, "")
    for month in months:
        yield from _of_a_month(random_seed, month, today)


def _of_a_month(random_seed: int, month: date, today: date) -> Iterator[_OTHER]:
    """Charges at the end of the month, interest at that of a quarter, and what is bought besides."""
    rng = stream(random_seed, "bank lines", month)
    last = working_day_until(add_months(month, 1) - timedelta(days=1), "US")
    fee, other, interest = Explanation.FEE, Explanation.NOT_A_VENDOR, Explanation.INTEREST
    drawn: list[_OTHER] = [
        ("bank USD", BankLine(last, -4_500, "MONTHLY SERVICE CHARGE"), (fee, "")),
        ("bank GBP", BankLine(last, -1_250, "BANK CHARGES"), (fee, "")),
        ("bank EUR", BankLine(last, -890, "ENTGELTABRECHNUNG"), (fee, "Price of keeping the account")),
        ("bank USD", BankLine(last, rng.randrange(900, 2_600), "INTEREST PAID"), (interest, "")),
    ]
    if month.month % 3:
        drawn.pop()
    day = working_day_from(month + timedelta(days=rng.randrange(4, 20)), "US")
    postage = BankLine(
        day, -rng.randrange(20, 60) * 500, "POSTAGE METER REFILL", "METERLINE", f"{rng.randrange(10**6)}"
    )
    drawn.append(("card USD", postage, (other, "Postage of head office")))
    if rng.random() < 0.6:
        permits = BankLine(day, -rng.randrange(4, 9) * 4_250, "PARKING PERMITS", "CITY OF HARTFORD")
        drawn.append(("bank USD", permits, (other, "Parking, not telecom or power")))
    yield from (each for each in drawn if each[1].booked_on < today)


def _fund(account: BankAccount, shown: Shown, months: Sequence[date], today: date) -> None:
    """What leaves in a month is put in at its beginning; a card's bill is paid on the 20th of the month after."""
    lines = list(shown.lines[account.place])
    for month in months:
        out = -sum(line.amount for line in lines if month <= line.booked_on < add_months(month, 1))
        if account.kind == "card":
            paid_on = working_day_from(add_months(month, 1) + timedelta(days=19), account.country)
            drawn = (
                (account.place, out, "PAYMENT RECEIVED THANK YOU"),
                (
                    f"bank {account.currency}",
                    -out,
                    "PURCHASING CARD SETTLEMENT",
                ),
            )
        else:
            paid_on = working_day_from(month, account.country)
            drawn = ((account.place, out + -out % 100_000, "INTERNAL TRANSFER FROM TREASURY"),)
        if out > 0 and paid_on < today:
            for place, amount, said in drawn:
                line = BankLine(paid_on, amount, said)
                shown.lines[place].append(line)
                shown.others[line] = (Explanation.TRANSFER, "")


def _cut(
    account: BankAccount, lines: Sequence[BankLine], months: Sequence[date], today: date
) -> Iterator[tuple[date, Statement]]:
    """A statement a month and one of the last days; of the operating account two, which reach back over what is there."""
    for number, (start, end) in enumerate(pairwise(months)):
        made = _statement(account, lines, start, end, start)
        if account.place == "bank GBP" and number == len(months) - 4:  # the file lacks the bank's charges
            made.lines = [line for line in made.lines if line.description != "BANK CHARGES"]
            made.movements, made.listed = sum(line.amount for line in made.lines), len(made.lines)
        yield end + timedelta(days=ARRIVES), made
    reached = months[-1]
    lately = [(today - timedelta(days=_LATELY), today)]
    if account is OPERATING:
        lately = [(reached - timedelta(days=14), today - timedelta(days=8)), (today - timedelta(days=20), today)]
    for start, end in lately:
        if end > reached:
            yield end, _statement(account, lines, start, end, max(reached, start))
            reached = end


def _statement(account: BankAccount, lines: Sequence[BankLine], start: date, end: date, reached: date) -> Statement:
    """It brings what is booked from `reached` on; what is before was there."""
    listed = [line for line in lines if start <= line.booked_on < end]
    own = [line for line in listed if line.booked_on >= reached]
    made = Statement(account.number, account.kind, account.currency, start, end, own)
    opening = account.balance + sum(line.amount for line in lines if line.booked_on < start)
    made.movements, made.listed = sum(line.amount for line in listed), len(listed)
    made.closing = opening + made.movements
    made.opening = None if account.kind == "card" else opening  # cards' files state none
    return made


def _book(books: Organisation, made: Statement, imported_on: date) -> None:
    account = next(each for each in ACCOUNTS if each.number == made.bank_account)
    month = add_months(made.period_start, 1) == made.period_end
    when = f"{made.period_start:%Y-%m}" if month else f"to-{made.period_end - timedelta(days=1):%Y-%m-%d}"
    batch = Batch("bank", account.bank, account.file.format(when), [made, *made.lines], imported_on=imported_on)
    batch.duplicate = made.listed - len(made.lines)
    books.statements.append(made)
    books.batches.append(batch)
