"""The aging table: as a report with bars, age mix and thirteen months in its cells, as a grid, and as a sheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from data_access.exporting import Cell, Sheet
from data_access.queries.balances import aging
from data_access.queries.sheet_parts import describe
from domain.aging import AgingRow, bucket_labels, older_label
from domain.masking import masked
from domain.money import Money
from ui import paging, reads, sparklines, tables, wording
from ui.currencies import Shown
from ui.formats import escape, whole_money
from ui.page_address import Changes
from ui.tables import Column
from ui.viewer import Viewer

ORDERS = paging.Ordering({"name": (str, str), "outstanding": (int, str), "overdue": (int, int, str)}, "-overdue")


@dataclass(frozen=True, slots=True)
class AgingTable:
    """What the Balances page shows: the rows of a page of the table, and what all of them come to.

    `total` and `past_due` are of all groups, the one together, the other each. `history`: outstanding at month ends by
    key, an account's is its id; `trend`: of everything.
    """

    by: str
    rows: tuple[AgingRow, ...]
    shown: Shown
    total: AgingRow
    past_due: Sequence[int] = ()
    history: Mapping[str, Sequence[int]] = field(default_factory=dict)
    trend: Sequence[int] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The buckets as heads."""
        return bucket_labels(self.shown.filters.edges, self.shown.filters.basis)

    @property
    def _older(self) -> str:
        return older_label(self.shown.filters.basis)

    def key(self, row: AgingRow) -> str:
        """What names a row in an address."""
        return row.labels["account_id"] if self.by == "account" else row.key

    def named(self, row: AgingRow) -> str:
        """What names a row on the screen."""
        if self.by == "account":
            return f"{masked(row.key)} {row.labels['vendor']}"
        return row.name or f"No {self.by}"

    def _context(self) -> tuple[str, list[str]] | None:
        """A second column that places the row."""
        if self.by == "site":
            return "Region", [row.labels.get("region", "") for row in self.rows]
        if self.by == "account":
            return "Site", [row.labels["site_name"] for row in self.rows]
        return None

    def report(
        self, page: paging.Page, address: Callable[[str], str], turned: Callable[[Changes], str], height: int
    ) -> None:
        """Draw it dense, each name a link to the bills behind the row; heads order it, by the address `turned` makes."""
        rows, code = self.rows, self.shown.currency
        total = self.total
        largest = max(self.past_due)
        context = self._context()
        columns = [
            Column(
                page.head(turned, self.by.capitalize(), "name"),
                [f"[**{escape(self.named(row))}**]({address(self.key(row))})" for row in rows],
                wording.count(len(self.past_due), self.by),
            ),
        ]
        if context:
            columns.append(Column(context[0], [escape(text) for text in context[1]]))
        for index, label in enumerate(self.labels):
            values = tables.amounts([row.buckets[index] for row in rows], code)
            columns.append(Column(label, values, tables.amounts([total.buckets[index]], code)[0], right=True))
        columns.append(Column("", [sparklines.bar(row.overdue, largest, "", width=44) for row in rows]))
        ordered = {self._older: "overdue", "Total": "outstanding"}  # heads that order the table, beside the name's
        for label, amounts, whole in self._sums():
            head = page.head(turned, label, ordered.get(label, ""))
            columns.append(Column(head, tables.amounts(amounts, code), tables.amounts([whole], code)[0], right=True))
        columns.append(Column("Age mix", [self._mix(row) for row in rows], self._mix(total)))
        every = [self.history.get(self.key(row), ()) for row in rows]
        columns.append(
            Column(
                "13 months",
                [self._line(values) for values in every],
                self._line(self.trend),
            )
        )
        tables.report("aging", columns, f"Aging by {self.by}", total=True, height=height, dense=True)

    def _sums(self) -> list[tuple[str, list[int], int]]:
        total = self.total
        sums = [(self._older, [row.overdue for row in self.rows], total.overdue)]
        if total.unapplied or any(row.unapplied for row in self.rows):
            sums.append(("Unapplied", [row.unapplied for row in self.rows], total.unapplied))
        sums.append(("Total", [row.outstanding for row in self.rows], total.outstanding))
        if total.disputed:
            sums.append(("Disputed", [row.disputed for row in self.rows], total.disputed))
        return sums

    def _mix(self, row: AgingRow) -> str:
        return sparklines.shares(row.buckets, self.labels, width=72)

    def _line(self, values: Sequence[int]) -> str:
        if len(values) < 2 or not any(values):  # noqa: PLR2004 - no line
            return ""
        code = self.shown.currency
        return sparklines.line(
            values, f"from {whole_money(values[0], code)} to {whole_money(values[-1], code)} in a year"
        )

    def grid(self, height: int) -> str | None:
        """Draw it sortable; returns the key of the selected row."""
        code, context = self.shown.currency, self._context()
        data: dict[str, list[Any]] = {self.by.capitalize(): [self.named(row) for row in self.rows]}
        if context:
            data[context[0]] = context[1]
        money: list[str] = []
        for index, label in enumerate(self.labels):
            data[label] = tables.major_amounts([row.buckets[index] for row in self.rows], code)
            money.append(label)
        for label, amounts, _ in self._sums():
            data[label] = tables.major_amounts(amounts, code)
            money.append(label)
        data["Open bills"] = [row.open_count for row in self.rows]
        index = tables.grid(f"grid-{self.by}", data, f"Aging by {self.by}", money=money, height=height)
        return self.key(self.rows[index]) if index is not None and index < len(self.rows) else None

    def sheet(self) -> Sheet:
        """The same rows as a file, every amount to the cent."""
        code, context = self.shown.currency, self._context()
        rows: list[list[Cell]] = []
        for index, row in enumerate(self.rows):
            amounts = (*row.buckets, row.overdue, row.unapplied, row.outstanding, row.disputed)
            place = [context[1][index]] if context else []
            rows.append([self.named(row), *place, code, *(Money(amount, code) for amount in amounts), row.open_count])
        heads = [self.by.capitalize(), *([context[0]] if context else []), "Currency", *self.labels]
        about = describe(self.shown.filters)
        if self.shown.rates:
            about = (*about, f"Amounts in {self.shown.unit}", self.shown.rates_in_words)
        sums = (self._older, "Unapplied", "Outstanding", "Of which disputed", "Open bills")
        return Sheet("Balances", about, (*heads, *sums), rows)


def whole_sheet(viewer: Viewer, shown: Shown, by: str) -> Sheet:
    """Every row as a file, the most past due first; read when it is asked for."""
    found = reads.plain_sheet(viewer, aging, filters=shown.filters, by=by)
    rows = [shown.converted(row) for row in found] if by == "account" else shown.merged(found)
    ordered = sorted(rows, key=lambda row: (-row.overdue, -row.outstanding, row.name))
    nothing = (0,) * len(bucket_labels(shown.filters.edges))
    return AgingTable(by, tuple(ordered), shown, AgingRow("", "", shown.currency, nothing)).sheet()
