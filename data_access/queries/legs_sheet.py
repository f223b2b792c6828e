"""The three legs of each payment, for export."""

from sqlalchemy import Connection

from data_access.exporting import Sheet
from data_access.queries.leg_states import LegState
from data_access.queries.reconciliation import every_leg
from data_access.queries.sheet_parts import RowsOnDisk, describe
from data_access.scope import Scope
from domain.filters import Filters
from domain.masking import masked
from domain.money import Money


def legs_sheet(connection: Connection, scope: Scope, filters: Filters, *, state: LegState | None = None) -> Sheet:
    """Payments with their legs, what lacks one first."""
    found = every_leg(connection, scope, filters, [state] if state else tuple(LegState))
    rows = RowsOnDisk(
        [p.paid_on, p.site, p.site_name, p.vendor, masked(p.account_number), p.method, p.channel, p.currency]
        + [Money(p.amount, p.currency), p.confirmation, p.posted_on, Money(p.matched, p.currency)]
        + [p.state.value.capitalize(), p.age]
        for p in found
    )
    about = (*describe(filters), *([f"State: {state.value}"] if state else []))
    columns = ("Paid", "Site code", "Site", "Vendor", "Account", "Method", "Channel", "Currency")
    columns += ("Amount", "Confirmation", "Posted", "In the bank", "State", "Days missing")
    return Sheet("Reconcile", about, columns, rows)
