"""Accounts at risk, narrowed in SQL, kept and counted, are what judging every account afresh says, on any day and for any filter."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

import pytest

from data_access.account_risks import judge
from data_access.commands.policies import add_policy
from data_access.database import Database
from data_access.folding import fold
from data_access.past_risks import keep
from data_access.queries import at_risk as at_risk_module
from data_access.queries import every_risk, kept_risks, risk, site_standings
from data_access.queries import sites_at_risk as sites_at_risk_module
from data_access.queries.at_risk import AtRisk, at_risk, groups_at_risk, suspensions
from data_access.queries.risk import AccountRisk, account_risks
from data_access.queries.risk_rows import RiskRow, brief
from data_access.queries.site_risk import SiteRisk, site_risks
from data_access.queries.site_standings import SiteStanding
from data_access.queries.sites_at_risk import SiteAtRisk, SitesAtRisk, sites_at_risk
from data_access.queries.touched import touched
from data_access.scope import Scope
from domain.filters import Filters
from domain.policies import Policy, SuspensionDays
from domain.risk import Effect, Stage, assess
from domain.risk_severity import Severity
from tests import factories as make
from tests.outsider import START, Outsider

ALL = Scope.all_sites()
DAYS = tuple(START + timedelta(days=days) for days in (-9, 15, 40, 55, 70, 85, 100, 140))
TERMS = Policy("V0", date(2025, 1, 1), "Terms, 9", notice_days=5, suspension=SuspensionDays(10, 14, 21))


@pytest.fixture(scope="module")
def ledger(shared_database: Database) -> Iterator[Database]:
    """Bills, payments and notices at random; one vendor suspends, the other's terms are not known."""
    rng = Random(11)
    outsider = Outsider(shared_database, rng)
    shared_database.writing("ana", ALL, lambda w: add_policy(w, ALL, outsider.vendors[0], TERMS))
    for _ in range(80):
        outsider.write()
    with shared_database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE sites SET headcount = 10 * id")
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
    for account, other in ((0, 2), (3, 1)):  # accounts of one site, each with a line that ends at a place of its own
        away = {"account_id": list(outsider.accounts)[account], "site_id": outsider.sites[other]}
        make.add(shared_database, "services", **away, identifier="away", criticality=4)
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


def _told(database: Database, filters: Filters, scope: Scope = ALL) -> dict[str, object]:
    """All that pages show of what is kept and of what is judged now."""
    until = filters.as_of + timedelta(days=10)
    with database.reading(scope) as connection:
        found = at_risk(connection, scope, filters)
        severities = set(found.counts) - {Severity.CLEAR}
        groups: dict[Severity, list[AccountRisk]] = {severity: [] for severity in severities}
        for start in range(0, max([0, *found.counts.values()]) + 3, 2):
            spans = [(severity, start, 2) for severity in severities]
            for severity, page in groups_at_risk(connection, scope, filters, spans=spans).items():
                groups[severity] += page
        timeline = suspensions(connection, scope, filters, until=until, limit=3)
        at_sites = [sites_at_risk(connection, scope, filters, start=start, limit=2) for start in (0, 1)]
        standings = site_standings.site_standings(connection, scope, filters)
        by_effect = site_standings.sites_by_effect(connection, scope, filters)
        in_full = list(every_risk.every_risk(connection, scope, filters))
    return {
        "at risk": found,
        "groups": groups,
        "timeline": timeline,
        "sites": at_sites,
        "standings": standings,
        "by effect": by_effect,
        "in full": in_full,
    }


