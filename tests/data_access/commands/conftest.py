"""An office with three bills, and a way to run commands and to see that a refusal left nothing behind."""

from datetime import date

import pytest
from sqlalchemy import func, select

from data_access.schema import metadata
from data_access.scope import Scope
from tests import factories as make


@pytest.fixture
def where(database):
    return make.office(database)


@pytest.fixture
def bills(database, where):
    """January 100.00 due 4 February, February 50.00 due 7 March, March 7.00 without a due date (30 days: 4 April)."""
    return {
        "mar": make.invoice(database, where, "M", date(2026, 3, 5), None, 700),
        "jan": make.invoice(database, where, "J", date(2026, 1, 5), date(2026, 2, 4), 10000),
        "feb": make.invoice(database, where, "F", date(2026, 2, 5), date(2026, 3, 7), 5000),
    }


@pytest.fixture
def other(database, where):
    """Another account at another site, with a bill of 30.00: outside the scope of somebody who sees the first."""
    site_id = make.site(database, "BR")
    account_id = make.account(database, site_id, make.vendor(database, "Halden"), "H-1")
    place = {"account_id": account_id, "site_id": site_id}
    return place | {
        "bill": make.invoice(database, place, "X", date(2026, 1, 5), date(2026, 2, 4), 3000),
        "place": place,
    }


@pytest.fixture
def own(where):
    """The scope of somebody who sees the first site only."""
    return Scope.of([where["site_id"]])


@pytest.fixture
def run(database):
    """run(command, scope, ...) in one transaction."""
    return lambda command, *args, **named: database.writing(
        "ana", Scope.all_sites(), lambda w: command(w, *args, **named)
    )


@pytest.fixture
def refuses(database):
    """refuses(error, command, ...): the command raises exactly `error`, and every table stays as it was. Its message."""

    def everything():
        with database.reading(Scope.all_sites()) as connection:
            return {
                name: connection.execute(select(table).order_by(*table.primary_key)).all()
                for name, table in metadata.tables.items()
            }

    def refuse(error, command, *args, **named):
        before = everything()
        with pytest.raises(error) as caught:
            database.writing("ana", Scope.all_sites(), lambda w: command(w, *args, **named))
        assert type(caught.value) is error
        assert everything() == before
        return str(caught.value)

    return refuse


@pytest.fixture
def rows(database):
    """rows("payments"): its rows, in order of id."""

    def fetch(name):
        table = metadata.tables[name]
        with database.reading(Scope.all_sites()) as connection:
            return connection.execute(select(table).order_by(*table.primary_key)).all()

    return fetch


@pytest.fixture
def told(rows):
    """What the audit trail says: (action, entity, entity_id) of each event."""
    return lambda: [(event.action, event.entity, event.entity_id) for event in rows("audit_log")]


@pytest.fixture
def open_now(database):
    """{bill number: open amount}."""

    def fetch():
        invoices = metadata.tables["invoices"]
        with database.reading(Scope.all_sites()) as connection:
            return dict(
                connection.execute(
                    select(invoices.c.number, func.sum(invoices.c.amount - invoices.c.settled))
                    .where(invoices.c.kind == "invoice")
                    .group_by(invoices.c.number)
                ).all()
            )

    return fetch
