"""What all accounts are judged by alike: thresholds, terms, the directory of contacts, and which days bank statements cover."""

from hashlib import sha256

from sqlalchemy import Connection, func, select

from data_access.schema import bank_statements, payment_contacts, vendor_policies
from data_access.scope import Scope, require
from domain.alerts.thresholds import Thresholds

_EDITION = 2  # of the rules: raise it when what they find of the same rows changes


def grounds(connection: Connection, scope: Scope, thresholds: Thresholds) -> str:
    """The same text as long as all of these are the same; its beginning for who sees only some sites, to whom what banks cover is
    not told.

    There are few of each; statements are only ever added.
    """
    parts: list[object] = [_EDITION, thresholds]
    for table in (vendor_policies, payment_contacts):
        parts += map(tuple, connection.execute(select(table).order_by(table.c.id)))
    shared = sha256(repr(parts).encode()).hexdigest()[:24]
    if not require(scope).everything:
        return shared
    covered = list(map(tuple, connection.execute(select(func.count(), func.max(bank_statements.c.id)))))
    return shared + sha256(repr(covered).encode()).hexdigest()[:8]
