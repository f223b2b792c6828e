"""Pages drawn without a browser, on a ledger small enough to work out by hand.

Pueblo Warehouse (West) owes Lumina in dollars: 100.00 due 25 Sep, 30.00 of 50.00 due 15 Nov, 70.00 due 25 Nov, and has
5.00 on account. Cologne Office (Rhine) owes Halden 90.00 euros due 31 Oct. One euro is 1.10 dollars on 31 Oct.
As of 20 Nov 2026: USD 195.00 of which 130.00 past due; EUR 90.00, all past due.
"""

from collections.abc import Callable
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from data_access.database import Database
from tests import factories as make

AS_OF = "2026-11-20"


@pytest.fixture
def small_ledger(database: Database, ledger_address: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The ledger above, at DATABASE_URL; ids by name."""
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    pueblo = make.site(database, "PUB", name="Pueblo Warehouse", region="West")
    cologne = make.site(database, "CGN", name="Cologne Office", region="Rhine", country="DE")
    lumina = make.account(database, pueblo, make.vendor(database, "Lumina"), "L-1234567")
    halden = make.account(
        database, cologne, make.vendor(database, "Halden"), "H-7654321", currency="EUR", service_type="voice"
    )
    here = {"account_id": lumina, "site_id": pueblo}
    make.invoice(database, here, "B1", date(2026, 9, 1), date(2026, 9, 25), 100_00)
    second = make.invoice(database, here, "B2", date(2026, 10, 20), date(2026, 11, 15), 50_00)
    make.invoice(database, here, "B3", date(2026, 11, 5), date(2026, 11, 25), 70_00)
    paid = make.payment(database, here, date(2026, 11, 16), 25_00)
    make.allocation(database, here, 20_00, date(2026, 11, 16), payment_id=paid, invoice_id=second)
    there = {"account_id": halden, "site_id": cologne}
    make.invoice(database, there, "E1", date(2026, 10, 1), date(2026, 10, 31), 90_00)
    make.add(database, "fx_rates", currency="EUR", quote="USD", on_date=date(2026, 10, 31), rate_e9=1_100_000_000)
    names = {"pueblo": pueblo, "cologne": cologne, "lumina": lumina, "halden": halden}
    return names | {
        "account": lumina,
        "bill": second,
        "payment": paid,
    }  # those of Pueblo, by what an address calls them


def _script(path: str, site_ids: list[int] | None) -> None:
    from datetime import UTC, datetime

    from data_access.scope import Scope
    from pages import MENU
    from ui import filter_chips
    from ui.viewer import Viewer

    scope = Scope.all_sites() if site_ids is None else Scope.of(site_ids)
    viewer = Viewer("tester", "admin", scope, datetime(2026, 11, 20, 12, 0, tzinfo=UTC))
    filter_chips.draw(viewer)
    filter_chips.tell_unknown()
    next(entry for entry in MENU if entry.path == path).render(viewer)


@pytest.fixture
def draw() -> Callable[..., AppTest]:
    """draw(path, sites=None, **address): the page as a viewer of those sites sees it; errors are raised, not told."""

    def _draw(path: str, sites: list[int] | None = None, **address: str | list[str]) -> AppTest:
        page = AppTest.from_function(_script, default_timeout=60, kwargs={"path": path, "site_ids": sites})
        for key, value in address.items():
            page.query_params[key] = value
        page.run()
        assert not page.exception, page.exception[0].message
        return page

    return _draw


def findings(page: AppTest) -> list[str]:
    """The sentences at the head of each section."""
    return [heading.value for heading in page.header]


def texts(page: AppTest) -> str:
    """All Markdown of a page."""
    return "\n".join(markdown.value for markdown in page.markdown)


def everything(page: AppTest) -> str:
    """All that a page sends to the browser: its elements, and the insides of tables, grids and charts."""
    tables = [element.value.to_csv() for element in (*page.table, *page.dataframe)]
    charts = [element.proto.spec for element in page.get("plotly_chart")]
    return "\n".join([repr(page.main), *tables, *charts])
