"""Counting rows as they are decided, and keeping the rejected ones with their reasons."""

import json
import re
from collections.abc import Sequence
from typing import Any

from data_access.importers.cells import as_text
from data_access.importers.report import MOST_REJECTS, SAMPLE, Created, Reject, Report, SampleRow
from data_access.importers.rows import ParsedRow, Problem
from data_access.importers.spool import Spool
from domain.parsing.amounts import WrittenAmount

_SHOWN = 200
_KEPT_CELL = 500
_KEPT_CELLS = 60
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def visible(text: str, limit: int = _SHOWN) -> str:
    """Text that any database and terminal can show: control characters as \\x00, long text cut."""
    shown = _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", text)
    shown = shown.encode("utf-8", "replace").decode()
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


class Tally:
    """Every row ends in exactly one of added, duplicate, rejected."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._titles = titles
        self.added = self.duplicate = self.changed = 0
        self.created = Created()
        self.rejects = Spool()
        self._listed: list[Reject] = []
        self._sample: dict[int, SampleRow] = {}

    def add(self, row: ParsedRow) -> None:
        """The row is new."""
        self.added += 1
        self._show(row, "added")

    def withdraw(self) -> None:
        """A row that was added is rejected after all, for what the whole file showed."""
        self.added -= 1

    def repeat(self, row: ParsedRow) -> None:
        """The row is there already."""
        self.duplicate += 1
        self._show(row, "duplicate")

    def change(self, row: ParsedRow, *, added: bool) -> None:
        """The row changed what is there: it fills blanks (counted as added) or moves a payment on (as a duplicate)."""
        self.changed += 1
        (self.add if added else self.repeat)(row)

    def reject(self, row: ParsedRow, problem: Problem) -> None:
        """The row is not taken."""
        reject = Reject(row.line, visible(problem.column), visible(problem.value), visible(problem.reason, 1000))
        cells = {
            visible(title or f"column {index + 1}"): visible(as_text(cell), _KEPT_CELL)
            for index, (title, cell) in enumerate(zip(self._titles, row.cells, strict=False))
            if index < _KEPT_CELLS
        }
        if not cells or len(row.cells) > len(self._titles):
            cells = {
                str(index + 1): visible(as_text(cell), _KEPT_CELL) for index, cell in enumerate(row.cells[:_KEPT_CELLS])
            }
        self.rejects.append((reject, json.dumps(cells, ensure_ascii=False)))
        if len(self._listed) < MOST_REJECTS:
            self._listed.append(reject)
        self._show(row, "rejected", reject.reason)

    def fill(self, report: Report) -> Report:
        """Put the counts into a report."""
        report.added, report.duplicate, report.changed = self.added, self.duplicate, self.changed
        report.rejected = len(self.rejects)
        report.read = report.added + report.duplicate + report.rejected
        report.rejects = sorted(self._listed, key=lambda reject: reject.line)
        report.created = self.created
        report.sample = [self._sample[line] for line in sorted(self._sample)][:SAMPLE]
        return report

    def _show(self, row: ParsedRow, status: str, reason: str = "") -> None:
        if len(self._sample) < SAMPLE or row.line in self._sample:
            values = {name: _shown(value) for name, value in row.values.items()}
            self._sample[row.line] = SampleRow(row.line, status, values, reason)


def _shown(value: Any) -> str:
    if isinstance(value, WrittenAmount):
        return f"{value.value:f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return visible(str(value))
