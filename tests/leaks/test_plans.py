"""No page's read walks through a table that grows: each statement is planned by indexes, on both databases.

What still does is named here, so that it cannot become more.
"""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, event, select

from data_access.account_risks import judge
from data_access.database import Database
from data_access.kept_alerts import keep
from data_access.queries import dimensions, leg_states, open_totals
from data_access.queries.alert_findings import findings_of
from data_access.queries.balances import aging
from data_access.queries.calls import call_words
from data_access.queries.known_matches import MovedSince
from data_access.queries.payment_totals import payment_totals
from data_access.queries.risk import account_risks
from data_access.queries.trends import history
from data_access.schema import accounts, invoices, payments, sites
from data_access.scope import Scope, within
from domain.alerts.thresholds import Thresholds
from domain.filters import Filters
from domain.periods import month_ends
from seed.large.tenant import Tenant
from seed.large.writing import write_large
from tests.leaks.test_reads import GROUPS, NEEDS
from ui.reads import READS

TODAY = date(2026, 11, 20)
ALL = Scope.all_sites()
GROWTH = ("invoices", "payments", "allocations", "calls", "charges", "usage", "bank_lines", "matches", "audit_log")
# Indexes that hold only what is open, pending, returned, charged back: walking through one costs what it holds.
PARTIAL = (
    *(
        "ix_invoices_open",
        "ix_invoices_open_due",
        "ix_invoices_open_left",
        "ix_invoices_disputed",
        "ix_payments_unapplied",
        "ix_payments_reversed",
        "ix_payments_pending",
    ),
    *(
        "ix_payments_unmatched",
        "ix_payments_unposted",
        "ix_payments_unconfirmed",
        "ix_payments_in_part",
        "ix_bank_lines_open",
    ),
    *("ix_calls_agreed", "ix_calls_amending", "ix_invoices_open_issued"),
    *("ix_invoices_due_before", "ix_invoices_no_due", "ix_allocations_reversing"),
    *("ix_charges_chargeback", "ix_charges_late_fee", "ix_allocations_credit", "ix_allocations_refund"),
)
FILTERS = Filters(as_of=TODAY, since=date(2026, 9, 1))
WHOLE = Filters(as_of=TODAY)
DAYS = {"days": tuple(month_ends(TODAY, 4))}
# PostgreSQL reads the few rows of this tenant whole where it would look up each of many: calls, charges and what joins them.
WALK: dict[str, dict[str, set[str]]] = {
    "sqlite": {
        "top_called": {"usage"},
        "usage_lines": {"usage"},
        "usage_totals": {"usage"},
    },
    "postgresql": {
        "bill_grid": {"charges"},
        "call_rows": {"calls"},
        "found_calls": {"calls"},
        # These read some hundreds of accounts, each by its index; this tenant has no others.
        "calendar_entries": {"payments"},
        "cash_forecasts": {"allocations", "invoices", "payments"},
        "outlooks": {"allocations", "invoices"},
        "plan_facts": {"allocations", "payments"},
        "what_if_start": {"allocations", "payments"},
        "leg_counts": {"calls"},
        "legs": {"calls"},
        "oldest_legs": {"calls"},
        "refund_candidates": {"charges"},
    },
}


@pytest.fixture(scope="module")
def large(shared_database: Database) -> Database:
    write_large(shared_database, Tenant(1, TODAY, scale=0.001), "operator")
    if shared_database.dialect == "postgresql":  # else what tests before left behind in its pages weighs in plans too
        with shared_database.writer.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("VACUUM FULL ANALYZE")
    keep(shared_database, TODAY, Thresholds())
    judge(shared_database, TODAY)  # else all accounts are touched, and few of them are all
    return shared_database


def _statements(database: Database, name: str, connection: Connection) -> list[tuple[str, Any]]:
    """What the read asks the database, with its parameters."""
    more = NEEDS.get(name, {}) | (DAYS if "days" in NEEDS.get(name, {}) else {})
    found = []
    for by in GROUPS.get(name, (None,)):
        asked = more | ({} if by is None else {"by": by})
        found += _asked(database, lambda asked=asked: READS[name](connection, ALL, FILTERS, **asked))
    return found


