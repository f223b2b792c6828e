"""Planning sites and vendors."""

from collections.abc import Sequence

from sqlalchemy import select

from data_access.importers.context import Context
from data_access.importers.landing import Landing
from data_access.importers.naming import plain
from data_access.importers.planners.reference import Entry, Register, given
from data_access.importers.rows import ParsedRow
from data_access.schema import sites, vendors

_SITE_FIELDS = ("name", "region", "country", "city", "timezone", "cost_center", "headcount", "latitude", "longitude")
_VENDOR_FIELDS = ("website", "portal_url")
_SHARED = "only somebody who sees every site may add {} by an import"


class Sites:
    """A site is known by its code, whatever its case."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._register = Register(context, sites, {"timezone": "UTC"})
        for row in context.connection.execute(select(sites)).mappings():
            values = {name: row[name] for name in ("code", *_SITE_FIELDS)}
            if values["name"] == values["code"]:
                values["name"] = ""  # made up from a file that only had the code
            self._register.know(plain(row["code"]), Entry(row["id"], values, row["id"]))

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Decide by code."""
        scope = self._context.options.scope
        for row in rows:
            code = row.values["code"]
            entry = self._register.entries.get(plain(code))
            if not scope.everything and (entry is None or entry.id is None or not scope.allows(entry.id)):
                self._context.reject(row, "code", _SHARED.format("sites"))
                continue
            values = given(row, _SITE_FIELDS)
            if entry is not None and values.get("name") == entry.values["code"]:
                del values["name"]
            self._register.decide(row, plain(code), values, {"code": code})

    def finish(self) -> None:
        """Count."""
        self._context.tally.created.sites += len(self._register.newcomers())

    def write(self, landing: Landing) -> None:
        """Insert and fill."""
        self._register.write(landing, dict, told=True)


class Vendors:
    """A vendor is known by its name, whatever its case."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._register = Register(context, vendors, {})
        for row in context.connection.execute(select(vendors)).mappings():
            values = {name: row[name] for name in ("name", *_VENDOR_FIELDS)}
            self._register.know(plain(row["name"]), Entry(row["id"], values))

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Decide by name."""
        for row in rows:
            if not self._context.options.scope.everything:
                self._context.reject(row, "name", _SHARED.format("vendors"))
                continue
            name = row.values["name"]
            self._register.decide(row, plain(name), given(row, _VENDOR_FIELDS), {"name": name})

    def finish(self) -> None:
        """Count."""
        self._context.tally.created.vendors += len(self._register.newcomers())

    def write(self, landing: Landing) -> None:
        """Insert and fill."""
        self._register.write(landing, dict, told=True)
