"""What is watched: the rules that are on, and the thresholds that they go by."""

from dataclasses import dataclass, field

from domain.alerts.catalog import RULES
from domain.alerts.thresholds import Thresholds


@dataclass(frozen=True, slots=True, repr=False)
class Watch:
    """Hashable: part of the key of a cached read."""

    thresholds: Thresholds = field(default_factory=Thresholds)
    off: frozenset[str] = frozenset()

    @property
    def rules(self) -> frozenset[str]:
        """Those that are on."""
        return frozenset(RULES) - self.off

    def __repr__(self) -> str:
        """The same for equal ones, in whatever order a set is walked: it is part of a cache key."""
        return f"Watch({self.thresholds!r}, off={sorted(self.off)})"
