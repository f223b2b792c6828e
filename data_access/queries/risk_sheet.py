"""The risk of every account as a file: what the Service risk page shows, and the accounts that are clear."""

from sqlalchemy import Connection

from data_access.exporting import Cell, Sheet
from data_access.queries.every_risk import every_risk
from data_access.queries.risk import AccountRisk
from data_access.queries.sheet_parts import RowsOnDisk, describe
from data_access.scope import Scope
from domain.filters import Filters
from domain.masking import masked
from domain.money import Money
from domain.risk_reasons import Reason

_METHODS = ("card", "e-check", "ach", "transfer", "cheque")


def risk_sheet(connection: Connection, scope: Scope, filters: Filters) -> Sheet:
    """One row an account with something unsettled, the worst first."""
    rows = RowsOnDisk(map(_row, every_risk(connection, scope, filters)))
    place = ("Stage", "Site code", "Site", "Vendor", "Account", "Service type")
    days = ("Earliest stop", "Likely stop", "Latest stop", "Days left")
    money = ("Currency", "To keep on", "Restoral", "Past due", "Disputed", "Late fee")
    pay_by = tuple(f"Pay by {method}" for method in _METHODS)
    effect = ("Services", "Criticality", "People")
    rest = ("With money under way", "Reasons", "Terms")
    return Sheet("Service risk", describe(filters), (*place, *days, *money, *pay_by, *effect, *rest), rows)


def _row(entry: AccountRisk) -> list[Cell]:
    risk, firm = entry.risk, entry.risk.firm
    window = firm.window
    days: list[Cell] = [window.earliest, window.likely, window.latest] if window else [None, None, None]
    amounts = (firm.keep_on, firm.restoral, firm.past_due, risk.disputed, risk.fee.amount)
    last_days = dict(risk.pay_by)
    return [
        *(firm.stage.word, entry.site, entry.site_name, entry.vendor, masked(entry.account_number), entry.service_type),
        *(*days, firm.days_left, entry.currency),
        *(Money(amount, entry.currency) for amount in amounts),
        *(last_days.get(method) for method in _METHODS),
        *(risk.effect.services, risk.effect.criticality, risk.effect.headcount),
        risk.provisional.stage.word,
        "; ".join(_fact(told, entry.currency) for told in entry.reasons),
        entry.policy.source if entry.policy else "",
    ]


def _fact(told: Reason, currency: str) -> str:
    amount = "" if told.amount is None else str(Money(told.amount, currency).decimal)
    when = told.day.isoformat() if told.day else ""
    parts = (told.kind.value.replace("_", " "), told.detail, told.number, amount, when)
    return " ".join(part for part in parts if part)
