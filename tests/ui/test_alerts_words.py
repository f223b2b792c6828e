"""Alerts in words: days as every page writes them."""

import pytest

from ui.alerts_words import days_written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2026-12-03", "3 Dec 2026"),
        ("of 2026-12-03, asks USD 10.00", "of 3 Dec 2026, asks USD 10.00"),
        ("2026-13-45", "2026-13-45"),
        ("INV-2026-12-03", "INV-2026-12-03"),
        ("2026-12-03/7", "2026-12-03/7"),
        ("none", "none"),
    ],
)
def test_a_day_is_written_as_the_pages_do_and_a_number_stays(text, written):
    assert days_written(text) == written
