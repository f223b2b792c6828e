"""Tables of ledger rows: bills, payments, late bills, money on account. What a row opens is a link in its first cell."""

from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter
from typing import Any

from data_access.queries.bills import BillRow
from data_access.queries.keyset import Mark
from data_access.queries.late_bills import LateBill
from data_access.queries.payments import PaymentRow
from data_access.queries.unapplied import UnappliedRow
from domain.masking import masked
from ui import links, payment_words
from ui.formats import DASH, escape, plain_amount
from ui.page_address import Here
from ui.paging import Ordering, Page
from ui.tables import Column, report

Address = Callable[[int], str]
# Columns that say where a row belongs, for tables of more than one site or account.
EVERYWHERE, AT_SITE, OF_ACCOUNT = ("site", "account"), ("account",), ()
TALL = 520


def account_name(vendor: str, number: str, site: str) -> str:
    """Vendor ••••1234; an account that has its site's name for a number (made from a list without one) has none."""
    return vendor if number == site else f"{vendor} {masked(number)}"


def place_columns(rows: Sequence[Any], place: Sequence[str]) -> list[Column]:
    """Site and account of each row, each a link to its picture."""
    columns = []
    if "site" in place:
        columns.append(Column("Site", [escape(row.site_name) for row in rows]))
    if "account" in place:
        account = links.opening("sites", "account")
        columns.append(
            Column(
                "Account",
                [
                    f"[{escape(account_name(row.vendor, row.account_number, row.site))}]({account(row.account_id)})"
                    for row in rows
                ],
            )
        )
    return columns


def currency_column(rows: Sequence[Any]) -> list[Column]:
    """The currency of each row, where they differ."""
    return [Column("", [row.currency for row in rows])] if len({row.currency for row in rows}) > 1 else []


def due_in_words(due_on: date, as_of: date) -> str:
    """12 days late, due today, due in 5 days; late is marked."""
    days = (due_on - as_of).days
    if days < 0:
        return f":orange-badge[{-days} {'day' if days == -1 else 'days'} late]"
    return "due today" if not days else f"due in {days} {'day' if days == 1 else 'days'}"


def standing(bill: BillRow, as_of: date) -> str:
    """Settled, or how late what is open is; of a credit note what is left to use."""
    if not bill.open_amount:
        return "Used" if bill.kind == "credit_note" else "Settled"
    if bill.kind == "credit_note":
        return ":gray-badge[not yet used]"
    return due_in_words(bill.due_on, as_of) + (", part paid" if bill.settled else "")


def period_of(bill: BillRow) -> str:
    """2026-10-19 to 2026-11-17; an empty cell where the bill names none."""
    if not bill.period_start or not bill.period_end:
        return ""
    return f"{bill.period_start:%d %b} – {date.fromordinal(bill.period_end.toordinal() - 1):%d %b %Y}"


BILL_ORDERS = Ordering({"issued_on": (date, int), "due_on": (date, int), "amount": (int, int)}, "-issued_on")
PAYMENT_ORDERS = Ordering({"paid_on": (date, int), "amount": (int, int)}, "-paid_on")


def mark_of(found: Page) -> Callable[[Any], Mark]:
    """Where a page of a table ends that is sorted by a field of its rows and then by id."""
    return attrgetter(found.sort.removeprefix("-"), "id")


