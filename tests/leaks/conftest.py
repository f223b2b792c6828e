"""The marked ledger, and people of every kind on it."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from data_access.commands.alerts import Target, comment, refresh
from data_access.commands.scenarios import Computed, save
from data_access.database import Database, Writing
from data_access.schema import alerts, metadata
from data_access.scope import Scope
from domain.alerts.watch import Watch
from domain.what_if.actions import Action, Kind, Scenario, Selection, What
from tests import canaries
from tests import factories as make
from tests.canaries import CANARIES

# One site, a region, two sites, none; and those who see everything.
SCOPES = {
    "one site": [1],
    "another site": [2],
    "two sites": [1, 3],
    "no site": [],
}


@pytest.fixture(scope="module")
def marked(shared_database: Database) -> SimpleNamespace:
    """.database with a canary in every site's rows, on each engine; .rows of it by table."""
    tables = canaries.fill(shared_database)
    rows = {name: rows for name, rows in tables.rows.items() if name in metadata.tables}
    _usage(shared_database, rows["services"])
    told = {"alerts": _alerts(shared_database, rows["accounts"])} | _with_vendors(shared_database, rows["accounts"])
    told["scenarios"] = _scenarios(shared_database, rows)
    return SimpleNamespace(database=shared_database, rows=rows | told)


def _usage(database: Database, services: list[dict[str, Any]]) -> None:
    """A call on a line of every site, to and from a number that carries the site's canary."""
    for site_id, canary in CANARIES.items():
        line = next(row for row in services if row["site_id"] == site_id)
        place = {"account_id": line["account_id"], "site_id": site_id, "service_id": line["id"]}
        numbers = {"from_number": f"+18005550101{canary}", "to_number": f"+18005550142{canary}"}
        started_at = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
        make.add(
            database, "usage", **place, **numbers, started_at=started_at, kind="voice", quantity=90, unit="seconds"
        )


def _alerts(database: Database, accounts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Alerts in every site's books, of a late bill at least, each with a comment that carries the site's canary; their rows."""
    for site_id, canary in CANARIES.items():
        account = next(row["id"] for row in accounts if row["site_id"] == site_id)
        place = {"account_id": account, "site_id": site_id}
        make.invoice(database, place, f"LATE {canary}", date(2026, 10, 1), date(2026, 11, 1), 10_00)
    everything, watch = Scope.all_sites(), Watch()
    refresh(database, "operator", everything, canaries.TODAY, watch)
    with database.reading(everything) as connection:
        rows = [dict(row) for row in connection.execute(select(alerts)).mappings()]

    def say(writing: Writing) -> None:
        for row in rows:
            target = Target((row["rule"], row["cause"]), canaries.TODAY, watch)
            comment(writing, everything, target, f"rang them {CANARIES.get(row['site_id'], '')}")

    database.writing("operator", everything, say)
    assert {row["site_id"] for row in rows} >= set(CANARIES)
    return rows


def _scenarios(database: Database, rows: dict[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """A scenario that selects every site, each by itself and all together, by code, region, account and bill; its row."""
    selections = [
        Selection(sites=tuple(row["code"] for row in rows["sites"])),
        Selection(regions=tuple(row["region"] for row in rows["sites"])),
        Selection(accounts=tuple(row["id"] for row in rows["accounts"])),
        Selection(bills=tuple(row["id"] for row in rows["invoices"])),
        *(Selection(sites=(row["code"],)) for row in rows["sites"]),
    ]
    actions = tuple(Action(Kind.PAY, each, what=What.OVERDUE) for each in selections)
    kept = Scenario("Everywhere", 60, actions), Computed(canaries.TODAY)
    for owner in ("operator", "somebody"):
        saved = database.writing(owner, Scope.all_sites(), lambda writing: save(writing, Scope.all_sites(), *kept))
    return [{"id": saved.id, "link": saved.link, "scenario": saved.scenario}]


def _with_vendors(database: Database, accounts: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """In every site's books a late fee in dispute with the vendor's reply, and a statement that differs; their rows."""
    found: dict[str, list[dict[str, Any]]] = {"late_fees": [], "vendor_statements": []}
    for site_id, canary in CANARIES.items():
        place = {"account_id": next(a["id"] for a in accounts if a["site_id"] == site_id), "site_id": site_id}
        bill = make.invoice(database, place, f"FEE {canary}", date(2026, 11, 2), date(2026, 12, 1), 10_00)
        line = {"invoice_id": bill, "type": "late_fee", "line": "", "description": f"Late {canary}", "amount": 1_00}
        make.add(database, "charges", **place, **line, issued_on=date(2026, 11, 2))
        held = {"invoice_id": bill, "amount": 1_00, "reason": f"Paid {canary}", "kind": "late_fee"}
        dispute = make.add(database, "disputes", **place, **held, opened_on=date(2026, 11, 3))
        reply = {"kind": "reply", "answer": "partly", "text": f"Half {canary}", "recorded_by": f"pat {canary}"}
        at = datetime(2026, 11, 9, 12, tzinfo=UTC)
        make.add(
            database, "dispute_events", **place, **reply, dispute_id=dispute, dated=date(2026, 11, 9), recorded_at=at
        )
        stated = make.add(
            database, "vendor_statements", **place, stated_on=date(2026, 11, 10), source=f"portal {canary}"
        )
        document = {"kind": "invoice", "number": f"THEIRS {canary}", "open_amount": 7_00}
        make.add(database, "vendor_statement_lines", **place, **document, statement_id=stated)
        found["late_fees"].append(place | {"id": dispute, "kind": "late_fee"})
        found["vendor_statements"].append(place | {"id": stated, "bill": bill})
    return found


@pytest.fixture(scope="module", params=sorted(SCOPES))
def site_ids(request: pytest.FixtureRequest) -> list[int]:
    """The sites of one of SCOPES."""
    return SCOPES[request.param]


@pytest.fixture(scope="module")
def scope(site_ids: list[int]) -> Scope:
    """The same as a scope."""
    return Scope.of(site_ids)


@pytest.fixture(scope="module")
def own(site_ids: list[int]) -> set[str]:
    """The canaries that may be seen."""
    return {CANARIES[site_id] for site_id in site_ids}
