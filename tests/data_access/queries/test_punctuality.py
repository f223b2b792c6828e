"""Bills paid on time, by hand: what fell due, what was settled by then, and by money that stayed."""

from datetime import date

import pytest

from data_access.queries.dimensions import UnknownGroupError
from data_access.queries.late_bills import late_bills
from data_access.queries.punctuality import PUNCTUALITY_GROUPS, punctuality
from data_access.scope import Scope, ScopeRequiredError
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()


def by(database, group, filters, scope=ALL):
    with database.reading(Scope.all_sites()) as connection:
        return {r.key: (r.bills, r.late, r.unpaid) for r in punctuality(connection, scope, filters, group)}


def late(database, filters, scope=ALL, **arguments):
    with database.reading(Scope.all_sites()) as connection:
        return late_bills(connection, scope, filters, **arguments)


def test_a_bill_counts_from_the_day_after_its_due_day(database, story):
    assert by(database, "site", Filters(as_of=date(2026, 2, 2))) == {}
    assert by(database, "site", Filters(as_of=date(2026, 2, 3))) == {"DEP": (1, 1, 0)}
    assert by(database, "site", Filters(as_of=date(2026, 2, 10))) == {"HQ": (1, 1, 1), "DEP": (1, 1, 0)}
    assert by(database, "site", Filters(as_of=date(2026, 3, 7)))["HQ"] == (1, 1, 0)
    assert by(database, "site", Filters(as_of=date(2026, 3, 8)))["HQ"] == (2, 1, 0)
    assert by(database, "site", Filters(as_of=date(2026, 4, 5)))["HQ"] == (3, 2, 1)


def test_months_are_those_of_the_due_day(database, story):
    everything = Filters(as_of=date(2026, 4, 5))
    assert by(database, "month", everything) == {"2026-02": (2, 2, 0), "2026-03": (1, 0, 0), "2026-04": (1, 1, 1)}
    march = Filters(as_of=date(2026, 4, 5), since=date(2026, 3, 1), until=date(2026, 4, 1))
    assert by(database, "month", march) == {"2026-03": (1, 0, 0)}
    assert by(database, "vendor", everything) == {"Lumina": (3, 2, 1), "Halden": (1, 1, 0)}


def test_a_search_counts_what_fell_due_of_the_accounts_it_finds(database, story):
    day = date(2026, 4, 5)
    of_lumina = {"2026-02": (1, 1, 0), "2026-03": (1, 0, 0), "2026-04": (1, 1, 1)}
    assert by(database, "month", Filters(as_of=day, search="lumina")) == of_lumina
    assert by(database, "month", Filters(as_of=day, search="halden")) == {"2026-02": (1, 1, 0)}
    assert by(database, "month", Filters(as_of=day, search="nobody")) == {}


def test_the_late_bills_by_hand(database, story):
    rows = late(database, Filters(as_of=date(2026, 4, 5)))
    assert [(r.number, r.due_on, r.settled_on, r.days_late, r.amount, r.open_amount) for r in rows] == [
        ("M", date(2026, 4, 4), None, 1, 4000, 3700),
        ("J", date(2026, 2, 4), date(2026, 2, 25), 21, 10000, 0),
        ("E", date(2026, 2, 2), date(2026, 2, 3), 1, 900, 0),
    ]
    earlier = late(database, Filters(as_of=date(2026, 2, 19), currencies=("USD",)))
    assert [(r.settled_on, r.days_late, r.open_amount) for r in earlier] == [(None, 15, 4000)]


def test_a_bill_paid_on_its_due_day_is_in_time_and_one_paid_on_the_next_day_late(database, story):
    where = {"account_id": story["account_id"], "site_id": story["site_id"]}
    for number, day in (("on it", 20), ("after it", 21)):
        bill = make.invoice(database, where, number, date(2026, 5, 1), date(2026, 5, 20), 700)
        paid = make.payment(database, where, date(2026, 5, day), 700)
        make.allocation(database, where, 700, date(2026, 5, day), payment_id=paid, invoice_id=bill)
    may = Filters(as_of=date(2026, 5, 31), since=date(2026, 5, 1), until=date(2026, 6, 1))
    assert [(row.number, row.settled_on, row.days_late) for row in late(database, may)] == [
        ("after it", date(2026, 5, 21), 1)
    ]
    assert by(database, "site", may) == {"HQ": (2, 1, 0)}


