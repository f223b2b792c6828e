"""Money on account, the next due day, and when anything happened."""

from datetime import date, timedelta

import pytest

from data_access.queries.activity import Activity, activity
from data_access.queries.balances import aging
from data_access.queries.dimensions import UnknownGroupError
from data_access.queries.due_dates import NextDue, next_due
from data_access.queries.unapplied import unapplied_rows
from data_access.scope import Scope, ScopeRequiredError
from domain.filters import Filters

ALL = Scope.all_sites()


def test_money_on_account_by_hand(database, story):
    def left(day, **arguments):
        with database.reading(Scope.all_sites()) as connection:
            found = unapplied_rows(connection, ALL, Filters(as_of=date(2026, 3, day)), **arguments)
        return [(r.kind, r.name, r.day.day, r.amount, r.left) for r in found]

    assert left(1) == left(9) == [("payment", "CX-3", 1, 7000, -2000)]
    assert left(10) == [("payment", "CX-3", 1, 7000, -500)]
    assert left(15) == [("payment", "CX-3", 1, 7000, -500), ("credit_note", "C", 12, 800, -500)]
    assert left(15, account_id=story["other"]) == []


def test_its_rows_add_up_to_the_unapplied_of_the_balances(database, story):
    for days in range(0, 120, 3):
        filters = Filters(as_of=date(2026, 1, 10) + timedelta(days=days))
        with database.reading(Scope.all_sites()) as connection:
            rows = unapplied_rows(connection, ALL, filters)
            assert sum(r.left for r in rows) == sum(r.unapplied for r in aging(connection, ALL, filters, "site"))


def test_the_next_due_day_has_what_is_open_by_then(database, story):
    def due(day, by="site", **filters):
        with database.reading(Scope.all_sites()) as connection:
            return next_due(connection, ALL, Filters(as_of=day, **filters), by)

    assert due(date(2026, 2, 1)) == [
        NextDue("DEP", "EUR", date(2026, 2, 2), 900, 1),
        NextDue("HQ", "USD", date(2026, 2, 4), 10000, 1),
    ]
    # The due day itself is still to come; the day after is not.
    assert [d.due_on for d in due(date(2026, 2, 4))] == [date(2026, 2, 4)]
    assert [(d.due_on, d.amount) for d in due(date(2026, 2, 5))] == [(date(2026, 3, 7), 5000)]
    assert [(d.key, d.amount) for d in due(date(2026, 3, 31), "account")] == [(str(story["account_id"]), 3700)]
    assert due(date(2026, 3, 31), vendors=("Halden",)) == []
    with pytest.raises(UnknownGroupError, match="colour"):
        due(date(2026, 3, 31), "colour")


def test_the_span_of_what_happened(database, story):
    with database.reading(Scope.all_sites()) as connection:
        filters = Filters(as_of=date(2026, 3, 31))
        whole = activity(connection, ALL, filters)
        assert whole == Activity(date(2026, 1, 5), date(2026, 3, 12), date(2026, 2, 2), date(2026, 3, 10))
        assert (whole.first, whole.last) == (date(2026, 1, 5), date(2026, 3, 12))
        assert activity(connection, ALL, filters, account_id=story["other"]).last == date(2026, 2, 3)
        for day in (date(2026, 1, 4), date(2026, 2, 2), date(2026, 3, 9), date(2026, 3, 31)):
            narrowed = [
                activity(connection, ALL, Filters(as_of=day, **chosen))
                for chosen in ({"currencies": ("USD",)}, {"sites": ("HQ",)})
            ]
            assert narrowed[0] == narrowed[1], day
        nothing = activity(connection, Scope.of([]), filters)
        assert (nothing.first, nothing.last) == (None, None)
        with pytest.raises(ScopeRequiredError):
            activity(connection, None, filters)
