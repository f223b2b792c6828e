"""How sites are called: by their name, with the code where two that one sees share a name."""

from collections import Counter
from typing import NamedTuple

from sqlalchemy import Connection, select

from data_access.schema import sites
from data_access.scope import Scope, within


class SiteName(NamedTuple):
    """A site. shared: another one in scope has its name too."""

    code: str
    name: str
    shared: bool

    @property
    def called(self) -> str:
        """Its name, and no other site is called so."""
        return f"{self.name} ({self.code})" if self.shared else self.name


def site_names(connection: Connection, scope: Scope, codes: tuple[str, ...] | None = None) -> tuple[SiteName, ...]:
    """All sites in scope by name and code, or those of `codes`."""
    s = sites.c
    named = select(s.code, s.name).where(within(scope, s.id))
    if codes is not None:
        same = sites.alias("same")
        named = named.where(s.name.in_(select(same.c.name).where(within(scope, same.c.id), same.c.code.in_(codes))))
    rows = connection.execute(named.order_by(s.name, s.code)).all()
    number = Counter(name for _, name in rows)
    wanted = None if codes is None else frozenset(codes)
    return tuple(SiteName(code, name, number[name] > 1) for code, name in rows if wanted is None or code in wanted)