def _asked(database: Database, read: Callable[[], Any]) -> list[tuple[str, Any]]:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    event.listen(database.reader, "before_cursor_execute", note)
    try:
        read()
    finally:
        event.remove(database.reader, "before_cursor_execute", note)
    return [(s, p) for s, p in asked if s.lstrip().startswith(("SELECT", "WITH"))]


def _walks_sqlite(connection: Connection, statement: str, parameters: Any) -> set[str]:
    names = dict(re.findall(r"(?:FROM|JOIN) (\w+) AS (\w+)", statement))
    names = {alias: table for table, alias in names.items()} | {table: table for table in GROWTH}
    found = set()
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
        walked = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", row[-1])
        if walked and names.get(walked[1]) in GROWTH and walked[2] not in PARTIAL:
            found.add(names[walked[1]])
    return found


def _walks_postgresql(connection: Connection, statement: str, parameters: Any) -> set[str]:
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar()
    plan = json.loads(plan) if isinstance(plan, str) else plan
    found, nodes = set(), [plan[0]["Plan"]]
    while nodes:
        node = nodes.pop()
        nodes += node.get("Plans", [])
        whole = node["Node Type"] == "Seq Scan" or ("Index Name" in node and "Index Cond" not in node)
        if whole and node.get("Index Name") not in PARTIAL and node.get("Relation Name") in GROWTH:
            found.add(node["Relation Name"])
        elif (
            whole and "Relation Name" not in node and node.get("Index Name", "").removeprefix("ix_").startswith(GROWTH)
        ):
            found.update({node["Index Name"]} - set(PARTIAL))
    return found


@pytest.mark.slow
def test_no_read_of_a_page_walks_through_what_grows(large):
    walks = _walks_sqlite if large.dialect == "sqlite" else _walks_postgresql
    found: dict[str, set[str]] = {}
    with large.reading(ALL, "somebody") as connection:
        if (
            large.dialect == "postgresql"
        ):  # a table of some thousand rows is read whole with reason, one of millions is not
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        for name in sorted(READS):
            for statement, parameters in _statements(large, name, connection):
                if tables := walks(connection, statement, parameters):
                    found.setdefault(name, set()).update(tables)
    known = WALK[large.dialect]
    assert {name: more for name, tables in found.items() if (more := tables - known.get(name, set()))} == {}


# Whole months: from the sums of them. What would walk along the bills or payments of the period, were they read by their days.
OF_MONTHS: list[tuple[str, dict[str, Any], str]] = [
    *(("punctuality", {"by": by}, "ix_invoices_due_on") for by in ("month", "vendor", "region")),
    *(("payment_totals", {"by": by}, "ix_payments_paid_on_id") for by in ("status", "method", "vendor")),
    ("payment_totals", {"by": "currency", "statuses": ("posted",)}, "ix_payments_paid_on_id"),
    ("calls_by_month", {"first": date(2026, 9, 1)}, "ix_calls_site_id_started_at"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "asked", "walked"), OF_MONTHS)
def test_whole_months_are_not_read_row_by_row(large, name, asked, walked):
    day = (
        date(2026, 11, 1) if name == "punctuality" else date(2026, 10, 31)
    )  # what fell due before it, what was paid up to it
    filters = Filters(as_of=day, since=date(2026, 9, 1))
    how = "EXPLAIN QUERY PLAN" if large.dialect == "sqlite" else "EXPLAIN (FORMAT JSON)"
    with large.reading(ALL, "somebody") as connection:
        if large.dialect == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        statements = _asked(large, lambda: READS[name](connection, ALL, filters, **asked))
        plans = [str(connection.exec_driver_sql(f"{how} {s}", p).all()) for s, p in statements]
    assert plans
    assert not [plan for plan in plans if f"{walked} " in plan or f"'{walked}'" in plan]


