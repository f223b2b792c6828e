"""A calendar of many, on a ledger at random: days of many entries say how many they are and what they come to, and others as they were."""

from collections import Counter, defaultdict

import pytest

from data_access.account_risks import judge
from data_access.folding import fold
from data_access.queries import calendar
from data_access.queries.calendar import Entry, calendar_entries
from data_access.queries.due_dates import due_days
from data_access.queries.open_bills import open_bills
from data_access.queries.risk import account_risks
from data_access.queries.safe_days import SafeDay, safe_days
from data_access.scope import Scope
from domain.filters import Filters
from domain.money import Money
from domain.periods import shifted
from domain.risk import Stage
from tests.data_access.queries.test_at_risk import DAYS, ledger

ALL = Scope.all_sites()
__all__ = ["ledger"]
ASKED = (
    (None, Filters(as_of=DAYS[3]), ALL),
    (DAYS[3], Filters(as_of=DAYS[3]), ALL),
    (DAYS[3], Filters(as_of=DAYS[4], sites=("S0",)), ALL),
    (DAYS[3], Filters(as_of=DAYS[3], vendors=("V0",)), Scope.of([1, 2])),
)


@pytest.fixture(params=range(len(ASKED)))
def asked(request, ledger):
    """(connection, scope, filters), with what was judged by then."""
    judged_on, filters, scope = ASKED[request.param]
    if judged_on is not None:
        fold(ledger)
        judge(ledger, judged_on)
    with ledger.reading(scope) as connection:
        yield connection, scope, filters


def test_the_last_safe_days_are_those_of_judging_everybody_now(asked):
    plain = set()
    for entry in account_risks(*asked):
        days = [day for _, day in entry.risk.pay_by if day is not None]
        if entry.risk.firm.stage >= Stage.LATE and days:
            plain.add(SafeDay(max(days), entry.account_id, entry.currency, entry.risk.firm.keep_on))
    found = safe_days(*asked)
    assert set(found) == plain
    assert len(found) == len(plain)
    assert plain or asked[2] != Filters(as_of=DAYS[3])


def test_what_is_due_on_a_day_is_the_sum_of_its_bills(asked):
    first, last = shifted(asked[2].as_of, -calendar.BACK), shifted(asked[2].as_of, calendar.AHEAD)
    plain: dict[object, list[int]] = defaultdict(lambda: [0, 0])
    for bill in open_bills(*asked, limit=10_000):
        if first <= bill.due_on <= last:
            plain[bill.due_on, bill.currency][0] += 1
            plain[bill.due_on, bill.currency][1] += bill.open_amount
    found = {(row.due_on, row.currency): [row.bills, row.amount] for row in due_days(*asked, first, last)}
    assert found == plain
    assert found


def told(monkeypatch, asked, few: int) -> dict[object, list[Entry]]:
    monkeypatch.setattr(calendar, "FEW", few)
    found: dict[object, list[Entry]] = defaultdict(list)
    for entry in calendar_entries(*asked):
        found[entry.kind, entry.day].append(entry)
    return found


def test_a_day_of_many_says_how_many_they_are_and_what_they_come_to(monkeypatch, asked):
    one_by_one, some = told(monkeypatch, asked, 10_000), told(monkeypatch, asked, 1)
    assert one_by_one.keys() == some.keys()
    many = Counter()
    first, last = shifted(asked[2].as_of, -calendar.BACK), shifted(asked[2].as_of, calendar.AHEAD)
    due: dict[object, list[str]] = defaultdict(list)
    for row in due_days(*asked, first, last):
        due[row.due_on].append(f"{row.currency} {Money(row.amount, row.currency).decimal:,} of {row.bills:,} bills")
    for (kind, day), entries in one_by_one.items():
        if len(entries) == 1:
            assert some[kind, day] == entries
            continue
        (entry,) = some[kind, day]
        many[kind] += 1
        assert str(len(entries)) in entry.title
        if kind == "due":
            assert list(entry.details) == due[day]
    assert many["due"] or not asked[1].everything or asked[2].sites
    assert len({entry.key for entries in some.values() for entry in entries}) == len(some)
