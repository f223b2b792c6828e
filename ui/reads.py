"""Cached reads. Each is keyed by the database, the scope, the filters, the data version and its own arguments.

All sessions share what is kept, so everything that decides what comes back is in one Question, which is the key. Nobody changes
a row.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, NamedTuple, TypeVar

import streamlit as st

from data_access.address import database_address, read_address
from data_access.database import Database
from data_access.exporting import Sheet
from data_access.failures import DATABASE_FAILURES
from data_access.own_changes import last_event
from data_access.queries import (
    accounts,
    activity,
    aging_groups,
    alert_pages,
    alerts,
    at_risk,
    balances,
    bank_lines,
    bank_statements,
    bill_grid,
    bills,
    calendar,
    call_history,
    call_search,
    call_sheet,
    calls,
    cash_forecast,
    cash_plan,
    contacts,
    details,
    dimensions,
    disputes,
    due_dates,
    follow_ups,
    freshness,
    import_mappings,
    imports,
    late_bills,
    late_ranking,
    matched_lines,
    movements,
    outlook,
    overdue_counts,
    overdue_moves,
    payments,
    people,
    policies,
    proposals,
    punctuality,
    rankings,
    rates,
    reconciliation,
    refund_cases,
    risk,
    scenarios,
    site_list,
    site_names,
    site_standings,
    sites,
    sites_at_risk,
    spend,
    spend_ranking,
    trail,
    trail_search,
    trends,
    unapplied,
    usage,
    usage_lines,
    vendor_statements,
    what_if,
)
from data_access.queries import open_bills as bills_left
from data_access.queries import payment_totals as money_out
from data_access.revisions import SchemaError, current_revision, head_revision, named
from data_access.scope import Scope
from domain.aging import AgingRow
from domain.filters import Filters
from ui import run, sources, stale
from ui.answers import Answers, Kept, own
from ui.viewer import Viewer

T = TypeVar("T")
READS: dict[str, Callable[..., Any]] = {
    "aging": balances.aging,
    "aging_page": aging_groups.aging_page,
    "aging_sums": aging_groups.aging_sums,
    "hidden_totals": balances.hidden_totals,
    "history": trends.history,
    "overdue_counts": overdue_counts.overdue_counts,
    "movements": movements.movements,
    "open_bills": bills_left.open_bills,
    "open_bill_sums": bills_left.open_bill_sums,
    "outlooks": outlook.outlooks,
    "payment_totals": money_out.payment_totals,
    "payments_by_month": money_out.payments_by_month,
    "payment_rows": payments.payment_rows,
    "overdue_moves": overdue_moves.overdue_moves,
    "punctuality": punctuality.punctuality,
    "payment_ranking": rankings.payment_ranking,
    "late_ranking": late_ranking.late_ranking,
    "late_bills": late_bills.late_bills,
    "unapplied_rows": unapplied.unapplied_rows,
    "next_due": due_dates.next_due,
    "activity": activity.activity,
    "billed_by_site": spend_ranking.billed_by_site,
    "spend_ranking": spend_ranking.spend_ranking,
    "bills_counted": spend.bills_counted,
    "billed_by_month": spend.billed_by_month,
    "site_list": site_list.site_list,
    "site_rows": sites.site_rows,
    "site_currencies": sites.site_currencies,
    "service_rows": sites.service_rows,
    "account_rows": accounts.account_rows,
    "bill_rows": bills.bill_rows,
    "bill_grid": bill_grid.bill_grid,
    "dispute_rows": bills.dispute_rows,
    "dispute_cases": disputes.dispute_cases,
    "dispute_sums": disputes.dispute_sums,
    "refund_candidates": refund_cases.refund_candidates,
    "vendor_statements": vendor_statements.statement_rows,
    "misapplied_rows": vendor_statements.misapplied_rows,
    "call_rows": calls.call_rows,
    "call_count": calls.call_count,
    "found_calls": call_search.found_calls,
    "calls_by_month": calls.calls_by_month,
    "follow_ups": follow_ups.follow_ups,
    "ended": follow_ups.ended,
    "account_risks": risk.account_risks,
    "at_risk": at_risk.at_risk,
    "groups_at_risk": at_risk.groups_at_risk,
    "suspensions": at_risk.suspensions,
    "sites_at_risk": sites_at_risk.sites_at_risk,
    "site_standings": site_standings.site_standings,
    "alerts": alert_pages.standing,
    "waiting_alerts": alert_pages.waiting,
    "snoozed_alerts": alert_pages.snoozed,
    "owned_alerts": alert_pages.owned,
    "closed_alerts": alert_pages.closed,
    "named_alert": alert_pages.named,
    "calendar_entries": calendar.calendar_entries,
    "legs": reconciliation.legs,
    "leg_counts": reconciliation.leg_counts,
    "oldest_legs": reconciliation.oldest_legs,
    "what_if_start": what_if.start,
    "many_accounts": what_if.many_accounts,
    "usage_totals": usage.usage_totals,
    "usage_lines": usage_lines.usage_lines,
    "top_called": usage_lines.top_called,
    "cash_forecasts": cash_forecast.cash_forecasts,
    "plan_facts": cash_plan.plan_facts,
    "currencies_in": dimensions.currencies_in,
    "currencies_borne": dimensions.currencies_borne,
}
# These take no filters.
PLAIN_READS: dict[str, Callable[..., Any]] = {
    "filter_options": dimensions.filter_options,
    "site_names": site_names.site_names,
    "freshness": freshness.freshness,
    "ledger_totals": balances.ledger_totals,
    "rates_to": rates.rates_to,
    "bill_detail": details.bill_detail,
    "payment_detail": details.payment_detail,
    "call_words": calls.call_words,
    "call_sheet": call_sheet.call_sheet,
    "contact_rows": contacts.contact_rows,
    "number_standing": contacts.number_standing,
    "seen_numbers": contacts.seen_numbers,
    "vendor_ids": contacts.vendor_ids,
    "policies": policies.policies,
    "call_versions": call_history.call_versions,
    "payments_on_call": call_history.payments_on_call,
    "batch_rows": imports.batch_rows,
    "mapping_rows": import_mappings.mapping_rows,
    "person_rows": people.person_rows,
    "reject_rows": imports.reject_rows,
    "trail_rows": trail.trail_rows,
    "trail_count": trail.trail_count,
    "found_events": trail_search.found_events,
    "trail_words": trail.trail_words,
    "trail_event": trail.trail_event,
    "alert_history": alerts.history,
    "statement_rows": bank_statements.statement_rows,
    "match_proposals": proposals.proposed_matches,
    "proposed_calls": proposals.proposed_calls,
    "open_bank_lines": bank_lines.open_lines,
    "open_bank_line_count": bank_lines.open_line_count,
    "statement_lines": bank_statements.statement_lines,
    "matches_of_payment": matched_lines.matches_of_payment,
    "matches_of_lines": matched_lines.matches_of_lines,
    "payments_in_brief": matched_lines.payments_in_brief,
    "open_payments": matched_lines.open_payments,
    "own_scenarios": scenarios.own_scenarios,
    "opened_scenario": scenarios.opened,
    "scenario_within_reach": scenarios.within_reach,
}


@st.cache_resource(max_entries=8, show_spinner=False, on_release=Database.close)
def open_database(address: str) -> Database:
    """The database at `address`, opened once a process; raises SchemaError when it needs `manage.py init`."""
    database = Database(address, read_address=read_address())
    revision = current_revision(database)
    if revision != head_revision():
        database.close()
        raise SchemaError(f"the database has {named(revision)}, this program reads revision {head_revision()}")
    return database


def opened(address: str) -> Database:
    """The same, asked for once a run."""
    return run.once((open_database, address), partial(open_database, address))


class Subject(NamedTuple):
    """All that decides what a read is about, but the version of the data: what is kept is told apart by the whole of it."""

    name: str
    address: str
    replica: bool
    scope: Scope
    filters: Filters | None
    arguments: tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """All that decides what a read brings back. A new version takes the old one's place."""

    name: str
    address: str
    replica: bool
    scope: Scope
    filters: Filters | None
    version: Hashable
    arguments: tuple[tuple[str, Any], ...]

    @property
    def subject(self) -> Subject:
        """It without its version."""
        return Subject(self.name, self.address, self.replica, self.scope, self.filters, self.arguments)