def test_a_long_list_of_sites_is_a_plain_condition(large):
    """SQLite looks into no index for what is compared with a truth value; PostgreSQL has too few rows here to look into one."""
    scope = Scope.of([1, *range(10_001, 10_061)])
    how = "EXPLAIN QUERY PLAN" if large.dialect == "sqlite" else "EXPLAIN (FORMAT JSON)"
    with large.reading(ALL) as connection:
        for table in (payments, invoices):
            own = select(table.c.amount).where(within(scope, table.c.site_id))
            [(statement, parameters)] = _asked(large, lambda own=own: connection.execute(own).all())
            plan = str(connection.exec_driver_sql(f"{how} {statement}", parameters).all())
            assert "(site_id=?" in plan if large.dialect == "sqlite" else "site_id = ANY (" in statement


def test_what_is_disputed_is_looked_up_among_bills_that_ever_were(large):
    """PostgreSQL has too few of them here to care by which index."""
    with large.reading(ALL) as connection:
        asked = _asked(large, lambda: aging(connection, ALL, WHOLE, "currency"))
        [(statement, parameters)] = [each for each in asked if "disputes" in each[0]]
        assert "invoices.ever_disputed = 1 AND" in statement
        if large.dialect == "sqlite":
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
            assert "SEARCH invoices USING COVERING INDEX ix_invoices_disputed (account_id=?)" in plan


@pytest.mark.parametrize("asked", [{"service_types": ("internet",)}, {"currencies": ("USD",)}])
def test_calls_of_many_accounts_are_counted_by_the_log_alone(large, asked):
    """PostgreSQL has too few calls here to care by which index."""
    filters = Filters(as_of=date(2026, 10, 31), since=date(2026, 9, 1), **asked)
    with large.reading(ALL, "somebody") as connection:
        statements = _asked(large, lambda: READS["calls_by_month"](connection, ALL, filters, first=date(2026, 9, 1)))
        counting = [each for each in statements if "count(*)" in each[0]]
        assert len(counting) == 2  # within months, and around their turns, where the sites tell
        for number, (statement, parameters) in enumerate(counting):
            assert "calls.account_id IN (" in statement
            if large.dialect == "sqlite":
                plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
                assert f"SEARCH calls USING {'' if number else 'COVERING '}INDEX ix_calls_log (started_at>?" in plan
                assert set(re.findall(r"SEARCH calls USING (?:COVERING )?INDEX (\w+)", plan)) == {"ix_calls_log"}


@pytest.mark.parametrize(("scope", "search"), [(Scope.of([1, 2, 3]), ""), (ALL, "internet")])
def test_month_ends_of_some_accounts_are_read_by_account(large, scope, search, monkeypatch):
    """Of more sites than are looked up one by one, and of what a search finds; by their days they would be everybody's of a year.

    PostgreSQL has too few rows here to care by which index.
    """
    monkeypatch.setattr(dimensions, "_FEW", 0)
    filters = Filters(as_of=TODAY, search=search)
    with large.reading(ALL) as connection:
        asked = _asked(large, lambda: history(connection, scope, filters, month_ends(TODAY, 4)))
        [(statement, parameters)] = [each for each in asked if "steps" in each[0]]
        assert "account_id IN (SELECT accounts.id" in " ".join(statement.split())
        if large.dialect == "sqlite":
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
            moves = re.findall(r"SEARCH (?:invoices|payments|allocations) USING [A-Z ]*INDEX \w+ \((\w+)", plan)
            assert set(moves) == {"account_id"}


@pytest.mark.parametrize("some", [{"search": "internet"}, {"regions": ("Nowhere",), "service_types": ("internet",)}])
def test_what_fell_due_of_some_accounts_is_read_by_account(large, some):
    """Where no sums tell it. PostgreSQL has too few bills here to care by which index."""
    filters = Filters(as_of=TODAY, since=date(2026, 9, 1), **some)
    with large.reading(ALL) as connection:
        [(statement, parameters)] = _asked(large, lambda: READS["punctuality"](connection, ALL, filters, by="month"))
        assert "invoices.account_id IN (SELECT a.account_id" in " ".join(statement.split())
        if large.dialect == "sqlite":
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
            assert set(re.findall(r"SEARCH invoices USING [A-Z ]*INDEX \w+ \((\w+)", plan)) == {"account_id"}


