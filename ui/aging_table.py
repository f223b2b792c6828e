"""The aging table: as a report with bars, age mix and thirteen months in its cells, as a grid, and as a sheet."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data_access.exporting import Cell, Sheet
from data_access.queries.sheet_parts import describe
from domain.aging import AgingRow, add_up, bucket_labels
from domain.masking import masked
from domain.money import Money
from ui import sparklines, tables, wording
from ui.currencies import Shown
from ui.formats import escape, percent, whole_money
from ui.tables import Column

NOUNS = {"site": "sites", "vendor": "vendors", "account": "accounts", "region": "regions"}


@dataclass(frozen=True, slots=True)
class AgingTable:
    """What the Balances page shows. `history`: outstanding at month ends by key; an account's key is its id."""

    by: str
    rows: tuple[AgingRow, ...]
    shown: Shown
    history: Mapping[str, Sequence[int]]

    @property
    def labels(self) -> tuple[str, ...]:
        """The buckets as heads."""
        return bucket_labels(self.shown.filters.edges)

    @property
    def total(self) -> AgingRow:
        """The sum of the rows."""
        return add_up(self.rows, (self.shown.currency,), self.shown.filters.edges)[0]

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

    def report(self, address: Callable[[str], str], height: int) -> None:
        """Draw it dense, each name a link to the bills behind the row."""
        rows, code = self.rows, self.shown.currency
        total = self.total
        largest = max(row.overdue for row in rows)
        context = self._context()
        columns = [
            Column(
                self.by.capitalize(),
                [f"[**{escape(self.named(row))}**]({address(self.key(row))})" for row in rows],
                wording.count(len(rows), self.by),
            ),
        ]
        if context:
            columns.append(Column(context[0], [escape(text) for text in context[1]]))
        for index, label in enumerate(self.labels):
            values = tables.amounts([row.buckets[index] for row in rows], code)
            columns.append(Column(label, values, tables.amounts([total.buckets[index]], code)[0], right=True))
        columns.append(Column("", [sparklines.bar(row.overdue, largest, "", width=56) for row in rows]))
        for label, amounts, whole in self._sums(total):
            columns.append(Column(label, tables.amounts(amounts, code), tables.amounts([whole], code)[0], right=True))
        columns.append(Column("Age mix", [self._mix(row) for row in rows], self._mix(total)))
        every = [self.history.get(self.key(row), ()) for row in rows]
        columns.append(
            Column(
                "13 months",
                [self._line(values) for values in every],
                self._line([sum(values) for values in zip(*filter(None, self.history.values()), strict=True)]),
            )
        )
        tables.report("aging", columns, f"Aging by {self.by}", total=True, height=height, dense=True)

    def _sums(self, total: AgingRow) -> list[tuple[str, list[int], int]]:
        sums = [("Past due", [row.overdue for row in self.rows], total.overdue)]
        if any(row.unapplied for row in self.rows):
            sums.append(("Unapplied", [row.unapplied for row in self.rows], total.unapplied))
        sums.append(("Total", [row.outstanding for row in self.rows], total.outstanding))
        if total.disputed:
            sums.append(("Disputed", [row.disputed for row in self.rows], total.disputed))
        return sums

    def _mix(self, row: AgingRow) -> str:
        owed = sum(row.buckets)
        said = ", ".join(
            f"{label} {percent(amount, owed)}" for label, amount in zip(self.labels, row.buckets, strict=True) if amount
        )
        return sparklines.age_mix(row.buckets, said or "nothing open", width=72)

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
        for label, amounts, _ in self._sums(self.total):
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
        return Sheet(
            "Balances", about, (*heads, "Past due", "Unapplied", "Outstanding", "Of which disputed", "Open bills"), rows
        )
