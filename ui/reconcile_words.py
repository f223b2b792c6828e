"""How legs, bank lines and the reasons of a match are called on the screen."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from data_access.queries.leg_states import LegState
from data_access.queries.matched_lines import PaymentBrief
from data_access.queries.reconciliation import COUNTED, LegRow
from domain.masking import masked_within
from domain.matching.proposals import Reason
from ui import payment_words, wording
from ui.formats import DASH, day, escape, exact_money, plain_amount, short_day
from ui.ledger_tables import account_name

STATES = {
    LegState.NO_CONFIRMATION: ("No confirmation", "has no confirmation number", "have no confirmation number"),
    LegState.NOT_POSTED: ("Not posted", "is not posted", "are not posted"),
    LegState.NOT_IN_BANK: ("Not in the bank", "has no bank line", "have no bank line"),
    LegState.IN_PART: ("In the bank in part", "is in the bank in part", "are in the bank in part"),
    LegState.NO_STATEMENT: ("No statement yet", "is covered by no statement", "are covered by no statement"),
    LegState.COMPLETE: ("Complete", "has all its legs", "have all their legs"),
}


class BankText(Protocol):
    """What has the words of a bank line."""

    @property
    def counterparty(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def reference(self) -> str: ...


_HERE = ":green[:material/check_circle:]"
_NEXT = "next one"
_IN_YEARS, _OF_A_YEAR = 1_000, 365.25  # days


def state_name(state: LegState) -> str:
    """Not in the bank."""
    return STATES[state][0]


def counted(number: int) -> str:
    """1,234; of what is not counted to its end, 10,000+."""
    return f"{number:,}" if number <= COUNTED else f"{COUNTED:,}+"


def finding(state: LegState, number: int, oldest: int | None) -> str:
    """14 payments have no bank line, the oldest for 23 days."""
    if not number:
        return "No payments"
    many = f"More than {COUNTED:,} payments" if number > COUNTED else wording.counted(number, "payment")
    said = f"{many} {STATES[state][1 if number == 1 else 2]}"
    if not oldest:
        return said
    return f"{said}, {'for' if number == 1 else 'the oldest for'} {wording.count(oldest, 'day')}"


def call_leg(row: LegRow) -> str:
    """Its confirmation number, that none is wanted, or since when it is missing."""
    if row.confirmation:
        return f"{_HERE} {escape(row.confirmation)}"
    return _missing("No number", row.age) if row.needs_call else "not by phone"


def posted_leg(row: LegRow, as_of: date) -> str:
    """When it was posted, or since when that is missing."""
    if row.posted_on:
        return f"{_HERE} {short_day(row.posted_on, as_of)}"
    return _missing("Not posted", (as_of - row.paid_on).days)


def bank_leg(row: LegRow, as_of: date) -> str:
    """Shown in full, in part, or since when it is missing."""
    if row.matched == row.amount:
        return f"{_HERE} in full"
    since = (as_of - (row.posted_on or row.paid_on)).days
    if row.matched:
        return f":orange-badge[:material/contrast: {plain_amount(row.amount - row.matched, row.currency)} missing]"
    if row.state is LegState.NO_STATEMENT:
        return ":gray[no statement]"
    return _missing("No line", since)


def _missing(what: str, days: int) -> str:
    since = f", {wording.count(days, 'day')}" if days else " yet"
    return f":orange-badge[:material/radio_button_unchecked: {what}{since}]"


def reason(why: Reason) -> str:
    """confirmation number exact +600."""
    name, value = ("next best", why.value) if why.name == _NEXT else (why.name, why.value)
    return f"{escape(name)} {escape(value)} :gray[{why.points:+d}]"


def reasons(all_of_them: Sequence[Reason]) -> str:
    """All in one line, the weightiest first."""
    order = sorted(all_of_them, key=lambda why: -abs(why.points))
    return " · ".join(reason(why) for why in order) or "decided by hand"


def score(value: int | None) -> str:
    """872 of 1,000, or by hand."""
    return "by hand" if value is None else f"{value:,}"


def line_text(line: BankText, numbers: Sequence[str] = ()) -> str:
    """What the bank says of a line: counterparty, description, reference, each once; these account numbers masked."""
    said = dict.fromkeys(filter(None, (text.strip() for text in (line.counterparty, line.description, line.reference))))
    text = " · ".join(said)
    for number in numbers:
        text = masked_within(text, number)
    return escape(text) or DASH


def payment_name(brief: PaymentBrief) -> str:
    """Lumina ••••4567, Pueblo Warehouse; not escaped."""
    return f"{account_name(brief.vendor, brief.account_number, brief.site)}, {brief.site_name}"


def payment_at_length(brief: PaymentBrief) -> str:
    """$50.00 · Lumina ••••4567, Pueblo Warehouse · 5 Mar 2026, ACH, LUM-1; not escaped."""
    how = payment_words.method_name(brief.method) if brief.method else ""
    more = ", ".join(filter(None, (day(brief.paid_on), how, brief.confirmation_number)))
    return f"{exact_money(brief.left, brief.currency)} · {payment_name(brief)} · {more}"


def waited(days: int) -> str:
    """12 d; 5.0 y from a thousand days on: a tile has no room for more."""
    return f"{days} d" if days < _IN_YEARS else f"{days / _OF_A_YEAR:,.1f} y"
