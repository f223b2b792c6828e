"""What posting one payment costs with all that is kept beside the ledger, as a ratio to the same without any of it.

`python -m tests.speed.posting` seeds a hundredth of the large tenant into both databases, and takes from a copy of each what is kept beside
the ledger: the triggers of sums and marks, and the days on which something was applied with their indexes. Payments that settle the oldest open
bills are recorded in both, in turn: by the command, and as another program would in SQL. Times are of the processor, this process's
and the server's, the median. What the sums cost later, when they are added up, is told apart, for each payment.
"""

import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from pathlib import Path

from sqlalchemy import insert, select, text

from data_access.commands.payments import PaymentDraft, record_payment
from data_access.database import Database
from data_access.folding import fold
from data_access.migrate import upgrade
from data_access.schema import allocations, invoices, payments
from data_access.scope import Scope
from seed.large.tenant import Tenant
from seed.large.writing import write_large
from tests.postgres import running_server
from tests.speed.processor import of_server, own

TODAY = date(2026, 11, 20)
EACH, SCALE = 300, 0.01
ALL = Scope.all_sites()
_KEPT = ("month_totals", "month_payments", "open_totals", "risk_marks", "alert_marks")
_INDEXES = ("invoices_open_issued", "invoices_settled_until", "invoices_in_part", "payments_applied_later")
_WRITING = {
    "sqlite": "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%INSERT INTO ' || :name || ' (%'",
    "postgresql": (
        "SELECT format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass) FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid "
        "WHERE NOT t.tgisinternal AND p.prosrc LIKE '%INSERT INTO ' || :name || ' (%'"
    ),
}
Bill = tuple[int, int, int, int]  # account, site, invoice, what is open


def stripped(database: Database) -> None:
    """Take away what is kept beside the ledger: posting tells nobody but the ledger's own counters."""
    applied = import_module(f"data_access.migrations.triggers.{database.dialect}_0024")
    with database.writer.begin() as connection:
        found = {
            each for name in _KEPT for each in connection.scalars(text(_WRITING[database.dialect]), {"name": name})
        }
        days = [*applied.DROP, *applied.RESTORED] if database.dialect == "sqlite" else applied.RESTORED
        for statement in [*sorted(found), *days, *(f"DROP INDEX ix_{name}" for name in _INDEXES)]:
            connection.exec_driver_sql(statement.replace("%", "%%") if database.dialect == "postgresql" else statement)


def _by_command(database: Database, bill: Bill) -> None:
    account, _, invoice, amount = bill
    draft = PaymentDraft(account, TODAY, amount, "ach", confirmation_number="C1", apply={invoice: amount})
    database.writing("speed", ALL, lambda writing: record_payment(writing, ALL, draft))


def _by_sql(database: Database, bill: Bill) -> None:
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
    """Processor milliseconds of one payment with what is kept and without, posted `how`: by the command or by SQL.

    later: what adding it up takes afterwards.
    """

    dialect: str
    how: str
    there: float
    without: float
    later: float

    def line(self) -> str:
        """Both and their ratio."""
        return (
            f"{self.dialect:10} {self.how:10} {self.there:6.3f} ms with what is kept, {self.without:6.3f} without: "
            f"{self.there / self.without:.2f} x; {self.later:.3f} ms later"
        )


class _Clock:
    """Processor seconds of this process and of the server that a ledger's writer talks to."""

    def __init__(self, database: Database) -> None:
        self._pids = []
        if database.dialect == "postgresql":
            with database.writer.connect() as connection:
                self._pids = [connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()]

    def __call__(self) -> float:
        return own() + sum(map(of_server, self._pids))


def measured(kept: Database, bare: Database, post: Callable[[Database, Bill], None], bills: list[Bill]) -> Posted:
    """Post to `bills` in both ledgers, in turn."""
    sides = [(kept, _Clock(kept)), (bare, _Clock(bare))]
    taken: list[list[float]] = [[], []]
    for number, bill in enumerate(bills):
        for side in (0, 1) if number % 2 else (1, 0):
            database, clock = sides[side]
            begun = clock()
            post(database, bill)
            taken[side].append(clock() - begun)
    there, without = (statistics.median(each) * 1000 for each in taken)
    begun = sides[0][1]()
    fold(kept)
    later = (sides[0][1]() - begun) * 1000 / len(bills)
    return Posted(kept.dialect, post.__name__.strip("_").replace("_", " "), there, without, later)


def posted(dialect: str) -> list[Posted]:
    """By the command and by SQL, in new ledgers."""
    with _ledgers(dialect) as (kept, bare):
        i = invoices.c
        open_bills = select(i.account_id, i.site_id, i.id, (i.amount - i.settled)).where(i.settled < i.amount)
        with kept.reading(ALL) as connection:
            found = [tuple(row) for row in connection.execute(open_bills.order_by(i.id).limit(2 * EACH))]
        return [measured(kept, bare, _by_command, found[:EACH]), measured(kept, bare, _by_sql, found[EACH:])]


@contextmanager
def _ledgers(dialect: str) -> Generator[list[Database]]:
    """A ledger, and a copy of it without what is kept."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="posting-")))
        if dialect == "postgresql":
            server = stack.enter_context(running_server())
            address = stack.enter_context(server.new_database())
        else:
            address = f"sqlite:///{folder / 'kept.db'}"
        database = Database(address)
        upgrade(database)
        write_large(database, Tenant(1, TODAY, scale=SCALE), "speed")
        fold(database)
        database.close()  # what loaded the rows is over: post by connections of its own
        if dialect == "postgresql":
            copy = stack.enter_context(server.new_database(address.rpartition("/")[2]))
        else:
            copy = f"sqlite:///{shutil.copy(folder / 'kept.db', folder / 'bare.db')}"
        both = [Database(address), Database(copy)]
        stripped(both[1])
        both[1].close()
        yield both
        for each in both:
            each.close()


def main() -> None:
    """Both databases, or the one that is named."""
    for dialect in sys.argv[1:] or ["sqlite", "postgresql"]:
        for each in posted(dialect):
            sys.stdout.write(each.line() + "\n")


if __name__ == "__main__":
    main()
