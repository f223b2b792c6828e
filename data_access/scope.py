"""The sites that a viewer may see. Every query takes one; without one it raises."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, false, true


class ScopeRequiredError(TypeError):
    """A query was asked without saying on whose behalf."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Either every site, or exactly `site_ids`; an empty set sees nothing. Hashable: part of every cache key."""

    everything: bool
    site_ids: frozenset[int]

    @classmethod
    def all_sites(cls) -> "Scope":
        """The operator's scope."""
        return cls(everything=True, site_ids=frozenset())

    @classmethod
    def of(cls, site_ids: Iterable[int]) -> "Scope":
        """Only these sites."""
        return cls(everything=False, site_ids=frozenset(site_ids))

    def allows(self, site_id: int) -> bool:
        """May rows of this site be seen?"""
        return self.everything or site_id in self.site_ids


def require(scope: Scope) -> Scope:
    """The scope itself; raises ScopeRequiredError for anything that is not one."""
    if not isinstance(scope, Scope):
        raise ScopeRequiredError("this query needs a Scope; None is not one")
    return scope


def within(scope: Scope, site_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that keeps `site_id` inside the scope; raises without a Scope."""
    require(scope)
    if scope.everything:
        return true()
    if not scope.site_ids:
        return false()
    return site_id.in_(sorted(scope.site_ids))
