"""Accounts at risk, narrowed in SQL, kept and counted, are what judging every account afresh says, on any day and for any filter."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle
from random import Random

import pytest

from data_access.commands.policies import add_policy
from data_access.database import Database
from data_access.queries import risk
from data_access.queries.at_risk import AtRisk, at_risk
from data_access.queries.risk import AccountRisk, account_risks
from data_access.queries.site_risk import site_risks
from data_access.scope import Scope
from domain.filters import Filters
from domain.policies import Policy, SuspensionDays
from domain.risk import Stage, assess
from domain.risk_severity import Severity
from tests import factories as make
from tests.outsider import START, Outsider

ALL = Scope.all_sites()
DAYS = tuple(START + timedelta(days=days) for days in (-9, 15, 40, 55, 70, 85, 100, 140))
NARROWED = ({"sites": ("S0",)}, {"regions": ("R1",)}, {"vendors": ("V0",), "currencies": ("USD",)}, {"search": "S1"})
TERMS = Policy("V0", date(2025, 1, 1), "Terms, 9", notice_days=5, suspension=SuspensionDays(10, 14, 21))


@pytest.fixture(scope="module")
def ledger(shared_database: Database) -> Iterator[Database]:
    """Bills, payments and notices at random; one vendor suspends, the other's terms are not known."""
    rng = Random(11)
    outsider = Outsider(shared_database, rng)
    shared_database.writing("ana", ALL, lambda w: add_policy(w, ALL, outsider.vendors[0], TERMS))
    for _ in range(80):
        outsider.write()
    for n, account in enumerate(outsider.accounts):
        where = outsider.where(account)
        make.add(shared_database, "services", **where, identifier=f"L{n}", criticality=1 + n % 3)
        for kind, ahead in (("late", None), ("suspension", 12), ("suspension", 0))[: 3 * (n % 2)]:
            dated = outsider.day()
            acts_on = None if ahead is None else dated + timedelta(days=ahead)
            asked = None if rng.random() < 0.5 else rng.randrange(50, 900)
            gone = dated + timedelta(days=20) if rng.random() < 0.3 else None
            row = {"kind": kind, "dated": dated, "acts_on": acts_on, "amount": asked, "withdrawn_on": gone}
            make.add(shared_database, "notices", **where, **row)
        paid = outsider.day()
        sent = make.payment(shared_database, where, paid, 80, status="pending", posted_on=None)
        bill = make.invoice(shared_database, where, f"P{n}", paid, paid + timedelta(days=3), 80)
        make.allocation(shared_database, where, 80, paid, payment_id=sent, invoice_id=bill)
    alone = {"account_id": make.account(shared_database, outsider.sites[0], outsider.vendors[0], "N")}
    alone["site_id"] = outsider.sites[0]
    bill = make.invoice(
        shared_database, alone, "N1", DAYS[2], DAYS[-1], 50
    )  # nothing of it is late, but it is announced
    row = {"kind": "suspension", "dated": DAYS[3], "acts_on": DAYS[4], "invoice_id": bill}
    make.add(shared_database, "notices", **alone, **row)
    return shared_database


def _all(database: Database, filters: Filters, scope: Scope = ALL) -> list[AccountRisk]:
    with database.reading(scope) as connection:
        return account_risks(connection, scope, filters)


def _at_risk(database: Database, filters: Filters) -> AtRisk:
    with database.reading(ALL) as connection:
        return at_risk(connection, ALL, filters)


def test_nobody_whom_the_rules_would_judge_threatened_is_left_out(ledger):
    found, stages = 0, set()
    for as_of, ours in zip(DAYS, cycle(NARROWED), strict=False):
        for narrowed in ({}, ours):
            filters = Filters(as_of=as_of, **narrowed)
            every, fewer = _all(ledger, filters), _at_risk(ledger, filters)
            threatened = [entry for entry in every if entry.risk.firm.stage is not Stage.CURRENT]
            assert list(fewer.entries) == threatened, filters
            assert fewer.clear == len(every) - len(threatened), filters
            found += fewer.clear
            stages |= {entry.risk.firm.stage for entry in threatened}
    assert found > 0
    assert stages == {Stage.LATE, Stage.NOTICE, Stage.NEAR, Stage.SUSPENDED}


def test_few_accounts_looked_for_one_by_one_are_judged_as_among_all(ledger):
    judged = 0
    for as_of in DAYS[2:6]:
        every = _all(ledger, Filters(as_of=as_of))
        of_site = _all(ledger, Filters(as_of=as_of, sites=("S0", "S1")))
        assert of_site == [entry for entry in every if entry.site in ("S0", "S1")]
        judged += len(of_site)
        for entry in every:
            with ledger.reading(ALL) as connection:
                assert account_risks(connection, ALL, Filters(as_of=as_of), account_id=entry.account_id) == [entry]
    assert judged > 10


def test_what_is_kept_is_what_is_judged_afresh_and_a_change_touches_no_other_account(ledger):
    risk._judged.cache_clear()  # the other database's ledger has the same rows
    filters = Filters(as_of=DAYS[5])
    every = _all(ledger, filters)
    assert [assess(entry.facts, filters.as_of) for entry in every] == [entry.risk for entry in every]
    before = risk._judged.cache_info()
    assert [id(entry) for entry in _all(ledger, filters)] == [id(entry) for entry in every]
    assert risk._judged.cache_info().misses == before.misses
    first = every[0]
    with ledger.writer.begin() as connection:
        site_id = connection.exec_driver_sql(f"SELECT site_id FROM accounts WHERE id = {first.account_id}").scalar_one()
    place = {"account_id": first.account_id, "site_id": site_id}
    make.invoice(ledger, place, "NEW", DAYS[5] - timedelta(days=9), DAYS[5] - timedelta(days=1), 777)
    after = {entry.account_id: entry for entry in _all(ledger, filters)}
    assert risk._judged.cache_info().misses == before.misses + 1
    assert after.pop(first.account_id).risk.firm.past_due == first.risk.firm.past_due + 777
    assert all(after[entry.account_id] is entry for entry in every[1:])


def test_counts_amounts_and_orders_are_those_of_the_entries(ledger):
    for as_of in DAYS[4:7]:
        found = _at_risk(ledger, Filters(as_of=as_of))
        entries = found.entries
        severities = Counter(entry.severity for entry in entries)
        assert found.counts == severities | ({Severity.CLEAR: found.clear} if found.clear else {})
        for severity, group in found.by_severity.items():
            assert sorted(e.account_id for e in group) == sorted(
                e.account_id for e in entries if e.severity is severity
            )
            assert [e.stops_on for e in group] == sorted(e.stops_on for e in group)
            sums = Counter[str]()
            for entry in group:
                sums[entry.currency] += entry.risk.firm.keep_on + entry.risk.firm.restoral
            assert found.amounts[severity] == sums
        with_a_day = [e for e in entries if e.risk.firm.window is not None]
        assert found.stopping == len(with_a_day)
        assert {e.account_id for e in (*found.off, *found.coming)} == {e.account_id for e in with_a_day}
        until = as_of + timedelta(days=10)
        soon = {e.account_id for e in entries if e.severity <= Severity.MEDIUM and e.stops_on <= until}
        assert {e.account_id for e in found.timeline(until)} == soon
        assert {site.site for site in found.sites} == {site.site for site in site_risks(entries) if site.threatened}
