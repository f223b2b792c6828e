"""What belongs to no site is written by those who see every site, and concerns a vendor that exists."""

from sqlalchemy import ColumnElement, Table, and_, select

from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.database import Writing
from data_access.schema import vendors
from data_access.scope import Scope, require


def for_every_site(scope: Scope, what: str) -> None:
    """Raise LedgerRefusedError unless `scope` is everything."""
    if not require(scope).everything:
        raise LedgerRefusedError(f"only somebody who sees every site may {what}; ask an administrator")


def held_vendor(writing: Writing, vendor_id: int) -> str:
    """The vendor's name; its row is held until the commit, so that two people decide one after the other."""
    name = writing.connection.scalar(select(vendors.c.name).where(vendors.c.id == vendor_id).with_for_update())
    if name is None:
        raise NotFoundError(f"there is no vendor {vendor_id}")
    return name


def the_row(writing: Writing, table: Table, row_id: int) -> ColumnElement[bool]:
    """The condition for one row of a growth table, to lock it: by its account too, as Citus locks within one account only."""
    account_id = writing.connection.scalar(select(table.c.account_id).where(table.c.id == row_id))
    return and_(table.c.account_id == account_id, table.c.id == row_id)
