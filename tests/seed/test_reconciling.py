"""What the views of Reconcile and of usage find in the demo."""

from datetime import date

import pytest

from data_access.database import Database
from data_access.migrate import upgrade
from data_access.queries.bank_statements import statement_rows as bank_statements
from data_access.queries.disputes import dispute_cases
from data_access.queries.leg_states import LegState
from data_access.queries.proposals import proposals
from data_access.queries.reconciliation import COUNTED, leg_counts
from data_access.queries.refund_cases import refund_candidates, refund_case
from data_access.queries.usage import usage_totals
from data_access.queries.vendor_statements import misapplied_rows, statement_rows
from data_access.scope import Scope
from domain.filters import Filters
from domain.vendor_statements import State
from seed.writing import generate, write

TODAY = date(2026, 11, 20)
ALL, NOW = Scope.all_sites(), Filters(as_of=TODAY)


@pytest.fixture(scope="module")
def connection(tmp_path_factory):
    """To a seeded demo."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}")
    upgrade(database)
    write(database, generate("demo", 1, TODAY), "operator")
    with database.reading(ALL) as opened:
        yield opened
    database.close()


def test_each_leg_is_missing_somewhere_and_most_have_all(connection):
    counts = leg_counts(connection, ALL, NOW)
    assert counts[LegState.COMPLETE] > COUNTED  # no more are counted
    assert all(counts[state] for state in LegState if state not in (LegState.NO_CONFIRMATION, LegState.IN_PART))


def test_there_is_something_to_match(connection):
    found = proposals(connection, ALL, TODAY)
    assert sum(proposal.automatic for proposal in found.matches) >= 5
    assert any(not proposal.automatic for proposal in found.matches)
    assert any(explained.learned for explained in found.explained)
    assert len({row.currency for row in bank_statements(connection, ALL)}) == 3


def test_vendor_statements_tell_their_stories(connection):
    rows = statement_rows(connection, ALL, NOW)
    states = sorted([sorted({each.state for each in row.rows} - {State.AGREED}) for row in rows])
    assert states == [[], [State.DIFFERENT], [State.DIFFERENT], [State.MISSING_HERE]]
    (mixed_up,) = misapplied_rows(connection, ALL, NOW)
    assert mixed_up.payment_id is not None


def test_disputes_are_answered_credited_in_part_or_still_open(connection):
    cases = dispute_cases(connection, ALL, NOW)
    standing = [case for case in cases if case.closed_on is None]
    assert {case.answer for case in standing} == {"", "partly", "refused"}
    assert any(0 < case.credited < case.amount for case in standing)
    assert any(0 <= case.days_left <= 14 for case in standing)
    assert all(case.credited == case.amount for case in cases if case.outcome == "credited")


def test_a_late_fee_is_asked_back_and_another_waits(connection):
    (waits,) = refund_candidates(connection, ALL, NOW)
    asked = [case for case in dispute_cases(connection, ALL, NOW) if case.kind == "late_fee"]
    assert len(asked) == 1
    case = refund_case(connection, ALL, dispute_id=asked[0].id, as_of=TODAY)
    assert case is not None
    assert case.bill.id != waits.bill.id
    assert sum(amount for _, amount in case.fees) == asked[0].amount


def test_usage_is_of_calls_data_and_messages(connection):
    assert {total.kind for total in usage_totals(connection, ALL, NOW, "kind")} == {"voice", "data", "sms"}
    assert len(usage_totals(connection, ALL, NOW, "site")) >= 6