ANSWERS = Answers()


def answer(question: Question, viewer: Viewer | None = None) -> Kept:
    """The rows that READS or PLAIN_READS brings for `question`; for a viewer sometimes those of a moment ago (ui/stale.py)."""
    subject = question.subject
    kept = ANSWERS.kept(subject)
    if kept is not None and kept.version == question.version:
        return kept
    database = open_database(question.address)
    fetch = partial(ANSWERS.fetched, subject, question.version, partial(_read, database, question))
    if kept is not None and viewer and stale.shown(database, viewer, kept, fetch):
        return kept
    return fetch()


def _read(database: Database, question: Question) -> tuple[Any, int]:
    """Rows, and the newest audit event before them."""
    arguments = dict(question.arguments)
    actor = arguments.get("actor", "")
    source = database.replica if question.replica and database.replica else database
    before = last_event(database)
    with source.reading(question.scope, actor) as connection:
        if question.filters is None:
            return PLAIN_READS[question.name](connection, question.scope, **arguments), before
        return READS[question.name](connection, question.scope, question.filters, **arguments), before


def filtered(name: str, viewer: Viewer, filters: Filters, **arguments: Any) -> Any:
    """A read that follows the filter bar: filtered("aging", viewer, filters, by="site"). Arguments are hashable."""
    return own(_ask(name, viewer, filters, arguments).rows)


