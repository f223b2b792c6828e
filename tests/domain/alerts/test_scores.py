"""Scores against an answer sheet."""

from datetime import date

from domain.alerts.catalog import RULES
from domain.alerts.findings import Finding
from domain.alerts.scores import Sheet, scores

SHEET = Sheet(frozenset({("R03", "accounts:1"), ("R03", "accounts:2")}), frozenset({1, 2}), frozenset({9}), ("R03",))


def score(*found):
    (one,) = (s for s in scores([(SHEET, frozenset(found))]) if s.rule == "R03")
    return one


def test_all_found_and_nothing_else_is_perfect():
    one = score(*SHEET.alerts)
    assert (one.planted, one.look_alikes, one.found, one.precision, one.recall) == (2, 1, 2, 1.0, 1.0)
    assert one.perfect


def test_what_is_missed_or_made_up_counts():
    one = score(("R03", "accounts:1"), ("R03", "accounts:3"))
    assert (one.precision, one.recall, one.perfect) == (0.5, 0.5, False)
    assert not score().perfect


def test_a_rule_that_was_never_planted_is_not_proved():
    every = scores([(SHEET, SHEET.alerts)])
    assert [s.rule for s in every] == list(RULES)
    assert [s.rule for s in every if s.perfect] == ["R03"]


def test_only_what_was_planted_is_scored():
    def of(**whose):
        return Finding("R25", "payment_contacts:1", date(2026, 3, 1), "payment_contacts", 1, **whose)

    assert SHEET.concerns(of(account_id=1, vendor_id=4))
    assert not SHEET.concerns(of(account_id=3, vendor_id=9))
    assert SHEET.concerns(of(vendor_id=9))
    assert not SHEET.concerns(of(vendor_id=4))
