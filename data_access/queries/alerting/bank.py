"""What bank statements cover, and which payments they show, for R10. Statements belong to no site.

Somebody who sees only some sites gets neither: what a statement covers is not theirs to know.
"""

from datetime import date

from sqlalchemy import and_, select

from data_access.queries.alerting.subjects import Evidence
from data_access.queries.local_days import day_start
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


def matched_payments(evidence: Evidence, since: date) -> dict[int, date | None]:
    """Payments made from `since` on that were matched to a bank line by the end of the day: None while a match stands,
    else the day on which the last one was undone.
    """
    if not evidence.scope.everything:
        return {}
    end = day_start(shifted(evidence.as_of, 1), "UTC")
    statement = (
        select(matches.c.id, matches.c.payment_id, matches.c.undoes_id, matches.c.decided_at)
        .join(payments, and_(payments.c.account_id == matches.c.account_id, payments.c.id == matches.c.payment_id))
        .where(payments.c.paid_on >= since, matches.c.decided_at < end)
        .order_by(matches.c.id)
    )
    rows = evidence.connection.execute(statement).all()
    undone = {row.undoes_id: row.decided_at.date() for row in rows if row.undoes_id is not None}
    found: dict[int, date | None] = {}
    for row in rows:
        if row.undoes_id is None:
            stands = found.get(row.payment_id, row.decided_at.date()) is None
            found[row.payment_id] = None if stands else undone.get(row.id)
    return found
