"""What holds for any file: again adds nothing, overlapping ones add up, another export of it is the same file."""

import csv
import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.importers.report import Report
from domain.parsing.amounts import Mark
from domain.parsing.dates import Order
from tests.data_access.importers.conftest import Importer

# Nothing is ever deleted from a ledger, so each example has a vendor of its own.
NUMBERS = count(1)
EXAMPLES = settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)


@dataclass(frozen=True)
class Line:
    bill: int
    line: int
    cents: int
    day: int
    text: str


LINES = st.builds(
    Line,
    st.integers(1, 3),
    st.integers(1, 2),
    st.sampled_from([-1250, -1, 0, 1, 99, 1250, 123_456, 10_000_000]),
    st.integers(0, 40),
    st.sampled_from(["", "Calls, abroad", 'a "quoted" line', "Gebühr; 5 €", "two\nlines"]),
)


@dataclass(frozen=True)
class Style:
    """How one program writes a file."""

    encoding: str
    delimiter: str
    mark: Mark
    order: Order
    columns: tuple[str, ...]
    end: str
    negative: str

    def amount(self, cents: int) -> str:
        whole, fraction = divmod(abs(cents), 100)
        text = f"{whole:,}.{fraction:02}"
        if self.mark is Mark.COMMA:
            text = text.translate({ord(","): ".", ord("."): ","})
        return self.negative.format(text) if cents < 0 else text

    def day(self, day: date) -> str:
        return day.strftime({Order.DMY: "%d/%m/%Y", Order.MDY: "%m/%d/%Y", Order.YMD: "%Y-%m-%d"}[self.order])


COLUMNS = ("vendor", "account_number", "invoice_number", "line", "amount", "issued_on", "description", "currency")
STYLES = st.builds(
    Style,
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-be"]),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(list(Mark)),
    st.sampled_from(list(Order)),
    st.permutations(COLUMNS).map(tuple),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["-{}", "({})", "{}-"]),
)
PLAIN = Style("utf-8", ",", Mark.POINT, Order.YMD, COLUMNS, "\n", "-{}")


def written(vendor: str, lines: Sequence[Line], style: Style = PLAIN) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=style.delimiter, lineterminator=style.end)
    writer.writerow(style.columns)
    for line in lines:
        values = {
            "vendor": vendor,
            "account_number": "A-1",
            "invoice_number": f"INV-{line.bill}",
            "line": line.line,
            "amount": style.amount(line.cents),
            "issued_on": style.day(date(2024, 1, 1) + timedelta(line.day)),
            "description": line.text,
            "currency": "EUR",
        }
        writer.writerow([values[column] for column in style.columns])
    return out.getvalue().encode(style.encoding)


def take(importer: Importer, vendor: str, lines: Sequence[Line], style: Style = PLAIN, **options: bool) -> Report:
    content = written(vendor, lines, style)
    return importer.accept(
        "charges", content, create_missing=True, decimal=style.mark, date_order=style.order, **options
    )


def landed(importer: Importer, vendor: str) -> Counter[tuple[str, str, int, date]]:
    owners = dict(importer.table("vendors", "name", "id"))
    accounts = {row[0] for row in importer.table("accounts", "id", "vendor_id") if row[1] == owners.get(vendor)}
    numbers = dict(importer.table("invoices", "id", "number"))
    rows = importer.table("charges", "account_id", "invoice_id", "line", "amount", "issued_on")
    return Counter((numbers[row[1]], row[2], row[3], row[4]) for row in rows if row[0] in accounts)


def expected(lines: Counter[Line]) -> Counter[tuple[str, str, int, date]]:
    out: Counter[tuple[str, str, int, date]] = Counter()
    for line, times in lines.items():
        out[f"INV-{line.bill}", str(line.line), line.cents, date(2024, 1, 1) + timedelta(line.day)] += times
    return out


def without_empty_bills(lines: Sequence[Line]) -> list[Line]:
    """Bills of which every line is zero are rejected."""
    owed = {line.bill for line in lines if line.cents}
    return [line for line in lines if line.bill in owed]


def test_again_adds_nothing_and_overlapping_files_add_up(importer: Importer, check: Callable[[], None]) -> None:
    @EXAMPLES
    @given(st.lists(LINES, min_size=1, max_size=12), st.data())
    def run(lines: list[Line], data: st.DataObject) -> None:
        vendor = f"Vendor {next(NUMBERS)}"
        lines = without_empty_bills(lines)
        flags = data.draw(
            st.lists(st.sampled_from(["first", "second", "both"]), min_size=len(lines), max_size=len(lines))
        )
        first = without_empty_bills([line for line, flag in zip(lines, flags, strict=True) if flag != "second"])
        second = [line for line, flag in zip(lines, flags, strict=True) if flag != "first"]
        reports = [take(importer, vendor, part, paid=True) for part in (first, second, second, first)]
        owed_or_known = {line.bill for line in first} | {line.bill for line in without_empty_bills(second)}
        kept = [line for line in second if line.bill in owed_or_known]
        assert [report.added for report in reports[2:]] == [0, 0]
        assert landed(importer, vendor) == expected(Counter(first) | Counter(kept))
        assert all(report.read == report.added + report.duplicate + report.rejected for report in reports)

    run()
    assert all(amount == settled for amount, settled in importer.table("invoices", "amount", "settled"))
    check()


def test_another_export_of_it_is_the_same_file(importer: Importer, check: Callable[[], None]) -> None:
    @EXAMPLES
    @given(st.lists(LINES, min_size=1, max_size=8), STYLES, STYLES)
    def run(lines: list[Line], one: Style, other: Style) -> None:
        vendor = f"Vendor {next(NUMBERS)}"
        lines = without_empty_bills(lines)
        assert take(importer, vendor, lines, one).added == len(lines)
        again = take(importer, vendor, lines, other)
        assert (again.added, again.duplicate) == (0, len(lines))
        assert landed(importer, vendor) == expected(Counter(lines))

    run()
    check()


PAYMENTS = st.tuples(
    st.integers(1, 5000),
    st.integers(0, 5),
    st.sampled_from(["pending", "posted", "returned", "void", ""]),
    st.sampled_from(["", "", "P-1", "P-2"]),
)


def test_payments_again_add_nothing_whatever_became_of_them(importer: Importer, check: Callable[[], None]) -> None:
    @EXAMPLES
    @given(st.lists(PAYMENTS, min_size=1, max_size=10), st.randoms(use_true_random=False))
    def run(rows: list[tuple[int, int, str, str]], random: Random) -> None:
        vendor = f"Vendor {next(NUMBERS)}"
        lines = [
            f"{vendor},A-1,2024-01-{1 + day:02},{cents / 100:.2f},EUR,{status},{name}\n"
            for cents, day, status, name in rows
        ]
        header = "vendor,account_number,paid_on,amount,currency,status,external_id\n"
        first = importer.accept("payments", header + "".join(lines), create_missing=True)
        again = importer.accept("payments", header + "".join(lines))
        assert (again.added, again.changed) == (0, 0)
        assert again.duplicate == first.added + first.duplicate
        nameless = [line for line in lines if line.endswith(",\n")]
        random.shuffle(nameless)
        if nameless:
            shuffled = importer.accept("payments", header + "".join(nameless))
            assert (shuffled.added, shuffled.changed) == (0, 0)

    run()
    check()
