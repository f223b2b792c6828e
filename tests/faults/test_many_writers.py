"""Another program writes in SQL while files are imported and sessions read: whatever is shown is what the rows say.

Each session looks as pages do and holds it against the bare rows of the same snapshot; nobody's write is lost, none is left
undone for a deadlock or a busy file, and afterwards every rule holds.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import func, select, text

from data_access.database import Database
from data_access.importers import batches
from data_access.importers.options import Options
from data_access.months import differences
from data_access.queries.balances import ledger_totals
from data_access.schema import calls, import_batches, invoices, payments
from data_access.scope import Scope
from data_access.verification import verify
from data_access.verification.totals import totals_agree
from tests import factories as make
from tests.data_access.importers.in_process import read_here
from tests.soak import SOAKING, share

pytestmark = [pytest.mark.slow, pytest.mark.soak]

ROOT = Path(__file__).resolve().parents[2]
ALL = Scope.all_sites()
TODAY = date(2026, 11, 20)
ACCOUNTS = 6
SESSIONS = share(10, 2)
LOOKS = share(100_000, 2)  # of each session at most, while others write
WRITES = share(600, 25)  # transactions of the other program
FILES, LINES = share(12, 1), share(200, 15)  # of each importer
# Another program: no code of ours, its own connection, one transaction for each bill, payment and what is applied.
OUTSIDE = """
import json, random, sys
address, accounts, writes = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
if address.startswith("sqlite"):
    import pysqlite3.dbapi2 as driver
    connection = driver.connect(address.removeprefix("sqlite:///"), timeout=60, isolation_level=None)
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA recursive_triggers=ON")
    begin, mark, again = "BEGIN IMMEDIATE", "?", (driver.OperationalError, driver.IntegrityError)
else:
    import psycopg
    connection = psycopg.connect(address, autocommit=True)
    begin, mark, again = "BEGIN", "%s", (psycopg.OperationalError, psycopg.IntegrityError)
rng, told = random.Random(3), {"bills": 0, "applied": 0, "again": 0}

def put(table, **row):
    marks = ", ".join([mark] * len(row))
    sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks}) RETURNING id"
    return connection.execute(sql, tuple(row.values())).fetchone()[0]

def write(number):
    account, site = rng.choice(accounts)
    own, day = {"account_id": account, "site_id": site}, f"2026-{rng.randrange(1, 11):02d}-{rng.randrange(1, 29):02d}"
    bill = put("invoices", **own, kind="invoice", number=f"O{number}", issued_on=day, due_on="2026-11-01", amount=500)
    paid = put("payments", **own, paid_on=day, posted_on=day, amount=800, status="posted", method="wire")
    put("allocations", **own, payment_id=paid, invoice_id=bill, amount=300, applied_on=day)
    # the rest goes to whatever bill is open, which an import may be paying at this moment
    found = connection.execute(
        f"SELECT id, amount - settled, issued_on FROM invoices WHERE account_id = {mark} AND kind = 'invoice' AND "
        "settled < amount ORDER BY id LIMIT 1", (account,)).fetchone()
    part = min(found[1], 500)
    on = max(str(found[2]), day)
    put("allocations", **own, payment_id=paid, invoice_id=found[0], amount=part, applied_on=on)
    return part

for number in range(writes):
    while True:
        try:
            connection.execute(begin)
            part = write(number)
            connection.execute("COMMIT")
            break
        except again:  # busy, a deadlock, or an import was quicker and the bill is paid: all of it once more
            connection.execute("ROLLBACK")
            told["again"] += 1
    told["bills"] += 1
    told["applied"] += 300 + part
