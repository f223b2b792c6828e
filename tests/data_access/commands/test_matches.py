"""Matching as commands, on both databases: refusals, undoing, learning, two at once, and what verify finds."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from data_access.commands.bank_line_decisions import explain_line, take_back_explanation
from data_access.commands.call_links import link_call
from data_access.commands.match_refusals import MatchRefusedError
from data_access.commands.matches import accept, accept_many, match_by_hand, undo_match
from data_access.commands.payments import return_payment
from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.queries.bank_lines import open_line_count, open_lines
from data_access.queries.leg_states import LegState
from data_access.queries.proposals import proposals, proposed_calls
from data_access.queries.reconciliation import leg_counts, legs
from data_access.schema import bank_lines, payments
from data_access.scope import Scope
from data_access.verification.bank import matched_is_sum
from domain.filters import Filters
from domain.matching.proposals import Explanation, Part
from tests import factories as make

ALL = Scope.all_sites()
DAY = date(2026, 3, 31)
DECIDED = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def books(database):
    """An office of two payments and three lines: two show them, one is a fee. Everything is decided on 20 March."""
    database._now = lambda: DECIDED
    where = make.office(database)
    values = {"bank_account": "Operating", "kind": "bank", "currency": "USD", "opening": 0, "closing": -13_500}
    values |= {"import_key": "id:march"}
    period = {"period_start": date(2026, 3, 1), "period_end": date(2026, 4, 1), "source": "bank"}
    statement = make.add(database, "bank_statements", **values | period)
    found = {"where": where, "statement": statement}
    for n, amount in ((1, 5_000), (2, 8_000)):
        day = date(2026, 3, 4 + n)
        found[f"payment{n}"] = make.payment(database, where, day, amount, confirmation_number=f"LUM-447{n}-0098")
        found[f"line{n}"] = _line(database, statement, f"id:{n}", -amount, description=f"ACH LUMINA {n}")
    found["fee"] = _line(database, statement, "id:3", -500, description="WIRE FEE")
    return found


def _line(database, statement, key, amount, **values):
    row = {"booked_on": date(2026, 3, 9), "amount": amount, "currency": "USD", "import_key": key}
    row["bank_account"] = "Operating"
    return make.add(database, "bank_lines", **row | {"statement_id": statement} | values)


def _do(database, command, *arguments, scope=ALL):
    return database.writing("ana", scope, lambda writing: command(writing, scope, *arguments))


def _matched(database):
    with database.reading(ALL) as connection:
        assert not list(matched_is_sum(connection))
        return (
            list(connection.scalars(select(payments.c.matched).order_by(payments.c.id))),
            list(connection.scalars(select(bank_lines.c.matched).order_by(bank_lines.c.id))),
        )


def _proposed(database):
    with database.reading(ALL) as connection:
        return proposals(connection, ALL, DAY)


def test_what_is_proposed_is_accepted_and_no_longer_proposed(database, books):
    found = _proposed(database)
    assert [(p.payment_ids, p.line_ids, p.automatic) for p in found.matches] == [
        ((books["payment1"],), (books["line1"],), True),
        ((books["payment2"],), (books["line2"],), True),
    ]
    assert [(e.line_id, e.reason) for e in found.explained] == [(books["fee"], Explanation.FEE)]
    _do(database, accept_many, found.matches)
    assert _matched(database) == ([5_000, 8_000], [5_000, 8_000, 0])
    assert not _proposed(database).matches
    with database.reading(ALL) as connection:
        kept = connection.execute(text("SELECT score, reasons FROM matches ORDER BY id")).first()
        counts = leg_counts(connection, ALL, Filters(as_of=DAY))
        assert counts[LegState.COMPLETE] == 2
        assert sum(counts.values()) == 2
    assert kept.score == found.matches[0].score
    assert '"amount", "equal", 300' in kept.reasons


def test_undone_and_matched_again(database, books):
    (first,) = _do(database, match_by_hand, [Part(books["payment1"], books["line1"], 5_000)])
    _do(database, undo_match, first)
    assert _matched(database) == ([0, 0], [0, 0, 0])
    with pytest.raises(MatchRefusedError, match="was undone already"):
        _do(database, undo_match, first)
    _do(database, accept, _proposed(database).matches[0])
    assert _matched(database) == ([5_000, 0], [5_000, 0, 0])


def test_one_line_for_two_payments_and_back(database, books):
    joined = _line(database, books["statement"], "id:9", -13_000, description="LUMINA")
    parts = [Part(books["payment1"], joined, 5_000), Part(books["payment2"], joined, 8_000)]
    made = _do(database, match_by_hand, parts)
    assert _matched(database) == ([5_000, 8_000], [0, 0, 0, 13_000])
    _do(database, undo_match, made[0])
    assert _matched(database) == ([0, 8_000], [0, 0, 0, 8_000])


def test_what_cannot_be_is_refused_in_words(database, books):
    one, two = books["payment1"], books["payment2"]
    _do(database, match_by_hand, [Part(one, books["line1"], 5_000)])
    refusals = {
        "payment 1 is matched already": [Part(one, books["line2"], 1)],
        "payment 2 has 80.00 USD left, not 80.01 USD": [Part(two, books["line2"], 8_001)],
        "bank line 3 has 5.00 USD left, not 80.00 USD": [Part(two, books["fee"], 8_000)],
        "nothing was chosen": [],
        "match a positive amount": [Part(two, books["line2"], 0)],
        "chosen twice": [Part(two, books["line2"], 1), Part(two, books["line2"], 1)],
    }
    for why, parts in refusals.items():
        with pytest.raises(MatchRefusedError, match=why):
            _do(database, match_by_hand, parts)
    money_in = _line(database, books["statement"], "id:8", 8_000)
    with pytest.raises(MatchRefusedError, match="is money in"):
        _do(database, match_by_hand, [Part(two, money_in, 8_000)])
    euros = {"bank_account": "Euro", "kind": "bank", "currency": "EUR", "opening": 0, "closing": 0, "source": "bank"}
    foreign = make.add(database, "bank_statements", **euros, period_start=date(2026, 3, 1), period_end=date(2026, 4, 1))
    line = _line(database, foreign, "id:1", -8_000, currency="EUR", bank_account="Euro")
    with pytest.raises(MatchRefusedError, match="is in USD, bank line 5 in EUR"):
        _do(database, match_by_hand, [Part(two, line, 8_000)])
    with pytest.raises(NotFoundError):
        _do(database, match_by_hand, [Part(99, books["line2"], 8_000)])
    _do(database, return_payment, two, date(2026, 3, 20))
    with pytest.raises(MatchRefusedError, match="was returned on 2026-03-20"):
        _do(database, match_by_hand, [Part(two, books["line2"], 8_000)])
    assert _matched(database)[0][:2] == [5_000, 0]


def test_the_database_holds_the_counters_whoever_writes(database, books):
    row = {"payment_id": books["payment1"], "bank_line_id": books["line2"], "decided_by": "x"}
    now = {"decided_at": database._now()}
    with pytest.raises(Exception, match="ck_payments_matched"):
        make.add(database, "matches", **books["where"], **row, **now, amount=5_001)
    with pytest.raises(Exception, match="matched is a counter"), database.writer.begin() as connection:
        connection.execute(text("UPDATE payments SET matched = 1 WHERE id = 1"))
    with pytest.raises(Exception, match="ck_bank_lines_matched"), database.writer.begin() as connection:
        connection.execute(text("UPDATE bank_lines SET matched = 5001 WHERE id = 1"))
    make.add(database, "matches", **books["where"], **row, **now, amount=4_000)  # another program forgets the line
    with database.reading(ALL) as connection:
        (finding,) = matched_is_sum(connection)
    assert "bank_lines 2 of -8000: matched is 0, its live matches sum to 4000" in finding


def test_two_who_take_the_same_line_at_once(database, books):
    part = [Part(books["payment1"], books["line1"], 5_000)]
    other = [Part(books["payment2"], books["line1"], 5_000)]

    def take(parts):
        try:
            return _do(database, match_by_hand, parts)
        except MatchRefusedError as refused:
            return str(refused)

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(take, [part, other] * 2))
    assert sum(isinstance(result, list) for result in results) == 1
    assert sum(sum(counters) for counters in _matched(database)) == 10_000


def test_a_line_is_explained_once_and_taken_back(database, books):
    _do(database, explain_line, books["fee"], Explanation.FEE, "March")
    with pytest.raises(MatchRefusedError, match="ana explained bank line 3 as bank fee"):
        _do(database, explain_line, books["fee"], Explanation.OTHER)
    with pytest.raises(MatchRefusedError, match="take that back first"):
        _do(database, match_by_hand, [Part(books["payment1"], books["fee"], 500)])
    with database.reading(ALL) as connection:
        assert [row.id for row in open_lines(connection, ALL, as_of=DAY)] == [books["line1"], books["line2"]]
    _do(database, take_back_explanation, books["fee"])
    with pytest.raises(MatchRefusedError, match="is not explained"):
        _do(database, take_back_explanation, books["fee"])
    _do(database, explain_line, books["fee"], Explanation.OTHER)
    with database.reading(ALL) as connection:
        assert open_line_count(connection, ALL, as_of=DAY, search="lumina") == 2


def test_what_was_decided_by_hand_is_used_again_until_it_is_undone(database, books):
    strange = [_line(database, books["statement"], f"s:{n}", -5_000, description=f"QX HOLDINGS {n}") for n in (1, 2)]
    third = make.payment(database, books["where"], date(2026, 3, 6), 5_000)
    (made,) = _do(database, match_by_hand, [Part(third, strange[0], 5_000)])
    known = [p for p in _proposed(database).matches if p.line_ids == (strange[1],)]
    assert any(r.name == "decided before" and r.points > 0 for p in known for r in p.reasons)
    _do(database, undo_match, made)
    known = [p for p in _proposed(database).matches if p.line_ids == (strange[1],)]
    assert not any(r.name == "decided before" for p in known for r in p.reasons)
    odd = [_line(database, books["statement"], f"o:{n}", -77, description="ZZ SWEEP") for n in (1, 2)]
    _do(database, explain_line, odd[0], Explanation.RETURN)  # the debit of a payment that came back is like any other
    assert odd[1] not in [e.line_id for e in _proposed(database).explained]
    _do(database, take_back_explanation, odd[0])
    _do(database, explain_line, odd[0], Explanation.TRANSFER)
    assert (odd[1], Explanation.TRANSFER, True) in [
        (e.line_id, e.reason, e.learned) for e in _proposed(database).explained
    ]


def test_only_who_sees_every_site_decides_and_sees_the_bank(database, books):
    own = Scope.of({books["where"]["site_id"]})
    _do(database, match_by_hand, [Part(books["payment1"], books["line1"], 5_000)])
    with pytest.raises(LedgerRefusedError, match="only somebody who sees every site"):
        _do(database, match_by_hand, [Part(books["payment2"], books["line2"], 8_000)], scope=own)
    with database.reading(own) as connection:
        assert not proposals(connection, own, DAY).matches
        assert not open_lines(connection, own, as_of=DAY)
        assert not open_line_count(connection, own, as_of=DAY)
        assert [(row.state, row.matched) for row in legs(connection, own, Filters(as_of=DAY))] == [
            (LegState.NOT_IN_BANK, 0),
            (LegState.COMPLETE, 5_000),
        ]


def test_exceptions_come_first_with_their_age(database, books):
    phone = make.payment(database, books["where"], date(2026, 3, 1), 100, channel="phone")
    pending = make.payment(database, books["where"], date(2026, 3, 2), 200, status="pending", posted_on=None)
    _do(database, match_by_hand, [Part(books["payment1"], books["line1"], 5_000)])
    filters = Filters(as_of=DAY)
    with database.reading(ALL) as connection:
        rows = legs(connection, ALL, filters)
        assert [(row.id, row.state, row.age) for row in rows] == [
            (phone, LegState.NO_CONFIRMATION, 30),
            (pending, LegState.NOT_POSTED, 29),
            (books["payment2"], LegState.NOT_IN_BANK, 25),
            (books["payment1"], LegState.COMPLETE, 0),
        ]
        for n, row in enumerate(rows):  # turned by either end, over the states
            assert legs(connection, ALL, filters, after=row.mark, limit=2) == rows[n + 1 : n + 3]
            assert legs(connection, ALL, filters, before=row.mark, limit=2) == rows[max(n - 2, 0) : n]
        assert legs(connection, ALL, filters, state=LegState.COMPLETE) == rows[3:]
        counts = leg_counts(connection, ALL, filters)
        assert [counts[state] for state in LegState] == [1, 1, 1, 0, 0, 1]


def test_a_past_day_knows_the_matches_of_its_time(database, books):
    """Made on the 20th, undone on the 25th, made for a part on the 27th; a fee explained on the 20th, taken back on the 25th."""
    (made,) = _do(database, match_by_hand, [Part(books["payment1"], books["line1"], 5_000)])
    _do(database, explain_line, books["fee"], Explanation.FEE)
    database._now = lambda: DECIDED + timedelta(days=5)
    _do(database, undo_match, made)
    _do(database, take_back_explanation, books["fee"])
    database._now = lambda: DECIDED + timedelta(days=7)
    _do(database, match_by_hand, [Part(books["payment1"], books["line1"], 2_000)])

    def known(day):
        with database.reading(ALL) as connection:
            leg = next(x for x in legs(connection, ALL, Filters(as_of=day)) if x.id == books["payment1"])
            lines = {x.id: (x.matched, x.open_now) for x in open_lines(connection, ALL, as_of=day)}
        return (leg.state, leg.matched), lines.get(books["line1"]), books["fee"] in lines

    assert known(date(2026, 3, 19)) == ((LegState.NOT_IN_BANK, 0), (0, True), True)
    assert known(date(2026, 3, 20)) == ((LegState.COMPLETE, 5_000), None, False)
    assert known(date(2026, 3, 24)) == ((LegState.COMPLETE, 5_000), None, False)
    assert known(date(2026, 3, 25)) == ((LegState.NOT_IN_BANK, 0), (0, True), True)
    assert known(date(2026, 3, 27)) == ((LegState.IN_PART, 2_000), (2_000, True), True)
    _do(database, match_by_hand, [Part(books["payment1"], books["line1"], 3_000)])
    assert known(date(2026, 3, 26)) == ((LegState.NOT_IN_BANK, 0), (0, False), True)


@pytest.mark.parametrize(("hour", "knows"), [(11, True), (12, False)])
def test_what_is_decided_in_the_evening_of_a_day_is_known_on_it_wherever_that_is(database, books, hour, knows):
    """Until noon of the next day by UTC it is that day somewhere on earth."""
    database._now = lambda: datetime(2026, 3, 21, hour, 59 * knows, tzinfo=UTC)
    _do(database, match_by_hand, [Part(books["payment1"], books["line1"], 5_000)])
    _do(database, explain_line, books["fee"], Explanation.FEE)
    with database.reading(ALL) as connection:
        counts = leg_counts(connection, ALL, Filters(as_of=date(2026, 3, 20)))
        lines = open_line_count(connection, ALL, as_of=date(2026, 3, 20))
    assert (counts[LegState.COMPLETE], lines) == ((1, 1) if knows else (0, 3))


def test_what_no_statement_covers_is_not_missing_in_the_bank(database, books):
    """April has no statement, and no card has one; who sees only some sites is not told what statements cover."""
    april = make.payment(database, books["where"], date(2026, 4, 1), 300)
    card = make.payment(database, books["where"], date(2026, 3, 31), 400, method="card")
    filters = Filters(as_of=date(2026, 4, 5))
    own = Scope.of({books["where"]["site_id"]})
    with database.reading(ALL) as connection:
        found = {row.id: (row.state, row.age) for row in legs(connection, ALL, filters)}
    assert found[april] == (LegState.NO_STATEMENT, 4)
    assert found[card] == (LegState.NO_STATEMENT, 5)
    assert found[books["payment2"]] == (LegState.NOT_IN_BANK, 30)
    with database.reading(own) as connection:
        assert {row.state for row in legs(connection, own, filters)} == {LegState.NOT_IN_BANK}


def test_a_payment_names_its_call_once(database, books):
    started = database._now()
    call = make.add(database, "calls", **books["where"], started_at=started, confirmation_number="LUM-4471-0098")
    (found,) = [c for c in _proposed_now(database).calls if c.automatic]
    assert (found.payment_id, found.call_id) == (books["payment1"], call)
    with database.reading(ALL) as connection:
        assert proposed_calls(connection, ALL, as_of=date(2026, 11, 20), payment_id=books["payment1"])[0] == found
        assert not proposed_calls(connection, ALL, as_of=date(2026, 3, 4), payment_id=books["payment1"])
        other = proposed_calls(connection, ALL, as_of=date(2026, 11, 20), payment_id=books["payment2"])
    assert {each.payment_id for each in other} <= {books["payment2"]}
    _do(database, link_call, books["payment1"], call)
    with pytest.raises(MatchRefusedError, match="keeps it"):
        _do(database, link_call, books["payment1"], call)
    with pytest.raises(NotFoundError):
        _do(database, link_call, books["payment2"], 99)


def _proposed_now(database):
    with database.reading(ALL) as connection:
        return proposals(connection, ALL, date(2026, 11, 20))
