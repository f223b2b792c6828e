"""What the legs, their numbers and what the bank does not show say of a day is what the matches of its time come to, one by one."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from data_access.database import Database
from data_access.queries import leg_states, reconciliation
from data_access.queries.leg_states import BY_POSTING, LegState
from data_access.queries.local_days import day_over
from data_access.queries.reconciliation import LegRow, every_leg, leg_counts, legs, oldest_legs
from data_access.queries.unmatched import unmatched_in_all
from data_access.schema import accounts, calls, matches, payments
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
CURRENCIES = ("USD", "USD", "EUR")  # of the three accounts
FIRST = date(2026, 1, 1)
SPANS = {"USD": ((5, 40), (60, 90)), "EUR": ((20, 50),)}  # days that statements of the bank cover
CARDS = {"USD": ((25, 70),)}  # and those of a card


@pytest.fixture(scope="module")
def ledger(shared_database: Database) -> Iterator[Database]:
    """Payments at random, most of them matched some days later, some of these taken back, in part or much later."""
    rng, vendor = Random(5), make.vendor(shared_database)
    places = []
    for n, currency in enumerate(CURRENCIES):
        site = make.site(shared_database, f"S{n}")
        account = make.account(shared_database, site, vendor, f"A-{n}", currency=currency)
        places.append({"account_id": account, "site_id": site})
    lines = {}
    for currency, spans in SPANS.items():
        lines[currency] = [_statement(shared_database, "bank", currency, *span) for span in spans]
    for currency, spans in CARDS.items():
        for span in spans:
            _statement(shared_database, "card", currency, *span)
    for n in range(90):
        account = rng.randrange(len(places))
        where, paid = places[account], FIRST + timedelta(days=rng.randrange(100))
        posted = rng.choice((None, *(paid + timedelta(days=days) for days in (-2, 0, 1, 2, 9))))
        values: dict[str, Any] = {"posted_on": posted, "status": "posted" if posted else "pending"}
        values |= {"channel": rng.choice(("web", "phone")), "method": rng.choice(("ach", "ach", "card"))}
        if n % 3 == 0:  # the number may stand with the call
            call = {
                "started_at": datetime.combine(paid, datetime.min.time(), UTC),
                "confirmation_number": rng.choice(("", f"K{n}")),
            }
            values["call_id"] = make.add(shared_database, "calls", **where, **call)
        number = rng.choice(("", f"C{n}", f"C{n}"))
        payment = make.payment(shared_database, where, paid, 100, confirmation_number=number, **values)
        if rng.random() < 0.7:
            _match(shared_database, rng, where, payment, paid, rng.choice(lines[CURRENCIES[account]]))
        elif posted and rng.random() < 0.4:
            back = {"kind": "reversal", "reverses_id": payment}
            make.payment(shared_database, where, paid + timedelta(days=12), 100, **back)
    for where in places:  # posted before they were paid, within a statement and without one
        for paid, method in ((31, "ach"), (32, "ach"), (63, "card"), (64, "card")):
            values = {"posted_on": FIRST + timedelta(days=paid - 2), "method": method, "channel": "web"}
            make.payment(shared_database, where, FIRST + timedelta(days=paid), 100, **values)
    return shared_database


def _statement(database: Database, kind: str, currency: str, first: int, last: int) -> int:
    """A statement of the bank or a card; the number of its line."""
    account = {"bank_account": f"{kind} {currency}", "currency": currency}
    period = {"period_start": FIRST + timedelta(days=first), "period_end": FIRST + timedelta(days=last)}
    statement = make.add(database, "bank_statements", kind=kind, source="bank", **account, **period)
    row = {
        "statement_id": statement,
        "booked_on": period["period_start"],
        "amount": -100_000,
        "import_key": f"id:{first}",
    }
    return make.add(database, "bank_lines", **account, **row)


def _match(database: Database, rng: Random, where: dict[str, int], payment: int, paid: date, line: int) -> None:
    made = datetime.combine(paid + timedelta(days=rng.choice((0, 3, 8, 50))), datetime.min.time(), UTC)
    row = {"payment_id": payment, "bank_line_id": line, "decided_by": "ana"}
    for amount in rng.choice(((100,), (100,), (40,), (40, 60))):
        made += timedelta(days=rng.randrange(3))
        match = make.add(database, "matches", **where, **row, amount=amount, decided_at=made)
        if rng.random() < 0.25:
            undone = {"undoes_id": match, "amount": amount, "decided_at": made + timedelta(days=rng.choice((1, 30)))}
            make.add(database, "matches", **where, **row, **undone)


def _expected(database: Database, day: date, scope: Scope) -> list[tuple[LegState, date, int, int, str]]:
    """State, since when, number, what is matched, and the currency, in order."""
    matched: Counter[int] = Counter()
    with database.reading(ALL) as connection:
        currencies = dict(connection.execute(select(accounts.c.id, accounts.c.currency)).all())
        for match in connection.execute(select(matches).where(matches.c.decided_at < day_over(day))):
            matched[match.payment_id] += match.amount if match.undoes_id is None else -match.amount
        rows = connection.execute(select(payments).where(payments.c.kind == "payment", payments.c.paid_on <= day)).all()
        numbers = dict(connection.execute(select(calls.c.id, calls.c.confirmation_number)).all())
    found = []
    for row in rows:
        gone = row.reversed_on is not None and row.reversed_on <= day
        if not gone and scope.allows(row.site_id):
            currency = currencies[row.account_id]
            needs_number = row.channel == "phone" or row.call_id is not None
            unconfirmed = needs_number and not (row.confirmation_number or numbers.get(row.call_id))
            state = LegState.NO_CONFIRMATION if unconfirmed and not matched[row.id] else None
            state = state or _state(row, matched[row.id], currency, day, scope)
            since = row.posted_on if state in BY_POSTING else row.paid_on
            found.append((state, since, row.id, matched[row.id], currency))
    rest = sorted(
        (row for row in found if row[0] is not LegState.COMPLETE), key=lambda r: (list(LegState).index(r[0]), r)
    )
    done = sorted((row for row in found if row[0] is LegState.COMPLETE), key=lambda row: row[1:3], reverse=True)
    return rest + done


def _state(row: Any, matched: int, currency: str, day: date, scope: Scope) -> LegState:
    if matched:
        return LegState.COMPLETE if matched == row.amount else LegState.IN_PART
    if row.posted_on is None or row.posted_on > day:
        return LegState.NOT_POSTED
    spans = CARDS.get(currency, ()) if row.method == "card" else SPANS[currency]
    inside = any(first <= (row.posted_on - FIRST).days < last for first, last in spans)
    covered = not scope.everything or inside
    return LegState.NOT_IN_BANK if covered else LegState.NO_STATEMENT


def _told(row: LegRow) -> tuple[LegState, date, int, int, str]:
    return row.state, row.since, row.id, row.matched, row.currency


@pytest.mark.parametrize(
    ("scope", "currencies", "many"),
    [(ALL, (), 1), (Scope.of([1, 3]), (), 2), (Scope.of([1, 3]), (), 3), (ALL, ("USD",), 2), (ALL, ("USD",), 3)],
    ids=["everything", "two sites, which are many", "and few", "two accounts, which are many", "and few "],
)
def test_the_legs_of_a_day_are_what_was_matched_by_its_end(ledger, monkeypatch, scope, currencies, many):
    monkeypatch.setattr(leg_states, "_MANY", many)
    states: Counter[LegState] = Counter()
    for days in (-1, 3, 20, 41, 64, 88, 99, 130, 200):
        day = FIRST + timedelta(days=days)
        filters = Filters(as_of=day, currencies=currencies)
        expected = [row for row in _expected(ledger, day, scope) if not currencies or row[-1] in currencies]
        number = Counter(state for state, *_ in expected)
        with ledger.reading(scope) as connection:
            assert list(map(_told, legs(connection, scope, filters, limit=None))) == expected, day
            assert list(map(_told, every_leg(connection, scope, filters))) == expected, day
            assert leg_counts(connection, scope, filters) == {state: number[state] for state in LegState}, day
            oldest = oldest_legs(connection, scope, filters)
            page = legs(connection, scope, filters, limit=7)
            while page:
                assert list(map(_told, page)) == expected[: len(page)], day
                expected = expected[len(page) :]
                page = legs(connection, scope, filters, after=page[-1].mark, limit=7)
            assert not expected
        assert set(oldest) == {state for state in number if state is not LegState.COMPLETE}
        states += number
    untold = set() if scope.everything else {LegState.NO_STATEMENT}  # what statements cover is not for everybody
    assert set(states) == set(LegState) - untold
    assert min(states.values()) > 2


def test_no_more_legs_are_counted_than_are_told(ledger, monkeypatch):
    """Whichever statements bring a state's rows: today and on a day with matches decided since, everything and a period."""
    monkeypatch.setattr(reconciliation, "COUNTED", 2)
    for days, first in ((64, None), (200, None), (200, 30)):
        filters = Filters(as_of=FIRST + timedelta(days=days), since=first and FIRST + timedelta(days=first))
        with ledger.reading(ALL) as connection:
            number = Counter(row.state for row in every_leg(connection, ALL, filters))
            assert max(number.values()) > 3
            assert leg_counts(connection, ALL, filters) == {state: min(3, number[state]) for state in LegState}


