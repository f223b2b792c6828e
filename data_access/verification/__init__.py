"""Recomputing what must always hold (design section 3) from the rows, and saying exactly what is broken.

Each check is a function of a connection that yields findings; an empty list is good news.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import islice

from data_access.account_risks import differences as risks_off
from data_access.database import Database
from data_access.months import differences
from data_access.scope import Scope
from data_access.verification.bank import matched_is_sum, statements_off
from data_access.verification.ledger import LEDGER_CHECKS
from data_access.verification.storage import storage_is_sound
from data_access.verification.terms import terms_are_sound
from data_access.verification.totals import totals_agree
from data_access.verification.trail import TRAIL_CHECKS, anchors_hold, unattributed
from domain.audit import Head
from domain.card_numbers import without_card_numbers

MOST_FINDINGS = 20


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One rule: its id (L1 ... A2), what it says, and the findings against it (at most MOST_FINDINGS are kept)."""

    id: str
    title: str
    findings: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Verification:
    """All results; `notes` are facts that break no rule."""

    results: tuple[CheckResult, ...]
    notes: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """True when nothing is broken."""
        return not any(result.findings for result in self.results)


def verify(database: Database, today: date, anchors: Sequence[Head] = ()) -> Verification:
    """Check every rule on one snapshot, the storage and the sums of months beside it; totals as of `today` and of the month ends of the past year.

    `anchors` are heads of the trail that were kept elsewhere; without one a trail that was rewritten whole looks sound.
    """
    results = []
    with ThreadPoolExecutor(2) as beside, database.reading(Scope.all_sites()) as connection:
        storage, months = beside.submit(_check_storage, database), beside.submit(_check_months, database)
        risks = beside.submit(_check_risks, database, today)
        results.extend(_gather(i, title, check(connection)) for i, title, check in (*LEDGER_CHECKS, *TRAIL_CHECKS))
        if anchors:
            title = "the audit trail still holds what was anchored elsewhere"
            results.append(_gather("A3", title, anchors_hold(connection, anchors)))
        results.append(
            _gather("L7", "every total equals the sum of the rows behind it", totals_agree(connection, today))
        )
        results.append(
            _gather(
                "T1",
                "vendors' terms can be judged by, and no verified number resembles another",
                terms_are_sound(connection),
            )
        )
        results.append(_gather("M1", "what is matched equals the sum of live matches", matched_is_sum(connection)))
        results += [months.result(), risks.result(), storage.result()]
        notes = (*unattributed(connection), *islice(statements_off(connection), MOST_FINDINGS))
    return Verification(tuple(sorted(results, key=lambda r: r.id)), notes)


def _check_storage(database: Database) -> CheckResult:
    """As long as much of the rest takes, and about the file as it is, whatever the snapshot."""
    with database.reading(Scope.all_sites()) as connection:
        title = "the database file is sound and every reference resolves"
        return _gather("S1", title, storage_is_sound(connection))


def _check_months(database: Database) -> CheckResult:
    """As long again: on a snapshot of its own, since it asks nothing of the other checks."""
    with database.reading(Scope.all_sites()) as connection:
        return _gather("D1", "the totals of months equal the ledger's rows", differences(connection))


def _check_risks(database: Database, today: date) -> CheckResult:
    """On a snapshot of its own, too."""
    with database.reading(Scope.all_sites()) as connection:
        return _gather("D2", "what is kept of accounts' risk is what judging them says", risks_off(connection, today))


def _gather(check_id: str, title: str, findings: Iterable[str]) -> CheckResult:
    found = list(findings)
    # A finding may quote what another program wrote.
    kept = tuple(without_card_numbers(finding) for finding in found[:MOST_FINDINGS])
    return CheckResult(check_id, title, kept, max(0, len(found) - MOST_FINDINGS))
