"""The decimal mark of a whole file."""

import pytest

from domain.parsing.amounts import Mark
from domain.parsing.marks import MarkEvidence, UndecidedMarkError


def seen(*texts: str) -> MarkEvidence:
    evidence = MarkEvidence()
    for line, text in enumerate(texts, start=2):
        evidence.see(text, line)
    return evidence


def test_one_decisive_amount_decides_for_the_others() -> None:
    assert seen("1,234", "7", "12.50").decide() is Mark.POINT
    assert seen("1.234", "12,50").decide() is Mark.COMMA


def test_plain_numbers_need_no_decision() -> None:
    assert seen("1234", "7", "n/a").decide() is Mark.POINT


def test_doubt_is_asked_about_with_line_and_value() -> None:
    with pytest.raises(UndecidedMarkError, match=r"line 3: '1,234' .*--decimal point or --decimal comma"):
        seen("7", "1,234", "2,345").decide()


def test_the_answer_settles_it() -> None:
    assert seen("1,234").decide(Mark.COMMA) is Mark.COMMA


def test_contradiction_names_both_lines() -> None:
    with pytest.raises(UndecidedMarkError, match=r"line 2 \('12.50'\).*line 3 \('12,50'\)"):
        seen("12.50", "12,50").decide()
