"""Three statements of real banks, with figures worked out by hand from the files."""

import os
from pathlib import Path

import pytest

from data_access.importers.batches import accept

FOLDER = Path(os.environ.get("REAL_DATA_DIR") or Path(__file__).resolve().parents[4] / "shared" / "real")
pytestmark = pytest.mark.skipif(
    not (FOLDER / "bank_checking.ofx").exists(), reason=f"no real data: {FOLDER} (set REAL_DATA_DIR)"
)
# Checking: 0.01 - 34.51 - 25.00 = -59.50. ING: -25.03 - 3.03 - 1.11 - 20.00 - 1.10 + 3.68 + 1.00 = -45.59, while the file
# closes at +3.47: off by 49.06. BAI2: credits and debits of 2,085.00 on the one, 1,115.00 on the other statement.
FILES = {
    "bank_checking.ofx": (3, [(None, -5_950, 10_099, None)]),
    "bank_ing.sta": (7, [(0, -4_559, 347, -4_906)]),
    "bank_sample.bai2": (17, [(0, 0, 0, 0), (0, 0, 0, 0)]),
}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_real_statement_is_read_to_the_cent(importer):
    for name, (lines, statements) in FILES.items():
        report = accept(importer.database, "ana", "bank", FOLDER / name, importer.options("bank"))
        assert (report.added, report.rejected) == (lines, 0), name
        assert [(s.opening, s.movements, s.closing, s.difference) for s in report.statements] == statements
        assert accept(importer.database, "ana", "bank", FOLDER / name, importer.options("bank")).added == 0
