"""How good the rules are against an answer sheet: of each rule what was planted, what was found, precision and recall."""

from collections.abc import Iterable, Set
from dataclasses import dataclass

from domain.alerts.catalog import RULES
from domain.alerts.findings import Finding


@dataclass(frozen=True, slots=True)
class Sheet:
    """What must be found, as (rule, cause), on the planted accounts and the contacts of planted vendors, and no more.

    look_alikes: the rule that each planted account tempts without cause.
    """

    alerts: frozenset[tuple[str, str]]
    account_ids: frozenset[int]
    vendor_ids: frozenset[int]
    look_alikes: tuple[str, ...]

    def concerns(self, finding: Finding) -> bool:
        """Is it about something that was planted?"""
        if finding.account_id is None:
            return finding.vendor_id in self.vendor_ids
        return finding.account_id in self.account_ids


@dataclass(frozen=True, slots=True)
class RuleScore:
    """Counts over all sheets; right: found and planted."""

    rule: str
    planted: int
    look_alikes: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """The part of what was found that was planted; 1 where nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The part of what was planted that was found. What was never planted proves nothing: 0."""
        return self.right / self.planted if self.planted else 0.0

    @property
    def perfect(self) -> bool:
        """Nothing missed, nothing made up."""
        return self.planted == self.found == self.right > 0


def scores(evaluated: Iterable[tuple[Sheet, Set[tuple[str, str]]]]) -> list[RuleScore]:
    """One score a rule over pairs of a sheet and the keys that were found on what it planted."""
    pairs = list(evaluated)

    def count(rule: str, keys: Iterable[tuple[str, str]]) -> int:
        return sum(key[0] == rule for key in keys)

    return [
        RuleScore(
            rule,
            sum(count(rule, sheet.alerts) for sheet, _ in pairs),
            sum(sheet.look_alikes.count(rule) for sheet, _ in pairs),
            sum(count(rule, found) for _, found in pairs),
            sum(count(rule, sheet.alerts & found) for sheet, found in pairs),
        )
        for rule in RULES
    ]