def test_a_day_of_posting_may_be_a_slip_of_centuries(database):
    site = make.site(database, "S")
    where = {"account_id": make.account(database, site, make.vendor(database), "A"), "site_id": site}
    for posted in (date(9999, 12, 30), FIRST + timedelta(days=3), FIRST):
        make.payment(database, where, FIRST, 100, confirmation_number="C", posted_on=posted)
    with database.reading(ALL) as connection:
        told = [(row.state, row.posted_on) for row in legs(connection, ALL, Filters(as_of=FIRST))]
        counts = leg_counts(connection, ALL, Filters(as_of=FIRST))
    assert told == [(LegState.NOT_POSTED, None), (LegState.NOT_POSTED, None), (LegState.NO_STATEMENT, FIRST)]
    assert counts[LegState.NOT_POSTED] == 2


@pytest.mark.parametrize("since", [None, FIRST + timedelta(days=30)])
def test_what_the_bank_does_not_show_is_the_sum_of_what_is_left_of_each(ledger, since):
    told = 0
    for days in (3, 41, 64, 99, 200):
        day = FIRST + timedelta(days=days)
        left: Counter[str] = Counter()
        with ledger.reading(ALL) as connection:
            for row in every_leg(connection, ALL, Filters(as_of=day)):
                if since is None or row.paid_on >= since:
                    left[row.currency] += row.left
            filters = Filters(as_of=day, since=since)
            assert unmatched_in_all(connection, ALL, filters) == +left, day
        told += len(left)
    assert told > 2


