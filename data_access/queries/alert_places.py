"""Names of what findings concern, and whether the filter bar lets them through."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from data_access.queries.dimensions import ledger_accounts
from data_access.schema import sites, vendors
from data_access.scope import Scope, within
from domain.alerts.findings import Finding
from domain.filters import Filters

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Whom an alert concerns, by name. What it belongs to is '' where it belongs to none."""

    vendor: str = ""
    account_number: str = ""
    service_type: str = ""
    site: str = ""
    site_name: str = ""
    region: str = ""


class Places:
    """Of some findings."""

    def __init__(self, connection: Connection, scope: Scope, filters: Filters, some: Sequence[Finding]) -> None:
        a = ledger_accounts(scope, filters)
        ids = sorted({finding.account_id for finding in some if finding.account_id is not None})
        self._accounts: dict[int, Any] = {}
        for start in range(0, len(ids), _AT_ONCE):
            named = select(a).where(a.c.account_id.in_(ids[start : start + _AT_ONCE]))
            self._accounts |= {row.account_id: row for row in connection.execute(named)}
        wanted = [
            column.in_(values)
            for column, values in ((sites.c.code, filters.sites), (sites.c.region, filters.regions))
            if values
        ]
        bare = [finding for finding in some if finding.account_id is None]
        site_ids = sorted({finding.site_id for finding in bare if finding.site_id is not None})
        of_these = select(sites).where(within(scope, sites.c.id), sites.c.id.in_(site_ids), *wanted)
        self._sites = {row.id: row for row in connection.execute(of_these)} if site_ids else {}
        self._vendors = {
            row.id: row.name
            for row in (connection.execute(select(vendors.c.id, vendors.c.name)) if bare else ())
            if not filters.vendors or row.name in filters.vendors
        }
        # What has no account is let through only where nothing is asked that only an account has.
        self._bare = not (filters.service_types or filters.currencies or filters.accounts or filters.search.strip())
        self._anywhere = not (filters.sites or filters.regions)

    def hold(self, finding: Finding) -> bool:
        """Does the filter bar let it through?"""
        if finding.account_id is not None:
            return finding.account_id in self._accounts
        there = finding.site_id in self._sites if finding.site_id is not None else self._anywhere
        return self._bare and there and (finding.vendor_id is None or finding.vendor_id in self._vendors)

    def of(self, finding: Finding) -> Place:
        """Its names."""
        row = self._accounts.get(finding.account_id or 0)
        if row is not None:
            return Place(**{name: getattr(row, name) for name in Place.__slots__})
        site = self._sites.get(finding.site_id or 0)
        named = {"site": site.code, "site_name": site.name, "region": site.region} if site is not None else {}
        return Place(vendor=self._vendors.get(finding.vendor_id or 0, ""), **named)
