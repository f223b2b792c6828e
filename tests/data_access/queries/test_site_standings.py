"""The order of sites by what stops at them is that of their standings, also where many are alike."""

from datetime import date
from random import Random

import pytest

from data_access.account_risks import judge
from data_access.database import Database
from data_access.folding import fold
from data_access.queries.kept_risks import MOST
from data_access.queries.site_standings import site_standings, sites_by_effect
from data_access.queries.touched import relied_on
from data_access.scope import Scope
from domain.filters import Filters
from seed.large.tenant import Tenant
from seed.large.writing import write_large
from tests import factories as make

TODAY = date(2026, 11, 20)
ALL = Scope.all_sites()


@pytest.fixture(scope="module")
def alike(shared_database: Database) -> Database:
    """Forty sites of 0, 10 or 20 people; half of all lines hurt alike, and some end at another site."""
    rng = Random(5)
    write_large(shared_database, Tenant(1, TODAY, scale=0.004), "operator")
    with shared_database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE sites SET headcount = 10 * mod(id, 3)")
        connection.exec_driver_sql("UPDATE services SET criticality = 3 WHERE mod(id, 2) = 0")
        homes = connection.exec_driver_sql("SELECT id, site_id FROM accounts ORDER BY id").all()
    site_ids = sorted({site_id for _, site_id in homes})
    for number, (account_id, _) in enumerate(rng.sample(homes, 25)):
        line = {"account_id": account_id, "site_id": rng.choice(site_ids), "identifier": f"away {number}"}
        make.add(shared_database, "services", **line, criticality=3)
    # At one more nothing is unsettled.
    site_id = make.site(shared_database, "QUIET")
    quiet = {"account_id": make.account(shared_database, site_id, make.vendor(shared_database)), "site_id": site_id}
    bill = make.invoice(shared_database, quiet, "1", date(2026, 1, 5), date(2026, 2, 5), 700)
    payment = make.payment(shared_database, quiet, date(2026, 1, 9), 700)
    make.allocation(shared_database, quiet, 700, date(2026, 1, 9), payment_id=payment, invoice_id=bill)
    fold(shared_database)
    judge(shared_database, TODAY)
    return shared_database


def _compared(database: Database) -> list[list[str]]:
    with database.reading(ALL) as connection:
        site_ids = connection.exec_driver_sql("SELECT id FROM sites ORDER BY id").scalars().all()
    told = []
    for scope in (ALL, Scope.of(site_ids[::2])):
        for narrowed in ({}, {"currencies": ("USD",)}, {"service_types": ("internet",)}):
            filters = Filters(TODAY, **narrowed)
            with database.reading(scope) as connection:
                told.append(sites_by_effect(connection, scope, filters))
                assert told[-1] == [site.site for site in site_standings(connection, scope, filters)]
    return told


def test_sites_are_in_the_order_of_their_standings(alike):
    with alike.reading(ALL) as connection:
        assert relied_on(connection, ALL, TODAY, MOST)[0] == []
        standings = site_standings(connection, ALL, Filters(TODAY))
    [every, *_] = _compared(alike)
    assert len(every) == 40
    alike_but_for_their_names = {(site.threatened > 0, site.effect, site.stage, site.likely) for site in standings}
    assert len(alike_but_for_their_names) < len(standings)
    # Something was written since: these accounts are judged now, and their sites stand among the others.
    with alike.reading(ALL) as connection:
        homes = connection.exec_driver_sql("SELECT id, site_id FROM accounts ORDER BY id DESC").all()
    for account_id, site_id in homes[1:61:20]:  # but for that one
        where = {"account_id": account_id, "site_id": site_id}
        make.invoice(alike, where, "late", date(2026, 1, 5), date(2026, 2, 5), 700)
    with alike.reading(ALL) as connection:
        assert len(relied_on(connection, ALL, TODAY, MOST)[0]) == 3
    assert len(_compared(alike)[0]) == 40
