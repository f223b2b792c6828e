"""Risk by site: what its accounts come to together. A site is the accounts' home; what else stops with them counts too."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from data_access.queries.risk import AccountRisk, worst_first
from domain.risk import Effect, Stage, effect_of


@dataclass(frozen=True)
class SiteRisk:
    """One site with its accounts that have something unsettled, the worst first."""

    site: str
    name: str
    region: str
    entries: tuple[AccountRisk, ...]

    @cached_property
    def threatened(self) -> tuple[AccountRisk, ...]:
        """Accounts that are late or worse with a vendor that suspends."""
        return tuple(e for e in self.entries if e.risk.firm.stage >= Stage.LATE and e.risk.firm.window is not None)

    @property
    def first(self) -> AccountRisk | None:
        """The account that stops first; one that is off already goes before those to come."""
        return self.threatened[0] if self.threatened else None

    @property
    def stage(self) -> Stage:
        """The worst of its accounts, those included whose vendor never suspends."""
        return self.entries[0].risk.firm.stage

    @property
    def likely(self) -> date | None:
        """The earliest of the likely days."""
        return min((e.risk.firm.window.likely for e in self.threatened if e.risk.firm.window), default=None)

    @property
    def days_left(self) -> int | None:
        """To that day, never below 0."""
        return min((e.risk.firm.days_left for e in self.threatened if e.risk.firm.days_left is not None), default=None)

    @property
    def keep_on(self) -> dict[str, int]:
        """What keeps everything on, and restoral where it is off, by currency."""
        sums: Counter[str] = Counter()
        for entry in self.threatened:
            sums[entry.currency] += entry.keeps_on
        return dict(sorted(sums.items()))

    @cached_property
    def effect(self) -> Effect:
        """What stops: each line, and the people of each place, once."""
        return effect_of([line for entry in self.threatened for line in entry.facts.services])


def site_risks(entries: Iterable[AccountRisk]) -> list[SiteRisk]:
    """Every site of `entries`, by effect: where something stops first, and of those where it hurts most."""
    by_site: dict[str, list[AccountRisk]] = {}
    for entry in sorted(entries, key=worst_first):
        by_site.setdefault(entry.site, []).append(entry)
    found = [SiteRisk(code, own[0].site_name, own[0].region, tuple(own)) for code, own in by_site.items()]
    return sorted(found, key=by_effect)


def by_effect(site: SiteRisk) -> tuple[object, ...]:
    """The order of site_risks."""
    return not site.threatened, tuple(-n for n in site.effect.rank), -site.stage, site.likely or date.max, site.name
