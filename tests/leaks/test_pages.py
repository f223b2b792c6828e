"""Every page at every kind of address, for every scope, out of one process's caches: nothing of another site.

Somebody who sees everything has opened the same pages before, so that whatever is kept has been filled by them.
"""

import pytest
from streamlit.testing.v1 import AppTest

from domain.what_if.address_text import as_text
from pages import MENU
from tests.canaries import CANARIES, seen_in
from tests.pages.conftest import everything
from tests.soak import SOAKING

PATHS = [entry.path for entry in MENU]
# Each address once for every row of the table, by its id.
BY_ID = {
    "sites": {"account": "accounts", "bill": "invoices", "payment": "payments"},
    "balances": {"bill": "invoices"},
    "payments": {"payment": "payments", "bill": "invoices"},
    "calls": {"call": "calls", "log": "accounts", "fix": "calls", "prepare": "accounts"},
    "reconcile": {"leg": "payments"},
    "import": {"batch": "import_batches"},
}
BY_NAME = {
    "overview": [{"show": "USD"}, {"period": "Last 12 months"}],
    "sites": [
        {"q": "{canary}"},
        {"tab": "Bill history"},
        {"tab": "Services"},
        {"tab": "Risk"},
        {"tab": "Usage"},
        {"order": "At risk, by effect"},
    ],
    "balances": [
        {"by": "Account"},
        {"by": "Vendor", "view": "Grid"},
        {"view": "Bills"},
        {"open": "{code}"},
        {"age": "late"},
    ],
    "payments": [{"rows": "Late bills"}, {"rows": "Unapplied"}, {"q": "{canary}"}, {"rank": "Vendor"}],
    "calls": [{"q": "{canary}"}, {"todo": "true"}, {"desk": "Follow-ups"}, {"desk": "Contacts"}],
    "risk": [{}, {"alert": "{alert}"}, {"alerts": "Closed"}],
    "what-if": [
        {},
        {"scenario": "{scenario}"},
        {"scenario": "{unsaved}"},
        {"view": "Cash plan", "cash": "100", "weeks": "4 weeks", "expected": "true"},
        {"view": "Cash forecast"},
    ],
    "reconcile": [
        {"q": "{canary}"},
        {"legs": "Not posted"},
        {"view": "To match"},
        {"view": "Bank statements"},
        {"view": "Vendor statements"},
        {"view": "Vendor statements", "vendor-statement": "{statement}"},
        {"view": "Disputes"},
        {"view": "Disputes", "dispute": "{dispute}"},
        {"view": "Disputes", "bill": "{fee}"},
    ],
    "import": [{}],
    "admin": [{"section": "Audit trail"}, {"section": "Vendor terms"}],
}
FILTERS = [{}, {"site": "{site}"}, {"region": "{region}"}]  # each address by one of them, by all in make soak


def _script(path: str, role: str, site_ids: list[int] | None) -> None:
    from datetime import UTC, datetime

    from data_access.scope import Scope
    from pages import MENU
    from ui import filter_chips
    from ui.viewer import Viewer

    scope = Scope.all_sites() if site_ids is None else Scope.of(site_ids)
    viewer = Viewer("somebody", role, scope, datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    filter_chips.draw(viewer)
    filter_chips.tell_unknown()
    next(entry for entry in MENU if entry.path == path).render(viewer)


def addresses(marked, path):
    for key, table in BY_ID.get(path, {}).items():
        rows = marked.rows[table]
        yield from ({key: str(row["id"])} for row in (rows if len(rows) < 8 else rows[:: len(rows) // 4]))
    for site in marked.rows["sites"]:
        names = {"canary": CANARIES[site["id"]], "code": site["code"], "site": site["name"], "region": site["region"]}
        alert = next(row for row in marked.rows["alerts"] if row["site_id"] == site["id"])
        names["dispute"] = next(row["id"] for row in marked.rows["late_fees"] if row["site_id"] == site["id"])
        stated = next(row for row in marked.rows["vendor_statements"] if row["site_id"] == site["id"])
        names |= {"statement": stated["id"], "fee": stated["bill"]}
        (kept,) = marked.rows["scenarios"]
        names |= {"scenario": kept["link"], "unsaved": f".{as_text(kept['scenario'])}"}
        names["alert"] = f"{alert['rule']} {alert['cause']}"
        for number, address in enumerate(BY_NAME[path], start=site["id"]):
            rotated = FILTERS if SOAKING else [FILTERS[number % len(FILTERS)]]
            for filters in [{}] if "{canary}" in address.values() else rotated:
                yield {key: value.format(**names) for key, value in {**filters, **address}.items()}


def shown(path, role, site_ids, address):
    page = AppTest.from_function(_script, default_timeout=60, kwargs={"path": path, "role": role, "site_ids": site_ids})
    page.query_params["as_of"] = "2026-11-20"
    for key, value in address.items():
        page.query_params[key] = value
    page.run()
    assert not page.exception, page.exception[0].message
    return everything(page) + repr(page.toast)


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("path", PATHS)
def test_a_page_shows_nothing_of_another_site(marked, monkeypatch, path):
    monkeypatch.setenv("DATABASE_URL", marked.database.url.render_as_string(hide_password=False))
    distinct = {tuple(sorted(address.items())) for address in addresses(marked, path)}
    # On PostgreSQL the database holds the same line (tests/data_access/test_confinement.py): a sample will do.
    every = 1 if marked.database.dialect == "sqlite" else 4
    for number, pairs in enumerate(sorted(distinct)[::every]):
        address = dict(pairs)
        typed = seen_in(repr(address))
        if number % 5 == 0:
            shown(path, "admin", None, address)
        for role, site_ids in (("viewer", [2]), ("finance", [1])):
            own = {CANARIES[site_id] for site_id in site_ids}
            leaked = seen_in(shown(path, role, site_ids, address)) - own
            assert leaked <= typed, (role, site_ids, address)


def test_what_is_on_a_page_would_be_seen(marked, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", marked.database.url.render_as_string(hide_password=False))
    assert seen_in(shown("sites", "admin", None, {})) == set(CANARIES.values())
    drawer = {"account": "2", "tab": "Bill history", "bill": "7"}
    assert CANARIES[2] in seen_in(shown("sites", "viewer", [2], drawer))
    for row in marked.rows["late_fees"]:
        address = {"view": "Disputes", "dispute": str(row["id"])}
        assert CANARIES[row["site_id"]] in seen_in(shown("reconcile", "viewer", [row["site_id"]], address))
