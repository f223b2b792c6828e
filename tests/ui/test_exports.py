"""Files: names that cannot be confused, and tables that are what the screen shows."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

from data_access.exporting import as_csv
from data_access.scope import Scope
from domain.aging import AgingRow
from domain.filters import Filters
from ui import exports
from ui.aging_table import AgingTable
from ui.currencies import Shown
from ui.viewer import Viewer

VIEWER = Viewer("tester", "viewer", Scope.all_sites(), datetime(2026, 11, 20, 9, tzinfo=UTC))


def test_no_two_downloads_share_a_name():
    """Streamlit could hand one viewer another's large file if their names were equal."""
    names = {exports.file_name("balances by site", VIEWER, "csv") for _ in range(100)}
    assert len(names) == 100
    assert all(name.startswith("duewatch-balances-by-site-2026-11-20-") and name.endswith(".csv") for name in names)


def test_a_name_keeps_no_path_and_no_markup():
    assert exports.file_name("../../etc/passwd", VIEWER, "csv").startswith("duewatch-etc-passwd-")
    assert exports.file_name("///", VIEWER, "csv").startswith("duewatch-table-")


def test_the_sheet_has_the_rows_of_the_table_and_says_the_filters():
    rows = (
        AgingRow("PUB", "=Pueblo", "USD", (7000, 3000, 10000, 0, 0), -500, 100, 0, 3, 0, {"region": "West"}),
        AgingRow("BOI", "Boise", "USD", (1, 0, 0, 0, 2), 0, 0, 0, 2, 0, {"region": "West"}),
    )
    filters = Filters(as_of=date(2026, 11, 20), regions=("West",))
    sheet = AgingTable("site", rows, Shown("USD", filters), {}).sheet()
    text = as_csv(sheet).decode("utf-8-sig")
    assert "# As of 2026-11-20" in text
    assert "# Region: West" in text
    written = list(csv.DictReader(line for line in io.StringIO(text, newline="") if not line.startswith("# ")))
    assert [row["Site"] for row in written] == ["'=Pueblo", "Boise"]  # text, never a formula
    assert [Decimal(row["Outstanding"]) for row in written] == [Decimal("195.00"), Decimal("0.03")]
    assert [Decimal(row["Past due"]) for row in written] == [Decimal("130.00"), Decimal("0.02")]
    assert [row["Currency"] for row in written] == ["USD", "USD"]