def _expected(every: list[AccountRisk], as_of: date) -> dict[str, object]:
    """The same, in plain Python, of judgements of everybody."""
    rows = [brief(entry) for entry in every if entry.risk.firm.stage is not Stage.CURRENT]
    entries = {entry.account_id: entry for entry in every}
    groups: dict[Severity, list[RiskRow]] = {}
    amounts: dict[Severity, Counter[str]] = {}
    for row in sorted(rows, key=lambda row: row.in_group):
        groups.setdefault(row.severity, []).append(row)
        amounts.setdefault(row.severity, Counter())[row.currency] += row.keeps_on
    by_day = sorted(rows, key=lambda row: row.by_day)
    off = [row for row in by_day if row.severity is Severity.OFF]
    coming = [row for row in by_day if row.severity is not Severity.OFF and row.window]
    critical = next((row for row in coming if row.severity is Severity.CRITICAL), None)
    counts = {severity: len(group) for severity, group in groups.items()}
    clear = {Severity.CLEAR: len(every) - len(rows)} if len(every) > len(rows) else {}
    medium = [row for row in by_day if row.severity <= Severity.MEDIUM]
    soon = [row for row in medium if row.stops_on <= as_of + timedelta(days=10)]
    at = [site for site in site_risks(every) if site.threatened]
    at = sorted(at, key=lambda site: (tuple(-n for n in site.effect.rank), site.name, site.site))
    sums: Counter[str] = Counter()
    for site in at:
        sums.update(site.keep_on)
    shown = [SiteAtRisk(s.site, s.name, s.effect, tuple(map(brief, s.threatened))) for s in at]
    told = AtRisk(
        as_of, counts | clear, amounts, sums, len(off), len(coming), tuple(off[-5:]), tuple(coming[:5]), critical
    )
    return {
        "at risk": told,
        "groups": {severity: [entries[row.account_id] for row in group] for severity, group in groups.items()},
        "timeline": (soon[:3], len(medium) - len(soon)),
        "sites": [SitesAtRisk(tuple(shown[start : start + 2]), len(at)) for start in (0, 1)],
        "standings": [_standing(site, as_of) for site in site_risks(every)],
        "by effect": [site.site for site in site_risks(every)],
        "in full": every,
    }


def _standing(site: SiteRisk, as_of: date) -> SiteStanding:
    first = (site.first.risk.firm.stage, site.first.stops_on) if site.first else None
    told = (site.stage, len(site.threatened), site.effect, site.keep_on, site.likely, first)
    return SiteStanding(as_of, site.site, site.name, *told)


# (when everybody was judged last, as of, filters): nothing of it is kept, all of it, some of it.
ASKED = (
    (None, DAYS[1], {}),
    (DAYS[3], DAYS[3], {}),
    (DAYS[3], DAYS[4], {"regions": ("R1",)}),
    (DAYS[5], DAYS[5], {"vendors": ("V0",), "currencies": ("USD",)}),
    (DAYS[5], DAYS[5] + timedelta(days=6), {}),
    (DAYS[5], DAYS[6], {"search": "S1"}),
)


def test_what_is_told_is_what_judging_everybody_now_says(ledger, monkeypatch):
    monkeypatch.setattr(every_risk, "_AT_ONCE", 3)
    stages, apart = set(), set()
    for judged_on, as_of, narrowed in ASKED:
        if judged_on is not None:
            fold(ledger)
            judge(ledger, judged_on)
        filters = Filters(as_of=as_of, **narrowed)
        every, told = _all(ledger, filters), _told(ledger, filters)
        assert told == _expected(every, as_of), (judged_on, filters)
        stages |= {entry.risk.firm.stage for entry in every}
        apart.add(told["at risk"].apart)
    assert stages == set(Stage)
    assert {0, 5} < apart  # all of it is kept, nothing is, and some


def test_who_sees_some_sites_is_told_of_these_alone_as_if_all_were_judged_now(ledger):
    fold(ledger)
    judge(ledger, DAYS[5])
    with ledger.writer.connect() as connection:
        codes = dict(connection.exec_driver_sql("SELECT id, code FROM sites").all())
    for sites in ([], list(codes)[:1], list(codes)[1:]):
        scope, filters = Scope.of(sites), Filters(as_of=DAYS[5])
        every, told = _all(ledger, filters, scope), _told(ledger, filters, scope)
        assert {entry.site for entry in every} <= {codes[site] for site in sites}
        assert told == _expected(every, DAYS[5])
        assert bool(sites) == (told["at risk"].threatened > told["at risk"].apart)


def test_a_page_is_put_together_of_what_is_kept_and_what_is_judged_now():
    rng = Random(3)
    for _ in range(200):
        every = sorted(rng.sample(range(60), 12))
        others = rng.sample(every, rng.randrange(6))
        rows = [each for each in every if each not in others]
        start, limit = rng.randrange(14), rng.randrange(1, 7)
        shown = kept_risks.page_of(lambda a, b, r=rows: r[a : a + b], others, lambda n: (n,), start, limit)
        assert shown == every[start : start + limit]


def test_where_little_is_kept_everybody_is_judged(ledger, monkeypatch):
    for module in (kept_risks, sites_at_risk_module, site_standings, every_risk):
        monkeypatch.setattr(module, "MOST", 0)
    filters = Filters(as_of=DAYS[2], sites=("S0",))
    assert _told(ledger, filters) == _expected(_all(ledger, filters), DAYS[2])


