"""Aging reckoned again, slowly and from nothing but the rows: no SQL beyond reading tables, none of the product's rules.

It plays every document up to the day asked for, and shares no code with the queries that it checks.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text

from data_access.database import Database
from data_access.scope import Scope

TABLES = ("sites", "vendors", "accounts", "invoices", "payments", "allocations", "disputes", "dispute_events")
DAYS = {"issued_on", "due_on", "paid_on", "reversed_on", "applied_on", "opened_on", "closed_on", "dated"}


def read(database: Database) -> dict[str, list[dict[str, Any]]]:
    """All rows of the ledger as dictionaries, dates as dates."""

    def plain(row: Any) -> dict[str, Any]:
        values = dict(row._mapping)
        for name in DAYS & values.keys():
            if isinstance(values[name], str):
                values[name] = date.fromisoformat(values[name])
        return values

    with database.reading(Scope.all_sites()) as connection:
        return {table: [plain(row) for row in connection.execute(text(f"SELECT * FROM {table}"))] for table in TABLES}


@dataclass
class Line:
    """What one group owes in one currency."""

    buckets: list[int]
    unapplied: int = 0
    disputed: int = 0
    disputed_overdue: int = 0
    open_count: int = 0
    flagged: int = 0


def figures(line: Any) -> tuple[Any, ...]:
    """The figures of a Line, or of a row of the query, in one order."""
    memo = (line.disputed, line.disputed_overdue, line.open_count, line.flagged)
    return (tuple(line.buckets), line.unapplied, *memo)


def comparable(rows: Iterable[Any]) -> dict[tuple[str, str], tuple[Any, ...]]:
    """The query's rows in the shape of Ledger.aging."""
    return {(row.key, row.currency): figures(row) for row in rows}


@dataclass
class Ledger:
    """The rows, and who owns what."""

    rows: dict[str, list[dict[str, Any]]]
    accounts: dict[int, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sites = {row["id"]: row for row in self.rows["sites"]}
        vendors = {row["id"]: row for row in self.rows["vendors"]}
        for row in self.rows["accounts"]:
            site = sites[row["site_id"]]
            self.accounts[row["id"]] = {
                "account": row["account_number"],
                "site": site["code"],
                "region": site["region"],
                "vendor": vendors[row["vendor_id"]]["name"],
                "service_type": row["service_type"],
                "currency": row["currency"],
                "terms_days": row["terms_days"],
            }

    def _used(self, as_of: date) -> dict[tuple[str, int], int]:
        used: dict[tuple[str, int], int] = defaultdict(int)
        for row in self.rows["allocations"]:
            if row["applied_on"] <= as_of:
                amount = row["amount"] if row["reverses_id"] is None else -row["amount"]
                for column in ("payment_id", "credit_note_id", "invoice_id", "refund_id"):
                    if row[column] is not None:
                        used[column, row[column]] += amount
        return used

    def _withheld(self, as_of: date) -> dict[int, int]:
        withheld: dict[int, int] = defaultdict(int)
        credited: dict[int, int] = defaultdict(int)
        for row in self.rows["dispute_events"]:
            if row["kind"] == "credit" and row["dated"] <= as_of:
                credited[row["dispute_id"]] += row["amount"]
        for row in self.rows["disputes"]:
            if row["opened_on"] <= as_of and (row["closed_on"] is None or row["closed_on"] > as_of):
                withheld[row["invoice_id"]] += row["amount"] - credited[row["id"]]
        return withheld

    def _money(self, as_of: date, used: dict[tuple[str, int], int]) -> Iterator[tuple[int, int]]:
        """(account, unapplied) of credit notes, payments and refunds: what is not used, a refund with the other sign."""
        for row in self.rows["invoices"]:
            if row["kind"] == "credit_note" and row["issued_on"] <= as_of:
                yield row["account_id"], -(row["amount"] - used["credit_note_id", row["id"]])
        for row in self.rows["payments"]:
            came_back = row["reversed_on"] is not None and row["reversed_on"] <= as_of
            if row["kind"] == "reversal" or row["paid_on"] > as_of or came_back:
                continue
            if row["kind"] == "refund":
                yield row["account_id"], row["amount"] - used["refund_id", row["id"]]
            else:
                yield row["account_id"], -(row["amount"] - used["payment_id", row["id"]])

    def aging(
        self,
        as_of: date,
        by: str,
        *,
        by_invoice_date: bool = False,
        edges: tuple[int, ...] = (30, 60, 90),
        keeps: Callable[[dict[str, Any]], bool] = lambda account: True,
    ) -> dict[tuple[str, str], tuple[Any, ...]]:
        """{(group, currency): figures} of the accounts that `keeps` accepts, without groups that owe nothing."""
        used, withheld = self._used(as_of), self._withheld(as_of)
        lines: dict[tuple[str, str], Line] = {}

        def line_of(account_id: int) -> Line | None:
            account = self.accounts[account_id]
            if not keeps(account):
                return None
            return lines.setdefault((account[by], account["currency"]), Line([0] * (len(edges) + 2)))

        for row in self.rows["invoices"]:
            still_open = row["amount"] - used["invoice_id", row["id"]]
            if row["kind"] != "invoice" or row["issued_on"] > as_of or not still_open:
                continue
            line = line_of(row["account_id"])
            if line is None:
                continue
            due = row["due_on"] or row["issued_on"] + timedelta(days=self.accounts[row["account_id"]]["terms_days"])
            late = (as_of - (row["issued_on"] if by_invoice_date else due)).days
            line.buckets[0 if late <= 0 else 1 + sum(late > edge for edge in edges)] += still_open
            disputed = min(still_open, withheld[row["id"]])
            line.disputed += disputed
            line.disputed_overdue += disputed if late > 0 else 0
            line.open_count += 1
            line.flagged += row["due_on"] is None
        for account_id, unapplied in self._money(as_of, used):
            if unapplied and (line := line_of(account_id)) is not None:
                line.unapplied += unapplied
        return {key: figures(line) for key, line in lines.items()}
