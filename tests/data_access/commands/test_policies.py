"""Adding a vendor's terms, and ending an exception."""

from datetime import date

import pytest
from sqlalchemy.exc import DBAPIError

from data_access.commands.policies import add_policy, end_policy
from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.policy_rows import policy_of, policy_values
from data_access.scope import Scope
from domain.policies import CountedFrom, FeeBase, LateFeeTerms, PartTerms, Policy, RestoralTerms, SuspensionDays
from tests import factories as make

ALL = Scope.all_sites()
SINCE = date(2025, 7, 1)
FULL = Policy(
    "Lumina",
    SINCE,
    "Business services agreement, section 9",
    service_type="voice",
    currency="USD",
    effective_until=date(2027, 7, 1),
    late_fee=LateFeeTerms(FeeBase.RECURRING, 150, 250, 500, 5_000, 30, CountedFrom.INVOICE),
    notice_days=10,
    counted_from=CountedFrom.INVOICE,
    suspension=SuspensionDays(45, 47, 52),
    young_months=6,
    young=SuspensionDays(12, 12, 14),
    disconnection_days=30,
    restoral=RestoralTerms(3_500, past_due_in_full=False, months_in_advance=2),
    posting_days=(("card", 0), ("e-check", 3)),
    calendar="US-CA",
    acts_on_working_days=False,
    due_rolls_forward=True,
    part=PartTerms(5_000, 30),
)
SHORT = Policy("Lumina", SINCE, "Tariff sheet")
DAYS = {"suspends_earliest": 5, "suspends_likely": 6, "suspends_latest": 9}


@pytest.fixture
def vendor(database):
    return make.vendor(database, "Lumina")


@pytest.mark.parametrize("policy", [FULL, SHORT], ids=["full", "short"])
def test_terms_come_back_as_they_were_added(run, vendor, rows, told, policy):
    policy_id = run(add_policy, ALL, vendor, policy)
    (row,) = rows("vendor_policies")
    found = policy_of(row, "Lumina")
    assert policy_values(found) == policy_values(policy)
    assert found.id == policy_id
    assert told() == [("add", "vendor_policies", policy_id)]


def test_terms_of_one_day_are_added_once(run, refuses, vendor):
    policy_id = run(add_policy, ALL, vendor, SHORT)
    assert f"policy {policy_id}" in refuses(LedgerRefusedError, add_policy, ALL, vendor, SHORT)
    refuses(NotFoundError, add_policy, ALL, 987, SHORT)
    run(add_policy, ALL, vendor, FULL)  # an exception for voice


def test_terms_end_once_and_after_they_began(run, refuses, vendor, rows):
    policy_id = run(add_policy, ALL, vendor, SHORT)
    refuses(LedgerRefusedError, end_policy, ALL, policy_id, SINCE)
    run(end_policy, ALL, policy_id, date(2026, 1, 1))
    assert rows("vendor_policies")[0].effective_until == date(2026, 1, 1)
    assert "2026-01-01" in refuses(LedgerRefusedError, end_policy, ALL, policy_id, date(2026, 2, 1))
    refuses(NotFoundError, end_policy, ALL, 987, date(2026, 1, 1))


def test_who_sees_only_some_sites_adds_and_ends_nothing(run, refuses, vendor):
    policy_id = run(add_policy, ALL, vendor, SHORT)
    own = Scope.of([1])
    assert "every site" in refuses(LedgerRefusedError, add_policy, own, vendor, FULL)
    assert "every site" in refuses(LedgerRefusedError, end_policy, own, policy_id, date(2026, 1, 1))


def test_the_database_keeps_terms_as_they_are(database, run, vendor):
    run(add_policy, ALL, vendor, FULL)
    for what, reason in (
        ("fee_flat = 1", "terms are not edited"),
        ("part_days = 40", "terms are not edited"),
        ("effective_until = NULL", "set once"),
    ):
        with pytest.raises(DBAPIError, match=reason), database.writer.begin() as connection:
            connection.exec_driver_sql(f"UPDATE vendor_policies SET {what}")
    with pytest.raises(DBAPIError, match="rows are kept"), database.writer.begin() as connection:
        connection.exec_driver_sql("DELETE FROM vendor_policies")


@pytest.mark.parametrize(
    "row",
    [
        {"source": ""},
        {"fee_base": "total"},
        {"fee_basis_points": -1},
        {"fee_minimum": 500, "fee_cap": 400},
        {"suspends_earliest": 5},
        {"suspends_earliest": 5, "suspends_likely": 4, "suspends_latest": 9},
        {"suspends_earliest": 0, "suspends_likely": 4, "suspends_latest": 9},
        {"young_months": 6},
        {"young_months": 6, "young_earliest": 5, "young_likely": 5, "young_latest": 5},
        {"effective_until": SINCE},
        {"part_basis_points": 5_000, "part_days": 30},
        {"part_basis_points": 10_000, "part_days": 30} | DAYS,
        {"part_basis_points": 5_000} | DAYS,
        {"part_days": 30} | DAYS,
    ],
)
def test_the_database_refuses_terms_that_contradict_themselves(database, vendor, row):
    plain = {"vendor_id": vendor, "effective_from": SINCE, "source": "s"}
    with pytest.raises(DBAPIError, match="ck_vendor_policies_"):
        make.add(database, "vendor_policies", **plain | row)
