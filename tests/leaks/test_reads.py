"""Every cached read and every export, for every scope: no canary of another site, by name, by id or by search."""

from dataclasses import is_dataclass, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import pytest

from data_access.exporting import as_csv
from data_access.printed.call_sheet import call_sheet_document
from data_access.printed.evidence import evidence_document
from data_access.printed.refund_case import refund_case_document
from data_access.queries import found_alerts
from data_access.queries.call_sheet import call_sheet
from data_access.queries.evidence import payment_evidence
from data_access.queries.refund_cases import refund_case
from data_access.queries.sheets import SHEETS
from data_access.queries.trail import TrailFilters
from data_access.scope import Scope
from domain.alerts.watch import Watch
from domain.filters import Filters
from domain.risk_severity import Severity
from tests.canaries import CANARIES, TODAY, seen_in
from ui.reads import PLAIN_READS, READS

EVERYTHING = Filters(as_of=TODAY)
DAYS = (date(2026, 10, 31), TODAY)
# What a read needs beside the filters; without an entry it needs nothing.
GROUPS: dict[str, tuple[str, ...]] = {
    "aging": ("site", "vendor", "region", "currency", "service_type", "account"),
    "aging_page": ("site", "account", "vendor"),
    "aging_sums": ("site", "account", "vendor"),
    "history": ("site", "currency"),
    "payment_totals": ("site", "method", "account"),
    "punctuality": ("site", "vendor"),
    "payment_ranking": ("site", "vendor"),
    "late_ranking": ("site", "vendor"),
    "spend_ranking": ("site", "vendor"),
    "next_due": ("site", "account"),
    "usage_totals": ("site", "account", "month", "kind"),
}
NEEDS: dict[str, dict[str, Any]] = {
    "history": {"days": DAYS},
    "overdue_counts": {"days": DAYS},
    "calls_by_month": {"first": DAYS[0]},
    "ledger_totals": {"as_of": TODAY},
    "rates_to": {"quote": "USD", "as_of": TODAY},
    "batch_rows": {"actor": "somebody"},
    "mapping_rows": {"kind": "bank"},
    "number_standing": {"number": "+18005550142"},
    "seen_numbers": {"as_of": TODAY},
    "trail_rows": {"wanted": TrailFilters()},
    "found_events": {"wanted": TrailFilters()},
    "alerts": {"watch": Watch(), "today": TODAY},
    "waiting_alerts": {"watch": Watch(), "today": TODAY, "limit": 1_000},
    "snoozed_alerts": {"watch": Watch(), "today": TODAY},
    "owned_alerts": {"watch": Watch(), "today": TODAY, "owner": "somebody"},
    "closed_alerts": {"watch": Watch(), "today": TODAY},
    "named_alert": {"watch": Watch(), "today": TODAY, "rule": "R03", "cause": "accounts:1"},
    "trail_count": {"wanted": TrailFilters()},
    "match_proposals": {"as_of": TODAY},
    "proposed_calls": {"as_of": TODAY},
    "open_bank_lines": {"as_of": TODAY},
    "open_bank_line_count": {"as_of": TODAY},
    "statement_rows": {"as_of": TODAY},
    "statement_lines": {"statement_id": 1},
    "matches_of_lines": {"line_ids": tuple(range(1, 20))},
    "plan_facts": {"currency": "USD", "expected": True},
    "payments_in_brief": {"ids": tuple(range(1, 80))},
    "what_if_start": {"currency": "USD", "until": date(2027, 2, 18)},
    "own_scenarios": {"actor": "somebody"},
    "groups_at_risk": {"spans": ((Severity.LOW, 0, 50), (Severity.MEDIUM, 0, 50))},
    "suspensions": {"until": date(2027, 2, 18), "limit": 50},
    "sites_at_risk": {"start": 0, "limit": 50},
    "outlooks": {"account_ids": tuple(range(1, 80))},
    "site_list": {"order": "overdue"},
    "open_payments": {"currency": "USD", "first": date(2020, 1, 1), "last": TODAY},
}
BY_ID = {
    "bill_detail": ("invoices", "bill_id"),
    "payment_detail": ("payments", "payment_id"),
    "call_sheet": ("accounts", "account_id"),
    "alert_history": ("alerts", "alert_id"),
    "call_versions": ("calls", "call_id"),
    "payments_on_call": ("calls", "call_id"),
    "matches_of_payment": ("payments", "payment_id"),
    "reject_rows": ("import_batches", "batch_id"),
    "trail_event": ("audit_log", "seq"),
    "opened_scenario": ("scenarios", "link"),
    "scenario_within_reach": ("scenarios", "scenario"),
}
# Beside the id; without an entry the day.
OTHERS: dict[str, dict[str, Any]] = {
    "reject_rows": {"actor": "somebody"},
    "alert_history": {},
    "opened_scenario": {"actor": "somebody else"},
    "scenario_within_reach": {},
    "matches_of_payment": {},
}
NARROWED = {
    "open_bills": ("accounts", "account_id"),
    "open_bill_sums": ("accounts", "account_id"),
    "payment_rows": ("payments", "payment_id"),
    "unapplied_rows": ("accounts", "account_id"),
    "activity": ("accounts", "account_id"),
    "service_rows": ("accounts", "account_id"),
    "account_rows": ("accounts", "account_id"),
    "bill_rows": ("invoices", "bill_id"),
    "dispute_rows": ("accounts", "account_id"),
    "call_rows": ("accounts", "account_id"),
    "usage_totals": ("accounts", "account_id"),
    "usage_lines": ("accounts", "account_id"),
    "top_called": ("accounts", "account_id"),
}


