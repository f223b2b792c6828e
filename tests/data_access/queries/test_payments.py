"""Payments, their status and what is applied, as of any day; totals and the rows behind them."""

from dataclasses import replace
from datetime import date

import pytest

from data_access.queries import searching
from data_access.queries.dimensions import UnknownGroupError
from data_access.queries.payment_totals import PAYMENT_GROUPS, payment_totals, payments_by_month
from data_access.queries.payments import payment_rows
from data_access.scope import Scope, ScopeRequiredError
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
MARCH = Filters(as_of=date(2026, 3, 31))


def read(database, query, filters=MARCH, scope=ALL, *args, **arguments):
    with database.reading(Scope.all_sites()) as connection:
        return query(connection, scope, filters, *args, **arguments)


def totals(database, by, filters=MARCH, **arguments):
    rows = read(database, payment_totals, filters, ALL, by, **arguments)
    return {(r.key, r.currency): (r.paid, r.refunded, r.returned, r.net, r.count) for r in rows}


def test_totals_count_what_came_back_against_what_went_out(database, story):
    assert totals(database, "currency") == {
        ("USD", "USD"): (23000, 1500, 6000, 15500, 5),
        ("EUR", "EUR"): (900, 0, 0, 900, 1),
    }
    assert totals(database, "method") == {
        ("card", "USD"): (10000, 0, 0, 10000, 1),
        ("ach", "USD"): (7000, 1500, 0, 5500, 2),
        ("e-check", "USD"): (6000, 0, 6000, 0, 2),
        ("autopay", "EUR"): (900, 0, 0, 900, 1),
    }
    assert totals(database, "month", Filters(as_of=date(2026, 2, 28), currencies=("USD",))) == {
        ("2026-02", "USD"): (16000, 0, 6000, 10000, 3)
    }


def test_the_status_is_that_of_the_day(database, story):
    def statuses(day):
        rows = read(database, payment_rows, Filters(as_of=day, currencies=("USD",)))
        return {r.id: (r.status, r.allocated, r.reversed_on, r.posted_on) for r in rows if r.kind == "payment"}

    p1, p2 = story["P1"], story["P2"]
    assert statuses(date(2026, 2, 4)) == {p1: ("pending", 6000, None, None)}
    assert statuses(date(2026, 2, 5)) == {p1: ("posted", 6000, None, date(2026, 2, 5))}
    assert statuses(date(2026, 2, 19))[p1] == ("posted", 6000, None, date(2026, 2, 5))
    assert statuses(date(2026, 2, 20))[p1] == ("returned", 0, date(2026, 2, 20), date(2026, 2, 5))
    assert statuses(date(2026, 2, 26))[p2] == ("pending", 10000, None, None)
    assert statuses(date(2026, 2, 27))[p2] == ("posted", 10000, None, date(2026, 2, 27))
    assert totals(database, "status", Filters(as_of=date(2026, 2, 26), currencies=("USD",))) == {
        ("pending", "USD"): (10000, 0, 0, 10000, 1),
        ("returned", "USD"): (6000, 0, 0, 6000, 1),
        ("posted", "USD"): (0, 0, 6000, -6000, 1),
    }


def test_what_came_back_on_its_day_or_was_posted_later_is_counted_once(database):
    """From 1 to 10 March: one that came back on the first itself, and one that was posted on the 20th and came back on the 25th."""
    where = make.office(database)
    first = make.payment(database, where, date(2026, 3, 1), 100)
    make.payment(database, where, date(2026, 3, 1), 100, kind="reversal", reverses_id=first)
    later = make.payment(database, where, date(2026, 3, 5), 40, posted_on=date(2026, 3, 20))
    make.payment(database, where, date(2026, 3, 25), 40, kind="reversal", reverses_id=later)
    assert totals(database, "status", Filters(as_of=date(2026, 3, 10), since=date(2026, 3, 1))) == {
        ("returned", "USD"): (100, 0, 0, 100, 1),
        ("posted", "USD"): (0, 0, 100, -100, 1),
        ("pending", "USD"): (40, 0, 0, 40, 1),
    }


def test_what_is_unapplied_is_that_of_the_day(database, story):
    def left(day):
        rows = read(database, payment_rows, Filters(as_of=day))
        return {r.id: r.unapplied for r in rows if r.unapplied}

    assert left(date(2026, 3, 9)) == {story["P3"]: 2000}
    assert left(date(2026, 3, 10)) == {story["P3"]: 500}


