"""What bank statements cover, and which payments they show, for R10. Statements belong to no site.

Somebody who sees only some sites gets neither: what a statement covers is not theirs to know.
"""

from datetime import date

from sqlalchemy import and_, func, or_, select

from data_access.queries.alerting.subjects import Evidence
from data_access.queries.known_matches import known_matches
from data_access.queries.local_days import day_over
from data_access.schema import bank_statements, matches, payments
from domain.periods import Period, shifted


def card_and_bank_periods(evidence: Evidence, since: date) -> dict[tuple[str, str], list[list[Period]]]:
    """By (kind, currency): of each bank account or card, the periods that its statements cover from `since` on."""
    if not evidence.scope.everything:
        return {}
    tomorrow = shifted(evidence.as_of, 1)
    found: dict[tuple[str, str], dict[str, list[Period]]] = {}
    statement = select(bank_statements).where(
        bank_statements.c.period_end > since, bank_statements.c.period_start < tomorrow
    )
    for row in evidence.connection.execute(statement):
        period = Period(row.period_start, min(row.period_end, tomorrow))
        found.setdefault((row.kind, row.currency), {}).setdefault(row.bank_account, []).append(period)
    return {key: list(accounts.values()) for key, accounts in found.items()}


def bank_legs(evidence: Evidence, since: date) -> dict[int, tuple[int, date | None]]:
    """Of payments made from `since` on and matched to a bank line by the end of the day: the minor units of the matches that
    stand, as the three legs count them, and the day on which the last one was undone.
    """
    if not evidence.scope.everything:
        return {}
    among = evidence.among(matches.c.account_id)
    known = known_matches(evidence.scope, evidence.as_of, matches.c.payment_id, matches.c.account_id, among=among)
    undoing = (
        select(matches.c.account_id, matches.c.payment_id, func.max(matches.c.decided_at).label("at"))
        .where(among, matches.c.undoes_id.is_not(None), matches.c.decided_at < day_over(evidence.as_of))
        .group_by(matches.c.account_id, matches.c.payment_id)
        .subquery("undoing")
    )
    statement = (
        select(payments.c.id, known.c.amount, undoing.c.at)
        .outerjoin(known, and_(known.c.account_id == payments.c.account_id, known.c.payment_id == payments.c.id))
        .outerjoin(undoing, and_(undoing.c.account_id == payments.c.account_id, undoing.c.payment_id == payments.c.id))
        .where(
            evidence.among(payments.c.account_id),
            evidence.dated(payments.c.paid_on) >= since,
            or_(known.c.amount.is_not(None), undoing.c.at.is_not(None)),
        )
    )
    rows = evidence.connection.execute(statement)
    return {row.id: (row.amount or 0, row.at.date() if row.at else None) for row in rows}