@pytest.mark.parametrize("scope", [ALL, Scope.of([1, 3])], ids=["everything", "two sites"])
def test_the_legs_of_a_period_are_those_of_what_was_paid_in_it(ledger, scope):
    """Also what was posted two days before it was paid, and before the period; turning pages and counting as ever."""
    early: Counter[LegState] = Counter()
    for days, first, last in ((41, 20, None), (88, 30, None), (130, 0, 40), (200, 62, 65)):
        day, since = FIRST + timedelta(days=days), FIRST + timedelta(days=first)
        until = last and FIRST + timedelta(days=last)
        filters = Filters(as_of=day, since=since, until=until)
        with ledger.reading(scope) as connection:
            every = list(every_leg(connection, scope, Filters(as_of=day)))
            expected = [row for row in every if row.paid_on >= since and (until is None or row.paid_on < until)]
            early += Counter(row.state for row in expected if row.since < since)
            number, oldest = Counter(row.state for row in expected), dict[LegState, int]()
            for row in expected:
                oldest.setdefault(row.state, row.age)
            oldest.pop(LegState.COMPLETE, None)
            assert list(every_leg(connection, scope, filters)) == expected, day
            assert leg_counts(connection, scope, filters) == {state: number[state] for state in LegState}, day
            assert oldest_legs(connection, scope, filters) == oldest, day
            pages, page = [], legs(connection, scope, filters, limit=5)
            while page:
                pages.append(page)
                page = legs(connection, scope, filters, after=page[-1].mark, limit=5)
            assert [row for page in pages for row in page] == expected, day
            for before, page in pairwise(pages):
                assert legs(connection, scope, filters, before=page[0].mark, limit=5) == before, day
    waiting = {LegState.NOT_IN_BANK} if not scope.everything else {LegState.NOT_IN_BANK, LegState.NO_STATEMENT}
    assert set(early) == waiting