def bills(found: Page, here: Here, address: Address, as_of: date, place: Sequence[str]) -> None:
    """Bills and credit notes, the latter negative; each number opens the bill."""
    rows: Sequence[BillRow] = found.rows
    columns = [
        Column("Bill", [f"[{escape(row.label)}]({address(row.id)})" for row in rows]),
        Column(found.head(here.address, "Issued", "issued_on"), [f"{row.issued_on:%Y-%m-%d}" for row in rows]),
        *place_columns(rows, place),
    ]
    if any(row.period_start for row in rows):
        columns.append(Column("Period", [period_of(row) for row in rows]))
    columns += [
        Column(found.head(here.address, "Due", "due_on"), [_due(row) for row in rows]),
        Column("Standing", [standing(row, as_of) for row in rows]),
        *currency_column(rows),
        Column(
            found.head(here.address, "Amount", "amount"),
            [plain_amount(row.signed, row.currency) for row in rows],
            right=True,
        ),
        Column(
            "Open",
            [plain_amount(row.open_amount if row.signed > 0 else -row.open_amount, row.currency) for row in rows],
            right=True,
        ),
    ]
    report(f"rows-{found.key}", columns, "Bills", height=TALL, dense=True)


def _due(row: BillRow) -> str:
    if row.kind == "credit_note":
        return DASH
    return f"{row.due_on:%Y-%m-%d}" + (" ⚑" if row.due_missing else "")


def payments(found: Page, here: Here, address: Address, place: Sequence[str]) -> None:
    """Payments, refunds and returns, the latter two negative; each day opens the payment."""
    rows: Sequence[PaymentRow] = found.rows
    columns = [
        Column(
            found.head(here.address, "Paid", "paid_on"),
            [f"[{row.paid_on:%Y-%m-%d}]({address(row.id)})" for row in rows],
        ),
        *place_columns(rows, place),
        Column("How", [payment_words.how(row) for row in rows]),
        Column("Confirmation", [escape(row.confirmation_number) or DASH for row in rows]),
        Column("Status", [payment_words.status_badge(row) for row in rows]),
        *currency_column(rows),
        Column(
            found.head(here.address, "Amount", "amount"),
            [f"**{plain_amount(row.signed, row.currency)}**" for row in rows],
            right=True,
        ),
    ]
    if any(row.unapplied for row in rows):
        columns.append(Column("Unapplied", [plain_amount(row.unapplied, row.currency) for row in rows], right=True))
    report(f"rows-{found.key}", columns, "Payments", height=TALL, dense=True)


def late(key: str, rows: Sequence[LateBill], address: Address, place: Sequence[str]) -> None:
    """Bills that were not settled by their due day."""
    columns = [
        Column("Bill", [f"[{escape(row.number)}]({address(row.id)})" for row in rows]),
        *place_columns(rows, place),
        Column("Due", [f"{row.due_on:%Y-%m-%d}" for row in rows]),
        Column("Settled", [f"{row.settled_on:%Y-%m-%d}" if row.settled_on else "still open" for row in rows]),
        Column("Days late", [f"{row.days_late:,}" for row in rows], right=True),
        *currency_column(rows),
        Column("Amount", [plain_amount(row.amount, row.currency) for row in rows], right=True),
        Column("Open", [plain_amount(row.open_amount, row.currency) for row in rows], right=True),
    ]
    report(f"rows-{key}", columns, "Late bills, the latest due day first", height=TALL, dense=True)


def on_account(key: str, rows: Sequence[UnappliedRow], bill: Address, payment: Address, place: Sequence[str]) -> None:
    """Payments and credit notes that are not yet applied; what is left is negative, as it is in the balance."""

    def opens(row: UnappliedRow) -> str:
        return bill(row.id) if row.kind == "credit_note" else payment(row.id)

    columns = [
        Column("Date", [f"[{row.day:%Y-%m-%d}]({opens(row)})" for row in rows]),
        Column("What", [row.kind.replace("_", " ").capitalize() for row in rows]),
        Column("Number", [escape(row.name) or DASH for row in rows]),
        *place_columns(rows, place),
        *currency_column(rows),
        Column("Amount", [plain_amount(row.amount, row.currency) for row in rows], right=True),
        Column("Left", [f"**{plain_amount(row.left, row.currency)}**" for row in rows], right=True),
    ]
    report(f"rows-{key}", columns, "Money not yet applied, the oldest first", height=TALL, dense=True)
