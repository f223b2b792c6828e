"""The month-end pack as tables, the same for XLSX and PDF: cover, aging, movements, unmatched, disputes, accruals, control."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from typing import Any, TypeVar

from data_access.exporting import Cell, Sheet
from data_access.queries.accruals import AccrualRow
from data_access.queries.bills import DisputeRow
from data_access.queries.month_end import MonthEnd, Moved
from data_access.queries.reconciliation import LegRow
from data_access.queries.sheet_parts import describe
from data_access.queries.unmatched import UnmatchedLine
from domain.accruals import METHOD
from domain.aging import AgingRow, add_up, bucket_labels
from domain.alerts.disputes import window_closes_on
from domain.masking import masked, masked_bank_account
from domain.money import Money
from domain.periods import shifted

COVER, BY_SITE, BY_VENDOR, MOVEMENTS = "Cover", "Aging by site", "Aging by vendor", "Movements"
PAYMENTS, UNCOVERED = "Payments not in the bank", "Payments without a statement"
LINES, AGES = "Bank lines without payment", "Unmatched by age"
DISPUTES, ACCRUALS, CONTROL = "Open disputes", "Accruals", "Control"
AGE_EDGES = (7, 30, 60, 90)

T = TypeVar("T")
_Told = tuple[Sequence[Cell], str, Sequence[int]]  # names, currency, amounts


def month_end_sheets(pack: MonthEnd, made_at: datetime) -> list[Sheet]:
    """All parts in the order in which they are read; `made_at` is aware."""
    about = (f"Month-end {pack.month.start:%Y-%m}", *describe(pack.filters))
    parts = month_end_parts(pack)
    titled = [replace(part, about=(*about, *part.about)) for part in parts]
    return [month_end_cover(pack, made_at, parts), *titled]


def month_end_parts(pack: MonthEnd) -> list[Sheet]:
    """All but the cover, each with what is to be said of it alone."""
    return [
        _aging(pack, BY_SITE, "Site", pack.by_site),
        _aging(pack, BY_VENDOR, "Vendor", pack.by_vendor),
        _movements(pack),
        _ages(pack),
        _payments(pack, PAYMENTS, pack.payments, "not returned, and not or not whole in a statement of their day"),
        _payments(pack, UNCOVERED, pack.uncovered, "not returned; no statement that is here covers their day"),
        *([] if pack.lines is None else [_lines(pack)]),
        _disputes(pack),
        _accruals(pack),
        _control(pack),
    ]


def month_end_cover(pack: MonthEnd, made_at: datetime, parts: Sequence[Sheet]) -> Sheet:
    """What the pack is of, and what is in it."""
    last = shifted(pack.month.end, -1)
    told: list[tuple[str, str]] = [
        ("Month", f"{pack.month.start:%Y-%m}"),
        ("As of", f"{pack.as_of}" + ("" if pack.as_of == last else f" (the month runs until {last})")),
        ("Age counted from", f"the {pack.filters.basis.value} date"),
        ("Sites", "every site" if pack.everything else "the sites that its maker may see"),
        *(("Filter", line) for line in describe(pack.filters)[2:]),
        ("Currencies", f"{', '.join(pack.currencies) or 'none'}; never added together"),
        ("Made at", made_at.isoformat(sep=" ", timespec="minutes")),
        *(("Outstanding", f"{code} {Money(pack.shown.get(code, 0), code).decimal:,}") for code in pack.currencies),
        *(("Part", part.title) for part in parts),
    ]
    return Sheet(COVER, (), ("What", "Value"), told)


def _aging(pack: MonthEnd, title: str, noun: str, found: Sequence[AgingRow]) -> Sheet:
    edges, basis = pack.filters.edges, pack.filters.basis

    def cells(row: AgingRow, name: str) -> list[Cell]:
        amounts = (*row.buckets, row.unapplied, row.outstanding, row.disputed)
        return [name, row.currency, *(Money(amount, row.currency) for amount in amounts)]

    rows = [cells(row, row.name or f"No {noun.lower()}") for row in sorted(found, key=_by_currency)]
    sums = [cells(row, "Total") for row in sorted(add_up(found, pack.currencies, edges), key=_by_currency)]
    heads = (noun, "Currency", *bucket_labels(edges, basis), "Unapplied", "Outstanding", "Of which disputed")
    return Sheet(title, (), heads, rows + sums, len(sums))


def _by_currency(row: AgingRow) -> tuple[str, str]:
    return row.currency, row.name


def _movements(pack: MonthEnd) -> Sheet:
    def told(row: Moved) -> _Told:
        m = row.movements
        moved = (m.billed, -m.credited, -m.paid, m.refunded, m.returned)
        return [row.vendor], m.currency, [row.opening, *moved, row.opening + m.change]

    heads = ("Vendor", "Currency", "Opening", "Billed", "Credits", "Paid", "Refunds", "Returns", "Closing")
    about = (
        f"From {pack.month.start} to {pack.as_of}: opening + billed - credits - paid + refunds + returns = closing",
    )
    return _summed(MOVEMENTS, about, heads, pack.moved, told)


def _ages(pack: MonthEnd) -> Sheet:
    """Payments and lines that are unmatched, by their age in days."""
    labels = (f"0–{AGE_EDGES[0]}", *bucket_labels(AGE_EDGES)[2:])
    found: list[tuple[list[Cell], str, list[int]]] = []
    lines = [(row.currency, row.booked_on, row.left) for row in pack.lines or ()]
    paid, uncovered = (
        [(row.currency, row.paid_on, row.left) for row in rows] for rows in (pack.payments, pack.uncovered)
    )
    for name, items in ((PAYMENTS, paid), (UNCOVERED, uncovered), (LINES, lines)):
        for code, some in groupby(sorted(items), key=lambda item: item[0]):
            amounts = [0] * len(labels)
            for _, day, left in some:
                amounts[_age(pack.as_of, day)] += left
            found.append(([name], code, [*amounts, sum(amounts)]))
    since = f"Made or booked from {pack.bank_since} on; by days up to {pack.as_of}; money out of the bank is negative"
    hidden = ("Bank lines belong to no site and are told to who sees every site",) if pack.lines is None else ()
    rows = [_cells(*row) for row in found]
    return Sheet(AGES, (since, *hidden), ("What", "Currency", *labels, "Total"), rows)


def _age(as_of: date, day: date) -> int:
    days = (as_of - day).days
    return sum(days > edge for edge in AGE_EDGES)


def _payments(pack: MonthEnd, title: str, payments: Sequence[LegRow], which: str) -> Sheet:
    heads = (
        "Paid on",
        "Days",
        "Vendor",
        "Site",
        "Account",
        "Method",
        "Confirmation",
        "Missing",
        "Currency",
        "Amount",
        "Not matched",
    )

    def told(row: LegRow) -> _Told:
        return (
            [row.paid_on, (pack.as_of - row.paid_on).days, row.vendor, row.site_name, masked(row.account_number)]
            + [row.method, row.confirmation, row.state.value.capitalize()],
            row.currency,
            [row.amount, row.left],
        )

    return _summed(title, (f"Made from {pack.bank_since} on, {which}",), heads, payments, told)


def _lines(pack: MonthEnd) -> Sheet:
    heads = ("Booked on", "Days", "Bank account", "Text", "Currency", "Amount", "Not matched")

    def told(row: UnmatchedLine) -> _Told:
        return (
            [row.booked_on, (pack.as_of - row.booked_on).days, masked_bank_account(row.bank_account), row.text],
            row.currency,
            [row.amount, row.left],
        )

    about = (f"Booked from {pack.bank_since} on, for every site: of the filters only the currency counts",)
    return _summed(LINES, about, heads, pack.lines or (), told)


def _disputes(pack: MonthEnd) -> Sheet:
    heads = ("Opened on", "Days left", "Vendor", "Site", "Account", "Bill", "Reason", "Currency", "Withheld")

    def told(row: DisputeRow) -> _Told:
        return (
            [
                row.opened_on,
                (window_closes_on(row.issued_on, pack.thresholds) - pack.as_of).days,
                row.vendor,
                row.site_name,
            ]
            + [masked(row.account_number), row.number, row.reason],
            row.currency,
            [row.withheld],
        )

    about = (f"Days left of {pack.thresholds.dispute_days} from the issue of the bill; below zero the time is over",)
    return _summed(DISPUTES, about, heads, pack.disputes, told)


def _accruals(pack: MonthEnd) -> Sheet:
    heads = ("Vendor", "Site", "Account", "Last bill", "Issued on", "Expected by", "Bills", "Currency")

    def told(row: AccrualRow) -> _Told:
        return (
            [row.vendor, row.site_name, masked(row.account_number), row.accrual.last_bill, row.accrual.last_issued_on]
            + [row.accrual.expected_on, row.accrual.bills],
            row.currency,
            [row.accrual.amount, row.accrual.low, row.accrual.high],
        )

    return _summed(ACCRUALS, (METHOD,), (*heads, "Accrue", "At least", "At most"), pack.accruals, told)


def _control(pack: MonthEnd) -> Sheet:
    """One line a check and currency; each figure comes from a read of its own."""
    rows: list[list[Cell]] = []
    for code in pack.currencies:

        def outstanding(found: Sequence[AgingRow], code: str = code) -> int:
            return sum(row.outstanding for row in found if row.currency == code)

        def moved(pick: Callable[..., int], code: str = code) -> int:
            return sum(pick(row) for row in pack.moved if row.movements.currency == code)

        page = pack.shown.get(code, 0)
        opening = moved(lambda row: row.opening)
        in_all = sum(m.change for m in pack.all_moved if m.currency == code)
        held = sum(row.disputed for row in pack.by_site if row.currency == code)
        withheld = sum(row.withheld for row in pack.disputes if row.currency == code)
        unmatched = sum(row.left for row in (*pack.payments, *pack.uncovered) if row.currency == code)
        for what, ours, theirs in (
            ("Aging by site = Balances page, by account", outstanding(pack.by_site), page),
            ("Aging by vendor = Balances page, by account", outstanding(pack.by_vendor), page),
            (
                "Movements by vendor, closing = Balances page",
                moved(lambda row: row.opening + row.movements.change),
                page,
            ),
            ("Opening + movements in all = Balances page", opening + in_all, page),
            ("Disputes withheld = disputed in the aging", withheld, held),
            ("Payments unmatched, both lists = payments less matches", unmatched, pack.unmatched.get(code, 0)),
            ("Shown = ledger in scope", page, pack.ledger.get(code, 0)),
        ):
            rows.append([what, *(Money(n, code) for n in (ours, theirs, ours - theirs)), _said(what, ours - theirs)])
            rows[-1].insert(1, code)
    return Sheet(CONTROL, (), ("Check", "Currency", "This", "That", "Difference", "Said"), rows)


def _said(what: str, difference: int) -> str:
    if not difference:
        return "ties"
    if what.startswith("Disputes"):
        return "more is disputed than is still open on the bills"
    if what.startswith("Shown"):
        return "hidden by the filters"
    return "DOES NOT TIE: run verify"


def _cells(names: Sequence[Cell], code: str, amounts: Iterable[int]) -> list[Cell]:
    return [*names, code, *(Money(amount, code) for amount in amounts)]


class _Rows(Sequence[Sequence[Cell]]):
    """Rows that are put together when they are written, and sums behind them: of many payments, memory holds the payments alone."""

    def __init__(self, found: Sequence[T], told: Callable[[T], _Told], sums: Sequence[list[Cell]]) -> None:
        self._found, self._told, self._sums = found, told, sums

    def __len__(self) -> int:
        return len(self._found) + len(self._sums)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self[n] for n in range(*index.indices(len(self)))]
        n = range(len(self))[index]
        return _cells(*self._told(self._found[n])) if n < len(self._found) else self._sums[n - len(self._found)]


def _summed(
    title: str, about: tuple[str, ...], heads: tuple[str, ...], found: Sequence[T], told: Callable[[T], _Told]
) -> Sheet:
    """Rows of names, currency and amounts, as each is `told`, and a total of each currency."""
    by_currency: dict[str, list[int]] = {}
    for row in found:
        _, code, amounts = told(row)
        sums = by_currency.setdefault(code, [0] * len(amounts))
        by_currency[code] = [one + more for one, more in zip(sums, amounts, strict=True)]
    totals = [
        _cells(["Total", *[None] * (len(heads) - len(sums) - 2)], code, sums)
        for code, sums in sorted(by_currency.items())
    ]
    return Sheet(title, about, heads, _Rows(found, told, totals), len(totals))
