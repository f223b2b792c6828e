"""What posting one payment costs with the sums that are kept beside the ledger, as a ratio to the same without them.

`python -m tests.speed.posting` seeds a hundredth of the large tenant into both databases and records payments that settle the
oldest open bills: by the command, and as another program would in SQL. The triggers of the sums come and go in turn.
SQLite computes in this process, so that its processor time is told; of PostgreSQL the time on the clock, the median.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import insert, select, text

from data_access.commands.payments import PaymentDraft, record_payment
from data_access.database import Database
from data_access.migrate import upgrade
from data_access.schema import allocations, invoices, payments
from data_access.scope import Scope
from seed.large.tenant import Tenant
from seed.large.writing import write_large
from tests.postgres import running_server

TODAY = date(2026, 11, 20)
ROUNDS, EACH, SCALE = 4, 50, 0.01  # PostgreSQL plans anew after each turn
ALL = Scope.all_sites()
_SUMS = ("month_totals", "month_payments", "open_totals")
_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%INSERT INTO ' || :name || ' (%'"
_POSTGRESQL = (
    "SELECT t.tgrelid::regclass::text, t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
    "WHERE NOT t.tgisinternal AND p.prosrc LIKE '%INSERT INTO ' || :name || ' (%'"
)


def switched(database: Database, kept: dict[str, str], *, on: bool) -> None:
    """Take the triggers of the sums away, or put them back."""
    with database.writer.begin() as connection:
        if database.dialect == "postgresql":
            found = {row for name in _SUMS for row in connection.execute(text(_POSTGRESQL), {"name": name}).all()}
            for table, name in sorted(found):
                word = "ENABLE" if on else "DISABLE"
                connection.execute(text(f"ALTER TABLE {table} {word} TRIGGER {name}"))
            return
        for name in _SUMS:
            kept |= {row.name: row.sql for row in connection.execute(text(_SQLITE), {"name": name})}
        for name, made in kept.items():
            connection.exec_driver_sql(made if on else f"DROP TRIGGER {name}")


def _by_command(database: Database, bill: tuple[int, int, int, int]) -> None:
    account, _, invoice, amount = bill
    draft = PaymentDraft(account, TODAY, amount, "ach", confirmation_number="C1", apply={invoice: amount})
    database.writing("speed", ALL, lambda writing: record_payment(writing, ALL, draft))


def _by_sql(database: Database, bill: tuple[int, int, int, int]) -> None:
    account, site, invoice, amount = bill
    where = {"account_id": account, "site_id": site, "amount": amount}
    paid = where | {"paid_on": TODAY, "posted_on": TODAY, "status": "posted", "method": "ach"}
    with database.writer.begin() as connection:
        payment = connection.execute(insert(payments).returning(payments.c.id), [paid]).scalar_one()
        connection.execute(
            insert(allocations), [where | {"applied_on": TODAY, "payment_id": payment, "invoice_id": invoice}]
        )


@dataclass(frozen=True, slots=True)
class Posted:
    """Milliseconds of one payment with the sums and without, posted `how`: by the command or by SQL."""

    dialect: str
    how: str
    there: float
    without: float

    def line(self) -> str:
        """Both and their ratio."""
        return (
            f"{self.dialect:10} {self.how:10} {self.there:6.2f} ms with the sums, "
            f"{self.without:6.2f} without: {self.there / self.without:.2f} x"
        )


def measured(database: Database, post: Callable[..., None], bills: list[tuple[int, int, int, int]]) -> Posted:
    """Post to `bills`, in turn with and without."""
    clock = time.process_time if database.dialect == "sqlite" else time.perf_counter
    taken: dict[bool, list[float]] = {True: [], False: []}
    kept: dict[str, str] = {}
    for number in range(2 * ROUNDS):
        on = number % 2 == 0
        if number:
            switched(database, kept, on=on)
        for position, bill in enumerate(bills[number * EACH : (number + 1) * EACH]):
            begun = clock()
            post(database, bill)
            if position:  # the first one meets a schema that was just changed
                taken[on].append(clock() - begun)
    switched(database, kept, on=True)
    there, without = (statistics.median(taken[on]) * 1000 for on in (True, False))
    return Posted(database.dialect, post.__name__.strip("_").replace("_", " "), there, without)


def posted(dialect: str) -> list[Posted]:
    """By the command and by SQL, in a new database."""
    if dialect == "postgresql":
        with running_server() as server, server.new_database() as address:
            return run(address)
    with tempfile.TemporaryDirectory() as folder:
        return run(f"sqlite:///{Path(folder) / 'posting.db'}")


def run(address: str) -> list[Posted]:
    """Seed an empty database and measure in it."""
    database = Database(address)
    upgrade(database)
    write_large(database, Tenant(1, TODAY, scale=SCALE), "speed")
    database.close()  # what loaded the rows is over: post by connections of its own
    i = invoices.c
    open_bills = select(i.account_id, i.site_id, i.id, (i.amount - i.settled)).where(i.settled < i.amount)
    with database.reading(ALL) as connection:
        found = [tuple(row) for row in connection.execute(open_bills.order_by(i.id))]
    half = 2 * ROUNDS * EACH
    result = [measured(database, _by_command, found[:half]), measured(database, _by_sql, found[half : 2 * half])]
    database.close()
    return result


def main() -> None:
    """Both databases, or the one that is named."""
    for dialect in sys.argv[1:] or ["sqlite", "postgresql"]:
        for each in posted(dialect):
            sys.stdout.write(each.line() + "\n")


if __name__ == "__main__":
    main()
