"""T1: terms and numbers that no command would have taken, written by another program."""

from datetime import UTC, date, datetime

from data_access.queries.policies import policies
from data_access.scope import Scope
from tests import factories as make

ALL = Scope.all_sites()


def test_t1_terms_that_cannot_be_judged_by_are_named_and_not_used(database, busy, found):
    terms = {"vendor_id": 1, "source": "s", "effective_from": date(2025, 1, 1)}
    good = make.add(database, "vendor_policies", **terms)
    nowhere = make.add(database, "vendor_policies", **terms | {"service_type": "voice", "calendar": "Texas"})
    soon = make.add(database, "vendor_policies", **terms | {"service_type": "water", "posting_days": "card soon"})
    assert [finding.split(" is not used: ")[0] for finding in found()["T1"]] == [
        f"vendor_policies {nowhere} (Lumina)",
        f"vendor_policies {soon} (Lumina)",
    ]
    with database.reading(ALL) as connection:
        assert [policy.id for policy in policies(connection, ALL)["Lumina"]] == [good]


def test_t1_a_verified_number_that_looks_like_another_is_named(database, busy, found):
    checked = {"state": "verified", "verified_by": "y", "verified_at": datetime(2026, 1, 5, tzinfo=UTC)}
    number = {"vendor_id": 1, "kind": "phone", "proposed_by": "x", "proposed_at": datetime(2026, 1, 5, tzinfo=UTC)}
    make.add(database, "payment_contacts", **number | checked, address="+18005550142")
    assert "T1" not in found()
    make.add(database, "payment_contacts", **number, address="+18005550143")
    assert "T1" not in found()
    like = make.add(database, "payment_contacts", **number | checked, address="+18005550124")
    assert found()["T1"] == [
        "payment_contacts 1: +18005550142 is verified and is a known number with two digits swapped (+18005550124)",
        f"payment_contacts {like}: +18005550124 is verified and is a known number with two digits swapped (+18005550142)",
    ]


def test_a_notice_is_checked_like_other_rows(database, busy, breaks, found):
    """Its event is kept (A1), its site is its account's (L5), and another program's is told apart."""
    where = {"account_id": busy["account"], "site_id": busy["site"]}
    make.add(database, "notices", **where, kind="late", dated=date(2026, 3, 1))
    breaks(f"UPDATE notices SET site_id = {busy['far']}")
    assert "notices 1: its site is not its account's home site" in found()["L5"]