def made(make: Callable[[Any], T], name: str, viewer: Viewer, filters: Filters | None, **arguments: Any) -> T:
    """What `make` makes of the rows of filtered(name, ...), or plain without filters, and of nothing else: made once for as long as they are kept."""
    return _ask(name, viewer, filters, arguments).made(make)


def unkept(name: str, viewer: Viewer, filters: Filters, **arguments: Any) -> Any:
    """The same off the page's thread, for a file: read at that moment and not kept."""
    with open_database(database_address()).reading(viewer.scope) as connection:
        return READS[name](connection, viewer.scope, filters, **arguments)


def plain(name: str, viewer: Viewer, **arguments: Any) -> Any:
    """A read that the filter bar does not touch: plain("freshness", viewer)."""
    return own(_ask(name, viewer, None, arguments).rows)


def _ask(name: str, viewer: Viewer, filters: Filters | None, arguments: dict[str, Any]) -> Kept:
    address, database = run.once(_ask, _opened)
    more = tuple(sorted(arguments.items()))
    if database.replica and (standing := sources.chosen(database, viewer)):
        try:
            return answer(Question(name, address, True, viewer.scope, filters, standing.position, more), viewer)
        except DATABASE_FAILURES as error:
            database.replica.failed(error)
            sources.leave()
    return answer(Question(name, address, False, viewer.scope, filters, sources.version(database), more), viewer)


def _opened() -> tuple[str, Database]:
    address = database_address()
    return address, opened(address)


def aging(viewer: Viewer, filters: Filters, by: str, **arguments: Any) -> list[AgingRow]:
    """Balances by group; see data_access.queries.balances.aging."""
    return filtered("aging", viewer, filters, by=by, **arguments)


def aging_page(viewer: Viewer, filters: Filters, by: str, **arguments: Any) -> list[aging_groups.AgingGroup]:
    """Some of the groups, in order; see data_access.queries.aging_groups."""
    return filtered("aging_page", viewer, filters, by=by, **arguments)


def aging_sums(viewer: Viewer, filters: Filters, by: str, **arguments: Any) -> aging_groups.AgingSums:
    """What all groups come to; see data_access.queries.aging_groups."""
    return filtered("aging_sums", viewer, filters, by=by, **arguments)


def history(
    viewer: Viewer, filters: Filters, days: Sequence[date], by: str = "currency", **arguments: Any
) -> list[trends.Position]:
    """Positions on each of `days`; see data_access.queries.trends.history."""
    return filtered("history", viewer, filters, days=tuple(days), by=by, **arguments)


def open_bills(viewer: Viewer, filters: Filters, **arguments: Any) -> list[bills_left.OpenBill]:
    """Open bills; see data_access.queries.open_bills."""
    return filtered("open_bills", viewer, filters, **arguments)


def options(viewer: Viewer) -> dimensions.FilterOptions:
    """What the filter bar offers within the viewer's scope."""
    return plain("filter_options", viewer)


def every_site(viewer: Viewer) -> tuple[site_names.SiteName, ...]:
    """All sites within the viewer's scope: for lists to choose from, of which a large ledger has thousands."""
    return plain("site_names", viewer)


def sites_named(viewer: Viewer, codes: Iterable[str]) -> Mapping[str, str]:
    """How the sites of these codes are called; a code that is nobody's, or not in scope, by itself."""
    wanted = tuple(sorted(set(codes)))
    known = {site.code: site.called for site in plain("site_names", viewer, codes=wanted)} if wanted else {}
    return {code: known.get(code, code) for code in wanted}


def rates_to(viewer: Viewer, quote: str, as_of: date) -> dict[str, rates.Rate]:
    """The rate of each currency into `quote`, the newest on or before `as_of`."""
    return plain("rates_to", viewer, quote=quote, as_of=as_of)


def payment_totals(viewer: Viewer, filters: Filters, by: str) -> list[money_out.PaymentTotal]:
    """Money out by group; see data_access.queries.payment_totals."""
    return filtered("payment_totals", viewer, filters, by=by)


def moved(viewer: Viewer, filters: Filters) -> list[movements.Movements]:
    """What moved the balance in the period; see data_access.queries.movements.movements."""
    return filtered("movements", viewer, filters)


def sheet(viewer: Viewer, filters: Filters, build: Callable[..., Sheet], **arguments: Any) -> Sheet:
    """A whole table for export, read on the click and not kept; `build` is one of data_access.queries.sheets."""
    with open_database(database_address()).reading(viewer.scope) as connection:
        return build(connection, viewer.scope, filters, **arguments)


def plain_sheet(viewer: Viewer, build: Callable[..., T], **arguments: Any) -> T:
    """The same of what the filter bar does not touch: a table, or what a document is made of."""
    with open_database(database_address()).reading(viewer.scope) as connection:
        return build(connection, viewer.scope, **arguments)
