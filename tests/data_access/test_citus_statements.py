"""Every statement that the reads and writes send, held to Citus's rules."""

from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import event

from data_access.commands.alerts import refresh
from data_access.database import Database
from data_access.distribution import growth_tables
from data_access.queries.sheets import SHEETS
from data_access.scope import Scope
from domain.alerts.watch import Watch
from tests.data_access.citus_rules import broken_rules, shape
from tests.faults import hostile_ledger
from tests.leaks.test_reads import BY_ID, EVERYTHING, GROUPS, NEEDS, OTHERS, TODAY
from ui.reads import PLAIN_READS, READS

GROWTH = {table.name for table in growth_tables()}
ALL, SOME = Scope.all_sites(), Scope.of([1, 2])
NARROWED = replace(EVERYTHING, sites=("X",), regions=("X",), vendors=("X",), since=date(2026, 1, 1), search="x")
# What does not run on Citus as it is, see decision 28: what is broken, and what it is about.
KNOWN = {
    "recursion over more than one account",  # corrections of calls, followed from one to the next
    "rows of invoices locked in more than one account",  # an import of payments holds the bills of all its accounts
    "a sum of charges, looked up from another query",  # what recurs in an open bill
    "charges looked up from rows that every node has",
    "charges looked up from invoices without account_id",
}


@pytest.fixture(scope="module")
def sent(postgres_ledgers, tmp_path_factory):
    """The shapes of statements by what sent them first: imports and commands that fill a ledger, then every read of it."""
    found = {}
    with postgres_ledgers.lent() as address, pytest.MonkeyPatch.context() as patch:
        patch.setattr(hostile_ledger, "PAYLOADS", hostile_ledger.PAYLOADS[:6])
        with closing(Database(address, now=lambda: datetime(2026, 11, 20, 12, tzinfo=UTC))) as database:
            doing = ["writes"]
            for engine in (database.reader, database.writer):

                def note(_connection, _cursor, statement, *_more):
                    found.setdefault(shape(statement), doing[-1])

                event.listen(engine, "before_cursor_execute", note)
            hostile_ledger.fill(database, tmp_path_factory.mktemp("hostile"))
            refresh(database, "operator", ALL, TODAY, Watch())
            for name in sorted(READS | PLAIN_READS):
                doing.append(name)
                for scope, filters in ((ALL, EVERYTHING), (SOME, NARROWED)):
                    ask(database, scope, filters, name)
            for name in sorted(SHEETS):
                doing.append(name)
                with database.reading(ALL) as connection:
                    SHEETS[name](connection, ALL, EVERYTHING)
    return found


def ask(database, scope, filters, name):
    more = dict(NEEDS.get(name, {}))
    if name in BY_ID:
        argument = BY_ID[name][1]
        if argument != "seq" and not argument.endswith("id"):
            return  # made of other reads
        more |= {argument: 1} | OTHERS.get(name, {"as_of": TODAY} if argument != "seq" else {})
    with database.reading(scope, "somebody") as connection:
        if name in PLAIN_READS:
            PLAIN_READS[name](connection, scope, **more)
            return
        for by in GROUPS.get(name, (None,)):
            READS[name](connection, scope, filters, **more, **({} if by is None else {"by": by}))


def test_every_statement_keeps_the_rules_but_those_that_are_known(sent):
    broken = {
        (why, by, statement)
        for statement, by in sent.items()
        for why in broken_rules(statement, GROWTH)
        if why not in KNOWN
    }
    assert not broken
    assert len(sent) > 250


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (
            "SELECT 1 FROM invoices i JOIN charges c ON c.invoice_id = i.id",
            "charges and invoices joined without account_id",
        ),
        ("SELECT 1 FROM invoices i JOIN charges c ON c.invoice_id = i.id AND c.account_id = i.account_id", None),
        (
            "SELECT 1 FROM invoices i JOIN accounts a ON a.id = i.account_id JOIN charges c ON c.account_id = a.id",
            None,
        ),
        ("SELECT * FROM payments WHERE id = $1 FOR UPDATE", "rows of payments locked in more than one account"),
        ("SELECT * FROM payments WHERE account_id = $1 AND id = $1 FOR UPDATE", None),
        (
            "SELECT 1 FROM invoices i WHERE EXISTS (SELECT 1 FROM charges c WHERE c.invoice_id = i.id)",
            "charges looked up from invoices without account_id",
        ),
        (
            "SELECT 1 FROM sites s WHERE EXISTS (SELECT 1 FROM invoices i WHERE i.site_id = s.id)",
            "invoices looked up from rows that every node has",
        ),
        ("SELECT 1 FROM sites s WHERE s.id IN (SELECT site_id FROM invoices)", None),
        (
            "SELECT (SELECT sum(c.amount) FROM charges c WHERE c.account_id = i.account_id) FROM invoices i",
            "a sum of charges, looked up from another query",
        ),
        (
            "SELECT 1 FROM invoices i JOIN LATERAL (SELECT 1 FROM charges c WHERE c.account_id = i.account_id LIMIT 1) x ON true",
            "a limit in charges, looked up from another query",
        ),
        ("SELECT site_id, sum(amount) FROM invoices GROUP BY ROLLUP (site_id)", "grouping sets over invoices"),
        ("SELECT sum(amount), (SELECT 1) FROM invoices", "a scalar subquery beside an aggregate"),
        (
            "WITH RECURSIVE v AS (SELECT id FROM calls UNION ALL SELECT c.id FROM v JOIN calls c ON c.amends_id = v.id) SELECT 1 FROM v",
            "recursion over more than one account",
        ),
        ("INSERT INTO invoices (id) VALUES ($1)", "a row of invoices without account_id"),
        ("UPDATE invoices SET account_id = $1 WHERE id = $1", "a row of invoices moved to another account"),
        (
            "UPDATE sites SET name = i.number FROM invoices i WHERE i.site_id = sites.id",
            "sites, which every node has, changed by rows of some nodes",
        ),
    ],
)
def test_the_rules_see_what_citus_refuses(statement, why):
    assert broken_rules(statement, GROWTH) == ([] if why is None else [why])
