"""Marks of accounts that the alert rules have to judge again (decision 0038): triggers leave them, and `fold` of the moves it takes."""

from typing import Any

from sqlalchemy import Connection, Select, func, select, text, union_all

from data_access.queries.expressions import total
from data_access.schema import alert_judged, alert_marks, open_totals
from data_access.scope import Scope, within

LOCK = 0x4475657A  # of who takes marks away, on PostgreSQL
_INTO = "INSERT INTO alert_marks (account_id, site_id)"
_ALONE = text("SELECT pg_try_advisory_xact_lock(:key)")
_OLDER = "EXISTS (SELECT 1 FROM alert_marks n WHERE n.account_id = alert_marks.account_id AND n.id > alert_marks.id)"


def beside(gone: str) -> str:
    """For PostgreSQL's WITH, where `gone` is what is taken out of open_totals: its moves no longer tell of their accounts."""
    return f"to_be_judged AS ({_INTO} {_moved(gone)})"


def take_moves(connection: Connection, moves: str) -> None:
    """On SQLite, before they are taken out of open_totals."""
    connection.execute(text(f"{_INTO} {_moved(moves)}"))


def thin_out(connection: Connection, at_least: int) -> None:
    """Leave the newest mark of each account, where so many wait: an import leaves one for each row. Not while accounts are judged."""
    if not connection.scalar(select(alert_marks.c.id).offset(at_least - 1).limit(1)):
        return
    if connection.dialect.name == "postgresql" and not connection.scalar(_ALONE, {"key": LOCK}):
        return
    connection.execute(text(f"DELETE FROM alert_marks WHERE {_OLDER}"))  # noqa: S608


def begin_anew(connection: Connection) -> None:
    """Every account is to be judged again, one that no trigger saw as well; of days of the past nothing is kept any more."""
    connection.execute(text("UPDATE alert_judged SET day = '0001-01-01'"))
    connection.execute(text("DELETE FROM past_alert_days"))
    connection.execute(
        text(
            "INSERT INTO alert_judged (account_id, site_id, day) SELECT id, site_id, '0001-01-01' FROM accounts "
            "WHERE id NOT IN (SELECT account_id FROM alert_judged)"
        )
    )


def touched(scope: Scope) -> Select[*tuple[Any, ...]]:
    """The accounts in scope that something was written about since they were judged, each with what tells its marks from any others.

    Marks of an account only become more until it is judged again. After that SQLite may give their numbers once more: so its turn is told.
    """
    moved = select(open_totals.c.account_id, open_totals.c.id).where(
        open_totals.c.account_id.is_not(None), within(scope, open_totals.c.site_id)
    )
    marked = select(alert_marks.c.account_id, -alert_marks.c.id).where(within(scope, alert_marks.c.site_id))
    marks = union_all(marked, moved).subquery("marks")
    account_id, id_ = marks.c
    turn = func.coalesce(alert_judged.c.turn, 0)
    return (
        select(account_id, turn, func.count(), func.min(id_), func.max(id_), total(id_))
        .outerjoin(alert_judged, alert_judged.c.account_id == account_id)
        .group_by(account_id, turn)
    )


def _moved(source: str) -> str:
    return f"SELECT DISTINCT account_id, site_id FROM {source} WHERE account_id IS NOT NULL"  # noqa: S608
