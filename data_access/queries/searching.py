"""What a search of a long table finds: the rows of accounts of a name or number, and those whose own number begins so.

Names are looked for in accounts, sites and vendors, which are few; numbers by the index on them. No search walks the table.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, and_, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from data_access.queries.dimensions import bare_accounts, ledger_accounts
from data_access.queries.expressions import contains, names_account, unindexed
from data_access.schema import accounts, sites, vendors
from data_access.scope import Scope, within
from domain.filters import Filters

FEW = 200  # accounts whose rows are looked at one account after the other


@dataclass(frozen=True, slots=True)
class Found:
    """Rows that a search finds. `narrow`: by the accounts named, so that the order of the table is no way to them.

    `apart`: where the condition looks at the accounts beside the table, the same of the table alone, in ways of which none finds what
    another does.
    """

    condition: ColumnElement[bool]
    narrow: bool
    apart: tuple[ColumnElement[bool], ...] = ()

    def ordered_by(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """The column, not to be walked along by its index where that would be the longer way."""
        return unindexed(column) if self.narrow else column


def found_by(
    connection: Connection, scope: Scope, filters: Filters, a: Subquery, number: ColumnElement[str]
) -> Found | None:
    """By filters.search, of a table with account_id and a `number` of its own, joined to `a`; None where nothing is searched."""
    text = filters.search.strip()
    if not text:
        return None
    own = begins(number, text)
    ids = named_accounts(connection, scope, text)
    if ids is None:  # by the filters they may be few all the same
        known = ledger_accounts(scope, filters)
        ids = list(connection.scalars(select(known.c.account_id).limit(FEW + 1)))
    if len(ids) <= FEW:
        return Found(or_(number.table.c.account_id.in_(ids), own), narrow=True)
    names = [a.c.site_name, a.c.site, a.c.vendor]
    account_id, named = number.table.c.account_id, select(bare_accounts(scope, filters).c.account_id)
    return Found(
        or_(contains(names, text, account_number=a.c.account_number), own),
        narrow=False,
        apart=(account_id.in_(named), and_(own, unindexed(account_id).not_in(named))),
    )


def named_accounts(connection: Connection, scope: Scope, text: str) -> list[int] | None:
    """The accounts of a site, vendor or number; None for more than FEW. Names are looked for where each is kept once."""
    ids: set[int] = set()
    for condition in _ways(connection, scope, text):
        statement = select(accounts.c.id).where(within(scope, accounts.c.site_id), condition).limit(FEW + 1)
        ids.update(connection.scalars(statement))
        if len(ids) > FEW:
            return None
    return sorted(ids)


def _ways(connection: Connection, scope: Scope, text: str) -> list[ColumnElement[bool]]:
    of_sites = select(sites.c.id).where(within(scope, sites.c.id), contains([sites.c.name, sites.c.code], text))
    of_vendors = select(vendors.c.id).where(contains([vendors.c.name], text))
    found = list(connection.scalars(of_sites.limit(FEW + 1)))
    ways = [
        accounts.c.site_id.in_(found if len(found) <= FEW else of_sites),
        accounts.c.vendor_id.in_(list(connection.scalars(of_vendors))),
    ]
    if any(character.isdigit() for character in text):  # else every account would be looked at for a word
        ways.append(names_account(accounts.c.account_number, text))
    return ways


def begins(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """`column` begins with `text`, upper and lower case alike, by the index on lower(column)."""
    needle = text.lower()
    for special in ("\\", "%", "_"):
        needle = needle.replace(special, f"\\{special}")
    return _begins(column, literal(text.lower()), literal(f"{needle}%"))


class _begins(FunctionElement[bool]):  # noqa: N801 - a SQL function
    inherit_cache = True


@compiles(_begins, "sqlite")
def _begins_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    column, start, _ = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(lower({column}) >= {start} AND lower({column}) < {start} || char(1114111))"


@compiles(_begins, "postgresql")
def _begins_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    column, _, pattern = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(lower({column}) LIKE {pattern})"
