"""The reader without its child process, where a crash of it is to be raised and not told as a damaged file: for hostile files."""

import json
import tempfile
from pathlib import Path

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.headers import Wanted
from data_access.importers.reading.limits import Limits
from data_access.importers.reading.parse import parse
from data_access.importers.reading.record import Record
from data_access.importers.reading.table import Reading, Table


def read_here(path: Path, wanted: Wanted, sheet: str = "", limits: Limits | None = None, name: str = "") -> Table:
    """What read_table gives."""
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the table

    def emit(rows: list[Record]) -> None:
        spool.write(json.dumps([[row.line, row.cells, row.fault] for row in rows]).encode() + b"\n")

    name = name or path.name
    try:
        with path.open("rb") as file:
            report = parse(file, wanted, sheet, limits or Limits(), emit).as_json()
    except BaseException as error:
        spool.close()
        if isinstance(error, ImportRefusedError):
            raise type(error)(f"{name}: {error}") from error
        raise
    return Table(Reading(**json.loads(json.dumps(report))), spool, name)