def test_a_payment_that_came_back_settled_nothing(database, story):
    where = {"account_id": story["account_id"], "site_id": story["site_id"]}
    bill = make.invoice(database, where, "X", date(2026, 5, 1), date(2026, 5, 20), 2000)
    paid = make.payment(database, where, date(2026, 5, 15), 2000)
    first = make.allocation(database, where, 2000, date(2026, 5, 15), payment_id=paid, invoice_id=bill)
    make.allocation(database, where, 2000, date(2026, 6, 1), payment_id=paid, invoice_id=bill, reverses_id=first)
    make.payment(database, where, date(2026, 6, 1), 2000, kind="reversal", reverses_id=paid)
    may = {"since": date(2026, 5, 1), "until": date(2026, 6, 1)}
    assert by(database, "month", Filters(as_of=date(2026, 5, 31), **may)) == {"2026-05": (1, 0, 0)}
    assert by(database, "month", Filters(as_of=date(2026, 6, 1), **may)) == {"2026-05": (1, 1, 1)}


def test_bills_of_days_to_come_are_not_counted_yet_whether_paid_or_open(database, story):
    where = {"account_id": story["account_id"], "site_id": story["site_id"]}
    for number, (due, paid) in enumerate(((19, 500), (20, 500), (21, 500), (25, 300), (29, 0))):
        bill = make.invoice(database, where, f"N{number}", date(2026, 5, 2), date(2026, 5, due), 500)
        if paid:
            payment = make.payment(database, where, date(2026, 5, 18), paid)
            make.allocation(database, where, paid, date(2026, 5, 18), payment_id=payment, invoice_id=bill)
    make.invoice(database, where, "names no day", date(2026, 4, 23), None, 500)  # after 30 days, so on 23 May
    both = Scope.of([story["site_id"], story["depot"]])
    for day in (date(2026, 5, 18), date(2026, 5, 20), date(2026, 5, 27)):
        for group in ("month", "vendor", "region"):
            assert by(database, group, Filters(as_of=day)) == by(database, group, Filters(as_of=day), both)
    assert by(database, "month", Filters(as_of=date(2026, 5, 20)))["2026-05"] == (1, 0, 0)
    # By the 27th four more have fallen due: two settled, one in part, one not.
    assert by(database, "month", Filters(as_of=date(2026, 5, 27)))["2026-05"] == (5, 2, 2)


@pytest.mark.parametrize("group", PUNCTUALITY_GROUPS)
@pytest.mark.parametrize("day", [date(2026, 2, 3), date(2026, 2, 26), date(2026, 4, 30)])
def test_each_count_is_that_of_the_bills_behind_it(database, story, group, day):
    rows = late(database, Filters(as_of=day))
    counted = by(database, group, Filters(as_of=day))
    assert sum(c[1] for c in counted.values()) == len(rows)
    assert sum(c[2] for c in counted.values()) == sum(r.settled_on is None for r in rows)


def test_late_bills_page_by_page_and_within_the_scope(database, story):
    everything = Filters(as_of=date(2026, 4, 5))
    first = late(database, everything, limit=2)
    rest = late(database, everything, after=(first[-1].due_on, first[-1].id), limit=2)
    assert [r.number for r in first + rest] == ["M", "J", "E"]
    assert [r.number for r in late(database, everything, Scope.of([story["depot"]]))] == ["E"]
    with pytest.raises(ScopeRequiredError):
        late(database, everything, None)
    with pytest.raises(UnknownGroupError, match="colour"):
        by(database, "colour", everything)
