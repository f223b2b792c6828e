"""Counting rows as they are decided, and keeping the rejected ones with their reasons."""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from data_access.importers.cells import as_text
from data_access.importers.report import MOST_REJECTS, SAMPLE, Created, Reject, Report, SampleRow, StatementFound
from data_access.importers.rows import ParsedRow, Problem
from data_access.importers.spool import Spool
from domain.card_numbers import card_numbers, without_card_numbers
from domain.masking import ACCOUNT_NUMBER, ACCOUNT_NUMBERS, masked_field
from domain.parsing.amounts import WrittenAmount

_SHOWN = 200
_KEPT_CELL = 500
_KEPT_CELLS = 60
_LIKE_AN_ACCOUNT = 5  # digits
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f]")


def visible(text: str, limit: int = _SHOWN) -> str:
    """Text that any database and terminal can show: control characters as \\x00, no card number, long text cut."""
    shown = _CONTROL.sub(lambda match: f"\\x{ord(match.group()):02x}", without_card_numbers(text))
    shown = shown.encode("utf-8", "replace").decode()
    return shown if len(shown) <= limit else shown[: limit - 1] + "…"


class Tally:
    """Every row ends in exactly one of added, duplicate, rejected. `numbers`: the fields of columns of account numbers."""

    def __init__(self, titles: Sequence[str], numbers: Mapping[int, str]) -> None:
        self._titles = titles
        self._numbers = numbers
        self.added = self.duplicate = self.changed = 0
        self.created = Created()
        self.findings: list[str] = []
        self.statements: list[StatementFound] = []
        self.rejects = Spool()
        self._listed: list[Reject] = []
        self._sample: dict[int, SampleRow] = {}
        self._last_shown = 0  # the last line of the sample

    def add(self, row: ParsedRow) -> None:
        """The row is new."""
        for each in row.rows:
            self.added += 1
            self._show(each, "added")

    def repeat(self, row: ParsedRow) -> None:
        """The row is there already."""
        for each in row.rows:
            self.duplicate += 1
            self._show(each, "duplicate")

    def change(self, row: ParsedRow, *, added: bool) -> None:
        """The row changed what is there: it fills blanks (counted as added) or moves a payment on (as a duplicate)."""
        self.changed += 1
        (self.add if added else self.repeat)(row)

    def reject(self, row: ParsedRow, problem: Problem) -> None:
        """The row is not taken."""
        for each in row.rows:
            self._refuse(each, problem)

    def _refuse(self, row: ParsedRow, problem: Problem) -> None:
        value = visible(_whole(problem.value))
        reject = Reject(row.line, visible(problem.column), value, visible(problem.reason, 1000))
        fits = len(row.cells) == len(self._titles)
        texts = [self._kept(index, cell, fits) for index, cell in enumerate(row.cells[:_KEPT_CELLS])]
        names = [visible(title or f"column {index + 1}") for index, title in enumerate(self._titles)]
        if not texts or len(row.cells) > len(self._titles):
            names = [str(index + 1) for index in range(len(texts))]
        cells = dict(zip(names, texts, strict=False))
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
        report.findings += [visible(finding, 500) for finding in self.findings]
        report.statements = self.statements
        report.sample = [self._sample[line] for line in sorted(self._sample)][:SAMPLE]
        return report

    def _kept(self, index: int, cell: str | Decimal, fits: bool) -> str:
        """A cell of a rejected row. Where the row does not fit its head, any number may be the account's."""
        text = as_text(cell)
        if index in self._numbers or (not fits and sum(map(str.isdigit, text)) >= _LIKE_AN_ACCOUNT):
            text = masked_field(self._numbers.get(index, ACCOUNT_NUMBER), text)
        return visible(_whole(text), _KEPT_CELL)

    def _show(self, row: ParsedRow, status: str, reason: str = "") -> None:
        if len(self._sample) >= SAMPLE and row.line > self._last_shown:
            return
        values = {name: _shown(name, value) for name, value in row.values.items()}
        self._sample[row.line] = SampleRow(row.line, status, values, reason)
        if len(self._sample) > SAMPLE:  # a large file is not decided in order of its lines
            del self._sample[self._last_shown]
        self._last_shown = max(self._sample)


def _whole(text: str) -> str:
    """A cell that holds a card number goes whole: what stands beside it may be its code."""
    found = card_numbers(text)
    return without_card_numbers(text[found[0].start : found[0].end]) if found else text


def _shown(name: str, value: Any) -> str:
    if name in ACCOUNT_NUMBERS:
        return masked_field(name, value)
    if isinstance(value, WrittenAmount):
        return f"{value.value:f}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return visible(str(value))