print(json.dumps(told))
"""


def _file(kind: str, path: Path, rng: Random) -> Path:
    """A file of new rows for these accounts; `path` names them."""
    heads = {
        "invoices": "invoice_number,issued_on,amount",
        "payments": "confirmation_number,paid_on,amount",
        "calls": "confirmation_number,started_at,outcome",
        "charges": "invoice_number,issued_on,amount",
    }
    lines = [f"vendor,account_number,{heads[kind]}"]
    for number in range(LINES):
        day = date(2026, 1, 5) + timedelta(days=rng.randrange(300))
        last = "answered" if kind == "calls" else f"{rng.randrange(100, 90_000) / 100:.2f}"
        when = f"{day} 10:15" if kind == "calls" else day
        lines.append(
            f"Lumina,A{rng.randrange(ACCOUNTS)},{path.stem}-{number // 2 if kind == 'charges' else number},{when},{last}"
        )
    path.write_text("\n".join(lines))
    return path


def _imports(address: str, kind: str, folder: Path) -> int:
    """An importer: file after file; returns the rows that it was told were added."""
    database, rng, added = Database(address), Random(kind), 0
    for number in range(FILES):
        path = _file(kind, folder / f"{kind}{number}.csv", rng)
        report = batches.accept(database, kind, kind, path, Options(ALL, allocate_oldest=kind == "payments"))
        assert (report.rejected, report.duplicate) == (0, 0)
        added += report.added
    database.close()
    return added


def _session(database: Database, done: threading.Event) -> list[str]:
    """Somebody who looks again and again, and once more after all was written; what was wrong."""
    shown: dict[Hashable, dict[str, int]] = {}  # as pages keep what was read, by the data's version
    wrong: list[str] = []

    def look() -> None:
        version = database.version()
        with database.reading(ALL) as connection:
            wrong.extend((*totals_agree(connection, TODAY), *differences(connection)))
            now = ledger_totals(connection, ALL, TODAY)
        kept = shown.setdefault(version, now)
        if kept != now and version == database.version():
            wrong.append(f"kept as of one version {kept}, read at the same {now}")

    for _ in range(LOOKS):
        look()
        if done.is_set():
            break
    done.wait()
    look()
    return wrong


def test_every_session_is_shown_what_the_rows_say_and_nothing_is_lost(
    database: Database, ledger_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not SOAKING:  # four readers of files in processes of their own: under make soak
        monkeypatch.setattr(batches, "read_table", read_here)
    sites = [make.site(database, f"S{n}", region=f"R{n % 2}") for n in range(3)]
    vendor = make.vendor(database)
    own = [(make.account(database, sites[n % 3], vendor, f"A{n}"), sites[n % 3]) for n in range(ACCOUNTS)]
    command = [sys.executable, "-c", OUTSIDE, ledger_address, json.dumps(own), str(WRITES)]
    outside = subprocess.Popen(command, env={**os.environ}, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    done, kinds = threading.Event(), ("invoices", "payments", "calls", "charges")
    apps = [
        database,
        Database(ledger_address),
    ]  # two processes of the app: five sessions look as long as they like in each
    with ThreadPoolExecutor(SESSIONS + len(kinds)) as pool:
        sessions = [pool.submit(_session, apps[number % 2], done) for number in range(SESSIONS)]
        importers: list[Future[int]] = [pool.submit(_imports, ledger_address, kind, tmp_path) for kind in kinds]
        try:
            added = [each.result() for each in importers]
            told = json.loads(outside.communicate()[0])
        finally:
            done.set()
            outside.kill()
        for session in sessions:
            assert session.result() == []
    apps[1].close()
    assert outside.returncode == 0
    assert added == [FILES * LINES] * len(kinds)
    assert told["bills"] == WRITES
    _all_is_there(database, told)
    assert [result for result in verify(database, TODAY).results if result.findings] == []


def _all_is_there(database: Database, told: dict[str, int]) -> None:
    with database.reading(ALL) as connection:
        outsiders = invoices.c.batch_id.is_(None)
        assert connection.scalar(select(func.count()).where(outsiders)) == told["bills"]
        by_hand = "SELECT sum(amount) FROM allocations WHERE batch_id IS NULL"
        assert connection.scalar(text(by_hand)) == told["applied"]
        assert connection.scalar(select(func.count()).where(payments.c.method == "wire")) == told["bills"]
        assert connection.scalar(select(func.count()).select_from(calls)) == FILES * LINES
        assert connection.scalar(select(func.count()).select_from(import_batches)) == 4 * FILES
