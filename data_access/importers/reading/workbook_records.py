"""A workbook's sheet to records: which sheet, and what its typed cells say as text."""

import math
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from data_access.importers.errors import ImportRefusedError, ImportUsageError
from data_access.importers.reading.headers import SEARCHED, Wanted, best_match
from data_access.importers.reading.record import ERROR_CELL, Cell, Record
from data_access.importers.reading.workbook_archive import Archive


class Workbook:
    """An opened workbook. Raises ImportRefusedError where calamine cannot read it."""

    def __init__(self, file: BinaryIO, archive: Archive) -> None:
        self._archive = archive
        try:
            self._book = CalamineWorkbook.from_filelike(file)
        except (CalamineError, OSError) as error:
            raise ImportRefusedError(
                f"the workbook cannot be read ({error}): save it again as .xlsx, or give a CSV file"
            ) from error
        self.sheets = [sheet.name for sheet in self._book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]

    def choose_sheet(self, asked: str, wanted: Wanted) -> str:
        """The sheet by its name; unnamed: the only one with rows, or the only one with the wanted columns."""
        if asked:
            exact = [name for name in self.sheets if name == asked] or [
                name for name in self.sheets if name.casefold() == asked.casefold()
            ]
            if not exact:
                raise ImportUsageError(f"there is no sheet {asked!r}; the workbook has: {', '.join(self.sheets)}")
            return exact[0]
        if len(self.sheets) == 1:
            return self.sheets[0]
        scores = {}
        for name in self.sheets:
            records = [record for record in islice(self.records(name), SEARCHED) if not record.is_blank()]
            if records:
                scores[name] = best_match(records, wanted)[0]
        if not scores:
            raise ImportRefusedError("the workbook has no rows")
        best = [name for name, score in scores.items() if score == max(scores.values())]
        if len(best) > 1:
            raise ImportRefusedError(f"several sheets could be meant ({', '.join(best)}): name one by --sheet")
        return best[0]

    def records(self, sheet: str) -> Iterator[Record]:
        """The sheet's rows from its first line; typed dates as ISO text, numbers as numbers, errors as #ERROR."""
        errors = self._archive.errors.get(sheet, set())
        lines = {line for line, _ in errors}
        try:
            grid = self._book.get_sheet_by_name(sheet)
            first_column = grid.start[1] if grid.start else 0
            for line, values in enumerate(grid.iter_rows(), start=1):
                cells = [_cell(value) for value in values]
                if line in lines:
                    for index in range(len(cells)):
                        if (line, first_column + index + 1) in errors:
                            cells[index] = ERROR_CELL
                yield Record(line, cells)
        except CalamineError as error:
            raise ImportRefusedError(
                f"the sheet {sheet!r} cannot be read ({error}): save it again, or give a CSV file"
            ) from error


def _cell(value: object) -> Cell:
    match value:
        case str():
            text: Cell = value
        case bool():
            text = "true" if value else "false"
        case int() | float() if math.isfinite(value):
            text = float(f"{value:.15g}")  # what Excel shows: its own fifteen digits, not the last bits of a sum
        case datetime() | date() | time():
            text = value.isoformat()
        case timedelta():
            seconds = round(value.total_seconds())
            text = f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
        case _:
            text = str(value)
    return text