@pytest.mark.parametrize(
    ("filters", "narrowed"),
    [
        (MARCH, {}),
        (Filters(as_of=date(2026, 3, 5), since=date(2026, 2, 3), until=date(2026, 3, 1)), {}),
        (replace(MARCH, methods=("card", "ach")), {}),
        (replace(MARCH, search="cx-"), {}),
        (replace(MARCH, search="halden"), {}),
        (MARCH, {"statuses": ("returned",)}),
        (MARCH, {"channels": ("portal", "mail")}),
        (Filters(as_of=date(2026, 2, 26)), {"statuses": ("pending",)}),
    ],
)
def test_each_total_is_the_sum_of_its_rows(database, story, filters, narrowed):
    rows = read(database, payment_rows, filters, ALL, **narrowed)
    assert rows
    for by in PAYMENT_GROUPS:
        groups = read(database, payment_totals, filters, ALL, by, **narrowed)
        for currency in ("USD", "EUR"):
            mine = [r for r in rows if r.currency == currency]
            assert sum(g.net for g in groups if g.currency == currency) == sum(r.signed for r in mine), by
            assert sum(g.count for g in groups if g.currency == currency) == len(mine), by


@pytest.mark.parametrize("few", [0, 1, searching.FEW])
def test_what_a_search_finds_is_counted_once_however_many_accounts_it_names(database, few, monkeypatch):
    """Of three accounts two are Halden's, of which one paid by a number that says so too, as the third did."""
    monkeypatch.setattr(searching, "FEW", few)
    halden, lumina = make.vendor(database, "Halden"), make.vendor(database, "Lumina")
    for number, (vendor_id, confirmation) in enumerate(
        [(halden, ""), (halden, "HALDEN-1"), (lumina, "halden-2"), (lumina, "")]
    ):
        site_id = make.site(database, f"S{number}")
        account_id = make.account(database, site_id, vendor_id, f"A-10{number}")
        where = {"account_id": account_id, "site_id": site_id}
        make.payment(database, where, date(2026, 3, 2), 10**number, confirmation_number=confirmation)
    found = replace(MARCH, search="Halden")
    assert sorted(row.amount for row in read(database, payment_rows, found)) == [1, 10, 100]
    for by in ("currency", "month", "method"):
        assert [r[0::4] for r in totals(database, by, found).values()] == [(111, 3)], by
    assert totals(database, "vendor", found) == {
        ("Halden", "USD"): (11, 0, 0, 11, 2),
        ("Lumina", "USD"): (100, 0, 0, 100, 1),
    }


@pytest.mark.parametrize("split", ["method", "channel"])
def test_months_and_their_parts_add_up_to_the_months(database, story, split):
    whole = {(r.key, r.currency): r.net for r in read(database, payment_totals, MARCH, ALL, "month")}
    parts: dict[tuple[str, str], int] = {}
    for row in read(database, payments_by_month, MARCH, ALL, split):
        parts[row.month, row.currency] = parts.get((row.month, row.currency), 0) + row.net
    assert parts == whole


def test_rows_are_found_and_paged(database, story):
    assert [r.id for r in read(database, payment_rows, replace(MARCH, search="CX-2"))] == [story["P2"]]
    assert [r.id for r in read(database, payment_rows, payment_id=story["back"])] == [story["back"]]
    seen, mark = [], None
    while page := read(database, payment_rows, MARCH, ALL, after=mark, limit=2):
        seen += page
        mark = (page[-1].paid_on, page[-1].id)
    assert seen == read(database, payment_rows)
    assert len(seen) == 6


def test_scope_is_required_and_kept(database, story):
    with pytest.raises(ScopeRequiredError):
        read(database, payment_rows, MARCH, None)
    with pytest.raises(UnknownGroupError, match="colour"):
        read(database, payment_totals, MARCH, ALL, "colour")
    depot = Scope.of([story["depot"]])
    assert [r.id for r in read(database, payment_rows, MARCH, depot)] == [story["A"]]
    assert [r.net for r in read(database, payment_totals, MARCH, depot, "site")] == [900]
    assert read(database, payments_by_month, MARCH, Scope.of([])) == []
