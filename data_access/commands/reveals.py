"""Showing whole account numbers to somebody who needs them: each one is told in the audit trail before it is shown."""

from collections.abc import Iterable

from sqlalchemy import select

from data_access.commands.refusals import NotFoundError
from data_access.database import Writing
from data_access.importers.existing import batches
from data_access.schema import accounts
from data_access.scope import Scope, within

REVEAL = "reveal"
MAY_REVEAL = frozenset({"finance", "admin"})


def reveal_numbers(writing: Writing, scope: Scope, account_ids: Iterable[int], where: str) -> dict[int, str]:
    """{account id: its whole number}; `where` says where it is shown. Whether the actor may, the caller has checked.

    Raises NotFoundError outside the scope, so that a foreign account cannot be told from none.
    """
    numbers: dict[int, str] = {}
    for some in batches(sorted(set(account_ids))):
        statement = select(accounts.c.id, accounts.c.account_number, accounts.c.site_id)
        for row in writing.connection.execute(
            statement.where(accounts.c.id.in_(some), within(scope, accounts.c.site_id)).order_by(accounts.c.id)
        ):
            numbers[row.id] = row.account_number
            writing.record(REVEAL, accounts.name, row.id, site_id=row.site_id, after={"where": where})
        if missing := [account_id for account_id in some if account_id not in numbers]:
            raise NotFoundError(f"there is no account {missing[0]}")
    return numbers
