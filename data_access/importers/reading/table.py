"""The parent's side of reading: start the child, wait within limits, and hold the rows in a spool file."""

import json
import logging
import os
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

from data_access.importers.errors import ImportRefusedError, ImportUsageError
from data_access.importers.reading.headers import Wanted
from data_access.importers.reading.limits import MEGABYTE, Limits
from data_access.importers.reading.parse import Reading

_KEPT = 10_000  # bytes of what a reader says when it breaks
_ROOT = Path(__file__).resolve().parents[3]
# -I keeps the child from the user's environment and from the working directory; our own root is named explicitly.
_BOOT = "import sys; sys.path.insert(0, sys.argv.pop(1)); from data_access.importers.reading.worker import main; main(sys.argv[1], int(sys.argv[2]))"

log = logging.getLogger("duewatch")


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table. A cell is text, or Decimal where a workbook typed a number; `fault` says why it is no row."""

    line: int
    cells: list[str | Decimal]
    fault: str


class Table:
    """A read file: what is known of it, and its rows, to be walked as often as needed. Close it after use."""

    def __init__(self, reading: Reading, spool: BinaryIO, name: str) -> None:
        self.name = name
        self.sha256 = reading.sha256
        self.encoding = reading.encoding
        self.delimiter = reading.delimiter
        self.sheet = reading.sheet
        self.columns = tuple(reading.columns)
        self.header_line = reading.header_line
        self.row_count = reading.row_count
        self.since_1904 = reading.since_1904
        self.findings = list(reading.findings)
        self.format = reading.format
        self.documents = list(reading.documents)
        self.skipped = list(reading.skipped)
        self._spool = spool

    def rows(self) -> Iterator[Row]:
        """All rows in order; one walk at a time."""
        self._spool.seek(0)
        for text in self._spool:
            for line, cells, fault in json.loads(text, parse_float=Decimal):
                yield Row(line, cells, fault)

    def close(self) -> None:
        """Give the spool file back."""
        self._spool.close()

    def __enter__(self) -> "Table":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def read_table(path: Path, wanted: Wanted, sheet: str = "", limits: Limits | None = None, name: str = "") -> Table:
    """Read a CSV or XLSX file in a child process. Raises ImportRefusedError with the file's name and what to do.

    `name` stands for the file where `path` is only a temporary place of it.
    """
    name = name or path.name
    limits = limits or Limits()
    try:
        with _opened(path, limits) as file:
            return _read(file, name, wanted, sheet, limits)
    except ImportRefusedError as error:
        raise type(error)(f"{name}: {error}") from error


def _opened(path: Path, limits: Limits) -> BinaryIO:
    try:
        # Non-blocking: a named pipe would otherwise hold us until somebody writes to it.
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb")
    except OSError as error:
        raise ImportRefusedError(f"cannot be opened: {error.strerror or error}") from error
    status = os.fstat(file.fileno())
    if not stat.S_ISREG(status.st_mode):
        file.close()
        raise ImportRefusedError("is not a regular file")
    if status.st_size > limits.file_bytes:
        file.close()
        raise ImportRefusedError(
            f"has {status.st_size / MEGABYTE:,.0f} MB; at most {limits.file_bytes // MEGABYTE} are read at once: split it"
        )
    return file


def _read(file: BinaryIO, name: str, wanted: Wanted, sheet: str, limits: Limits) -> Table:
    request = {
        "names": sorted(wanted.names),
        "needs": [list(need) for need in wanted.needs],
        "wire": wanted.wire,
        "accept_envelope": wanted.accept_envelope,
        "calls": wanted.calls,
        "sheet": sheet,
        "statements": wanted.statements,
        "limits": asdict(limits),
    }
    spool = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the table
    try:
        with tempfile.TemporaryFile() as report, tempfile.TemporaryFile() as complaints:
            command = [sys.executable, "-I", "-c", _BOOT, str(_ROOT), json.dumps(request), str(report.fileno())]
            child = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                command,
                stdin=file,
                stdout=spool,
                stderr=complaints,
                pass_fds=(report.fileno(),),
                env={"LC_ALL": "C.UTF-8"},
            )
            status = _wait(child, limits)
            if status:
                complaints.seek(0)
                log.error(
                    "the reader of %r ended with %d: %s", name, status, complaints.read(_KEPT).decode(errors="replace")
                )
            reading = Reading(**_report(report, status, limits))
    except BaseException:
        spool.close()
        raise
    return Table(reading, spool, name)


def _wait(child: subprocess.Popen[bytes], limits: Limits) -> int:
    try:
        return child.wait(timeout=limits.wall_seconds)
    except subprocess.TimeoutExpired:
        raise ImportRefusedError(
            f"took longer than {limits.wall_seconds} seconds to read: split it, or save the sheet as CSV"
        ) from None
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


def _report(file: BinaryIO, status: int, limits: Limits) -> dict[str, Any]:
    file.seek(0)
    text = file.read()
    report = json.loads(text) if status == 0 and text else None
    if report is not None and "refused" not in report:
        return report
    if report is not None and not report.get("memory"):
        raise (ImportUsageError if report.get("usage") else ImportRefusedError)(report["refused"])
    if status in (-signal.SIGXCPU, -signal.SIGKILL):
        raise ImportRefusedError(
            f"took more than {limits.cpu_seconds} seconds of work to read, or the machine stopped it: split it, or save the sheet as CSV"
        )
    if report is not None or status in (-signal.SIGABRT, -signal.SIGSEGV):
        raise ImportRefusedError(
            f"needs more than {limits.memory // MEGABYTE} MB of memory to read: split it, or save the sheet as CSV"
        )
    raise ImportRefusedError("could not be read: it is damaged, or not what its name says")
