"""Vendors' terms, as rules."""

from contextlib import suppress

from sqlalchemy import Connection, select

from data_access.policy_rows import policy_of
from data_access.schema import vendor_policies, vendors
from data_access.scope import Scope, require
from domain.parsing.posting_days import PostingDaysError
from domain.policies import Policy, PolicyError


def policies(connection: Connection, scope: Scope) -> dict[str, list[Policy]]:
    """Every vendor's terms by its name, the newest first. They are shared: any scope sees all.

    Terms that another program wrote and that contradict themselves are left out; `verify` names them.
    """
    require(scope)
    statement = (
        select(vendor_policies, vendors.c.name.label("vendor"))
        .join(vendors, vendors.c.id == vendor_policies.c.vendor_id)
        .order_by(vendors.c.name, vendor_policies.c.effective_from.desc(), vendor_policies.c.id)
    )
    found: dict[str, list[Policy]] = {}
    for row in connection.execute(statement):
        with suppress(PolicyError, PostingDaysError):
            found.setdefault(row.vendor, []).append(policy_of(row, row.vendor))
    return found
