"""Adding a vendor's terms. They are never edited: new ones begin on their day, an exception may be ended once."""

from datetime import date

from sqlalchemy import insert, select, update

from data_access.commands.refusals import LedgerRefusedError, NotFoundError, told_as_refusals
from data_access.commands.shared import for_every_site, held_vendor
from data_access.database import Writing
from data_access.policy_rows import policy_values
from data_access.schema import vendor_policies
from data_access.scope import Scope
from domain.policies import Policy


def add_policy(writing: Writing, scope: Scope, vendor_id: int, policy: Policy) -> int:
    """Insert the terms of a vendor; returns their id."""
    for_every_site(scope, "add a vendor's terms")
    name = held_vendor(writing, vendor_id)
    values = {"vendor_id": vendor_id} | policy_values(policy)
    key = ("vendor_id", "service_type", "currency", "effective_from")
    known = writing.connection.scalar(
        select(vendor_policies.c.id).where(*(vendor_policies.c[column] == values[column] for column in key))
    )
    if known is not None:
        raise LedgerRefusedError(
            f"{name} has terms from {policy.effective_from} already (policy {known}); terms are not edited: "
            "let the new ones begin on another day"
        )
    with told_as_refusals():
        new_id = writing.connection.execute(
            insert(vendor_policies).returning(vendor_policies.c.id), [values]
        ).scalar_one()
    writing.record("add", "vendor_policies", new_id, after=values)
    return new_id


def end_policy(writing: Writing, scope: Scope, policy_id: int, until: date) -> None:
    """Let terms hold until (not including) a day; once."""
    for_every_site(scope, "end a vendor's terms")
    row = writing.connection.execute(
        select(vendor_policies).where(vendor_policies.c.id == policy_id).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no policy {policy_id}")
    if row.effective_until is not None:
        raise LedgerRefusedError(f"policy {policy_id} ends on {row.effective_until}; its end is set once")
    if until <= row.effective_from:
        raise LedgerRefusedError(f"policy {policy_id} begins on {row.effective_from}; it ends after that")
    writing.connection.execute(
        update(vendor_policies).where(vendor_policies.c.id == policy_id).values(effective_until=until)
    )
    writing.record(
        "end", "vendor_policies", policy_id, before={"effective_until": None}, after={"effective_until": until}
    )