@pytest.fixture(scope="module")
def judged_once(marked, scope):
    """What the rules find for the same scope and filters is found once: six reads ask for the same, and nobody writes here.

    Whose scope is asked for is part of the question, so that a read which asks for another one's is still given that.
    """
    found, connections = found_alerts.findings, []

    @cache
    def judged(*asked, **filters):
        return found(connections[-1], *asked, **filters)

    def findings(connection, *asked, **filters):
        connections[:] = [connection]
        return list(judged(*asked, **filters))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(found_alerts, "findings", findings)
        yield


def searches(own):
    """By another site's very names: what is asked for is nothing that may be found."""
    yield EVERYTHING
    for canary in sorted({*CANARIES.values()} - own):
        yield replace(EVERYTHING, search=canary)
    yield replace(EVERYTHING, sites=("HFDQX7A", "LDSQX7B", "HAMQX7C"), since=date(2020, 1, 1), until=date(2027, 1, 1))


@pytest.mark.usefixtures("judged_once")
@pytest.mark.parametrize("name", sorted(READS))
def test_a_filtered_read_brings_nothing_of_another_site(marked, scope, own, name):
    needs = NEEDS.get(name, {})
    with marked.database.reading(scope, "somebody") as connection:
        for filters in searches(own):
            for by in GROUPS.get(name, (None,)):
                more = needs | ({} if by is None else {"by": by})
                found = READS[name](connection, scope, filters, **more)
                assert seen_in(found) <= own
        if name in NARROWED:
            table, argument = NARROWED[name]
            for row in marked.rows[table]:
                assert seen_in(READS[name](connection, scope, EVERYTHING, **{argument: row["id"]})) <= own


@pytest.mark.usefixtures("judged_once")
@pytest.mark.parametrize("name", sorted(PLAIN_READS))
def test_a_plain_read_brings_nothing_of_another_site(marked, scope, own, name):
    with marked.database.reading(scope, "somebody") as connection:
        if name == "site_names":
            codes = tuple(row["code"] for row in marked.rows["sites"])
            assert seen_in(PLAIN_READS[name](connection, scope, codes)) <= own
        if name not in BY_ID:
            assert seen_in(PLAIN_READS[name](connection, scope, **NEEDS.get(name, {}))) <= own
            return
        if name == "trail_event":  # numbered, and of every table
            for seq in range(1, 80):
                assert seen_in(PLAIN_READS[name](connection, scope, seq=seq)) <= own
            return
        table, argument = BY_ID[name]
        more = OTHERS.get(name, {"as_of": TODAY})
        for row in marked.rows[table]:
            found = PLAIN_READS[name](connection, scope, **{argument: row.get(argument, row["id"])}, **more)
            assert seen_in(found) <= own
            if row.get("site_id") in scope.site_ids:
                assert found is not None


ADDED_UP = {
    "open_bill_sums": (None,),
    "aging_sums": ("site", "account"),
    "calls_by_month": (None,),
    "call_count": (None,),
    "leg_counts": (None,),
    "payments_by_month": (None,),
    "payment_totals": ("method",),
    "usage_totals": ("month", "kind"),
}


def summed(found: Any) -> int:
    """All counts and amounts in it."""
    if isinstance(found, int):
        return found
    if isinstance(found, dict):
        return summed(list(found.values()))
    if isinstance(found, list | tuple):
        return sum(summed(each) for each in found)
    return summed([getattr(found, name) for name in found.__dataclass_fields__]) if is_dataclass(found) else 0


