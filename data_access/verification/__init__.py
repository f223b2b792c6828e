"""Recomputing what must always hold (design section 3) from the rows, and saying exactly what is broken.

Each check is a function of a connection that yields findings; an empty list is good news.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice

from sqlalchemy import Connection

from data_access.account_risks import differences as risks_off
from data_access.database import Database
from data_access.months import differences
from data_access.scope import Scope
from data_access.verification.bank import matched_is_sum, statements_off
from data_access.verification.findings import findings_stand
from data_access.verification.judged import accounts_judged, told_of
from data_access.verification.ledger import LEDGER_CHECKS
from data_access.verification.looking import findings_each
from data_access.verification.storage import (
    dates_are_dates,
    file_is_sound,
    references_resolve,
    tables_compared,
    told_of_file,
)
from data_access.verification.terms import terms_are_sound
from data_access.verification.totals import totals_agree
from data_access.verification.trail import TRAIL_CHECKS, anchors_hold, unattributed
from domain.audit import Head
from domain.card_numbers import without_card_numbers

MOST_FINDINGS = 20
Check = tuple[str, str, Callable[[Connection], Iterable[str]]]


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


def verify(
    database: Database, today: date, anchors: Sequence[Head] = (), *, everything: bool = False, processes: int = 1
) -> Verification:
    """Check every rule, each on one snapshot of its own and some at a time; totals as of `today` and of the month ends of the past year.

    `anchors` are heads of the trail that were kept elsewhere; without one a trail that was rewritten whole looks sound.
    `everything`: judge all accounts anew, however many they are. `processes`: that look at once (looking.processes_for).
    """
    checks = _checks(today, anchors, everything)
    look = partial(_look, today=today, anchors=tuple(anchors), everything=everything)
    each = findings_each(database, look, len(checks), processes)
    found: dict[tuple[str, str], list[str]] = {}
    for (check_id, title, _), findings in zip(checks, each, strict=True):
        found.setdefault((check_id, title), []).extend(findings)
    with database.reading(Scope.all_sites()) as connection:
        notes = tuple(_notes(connection, today, everything))
    return Verification(tuple(_result(*rule, findings) for rule, findings in sorted(found.items())), notes)


def _look(connection: Connection, number: int, *, today: date, anchors: Sequence[Head], everything: bool) -> list[str]:
    _, _, check = _checks(today, anchors, everything)[number]
    return list(check(connection))


def _checks(today: date, anchors: Sequence[Head], everything: bool) -> list[Check]:
    """The longest first, so that none is left to run alone at the end."""

    def judged(connection: Connection) -> list[int]:
        return accounts_judged(connection, today, everything=everything)

    def sound(connection: Connection) -> Iterator[str]:
        return file_is_sound(connection, tables_compared(connection, today, everything=everything))

    storage = "the database file is sound and every reference resolves"
    checks: list[Check] = [
        ("D1", "the totals of months equal the ledger's rows", differences),
        ("S1", storage, sound),
        ("L7", "every total equals the sum of the rows behind it", lambda c: totals_agree(c, today)),
        ("D3", "what is kept of alerts is what the rules find", lambda c: findings_stand(c, judged(c))),
        ("D2", "what is kept of accounts' risk is what judging them says", lambda c: risks_off(c, today, judged(c))),
        ("S1", storage, dates_are_dates),
        ("S1", storage, references_resolve),
        *LEDGER_CHECKS,
        *TRAIL_CHECKS,
        ("T1", "vendors' terms can be judged by, and no verified number resembles another", terms_are_sound),
        ("M1", "what is matched equals the sum of live matches", matched_is_sum),
    ]
    if anchors:
        held = "the audit trail still holds what was anchored elsewhere"
        checks.append(("A3", held, lambda c: anchors_hold(c, anchors)))
    return checks


def _notes(connection: Connection, today: date, everything: bool) -> Iterator[str]:
    yield from told_of(connection, today, everything=everything)
    yield from told_of_file(connection, today, everything=everything)
    yield from unattributed(connection)
    yield from islice(statements_off(connection), MOST_FINDINGS)


def _result(check_id: str, title: str, found: Sequence[str]) -> CheckResult:
    # A finding may quote what another program wrote.
    kept = tuple(without_card_numbers(finding) for finding in found[:MOST_FINDINGS])
    return CheckResult(check_id, title, kept, max(0, len(found) - MOST_FINDINGS))
