"""One row a page: it draws, with rows and without any, for everything and for nothing."""

import pytest

from pages import MENU
from tests.pages.conftest import everything

PATHS = [entry.path for entry in MENU]


@pytest.mark.parametrize("path", PATHS)
def test_a_page_draws(small_ledger, draw, path):
    page = draw(path, as_of="2026-11-20")
    assert not page.error


@pytest.mark.parametrize("path", PATHS)
def test_a_page_draws_for_filters_that_leave_nothing(small_ledger, draw, path):
    page = draw(path, as_of="2020-01-01", site="Cologne Office", vendor="Lumina")
    assert not page.error


def test_what_is_on_a_page_is_in_its_text(small_ledger, draw):
    """The tests below look for names in everything(page): there they are when they may be seen."""
    shown = everything(draw("overview", as_of="2026-11-20"))
    assert all(name in shown for name in ("Pueblo Warehouse", "Cologne Office", "Lumina", "4567", "195.00"))


@pytest.mark.parametrize("path", PATHS)
def test_a_viewer_of_no_site_sees_no_name_and_no_figure(small_ledger, draw, path):
    page = draw(path, sites=[], as_of="2026-11-20")
    shown = everything(page)
    for secret in ("Pueblo", "Cologne", "Lumina", "Halden", "4567", "4321", "195.00", "100.00"):
        assert secret not in shown


@pytest.mark.parametrize("path", PATHS)
def test_a_viewer_of_one_site_sees_nothing_of_the_other(small_ledger, draw, path):
    page = draw(path, sites=[small_ledger["cologne"]], as_of="2026-11-20")
    shown = everything(page)
    for secret in ("Pueblo", "Lumina", "4567", "195.00"):
        assert secret not in shown


@pytest.mark.parametrize("path", PATHS)
def test_whole_account_numbers_are_not_on_the_screen(small_ledger, draw, path):
    shown = everything(draw(path, as_of="2026-11-20"))
    assert "L-1234567" not in shown
    assert "H-7654321" not in shown
