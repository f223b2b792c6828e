"""The sites that a viewer may see. Every query takes one; without one it raises."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, false, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import NullType

_MANY = 50  # sites: as parameters of their own they would cost more than the rest of a statement


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
    if len(scope.site_ids) > _MANY:
        return one_of(site_id, bindparam("sites", _listed(scope.site_ids), unique=True))
    return site_id.in_(sorted(scope.site_ids))


@lru_cache(maxsize=256)
def _listed(site_ids: frozenset[int]) -> str:
    return ",".join(map(str, sorted(site_ids)))


class one_of(FunctionElement[Any]):  # noqa: N801 - a SQL function
    """one_of(column, numbers): is it one of the numbers, which are one text with commas?"""

    # Were it a Boolean, SQLAlchemy would write "(...) = 1" for SQLite, which then looks into no index by it.
    type = NullType()
    inherit_cache = True


@compiles(one_of, "sqlite")
def _one_of_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    column, numbers = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each('[' || {numbers} || ']'))"  # noqa: S608


@compiles(one_of, "postgresql")
def _one_of_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    column, numbers = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"{column} = ANY (string_to_array({numbers}, ',')::bigint[])"
