"""What the banks show: statements that add up, lines once, matches that are true, and work that is left."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from itertools import pairwise

import pytest

from seed.bank_matching import match_lines
from seed.banking import draw_banking, months_covered
from seed.faults.planting import plant
from seed.tiny import tiny


@pytest.fixture(scope="session")
def shown(asked, books):
    """What was drawn into `books`, matched as the demo is."""
    found = draw_banking(books, *asked)
    match_lines(books, found, asked[1])
    return found


def settled(books):
    return {match.line for match in books.matches} | {decision.line for decision in books.decisions}


def test_statements_follow_on_from_one_another_and_one_does_not_add_up(books, shown):
    off = [s for s in books.statements if s.opening is not None and s.opening + s.movements != s.closing]
    assert [(s.currency, s.opening + s.movements - s.closing) for s in off] == [("GBP", 1_250)]
    months = defaultdict(list)
    for statement in books.statements:
        assert statement.period_start < statement.period_end
        if statement.opening is not None and statement.period_start.day == 1:
            months[statement.bank_account].append(statement)
    assert len(months) == 3
    for own in months.values():
        assert len(own) >= 18
        for one, following in pairwise(sorted(own, key=lambda s: (s.period_start, s.period_end))):
            assert one.period_end != following.period_start or one.closing == following.opening


def test_an_overlapping_download_brings_each_line_once(books, shown):
    lines = Counter(id(line) for statement in books.statements for line in statement.lines)
    assert set(lines.values()) == {1}
    assert any(statement.listed > len(statement.lines) for statement in books.statements)
    for statement in books.statements:
        assert all(statement.period_start <= line.booked_on < statement.period_end for line in statement.lines)
    brought = {id(batch.brought[0]): batch for batch in books.batches if batch.kind == "bank"}
    for statement in books.statements:
        assert len(statement.lines) + brought[id(statement)].duplicate == statement.listed


def test_what_was_matched_is_true_and_no_more_than_there_is(books, shown):
    of_payment, of_line = Counter(), Counter()
    for match in books.matches:
        assert match.payment in shown.payments[match.line]
        assert match.score is None or match.score >= 350
        of_payment[match.payment] += match.of_it
        of_line[match.line] += match.of_it
    assert all(amount <= payment.amount for payment, amount in of_payment.items())
    assert all(amount <= -line.amount for line, amount in of_line.items())
    assert any(match.score is None for match in books.matches)  # by hand


def days(books):
    return [batch.imported_on for batch in books.batches if batch.kind == "bank"]


def test_most_is_settled_some_of_it_by_words_and_some_is_left(books, shown, today):
    done = settled(books)
    lines = [line for statement in books.statements for line in statement.lines]
    old = [line for line in lines if line.booked_on < today - timedelta(days=60)]
    assert sum(line in done for line in old) > 0.99 * len(old)
    assert 5 <= len(lines) - len(done) <= 120
    covered = [p for p in books.payments if months_covered(today)[0] < p.paid_on < today - timedelta(days=60)]
    stands = [p for p in covered if p.kind == "payment" and p.reversed_on is None and p.posted_on]
    at_the_bank = {match.payment for match in books.matches}
    missing = [p for p in stands if p not in at_the_bank and p.method != "card"]
    assert 1 <= len(missing) <= 0.02 * len(stands)
    assert {decision.reason for decision in books.decisions} >= {"bank fee", "interest", "transfer", "refund or return"}
    assert any(decision.learned for decision in books.decisions)


def test_nothing_is_later_than_today(books, shown, today):
    assert max(line.booked_on for statement in books.statements for line in statement.lines) < today
    assert max(day for day in days(books)) <= today
    assert max(match.at.date() for match in books.matches) <= today


def test_what_is_planted_is_told_beyond_doubt():
    """Otherwise R10 would find more on the planted accounts than their sheet says."""
    today = date(2026, 11, 20)
    books = tiny(1, today)
    clearly = [entry.account for entry in plant(books, 1, today) if entry.account]
    match_lines(books, draw_banking(books, 1, today, clearly), today, clearly)
    at_the_bank = {match.payment for match in books.matches}
    own = [p for p in books.payments if p.account in clearly and p.account.currency == "USD" and p.kind == "payment"]
    covered = [p for p in own if p.posted_on and not p.reversed_on and months_covered(today)[0] < p.paid_on]
    quiet = [p for p in covered if p.posted_on < today - timedelta(days=13)]
    quiet = [p for p in quiet if p.posted_on < date(2026, 10, 28) or p.method != "card"]  # whose line has come
    assert len(quiet) > 200
    assert [p for p in quiet if p not in at_the_bank] == []
