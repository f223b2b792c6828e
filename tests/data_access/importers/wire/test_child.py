"""The child process reads by wire what the reader without it reads, within its limits."""

from pathlib import Path

import pytest

from data_access.importers.columns import wanted_columns
from data_access.importers.kinds import KINDS
from data_access.importers.options import Options
from data_access.importers.reading.table import Table, read_table
from data_access.scope import Scope
from tests.data_access.importers.in_process import read_here
from tests.data_access.importers.test_usage import CALL
from tests.data_access.importers.wire.documents import BILL, cii, pdf, ubl, x12


def told(table: Table) -> tuple[object, ...]:
    with table:
        return table.format, table.columns, table.findings, table.documents, list(table.rows())


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("edi", x12("810", *BILL).encode()),
        ("edi", ubl().encode()),
        ("edi", pdf(cii())),
        ("usage", CALL.encode()),
    ],
    ids=["x12", "ubl", "factur-x", "calls"],
)
def test_the_child_reads_the_same(tmp_path: Path, kind: str, file: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(file)
    wanted = wanted_columns(KINDS[kind], Options(scope=Scope.all_sites()))
    assert told(read_table(path, wanted)) == told(read_here(path, wanted))
