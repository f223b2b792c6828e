"""The quick check: what is answered to an amount and a day, beside the balances, and what it carries over to What-if.

On the small ledger Lumina's notice of 16 November announces 24 November and asks 100.00 of Pueblo Warehouse.
"""

from datetime import date

import pytest

from domain.what_if.actions import Action, Kind, Selection, What
from domain.what_if.address_text import from_text
from tests.pages.conftest import everything, texts
from tests.pages.test_risk import threatened  # noqa: F401 - a fixture
from ui.quick_check import Choice, choose, way
from ui.what_if_results import Threatened

AS_OF = "2026-11-20"
DAY = date.fromisoformat(AS_OF)
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


def answer(page):
    return next(text.value for text in page.markdown if "open" in text.value.lower() and "$" in text.value)


def carried(page):
    text = answer(page)
    return from_text(text.partition("scenario=.")[2].partition("&")[0].partition(")")[0])


@pytest.mark.parametrize("path", ["overview", "balances", "sites"])
def test_cash_and_a_day_are_answered_in_place(threatened, draw, path):  # noqa: F811
    page = draw(path, as_of=AS_OF)
    assert answer(page).startswith(r"Leaves **\$95** owed, keeps **1 of 1** services on that would be off by 20 Dec")
    assert "| **Pay** Pueblo Warehouse, internet | 24 Nov | 100.00 |" in texts(page)
    page.number_input(key="quick-exact").set_value(99).run()
    assert answer(page).startswith(r"Nothing is paid: **\$195** stays open, and 1 service is off by 20 Dec")
    assert "| Skip Pueblo Warehouse, internet |" in texts(page)
    assert page.select_slider(key="quick-cash").value == 99
    assert page.number_input(key="quick-exact").value is None
    page.select_slider(key="quick-cash").set_value(100).run()
    page.date_input(key="quick-day").set_value(date(2026, 12, 19)).run()
    assert "keeps **0 of 1** services on" in answer(page)  # it was off by then
    assert carried(page).actions == (
        Action(Kind.PAY, Selection(accounts=(threatened["lumina"],)), date(2026, 12, 19), What.MINIMUM),
    )


def test_nobody_else_is_asked_about_anothers_accounts(threatened, draw):  # noqa: F811
    shown = everything(draw("overview", sites=[threatened["cologne"]], as_of=AS_OF))
    assert "What if we release cash?" not in shown
    assert "Pueblo" not in shown


def test_who_is_too_dear_is_skipped_and_the_next_is_paid(dialect):
    rows = [Threatened(n, "Site", "voice", amount, n) for n, amount in enumerate((50, 80, 30))]
    assert [choice.pay for choice in choose(rows, 90)] == [True, False, True]
    assert [choice.pay for choice in choose(rows, 0)] == [False] * 3


def test_more_accounts_than_an_address_holds_are_carried_over_as_all_of_them_or_not(dialect):
    rows = [Choice(Threatened(n * n, "Site", "voice", 100, n), True) for n in range(1, 3_001)]
    link = way(rows, DAY, DAY)
    (action,) = from_text(link.partition("scenario=.")[2].partition("&")[0].partition(")")[0]).actions
    assert action.selection == Selection()
    rows[0] = rows[0]._replace(pay=False)
    assert way(rows, DAY, DAY).endswith(
        ":small[2,999 accounts are more than a link to What-if holds: filter by site or vendor first.]"
    )
