"""Oldest due first, with disputed amounts last."""

from datetime import date

import pytest

from domain.allocation import NotPositiveError, OpenInvoice, suggest_around_disputes

OLD = OpenInvoice(1, "OCT", date(2026, 10, 1), date(2026, 10, 31), 10000)
NEW = OpenInvoice(2, "NOV", date(2026, 11, 1), date(2026, 12, 1), 4000)


@pytest.mark.parametrize(
    ("amount", "disputed", "applied"),
    [
        (7500, {}, {1: 7500}),
        (7500, {1: 2500}, {1: 7500}),
        (9000, {1: 2500}, {1: 7500, 2: 1500}),
        (11500, {1: 2500}, {1: 7500, 2: 4000}),
        (12000, {1: 2500}, {1: 8000, 2: 4000}),  # only then into what is disputed
        (15000, {1: 2500}, {1: 10000, 2: 4000}),  # the rest stays on account
        (100, {1: 99999}, {2: 100}),  # disputed for more than is still open
    ],
)
def test_what_is_disputed_is_paid_last(amount, disputed, applied):
    assert suggest_around_disputes(amount, [NEW, OLD], disputed) == applied


def test_nothing_is_refused():
    with pytest.raises(NotPositiveError):
        suggest_around_disputes(0, [OLD], {})
