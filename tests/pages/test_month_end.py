"""The month-end pack on Balances: made on the click and offered, for the own sites alone."""

import io
from datetime import UTC, date, datetime

import pytest
from python_calamine import CalamineWorkbook

from data_access.month_end_sheets import BY_SITE, LINES
from data_access.scope import Scope
from domain.filters import Filters
from tests.pages.conftest import AS_OF
from ui import month_end, reads, sign_in
from ui.viewer import Viewer

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def wanted(small_ledger):
    """wanted(kind, scope): a pack of this month."""
    reads.open_database.clear()

    def make(kind, scope=Scope.all_sites()):  # noqa: B008
        return month_end.Wanted(Viewer("tester", "finance", scope, NOW), Filters(NOW.date()), date(2026, 11, 1), kind)

    yield make
    reads.open_database.clear()


def test_the_button_makes_the_pack_and_offers_it(small_ledger, draw):
    page = draw("balances", as_of=AS_OF)
    assert "October 2026, PDF" not in [button.proto.label for button in page.get("download_button")]
    page.button(key="month-end-make").click().run()
    assert not page.exception
    assert "October 2026, PDF" in [button.proto.label for button in page.get("download_button")]
    page.selectbox(key="month-end-month").set_value(date(2026, 11, 1)).run()
    assert not any("2026, PDF" in button.proto.label for button in page.get("download_button"))


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_it_is_of_the_viewers_sites(wanted, small_ledger):
    everything = month_end.start(wanted("XLSX")).future.result()
    own = month_end.start(wanted("XLSX", Scope.of([small_ledger["cologne"]]))).future.result()
    names = {row[0] for row in CalamineWorkbook.from_filelike(io.BytesIO(own)).get_sheet_by_name(BY_SITE).to_python()}
    assert "Cologne Office" in names
    assert "Pueblo Warehouse" not in names
    sheets = [CalamineWorkbook.from_filelike(io.BytesIO(made)).sheet_names for made in (everything, own)]
    assert [LINES in names for names in sheets] == [True, False]
    assert month_end.start(wanted("PDF")).future.result().startswith(b"%PDF")


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_it_is_kept_from_somebody_whose_access_changed(wanted, monkeypatch):
    told = []
    monkeypatch.setattr(month_end.denials, "tell", lambda *said: told.append(said))
    monkeypatch.setattr(sign_in, "is_still", lambda viewer: viewer.role == "admin")
    with pytest.raises(PermissionError):
        month_end.content(wanted("PDF"), b"made")
    assert len(told) == 1
    assert wanted("PDF").key != wanted("PDF", Scope.of([1])).key
