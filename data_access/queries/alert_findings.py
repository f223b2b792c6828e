"""What the alert rules find on a day, from what was known on that day.

Accounts are judged some at a time, so that what is held is what is found. Some reads look beyond an account: these go over all at once.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date

from sqlalchemy import Connection

from data_access.queries.alerting.agreed import contract_findings, dispute_findings, promise_findings
from data_access.queries.alerting.audits import audit_findings, missing_findings, sum_findings
from data_access.queries.alerting.directory import contact_findings
from data_access.queries.alerting.money_seen import payment_findings, returned_findings, unapplied_findings
from data_access.queries.alerting.open_bills import autopay_findings, open_bill_findings
from data_access.queries.alerting.subjects import Evidence
from data_access.queries.alerting.vendor_mistakes import (
    asking_for_credits,
    fee_findings,
    misapplied_findings,
    misstated_findings,
)
from data_access.queries.risk import FEW
from data_access.scope import Scope, require
from domain.alerts.catalog import RULES, Severity
from domain.alerts.findings import Finding
from domain.alerts.thresholds import Thresholds
from domain.filters import Filters

# Which rules each read serves: it runs when one of them is wanted.
_Reads = tuple[tuple[frozenset[str], Callable[[Evidence], Iterable[Finding]]], ...]
_OF_ACCOUNTS: _Reads = (
    (frozenset({"R01", "R02", "R03", "R04", "R05"}), open_bill_findings),
    (frozenset({"R06"}), autopay_findings),
    (frozenset({"R07"}), returned_findings),
    (frozenset({"R08", "R09", "R10", "R13"}), payment_findings),
    (frozenset({"R11", "R12"}), promise_findings),
    (frozenset({"R14"}), missing_findings),
    (frozenset({"R15", "R16", "R17", "R18"}), audit_findings),
    (frozenset({"R19"}), sum_findings),
    (frozenset({"R20"}), dispute_findings),
    (frozenset({"R21"}), contract_findings),
    (frozenset({"R22"}), unapplied_findings),
    (frozenset({"R24"}), fee_findings),
)
_AMONG: _Reads = ((frozenset({"R23"}), misapplied_findings),)  # a vendor's accounts
_BEYOND: _Reads = (
    (frozenset({"R23"}), misstated_findings),
    (frozenset({"R25"}), contact_findings),
)
_SEVERITIES = list(Severity)
OF_OTHER_ACCOUNTS = frozenset({"R23"})
BY_WHAT_IS_ELSEWHERE = OF_OTHER_ACCOUNTS | {"R10"}  # rules that look at what who sees an account's site need not see


def findings(
    connection: Connection,
    scope: Scope,
    as_of: date,
    thresholds: Thresholds,
    only: frozenset[str] | None = None,
    *,
    filters: Filters | None = None,
) -> list[Finding]:
    """Every finding of the rules in `only` (None: all of them) in `scope`, the gravest first, then by site.

    filters: only the accounts that they leave are judged, beside what concerns none; it is for the caller to leave out
    the rest, which may be there. Rows dated after `as_of` are not seen, and what was undone or decided later has not happened yet.
    """
    evidence = Evidence(connection, require(scope), as_of, thresholds, filters)
    wanted = frozenset(RULES) if only is None else only
    found = [*_found((*_AMONG, *_BEYOND), evidence, wanted)]
    for some in _in_batches(evidence):
        found += _found(_OF_ACCOUNTS, some, wanted)
    if not found:
        return []
    subjects = evidence.subjects

    def place(finding: Finding) -> tuple[int, str, str, date, str]:
        site = subjects[finding.account_id].site if finding.account_id in subjects else ""
        severity = _SEVERITIES.index(RULES[finding.rule].severity)
        return severity, site, finding.rule, finding.since, finding.cause

    return sorted(found, key=place)


def findings_of(
    connection: Connection,
    scope: Scope,
    as_of: date,
    thresholds: Thresholds,
    only: frozenset[str] | None = None,
    *,
    account_ids: Collection[int],
) -> list[Finding]:
    """Those about these accounts, but for what `findings_beyond` finds."""
    found: list[Finding] = []
    ids = sorted(account_ids)
    wanted = frozenset(RULES) if only is None else only
    for start in range(0, len(ids), FEW):
        filters = Filters(as_of=as_of, accounts=tuple(ids[start : start + FEW]))
        found += _found(
            (*_OF_ACCOUNTS, *_AMONG), Evidence(connection, require(scope), as_of, thresholds, filters), wanted
        )
    return found


def findings_beyond(
    connection: Connection, scope: Scope, as_of: date, thresholds: Thresholds, only: frozenset[str] | None = None
) -> list[Finding]:
    """Those that are about no account, and those by vendors' statements, each of which is held against others."""
    evidence = Evidence(connection, require(scope), as_of, thresholds)
    return list(_found(_BEYOND, evidence, frozenset(RULES) if only is None else only))


def asked_beside(
    connection: Connection, scope: Scope, as_of: date, thresholds: Thresholds, account_ids: Collection[int]
) -> set[int]:
    """Other accounts about which more may be found now that something was written about these: see `misapplied_findings`."""
    found: set[int] = set()
    ids = sorted(account_ids)
    for start in range(0, len(ids), FEW):
        filters = Filters(as_of=as_of, accounts=tuple(ids[start : start + FEW]))
        found |= asking_for_credits(Evidence(connection, require(scope), as_of, thresholds, filters))
    return found


def _found(reads: _Reads, evidence: Evidence, wanted: frozenset[str]) -> Iterator[Finding]:
    return (f for rules, read in reads if rules & wanted for f in read(evidence) if f.rule in wanted)


def _in_batches(evidence: Evidence) -> Iterator[Evidence]:
    if evidence.few:
        yield evidence
        return
    ids = sorted(evidence.subjects)
    for start in range(0, len(ids), FEW):
        yield evidence.of(tuple(ids[start : start + FEW]))
