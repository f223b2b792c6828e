"""The child process: file on descriptor 0, rows to descriptor 1 as JSON lines, the report to a descriptor of its own."""

import json
import os
import sys
from typing import Any

from data_access.importers.errors import ImportRefusedError, ImportUsageError
from data_access.importers.reading.headers import Wanted
from data_access.importers.reading.limits import Limits, confine
from data_access.importers.reading.parse import parse
from data_access.importers.reading.record import Record


def main(request_text: str, report_descriptor: int) -> None:
    """Confine this process, read, report. Whatever else goes wrong ends it, and the parent tells by how."""
    request: dict[str, Any] = json.loads(request_text)
    limits = Limits(**request["limits"])
    confine(limits)
    wanted = Wanted(
        frozenset(request["names"]),
        tuple(tuple(need) for need in request["needs"]),
        request["statements"],
        request["wire"],
        request["accept_envelope"],
        request["calls"],
    )
    report: dict[str, object]
    try:
        with os.fdopen(0, "rb", closefd=False) as file, os.fdopen(1, "w", encoding="utf-8", closefd=False) as out:

            def emit(rows: list[Record]) -> None:
                out.write(json.dumps([[row.line, row.cells, row.fault] for row in rows]) + "\n")

            report = parse(file, wanted, request["sheet"], limits, emit).as_json()
    except ImportRefusedError as error:
        report = {"refused": str(error), "usage": isinstance(error, ImportUsageError)}
    except MemoryError:
        report = {"refused": "", "memory": True}
    with os.fdopen(report_descriptor, "w", encoding="utf-8") as out:
        json.dump(report, out)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