def test_what_one_vendor_billed_at_sites_is_read_by_account(large):
    """PostgreSQL has too few bills here to care by which index."""
    filters = Filters(as_of=TODAY, since=date(2026, 9, 1), service_types=("internet",))
    with large.reading(ALL) as connection:
        asked = _asked(large, lambda: READS["billed_by_site"](connection, ALL, filters))
        [(statement, parameters)] = [each for each in asked if "movements" in each[0]]
        assert "invoices.account_id IN (SELECT a.account_id" in " ".join(statement.split())
        if large.dialect == "sqlite":
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
            assert set(re.findall(r"SEARCH invoices USING [A-Z ]*INDEX \w+ \((\w+)", plan)) == {"account_id"}


def test_words_of_calls_are_read_from_the_log_alone(large):
    """PostgreSQL has too few calls here to care by which index."""
    with large.reading(ALL) as connection:
        [(statement, parameters)] = _asked(large, lambda: call_words(connection, ALL))
        if large.dialect == "sqlite":
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
            assert re.findall(r"calls USING ([A-Z ]*INDEX \w+)", plan) == ["COVERING INDEX ix_calls_log"]


@pytest.mark.parametrize("by", ["site", "month"])
def test_payments_of_one_type_are_added_up_along_the_index_of_its_accounts(large, by):
    """PostgreSQL has too few payments here to care by which index."""
    filters = Filters(as_of=TODAY, since=date(2026, 9, 1), service_types=("internet",), methods=("card",))
    with large.reading(ALL, "somebody") as connection:
        asked = _asked(large, lambda: payment_totals(connection, ALL, filters, by, channels=("phone",)))
        [(statement, parameters)] = [each for each in asked if "FROM payments" in each[0]]
        assert "payments.account_id IN (SELECT" in statement
        if large.dialect == "sqlite":
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
            assert "SEARCH payments USING COVERING INDEX ix_payments_account (account_id=? AND paid_on>?" in plan


@pytest.mark.parametrize("chosen", [{"service_types": ("internet",)}, {"methods": ("card",)}])
def test_sites_are_ranked_by_sums_that_are_made_once(large, chosen):
    """The first ones, all together and their number are told by the same sums. PostgreSQL makes them once by itself."""
    with large.reading(ALL, "somebody") as connection:
        asked = _asked(
            large, lambda: READS["payment_ranking"](connection, ALL, Filters(as_of=TODAY, **chosen), by="site")
        )
        [(statement, parameters)] = [each for each in asked if "FROM payments" in each[0]]
        if large.dialect == "sqlite":
            plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
            assert sum(bool(re.match(r"(SEARCH|SCAN) payments ", step)) for step in plan) == 1


