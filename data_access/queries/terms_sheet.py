"""Vendors' terms as a table in the columns that the import kind `policies` takes, so that it can be imported elsewhere."""

from typing import Any

from sqlalchemy import Connection

from data_access.exporting import Cell, Sheet
from data_access.policy_rows import policy_values
from data_access.queries.policies import policies
from data_access.queries.sheet_parts import describe
from data_access.scope import Scope
from domain.filters import Filters
from domain.money import Money
from domain.policies import Policy

_AMOUNTS = frozenset({"fee_flat", "fee_minimum", "fee_cap", "restoral_fee"})


def terms_sheet(connection: Connection, scope: Scope, filters: Filters) -> Sheet:
    """Every set of terms of the vendors in the filters, the newest first; of all days, each with its own."""
    found = policies(connection, scope)
    known = [p for vendor, own in found.items() if not filters.vendors or vendor in filters.vendors for p in own]
    columns = ("vendor", *policy_values(Policy("", filters.as_of, "none")))
    rows = [[policy.vendor, *(_cell(policy, *named) for named in policy_values(policy).items())] for policy in known]
    return Sheet("Vendor terms", describe(filters), columns, rows)


def _cell(policy: Policy, name: str, value: Any) -> Cell:
    """Amounts of terms that name no currency are 0, and left out."""
    if name not in _AMOUNTS or value is None:
        return value
    return Money(value, policy.currency) if policy.currency else None
