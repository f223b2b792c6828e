"""Which accounts D2 and D3 judge anew: of many some, since judging all of them takes as long as what else is checked."""

from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, func, select

from data_access.schema import accounts, audit_log

AT_MOST = 5_000  # accounts, and as many of those that were written to
_LATELY = timedelta(days=1)


def accounts_judged(connection: Connection, today: date, *, everything: bool) -> list[int]:
    """Their ids in order: all of them where that is asked for or they are few.

    Else others every day, until all had their turn, and those at sites of which the audit trail tells something since yesterday.
    """
    ids = connection.scalars(select(accounts.c.id).order_by(accounts.c.id)).all()
    turns = 1 if everything else -(-len(ids) // AT_MOST)
    if turns <= 1:
        return list(ids)
    since = datetime.combine(today - _LATELY, time.min, UTC)
    told = select(audit_log.c.site_id).where(audit_log.c.at >= since, audit_log.c.site_id.is_not(None))
    lately = select(accounts.c.id).where(accounts.c.site_id.in_(told)).order_by(accounts.c.id).limit(AT_MOST)
    return sorted({*ids[today.toordinal() % turns :: turns], *connection.scalars(lately)})


def told_of(connection: Connection, today: date, *, everything: bool) -> list[str]:
    """Says so where D2 and D3 did not judge all accounts."""
    number = connection.scalar(select(func.count()).select_from(accounts)) or 0
    judged = len(accounts_judged(connection, today, everything=everything))
    if judged == number:
        return []
    return [
        f"D2 and D3 judged {judged:,} of {number:,} accounts anew, others tomorrow; `verify --all` judges all of them"
    ]
