"""The accounts at risk as pages show them: how many of each severity, what keeps them on, which stop first, and where.

Counted and put in order once for each version of the ledger, by whoever asks first; a run of a page takes the rows that it shows.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import Connection, func, select, union

from data_access.queries.dimensions import ledger_accounts
from data_access.queries.positions import open_items
from data_access.queries.risk import AccountRisk, account_risks
from data_access.queries.site_risk import SiteRisk, site_risks
from data_access.queries.unsettled import pending_parts
from data_access.scope import Scope
from domain.filters import Filters
from domain.risk_severity import Severity


@dataclass(frozen=True)
class AtRisk:
    """entries: those above Stage.CURRENT, the worst first. clear: how many others have something unsettled."""

    as_of: date
    entries: tuple[AccountRisk, ...]
    clear: int

    @cached_property
    def by_severity(self) -> Mapping[Severity, Sequence[AccountRisk]]:
        """Each severity that there is, in order of the day on which service stops."""
        found: dict[Severity, list[AccountRisk]] = {severity: [] for severity in Severity}
        for entry in sorted(self.entries, key=lambda entry: entry.stops_on):
            found[entry.severity].append(entry)
        return {severity: entries for severity, entries in found.items() if entries}

    @cached_property
    def counts(self) -> Mapping[Severity, int]:
        """How many of each severity, the clear ones too."""
        counts = {severity: len(entries) for severity, entries in self.by_severity.items()}
        return counts | ({Severity.CLEAR: self.clear} if self.clear else {})

    @cached_property
    def amounts(self) -> Mapping[Severity, Mapping[str, int]]:
        """What keeps them on, by severity and currency."""
        return {severity: amounts_of(entries) for severity, entries in self.by_severity.items()}

    @cached_property
    def amount(self) -> Mapping[str, int]:
        """What keeps all of them on, by currency."""
        return amounts_of(self.entries)

    @cached_property
    def off(self) -> Sequence[AccountRisk]:
        """Switched off, in order of the day."""
        return sorted(self.by_severity.get(Severity.OFF, ()), key=_by_day)

    @cached_property
    def coming(self) -> Sequence[AccountRisk]:
        """Those that stop next, in order of the day."""
        stopping = (e for e in self.entries if e.severity is not Severity.OFF and e.risk.firm.window is not None)
        return sorted(stopping, key=_by_day)

    @property
    def stopping(self) -> int:
        """How many are off or have a day."""
        return len(self.off) + len(self.coming)

    def timeline(self, until: date) -> Sequence[AccountRisk]:
        """Off, or within medium, by `until`, in order of the day."""
        return self._timeline[: bisect_right(self._timeline, until, key=lambda entry: entry.stops_on)]

    @cached_property
    def _timeline(self) -> Sequence[AccountRisk]:
        return sorted((entry for entry in self.entries if entry.severity <= Severity.MEDIUM), key=_by_day)

    @cached_property
    def sites(self) -> Sequence[SiteRisk]:
        """Sites at which something stops, by effect: what would stop most comes first."""
        threatened = [site for site in site_risks(self.entries) if site.threatened]
        return sorted(threatened, key=lambda site: (tuple(-n for n in site.effect.rank), site.name))

    @cached_property
    def of_sites(self) -> Mapping[str, int]:
        """What keeps those sites on, by currency."""
        return amounts_of(entry for site in self.sites for entry in site.threatened)


def amounts_of(entries: Iterable[AccountRisk]) -> Mapping[str, int]:
    """What keeps these accounts on, by currency."""
    sums: Counter[str] = Counter()
    for entry in entries:
        sums[entry.currency] += entry.keeps_on
    return sums


def at_risk(connection: Connection, scope: Scope, filters: Filters) -> AtRisk:
    """The accounts in the filters that are at risk; of the others, which have only bills to come, their number."""
    entries = account_risks(connection, scope, filters, to_fear=True)
    return AtRisk(filters.as_of, tuple(entries), _unsettled(connection, scope, filters) - len(entries))


def _unsettled(connection: Connection, scope: Scope, filters: Filters) -> int:
    """How many accounts have something unsettled."""
    a, items, pending = ledger_accounts(scope, filters), open_items(filters.as_of), pending_parts(filters.as_of)
    either = union(select(items.c.account_id), select(pending.c.account_id)).subquery()
    counted = select(func.count()).select_from(either).join(a, a.c.account_id == either.c.account_id)
    return connection.scalar(counted) or 0


def _by_day(entry: AccountRisk) -> tuple[date, int]:
    return entry.stops_on, entry.account_id