@pytest.mark.parametrize("name", sorted(ADDED_UP))
def test_sums_name_no_site_and_hold_nothing_of_another_one(marked, name):
    """Each site's alone, added up, are those of somebody who sees everything: nothing is counted at a neighbour as well."""
    for by in ADDED_UP[name]:
        more = NEEDS.get(name, {}) | ({} if by is None else {"by": by})
        scopes = [Scope.all_sites(), *(Scope.of([site]) for site in CANARIES), Scope.of([])]
        sums = []
        for scope in scopes:
            with marked.database.reading(scope, "somebody") as connection:
                sums.append(summed(READS[name](connection, scope, EVERYTHING, **more)))
        assert sums[0] == sum(sums[1:]), sums
        assert sum(each > 0 for each in sums[1:-1]) > 1, sums
        assert sums[-1] == 0


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_an_export_holds_nothing_of_another_site(marked, scope, own, name):
    with marked.database.reading(scope) as connection:
        written = as_csv(SHEETS[name](connection, scope, replace(EVERYTHING, since=date(2020, 1, 1))))
    assert seen_in(written.decode("utf-8-sig")) <= own


def test_a_document_holds_nothing_of_another_site(marked, scope, own):
    now = datetime.combine(TODAY, datetime.min.time(), UTC)
    with marked.database.reading(scope) as connection:
        for row in marked.rows["payments"]:
            found = payment_evidence(connection, scope, payment_id=row["id"], as_of=TODAY)
            assert found is None or seen_in(evidence_document(found)) <= own
        for row in marked.rows["accounts"]:
            found = call_sheet(connection, scope, row["id"], as_of=TODAY)
            assert (found is not None) == (row["site_id"] in scope.site_ids)
            assert found is None or seen_in(call_sheet_document(found, now)) <= own
        for row in marked.rows["late_fees"]:
            case = refund_case(connection, scope, dispute_id=row["id"], as_of=TODAY)
            assert (case is not None) == (row["site_id"] in scope.site_ids)
            assert case is None or seen_in(refund_case_document(case)) <= own


def test_what_scenarios_start_from_holds_nothing_of_another_site_in_any_currency(marked, scope, own):
    everything, until = Scope.all_sites(), NEEDS["what_if_start"]["until"]
    seen = set()
    currencies = {row["currency"] for row in marked.rows["accounts"]}
    for asked in (scope, everything):
        with marked.database.reading(asked) as connection:
            for currency in currencies:
                start = READS["what_if_start"](connection, asked, EVERYTHING, currency=currency, until=until)
                if asked is everything:
                    seen |= seen_in(start)
                else:
                    assert seen_in(start) <= own
    assert seen == set(CANARIES.values())


def test_the_canaries_would_be_seen(marked):
    """Somebody who sees everything sees all of them in the very reads above."""
    everything = Scope.all_sites()
    with marked.database.reading(everything) as connection:
        names = ("site_rows", "account_rows", "bill_rows", "payment_rows", "open_bills", "service_rows")
        for name in (*names, "usage_lines", "top_called", "dispute_cases", "vendor_statements", "cash_forecasts"):
            assert seen_in(READS[name](connection, everything, EVERYTHING)) == set(CANARIES.values()), name
        told = [
            PLAIN_READS["alert_history"](connection, everything, alert_id=row["id"]) for row in marked.rows["alerts"]
        ]
        assert seen_in(told) == set(CANARIES.values())
        (kept,) = PLAIN_READS["own_scenarios"](connection, everything, actor="somebody")
        assert seen_in(kept.scenario) == set(CANARIES.values())
        assert seen_in(READS["waiting_alerts"](connection, everything, EVERYTHING, **NEEDS["waiting_alerts"])) == set(
            CANARIES.values()
        )
        events = [PLAIN_READS["trail_event"](connection, everything, seq=seq) for seq in range(1, 80)]
        assert seen_in(events) >= set(CANARIES.values())
        assert "qx7z" in seen_in(PLAIN_READS["reject_rows"](connection, everything, actor="", batch_id=2))
        written = as_csv(SHEETS["accounts"](connection, everything, EVERYTHING)).decode("utf-8-sig")
        documents = [
            evidence_document(found)
            for row in marked.rows["payments"]
            if (found := payment_evidence(connection, everything, payment_id=row["id"], as_of=TODAY))
        ]
    assert seen_in(written) == set(CANARIES.values())
    assert seen_in(documents) == set(CANARIES.values())