@pytest.mark.parametrize(
    ("name", "asked", "indexes"),
    [
        ("history", {"days": month_ends(TODAY, 4), "by": "currency"}, {"ix_month_totals_folded"}),
        ("overdue_counts", {"days": month_ends(TODAY, 4)}, {"ix_month_totals_folded"}),
        ("punctuality", {"by": "month"}, {"ix_month_totals_folded"}),
        ("billed_by_month", {}, {"ix_month_totals_folded"}),
        ("payment_totals", {"by": "status"}, {"ix_payments_pending", "ix_payments_reversed"}),
    ],
)
def test_what_an_index_tells_is_not_looked_up_besides(large, name, asked, indexes):
    """PostgreSQL has too few rows here to care."""
    with large.reading(ALL, "somebody") as connection:
        statements = _asked(large, lambda: READS[name](connection, ALL, WHOLE, **asked))
        if large.dialect == "sqlite":
            plans = str([connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {s}", p).all() for s, p in statements])
            assert set(re.findall(r"USING COVERING INDEX (\w+)", plans)) >= indexes
            assert not set(re.findall(r"USING INDEX (\w+)", plans)) & indexes
    assert statements


def test_what_some_sites_owed_at_month_ends_is_told_without_their_rows(large):
    """All that they were billed and paid is more each month."""
    days = month_ends(TODAY, 4)
    with large.reading(ALL, "somebody") as connection:
        codes = tuple(connection.scalars(select(sites.c.code).order_by(sites.c.id).limit(3)))
        filters = Filters(as_of=TODAY, sites=codes)
        asked = _asked(large, lambda: READS["history"](connection, ALL, filters, days=days, by="site"))
    reading = [statement for statement, _ in asked if re.search(r"FROM (invoices|payments|allocations)\b", statement)]
    assert [s for s in reading if "EXISTS" not in s] == []
    assert any("site_totals.period IN" in statement for statement, _ in asked)


@pytest.mark.parametrize("chosen", [{"service_types": ("internet",)}, {"currencies": ("USD",), "search": "a"}])
def test_what_stood_open_of_chosen_accounts_is_not_looked_up_account_by_account(large, chosen, monkeypatch):
    """SQLite would look up all that they ever paid. So few rows lie between that the sums by due day would tell it here."""
    monkeypatch.setattr(open_totals, "start_of", lambda *_: None)
    filters = Filters(as_of=date(2026, 4, 14), **chosen)
    with large.reading(ALL, "somebody") as connection:
        asked = _asked(large, lambda: aging(connection, ALL, filters, "currency"))
        standing = [each for each in asked if "disputes" not in each[0] and "FROM invoices" in each[0]][-1:]
        for statement, parameters in standing if large.dialect == "sqlite" else ():
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
            assert "SEARCH payments USING INDEX ix_payments_applied_later" in plan
            assert not re.findall(r"SEARCH (?:invoices|payments) USING (?:COVERING )?INDEX \w+ \(account_id=", plan)
    assert "IN (SELECT" in standing[0][0]


@pytest.mark.parametrize("scope", [ALL, Scope.of(range(1, 6))], ids=["all", "some"])
def test_what_was_matched_after_a_past_day_is_looked_up_by_when_it_was(large, scope):
    """Not among all matches since, nearly all of which are of payments made since. PostgreSQL has too few here to care."""
    with large.reading(scope, "somebody") as connection:
        asked = _asked(large, lambda: MovedSince(connection, scope, date(2026, 4, 14)))
        [(statement, parameters)] = asked
        if large.dialect == "sqlite":
            plan = str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all())
            assert "SEARCH payments USING COVERING INDEX ix_payments_matched_later (<expr>=? AND matched_at>?" in plan
    assert "matches" not in statement


@pytest.mark.parametrize("by", ["region", "service type"])
@pytest.mark.parametrize("name", ["legs", "leg_counts", "oldest_legs"])
def test_legs_of_many_accounts_are_told_apart_by_the_index_that_is_walked_along(large, monkeypatch, name, by):
    """Else a row, an account and a site are looked up for each payment of everybody. PostgreSQL has too few here to care."""
    monkeypatch.setattr(leg_states, "_MANY", 1)
    with large.reading(ALL, "somebody") as connection:
        regions = tuple(connection.scalars(select(sites.c.region).limit(1)))
        chosen = {"regions": regions} if by == "region" else {"service_types": ("internet",)}
        filters = Filters(as_of=TODAY, **chosen)
        statements = _asked(large, lambda: READS[name](connection, ALL, filters))
        walking = [each for each in statements if " payments.posted_on AS since" in each[0]]
        assert walking
        for statement, parameters in walking:
            assert re.search(r"payments\.account_id IN \(SELECT (?s:.*?)\)\) IS (1|true)", statement)
            if large.dialect == "sqlite":
                plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
                first = next(step for step in plan if step.startswith(("SEARCH", "SCAN")))
                assert first.startswith("SEARCH payments USING INDEX ix_payments_unmatched (posted_on")


def test_money_of_few_accounts_is_looked_up_once_and_not_for_each_of_them(large):
    """Of who sees some sites PostgreSQL expects next to none of it, since their sites are asked for by three conditions."""
    scope = Scope.of(range(1, 6))
    with large.reading(scope, "somebody") as connection:
        ids = connection.scalars(select(accounts.c.id).where(within(scope, accounts.c.site_id))).all()
        asked = _asked(large, lambda: account_risks(connection, scope, Filters(as_of=date(2026, 4, 1)), among=ids))
        plans = []
        for statement, parameters in asked:
            if large.dialect == "postgresql" and "unapplied" in statement:
                plan = connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars().all()
                plans.append(any("CTE Scan on money" in line for line in plan))
    assert all(plans)
    assert bool(plans) == (large.dialect == "postgresql")


# Indexes of what stood open of everybody, by the month of its beginning.
OF_EVERYBODY = ("ix_invoices_settled_until", "ix_invoices_in_part", "ix_payments_applied_later")


@pytest.mark.slow
@pytest.mark.parametrize("day", [TODAY, date(2026, 4, 30)])
def test_what_is_judged_of_few_accounts_is_found_by_their_accounts(large, day):
    how = "EXPLAIN QUERY PLAN" if large.dialect == "sqlite" else "EXPLAIN (FORMAT JSON)"
    with large.reading(ALL, "somebody") as connection:
        if large.dialect == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        some = connection.scalars(select(accounts.c.id).order_by(accounts.c.id).limit(5)).all()
        judging = [
            lambda: account_risks(connection, ALL, Filters(as_of=day), among=some),
            lambda: findings_of(connection, ALL, day, Thresholds(), account_ids=some),
        ]
        statements = [asked for judge in judging for asked in _asked(large, judge)]
        plans = {s: str(connection.exec_driver_sql(f"{how} {s}", p).all()) for s, p in statements}
    assert len(plans) > len(judging)
    assert {
        s: used
        for s, plan in plans.items()
        if (used := [name for name in OF_EVERYBODY if re.search(rf"\b{name}\b", plan)])
    } == {}


TURNED = [
    ("payment_rows", "-paid_on", "paid_on"),
    ("payment_rows", "amount", "amount"),
    ("call_rows", "-started_at", ""),
]


def _cost(database: Database, connection: Connection, name: str, **asked: Any) -> int:
    """What a page of the read costs: thousands of steps of SQLite's machine, or blocks that PostgreSQL touches."""
    if database.dialect == "sqlite":
        steps: list[None] = []
        raw = connection.connection.dbapi_connection
        assert raw is not None
        raw.set_progress_handler(lambda: steps.append(None), 100)
        READS[name](connection, ALL, WHOLE, limit=20, **asked)
        raw.set_progress_handler(None, 0)
        return len(steps)
    blocks = 0
    for statement, parameters in _asked(database, lambda: READS[name](connection, ALL, WHOLE, limit=20, **asked)):
        plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters).scalar()
        top = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
        blocks += top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return blocks


@pytest.mark.slow
@pytest.mark.parametrize(("name", "sort", "field"), TURNED)
def test_a_page_far_behind_costs_what_the_first_one_costs(large, name, sort, field):
    with large.reading(ALL, "somebody") as connection:
        if large.dialect == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_bitmapscan = off")
        rows = READS[name](connection, ALL, WHOLE, sort=sort, limit=100_000)
        far = rows[-25]
        mark = (getattr(far, field or "started_at"), far.id)
        assert len(rows) > 100
        first = _cost(large, connection, name, sort=sort)
        # PostgreSQL's rows lie on blocks here and there; a walk would touch thousands.
        most = 2 * first if large.dialect == "sqlite" else max(2 * first, 300)
        assert 0 < _cost(large, connection, name, sort=sort, after=mark) <= most
