"""Tables of what stands at a site: its accounts, its services, its open bills, its disputes."""

from collections.abc import Mapping, Sequence
from datetime import date

from data_access.queries.accounts import AccountRow
from data_access.queries.bills import DisputeRow
from data_access.queries.open_bills import OpenBill
from data_access.queries.sites import ServiceRow
from domain.aging import AgingRow
from domain.masking import masked_within
from domain.outlook import Outlook
from ui import links, outlook, sparklines
from ui.formats import DASH, escape, percent, plain_amount
from ui.ledger_tables import TALL, Address, account_name, currency_column, place_columns
from ui.tables import Column, report

CRITICALITY = {5: ":red-badge[5 site stops]", 4: ":orange-badge[4 badly missed]", 3: "3", 2: "2", 1: "1 a nuisance"}
SOON_DAYS = 90  # a contract that ends, or whose notice day falls, within these is marked


def accounts(rows: Sequence[AccountRow], owed: Mapping[str, AgingRow]) -> None:
    """Accounts with their balance in their own currency, each a link to its picture; `owed` by account id."""

    def of(row: AccountRow, what: str) -> str:
        found = owed.get(str(row.id))
        return plain_amount(getattr(found, what), row.currency) if found else DASH

    def mix(row: AccountRow) -> str:
        found = owed.get(str(row.id))
        whole = sum(found.buckets) if found else 0
        if found is None or not whole:
            return ""
        return sparklines.age_mix(found.buckets, f"{percent(found.overdue, whole)} past due", width=84)

    columns = [
        Column(
            "Account",
            [
                links.link(account_name(row.vendor, row.account_number, row.site), "sites", {"account": str(row.id)})
                for row in rows
            ],
        ),
        Column("Service", [escape(row.service_type) or DASH for row in rows]),
        Column("Terms", [f"{row.terms_days} days" for row in rows]),
        Column("Autopay", [escape(row.autopay_method) or DASH for row in rows]),
        Column("Closed", [f"{row.closed_on:%Y-%m-%d}" if row.closed_on else "" for row in rows]),
        *currency_column(rows),
        Column("Past due", [of(row, "overdue") for row in rows], right=True),
        Column("Unapplied", [of(row, "unapplied") for row in rows], right=True),
        Column("Outstanding", [f"**{of(row, 'outstanding')}**" for row in rows], right=True),
        Column("Age mix", [mix(row) for row in rows]),
    ]
    if not any(row.closed_on for row in rows):
        columns = [column for column in columns if column.head != "Closed"]
    report("rows-accounts", columns, "Accounts with what they owe", height=TALL, dense=True)


def services(rows: Sequence[ServiceRow], as_of: date) -> None:
    """Lines and circuits, the most critical first, with when their contract ends."""
    columns = [
        Column("Service", [escape(row.description) or escape(row.service_type) or DASH for row in rows]),
        Column("Criticality", [CRITICALITY.get(row.criticality, str(row.criticality)) for row in rows]),
        Column("Identifier", [escape(row.identifier) for row in rows]),
        Column(
            "Account",
            [
                links.link(
                    account_name(row.vendor, row.account_number, row.site), "sites", {"account": str(row.account_id)}
                )
                for row in rows
            ],
        ),
        Column("Contract ends", [_contract(row, as_of) for row in rows]),
        *currency_column(rows),
        Column(
            "Monthly",
            [DASH if row.monthly_charge is None else plain_amount(row.monthly_charge, row.currency) for row in rows],
            right=True,
        ),
    ]
    report("rows-services", columns, "Services, the most critical first", height=TALL, dense=True)


def _contract(row: ServiceRow, as_of: date) -> str:
    """The end of the contract; marked where it is past, or where the day to give notice is near."""
    if row.ended_on and row.ended_on <= as_of:
        return f":gray-badge[ended {row.ended_on:%Y-%m-%d}]"
    if row.contract_ends_on is None:
        return DASH
    text = f"{row.contract_ends_on:%Y-%m-%d}"
    left = (row.contract_ends_on - as_of).days
    if left < 0:
        return f"{text} :gray-badge[rolling on]"
    notice = left - (row.notice_days or 0)
    if 0 <= notice <= SOON_DAYS:
        return f"{text} :yellow-badge[notice in {notice} days]"
    return f"{text} :gray-badge[{left} days left]" if left <= SOON_DAYS else text


def open_bills(
    rows: Sequence[OpenBill], outlooks: Mapping[int, Outlook], as_of: date, address: Address, place: Sequence[str]
) -> None:
    """Open bills, the oldest due first, each a link to the bill, with what is to expect of them."""

    def late(row: OpenBill) -> str:
        return f":orange-badge[{row.days_late} {'day' if row.days_late == 1 else 'days'}]" if row.days_late else DASH

    columns = [
        Column("Bill", [f"[{escape(row.number)}]({address(row.invoice_id)})" for row in rows]),
        *place_columns(rows, place),
        Column("Issued", [f"{row.issued_on:%Y-%m-%d}" for row in rows]),
        Column("Due", [f"{row.due_on:%Y-%m-%d}" + (" ⚑" if row.due_missing else "") for row in rows]),
        Column("Late", [late(row) for row in rows]),
        Column("Chance late", [outlook.chance(row, outlooks.get(row.invoice_id), as_of) for row in rows], right=True),
        Column("Expected", [outlook.expected(outlooks.get(row.invoice_id)) for row in rows]),
        *currency_column(rows),
        Column("Amount", [plain_amount(row.amount, row.currency) for row in rows], right=True),
        Column("Open", [f"**{plain_amount(row.open_amount, row.currency)}**" for row in rows], right=True),
        Column("Disputed", [plain_amount(row.disputed, row.currency) for row in rows], right=True),
    ]
    report("rows-open", columns, "Open bills, the oldest due first", height=TALL, dense=True)


def disputes(rows: Sequence[DisputeRow], address: Address, place: Sequence[str]) -> None:
    """Disputes, the newest first, each a link to its bill."""
    columns = [
        Column("Bill", [f"[{escape(row.number)}]({address(row.invoice_id)})" for row in rows]),
        *([Column("Account", [escape(row.vendor) for row in rows])] if "account" in place else []),
        Column("Opened", [f"{row.opened_on:%Y-%m-%d}" for row in rows]),
        Column(
            "Standing",
            [
                f"{escape(row.outcome) or 'closed'} {row.closed_on:%Y-%m-%d}"
                if row.closed_on
                else ":orange-badge[:material/gavel: Open]"
                for row in rows
            ],
        ),
        Column("Reason", [escape(masked_within(row.reason, row.account_number)) for row in rows]),
        *currency_column(rows),
        Column("Disputed", [plain_amount(row.amount, row.currency) for row in rows], right=True),
    ]
    report("rows-disputes", columns, "Disputes, the newest first", height=TALL, dense=True)
