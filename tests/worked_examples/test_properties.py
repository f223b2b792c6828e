"""Whatever happens to an account, in whatever order: these hold on every day, by every basis, on both databases."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data_access.queries.balances import aging
from data_access.queries.open_bills import open_bills
from data_access.queries.trends import history
from data_access.scope import Scope
from data_access.verification import verify
from domain.filters import Basis, Filters
from tests.soak import share
from tests.worked_examples.histories import LAST, START, Story, days, moments, steps
from tests.worked_examples.reckoning import Ledger, comparable, read

pytestmark = [pytest.mark.slow, pytest.mark.soak]
ALL = Scope.all_sites()
GROUPS = ("site", "vendor", "account", "region", "currency", "service_type")
EDGES = st.sampled_from([(30, 60, 90), (1,), (15, 45), (7, 14, 21, 28)])
MANY = settings(
    max_examples=share(60, 6), suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def page(story, day, by="account", **filters):
    with story.database.reading(Scope.all_sites()) as connection:
        return aging(connection, ALL, Filters(as_of=day, vendors=(story.name,), **filters), by)


@MANY
@given(happened=steps, looked_at=days, by=st.sampled_from(GROUPS), basis=st.sampled_from(Basis), edges=EDGES)
def test_the_query_says_what_the_rows_say(shared_database, happened, looked_at, by, basis, edges):
    story = Story(shared_database)
    for step in happened:
        story.happens(step)
    ledger = Ledger(read(shared_database))
    for day in moments(happened, looked_at):
        rows = page(story, day, by, basis=basis, edges=edges)
        assert comparable(rows) == ledger.aging(
            day,
            by,
            by_invoice_date=basis is Basis.INVOICE,
            edges=edges,
            keeps=lambda account: account["vendor"] == story.name,
        )
        for row in rows:
            assert sum(row.buckets) + row.unapplied == row.outstanding
            assert min(row.buckets) >= 0
            assert 0 <= row.disputed_overdue <= row.disputed <= sum(row.buckets)


@settings(MANY, max_examples=share(40, 4))
@given(happened=steps, looked_at=days, basis=st.sampled_from(Basis), edges=EDGES)
def test_every_grouping_and_the_bills_behind_it_make_one_total(shared_database, happened, looked_at, basis, edges):
    story = Story(shared_database)
    for step in happened:
        story.happens(step)
    for day in moments(happened[-1:], looked_at):
        sums = {}
        for by in GROUPS:
            totals = {}
            for row in page(story, day, by, basis=basis, edges=edges):
                buckets, unapplied = totals.get(row.currency, ((0,) * len(row.buckets), 0))
                together = tuple(a + b for a, b in zip(buckets, row.buckets, strict=True))
                totals[row.currency] = (together, unapplied + row.unapplied)
            sums[by] = totals
        assert all(totals == sums["currency"] for totals in sums.values())
        filters = Filters(as_of=day, vendors=(story.name,), basis=basis, edges=edges)
        with shared_database.reading(Scope.all_sites()) as connection:
            for currency, (buckets, _) in sums["currency"].items():
                for index, amount in enumerate(buckets):
                    bills = open_bills(connection, ALL, filters, bucket_index=index)
                    assert sum(b.open_amount for b in bills if b.currency == currency) == amount


@settings(MANY, max_examples=share(40, 4))
@given(happened=steps, looked_at=days)
def test_nothing_that_happens_later_changes_an_earlier_day(shared_database, happened, looked_at):
    """Each step, entered in whatever order, leaves all days before its own as they were."""
    story = Story(shared_database)
    for step in happened:
        before_it = [day for day in moments([], [looked_at[0], step.day - 1]) if day < step.date]
        before = [comparable(page(story, day)) for day in before_it]
        story.happens(step)
        assert [comparable(page(story, day)) for day in before_it] == before, step


@MANY
@given(happened=steps, looked_at=days, basis=st.sampled_from(Basis))
def test_the_trend_passes_through_each_days_balance(shared_database, happened, looked_at, basis):
    story = Story(shared_database)
    for step in happened:
        story.happens(step)
    filters = Filters(as_of=START, vendors=(story.name,), basis=basis)
    wanted = moments(happened, [*looked_at, LAST])
    with shared_database.reading(Scope.all_sites()) as connection:
        trend = {
            (position.day, position.key, position.currency): (position.outstanding, position.overdue)
            for position in history(connection, ALL, filters, wanted, by="account")
        }
    expected = {
        (day, row.labels["account_id"], row.currency): (row.outstanding, row.overdue)
        for day in wanted
        for row in page(story, day, basis=basis)
        if row.outstanding or row.overdue
    }
    assert trend == expected


def test_the_ledger_holds_after_all_these_stories(shared_database):
    """Runs last: what Hypothesis left behind breaks no rule."""
    outcome = verify(shared_database, START)
    assert [result for result in outcome.results if result.findings] == []