def test_a_past_day_that_is_kept_is_told_as_if_all_were_judged_now(ledger, monkeypatch):
    """Also after something was written about one account: that is judged apart, until somebody judges it."""
    for module in (kept_risks, sites_at_risk_module):
        monkeypatch.setattr(module, "MOST", 2)
    fold(ledger)
    judge(ledger, DAYS[5])
    day = DAYS[3]
    assert keep(ledger, day)
    with ledger.writer.connect() as connection:
        codes = dict(connection.exec_driver_sql("SELECT id, code FROM sites").all())
        account, site = connection.exec_driver_sql("SELECT id, site_id FROM accounts WHERE account_number = 'A0'").one()
    scopes = (ALL, Scope.of(list(codes)[:1]), Scope.of(list(codes)[1:]))
    asked = (
        {},
        {"regions": ("R1",)},
        {"sites": ("S0",)},
        {"vendors": ("V0",), "currencies": ("USD",)},
        {"search": "S1"},
    )

    def tell():
        for scope in scopes:
            for narrowed in asked:
                filters = Filters(as_of=day, **narrowed)
                told = _told(ledger, filters, scope)
                assert told == _expected(_all(ledger, filters, scope), day), (scope, narrowed)
                yield told["at risk"]

    first = list(tell())
    assert [found.apart for found in first[: len(asked)]] == [0] * len(asked)
    place = {"account_id": account, "site_id": site}
    make.invoice(ledger, place, "PAST", day - timedelta(days=60), day - timedelta(days=50), 12_345)
    second = list(tell())
    assert [found.apart for found in second[: len(asked)]] == [1] * len(asked)
    fold(ledger)
    assert list(tell()) == second
    assert judge(ledger, DAYS[5]) >= 1
    last = list(tell())
    assert last == second != first
    assert [found.apart for found in last[: len(asked)]] == [0] * len(asked)


def test_who_is_in_a_hurry_is_told_that_very_many_would_have_to_be_judged(ledger, monkeypatch):
    fold(ledger)
    judge(ledger, DAYS[5])
    keep(ledger, DAYS[3])
    monkeypatch.setattr(kept_risks, "MOST", 0)
    monkeypatch.setattr(at_risk_module, "MANY", 3)
    for day, narrowed, unjudged in ((DAYS[2], {}, True), (DAYS[2], {"sites": ("S1",)}, False), (DAYS[3], {}, False)):
        filters = Filters(as_of=day, **narrowed)
        with ledger.reading(ALL) as connection:
            told = at_risk(connection, ALL, filters, hasty=True)
            assert told.unjudged is unjudged
            assert (told == at_risk(connection, ALL, filters)) is not unjudged


def test_few_accounts_looked_for_one_by_one_are_judged_as_among_all(ledger):
    judged = 0
    for as_of in DAYS[2:6:2]:
        every = _all(ledger, Filters(as_of=as_of))
        of_site = _all(ledger, Filters(as_of=as_of, sites=("S0", "S1")))
        assert of_site == [entry for entry in every if entry.site in ("S0", "S1")]
        judged += len(of_site)
        for entry in every:
            with ledger.reading(ALL) as connection:
                assert account_risks(connection, ALL, Filters(as_of=as_of), account_id=entry.account_id) == [entry]
    assert judged >= 10


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


def test_people_of_a_place_at_which_several_lines_end_count_once(ledger):
    with ledger.writer.connect() as connection:
        vendor = connection.exec_driver_sql("SELECT id FROM vendors WHERE name = 'V0'").scalar_one()
    codes = (("HOME", 7), ("AWAY", 30), ("FAR", 5))
    home, away, far = (make.site(ledger, code, headcount=people) for code, people in codes)
    for number, other in (("H1", away), ("H2", far)):
        where = {"account_id": make.account(ledger, home, vendor, number), "site_id": home}
        make.invoice(ledger, where, number, DAYS[4], DAYS[5] - timedelta(days=2), 500)
        for end in (home, other):
            make.add(ledger, "services", **where | {"site_id": end}, identifier=f"{number}-{end}", criticality=1)
        gone = {"identifier": f"{number}-gone", "criticality": 4, "ended_on": DAYS[4]}
        make.add(ledger, "services", **where | {"site_id": 1}, **gone)
    fold(ledger)
    judge(ledger, DAYS[5])
    filters = Filters(as_of=DAYS[5], sites=("HOME",))
    with ledger.reading(ALL) as connection:
        assert touched(connection, ALL, DAYS[5], 1) == []
        found = sites_at_risk(connection, ALL, filters, start=0, limit=2)
    assert [(site.site, site.effect) for site in found.sites] == [("HOME", Effect(4, 1, 42))]
