"""X12 810 (invoice) and 811 (consolidated service invoice) to bills."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from data_access.importers.reading.wire.documents import (
    Bill,
    DocumentError,
    Line,
    cents_of,
    date_of,
    decimal_of,
    product,
)
from data_access.importers.reading.wire.x12_envelope import Segment, Transaction

CODES = ("810", "811")
_VENDORS = (
    "SE",
    "SU",
    "VN",
    "RI",
    "PE",
    "II",
    "SJ",
)  # parties that sell, supply or are paid; the first named one counts
_ACCOUNTS = ("12", "11", "AJ")  # REF01: billing account, account number, accounts receivable customer account
_CREDITS = ("CR", "CN", "CP")  # BIG07
_DUE = ("814", "446")  # DTM01: payment due
_NOT_CHARGED = ("I", "O")  # SLN03: included, for information
_FEES = ("fee", "surcharge", "recovery")


def read_bill(transaction: Transaction, findings: list[str]) -> Bill:
    """Raises DocumentError where the bill as a whole cannot be taken."""
    reader = _Reader(transaction, findings)
    for segment in transaction.segments:
        take = _TAKES.get(segment.tag)
        if take is not None:
            take(reader, segment)
    return reader.finish()


class _Reader:
    """Goes through one transaction's segments in order."""

    def __init__(self, transaction: Transaction, findings: list[str]) -> None:
        self.bill = Bill(transaction.line)
        self._findings = findings
        self._sender = transaction.sender
        self._names: dict[str, tuple[str, str]] = {}  # N101: (name, identifier)
        self._items = 0
        self._priced: tuple[Line, Decimal, Decimal] | None = None  # the item that SDQ and PID speak of
        self._shares: list[tuple[int, str, Decimal]] = []
        self._line_number = ""
        self._net_days = ""
        self._previous = Decimal(0)

    def finish(self) -> Bill:
        """The bill."""
        self._close_item()
        bill = self.bill
        found = [self._names[code] for code in _VENDORS if code in self._names]
        bill.vendor = next((name for name, _ in found if name), "")
        if not bill.vendor:
            self._findings.append(
                f"bill {bill.number or '?'}: sender {self._sender} names no vendor; say which one by --map vendor==NAME"
            )
        site = self._names.get("ST")
        bill.account_site = site[1] if site else ""
        if not bill.account_number:
            self._findings.append(
                f"bill {bill.number or '?'}: no account number (REF*12 or REF*11); "
                "say which one by --map account_number==NUMBER"
            )
        if not bill.due_on and self._net_days and bill.issued_on:
            days = decimal_of(self._net_days, bill.line, "ITD07")
            if days != days.to_integral_value() or not 0 <= days <= 3650:  # noqa: PLR2004 - ten years
                raise DocumentError(bill.line, f"ITD07 {self._net_days!r} is not a number of days")
            bill.due_on = (date.fromisoformat(bill.issued_on) + timedelta(days=int(days))).isoformat()
        self._take_off_previous()
        return bill

    def _take_off_previous(self) -> None:
        """A statement's total may hold what earlier bills owe: that is in the ledger already."""
        bill = self.bill
        lines = sum((line.amount for line in bill.lines), Decimal(0))
        if self._previous and bill.lines and bill.total == lines + self._previous:
            self._findings.append(
                f"bill {bill.number}: its total of {bill.total:.2f} holds {self._previous:.2f} of earlier bills (BAL), "
                "which are not billed twice"
            )
            bill.total = lines

    def big(self, segment: Segment) -> None:
        """The bill's day, number and kind."""
        self.bill.issued_on = date_of(segment.get(1), segment.line, "BIG01")
        self.bill.number = segment.get(2)
        self.bill.credit = segment.get(7) in _CREDITS

    def cur(self, segment: Segment) -> None:
        """The currency."""
        self.bill.currency = segment.get(2)

    def ref(self, segment: Segment) -> None:
        """The account; a service's own number is part of its line."""
        if segment.get(1) in _ACCOUNTS and not self.bill.account_number:
            self.bill.account_number = segment.get(2)

    def n1(self, segment: Segment) -> None:
        """A party."""
        self._names.setdefault(segment.get(1), (segment.get(2), segment.get(4)))

    def itd(self, segment: Segment) -> None:
        """When it is due."""
        if segment.get(6):
            self.bill.due_on = date_of(segment.get(6), segment.line, "ITD06")
        self._net_days = self._net_days or segment.get(7)

    def dtm(self, segment: Segment) -> None:
        """The due day, where it is dated."""
        if segment.get(1) in _DUE:
            self.bill.due_on = date_of(segment.get(2), segment.line, "DTM02")

    def lx(self, segment: Segment) -> None:
        """The number of what follows."""
        self._close_item()
        self._line_number = segment.get(1)

    def it1(self, segment: Segment) -> None:
        """An item: quantity times price."""
        self._items += 1
        self._item(segment, segment.get(1) or str(self._items), (2, 4, 7))

    def sln(self, segment: Segment) -> None:
        """A part of an item or of a service."""
        self._close_item()
        if segment.get(3) not in _NOT_CHARGED and segment.get(6):
            self._item(segment, segment.get(1), (4, 6, 10))

    def pid(self, segment: Segment) -> None:
        """What the item is."""
        if self._priced is not None and segment.get(5):
            self._priced[0].description = segment.get(5)

    def sdq(self, segment: Segment) -> None:
        """How much of the item each store gets."""
        pairs = segment.elements[2:]
        for place in range(0, len(pairs) - 1, 2):
            if pairs[place].strip():
                share = decimal_of(pairs[place + 1], segment.line, "SDQ quantity")
                self._shares.append((segment.line, pairs[place].strip(), share))

    def sac(self, segment: Segment) -> None:
        """An allowance or a charge of the bill."""
        self._allowance(segment, segment.get(5), "SAC05", segment.get(15))

    def ita(self, segment: Segment) -> None:
        """The same in an 811."""
        self._allowance(segment, segment.get(7), "ITA07", segment.get(13))

    def txi(self, segment: Segment) -> None:
        """A tax, unless it is only told."""
        if segment.get(2) and segment.get(7) != "O":
            amount = decimal_of(segment.get(2), segment.line, "TXI02")
            amount = -amount if segment.get(7) == "D" else amount
            self._add(Line(segment.line, amount, "tax", f"Tax {segment.get(1)}".strip()))

    def bal(self, segment: Segment) -> None:
        """What was open before this bill."""
        if segment.get(2) == "PB":
            self._previous = decimal_of(segment.get(3), segment.line, "BAL03")

    def tds(self, segment: Segment) -> None:
        """The total; in an 811 the last one is that of the whole."""
        self._close_item()
        self.bill.total = cents_of(segment.get(1), segment.line, "TDS01")
        self.bill.total_line = segment.line

    def _item(self, segment: Segment, number: str, places: tuple[int, int, int]) -> None:
        self._close_item()
        quantity = decimal_of(segment.get(places[0]) or "1", segment.line, f"{segment.tag} quantity")
        price = decimal_of(segment.get(places[1]) or "0", segment.line, f"{segment.tag} price")
        code = segment.get(places[2])
        line = Line(segment.line, product(quantity, price), "recurring", code, number or self._line_number)
        self._priced = (line, quantity, price)

    def _close_item(self) -> None:
        """An item whose stores add up to it is a line for each of them."""
        if self._priced is None:
            return
        line, quantity, price = self._priced
        shared = sum((share for _, _, share in self._shares), Decimal(0))
        if self._shares and shared == quantity:
            for at, store, share in self._shares:
                self._add(Line(at, product(share, price), line.type, line.description, line.number, store))
        else:
            if self._shares:
                self._findings.append(
                    f"bill {self.bill.number}: the stores of item {line.number} get {shared:f} of {quantity:f}; "
                    "the item is billed without them"
                )
            self._add(line)
        self._priced = None
        self._shares = []

    def _allowance(self, segment: Segment, cents: str, name: str, words: str) -> None:
        self._close_item()
        if segment.get(1) not in ("A", "C") or not cents:
            return
        amount = cents_of(cents, segment.line, name)
        if segment.get(1) == "A":
            self._add(Line(segment.line, -amount, "credit", words or "Allowance", self._line_number))
        else:
            fee = any(word in words.casefold() for word in _FEES)
            self._add(Line(segment.line, amount, "fee" if fee else "recurring", words or "Charge", self._line_number))

    def _add(self, line: Line) -> None:
        self.bill.lines.append(line)


_TAKES: dict[str, Callable[[_Reader, Segment], None]] = {
    "BIG": _Reader.big,
    "CUR": _Reader.cur,
    "REF": _Reader.ref,
    "N1": _Reader.n1,
    "ITD": _Reader.itd,
    "DTM": _Reader.dtm,
    "LX": _Reader.lx,
    "IT1": _Reader.it1,
    "SLN": _Reader.sln,
    "PID": _Reader.pid,
    "SDQ": _Reader.sdq,
    "SAC": _Reader.sac,
    "ITA": _Reader.ita,
    "TXI": _Reader.txi,
    "BAL": _Reader.bal,
    "TDS": _Reader.tds,
}
