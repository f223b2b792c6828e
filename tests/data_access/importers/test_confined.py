"""The tests of importing read in their own process: it must bring what the confined child brings, for every kind."""

import pytest

from data_access.importers.columns import wanted_columns
from data_access.importers.errors import ImportRefusedError
from data_access.importers.kinds import KINDS
from data_access.importers.options import Options
from data_access.importers.reading.table import read_table
from data_access.scope import Scope
from tests.data_access.importers.reader_here import read_here


def read(path, wanted):
    with read_table(path, wanted) as table:
        return (table.columns, table.sha256, table.encoding, table.row_count, list(table.rows()))


@pytest.mark.parametrize("kind", sorted(kind.name for kind in KINDS.values() if not kind.wire))
def test_the_child_and_the_tests_read_alike(monkeypatch, tmp_path, kind):
    names = [field.name for field in KINDS[kind].fields]
    wanted = wanted_columns(KINDS[kind], Options(scope=Scope.all_sites()))
    rows = [names, [f"{name} é" for name in names]]
    (tmp_path / "file.csv").write_text("\n".join(",".join(row) for row in rows), "utf-8")
    found = read(tmp_path / "file.csv", wanted)
    assert [row.cells for row in found[-1]] == [rows[1]]
    read_here(monkeypatch)
    assert read(tmp_path / "file.csv", wanted) == found


def test_the_child_and_the_tests_read_a_document_alike(monkeypatch, tmp_path):
    wanted = wanted_columns(KINDS["edi"], Options(scope=Scope.all_sites()))
    (tmp_path / "file.xml").write_text(
        '<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" '
        'xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"><cbc:ID>é 1</cbc:ID></Invoice>',
        "utf-8",
    )
    found = read(tmp_path / "file.xml", wanted)
    assert any("é 1" in row.cells or "é 1" in row.fault for row in found[-1])
    read_here(monkeypatch)
    assert read(tmp_path / "file.xml", wanted) == found


def test_a_refusal_is_the_same(monkeypatch, tmp_path):
    wanted = wanted_columns(KINDS["invoices"], Options(scope=Scope.all_sites()))
    (tmp_path / "file.csv").write_bytes(b"%PDF-1.4")

    def refusal():
        with pytest.raises(ImportRefusedError) as caught:
            read_table(tmp_path / "file.csv", wanted)
        return str(caught.value)

    told = refusal()
    assert "a PDF" in told
    read_here(monkeypatch)
    assert refusal() == told
