"""kill -9 during an import: the batch is there whole or not at all, and one that was reported done is there."""

import contextlib
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select

from data_access.database import Database
from data_access.schema import accounts, charges, import_batches, invoices, metadata, payments, vendors
from data_access.scope import Scope
from data_access.verification import verify
from tests.soak import share

pytestmark = [pytest.mark.slow, pytest.mark.soak]

ROOT = Path(__file__).resolve().parents[2]
LINES, BILLS = 1_000, 200
KILLS = {"sqlite": share(50, 12), "postgresql": share(25, 8)}
HEADER = "vendor,site,invoice_number,line,amount,issued_on,currency\n"
# The import as the terminal runs it, saying how far it is; in small steps, so that there are many moments to kill it at.
DRIVER = """
import sys
from pathlib import Path
from data_access.database import Database
from data_access.importers import batches, landing
from data_access.importers.options import Options
from data_access.scope import Scope

landing._ROWS_AT_ONCE = 40
batches._ROWS_AT_ONCE = 200
database = Database(sys.argv[1])
options = Options(Scope.all_sites(), create_missing=True, paid=True)
print("begun", flush=True)
report = batches.accept(
    database, "tester", "charges", Path(sys.argv[2]), options, progress=lambda done, _: print(done, flush=True)
)
print(f"done {report.added}", flush=True)
"""


def start(address: str, path: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", DRIVER, address, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )


def write_bills(path: Path, vendor: str) -> None:
    rows = (
        f"{vendor},HQ,INV-{n % BILLS},{n // BILLS},{1 + n % 97}.25,2024-01-{1 + n % 28:02},USD\n" for n in range(LINES)
    )
    path.write_text(HEADER + "".join(rows))


def landed(database: Database, vendor: str) -> dict[str, int]:
    """Rows of this vendor, by table."""
    with database.reading(Scope.all_sites()) as connection:
        own = select(accounts.c.id).join(vendors).where(vendors.c.name == vendor)
        return {
            table.name: connection.scalar(select(func.count()).where(table.c.account_id.in_(own))) or 0
            for table in (invoices, charges, payments, metadata.tables["allocations"])
        }


def test_killed_at_any_moment(database: Database, ledger_address: str, dialect: str, tmp_path: Path) -> None:
    random = Random(9)
    path = tmp_path / "bills.csv"
    write_bills(path, "Vendor 0")
    said = start(ledger_address, path).communicate()[0].split("\n")[:-1]
    assert said[-1] == f"done {LINES}"
    complete = {"invoices": BILLS, "charges": LINES, "payments": BILLS, "allocations": BILLS}
    whole, none, acknowledged = 1, 0, 1
    for number in range(1, KILLS[dialect] + 1):
        vendor = f"Vendor {number}"
        write_bills(path, vendor)
        process = start(ledger_address, path)
        heard = [str(process.stdout and process.stdout.readline()).strip() for _ in range(random.randint(1, len(said)))]
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=random.choice([0, 0, 0.002, 0.01, 0.05]))  # between two reports, too
        process.send_signal(signal.SIGKILL)
        heard += process.communicate()[0].split()
        rows = landed(database, vendor)
        assert rows in (complete, dict.fromkeys(complete, 0)), f"torn by kill {number} after {heard[-1]}: {rows}"
        whole += rows == complete
        none += rows != complete
        if any(text.startswith("done") for text in heard):
            assert rows == complete, f"acknowledged and lost by kill {number}"
            acknowledged += 1
    with database.reading(Scope.all_sites()) as connection:
        assert connection.scalar(select(func.count()).select_from(import_batches)) == whole
    outcome = verify(database, date(2026, 11, 20))
    assert [(result.id, result.findings) for result in outcome.results if result.findings] == []
    assert none > KILLS[dialect] // 2  # most moments were in the middle
    assert whole >= acknowledged
    # What was torn away can be imported again.
    write_bills(path, "Vendor last")
    assert start(ledger_address, path).communicate()[0].endswith(f"done {LINES}\n")
