"""BAI2, the cash management format of banks in North America."""

import re
from collections.abc import Iterator
from typing import Any

from bai2 import bai2
from bai2.constants import TypeCodeTransaction

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.bank.statement import Movement, Statement, line_numbers
from domain.money import exponent, known_currency

# Ledger balances; where a bank states none, what is available stands for them.
_OPENING, _CLOSING = ("010", "040"), ("015", "045")
# The library waits forever for a closing record that does not come: the order of records is looked at first.
_RECORD = re.compile(r"(?m)^\s*([0-9]{2}),")
_ORDER = re.compile(r"01 (?:88 )*(?:02 (?:88 )*(?:03 (?:88 |16 )*49 (?:88 )*)*98 (?:88 )*)*99 (?:88 )*")
_SIGNS = {TypeCodeTransaction.credit: 1, TypeCodeTransaction.debit: -1}


def statements(text: str) -> Iterator[Statement]:
    """Each account of each group. Raises ImportRefusedError where a total or a count is not what the records say."""
    if not _ORDER.fullmatch("".join(f"{code} " for code in _RECORD.findall(text))):
        raise ImportRefusedError("this BAI2 file is damaged or cut short (a record is missing): download it again")
    try:
        file = bai2.parse_from_string(text.rstrip("\x1a\r\n "), check_integrity=True)
    except Exception as error:
        said = " ".join(str(error).split())[:160] or type(error).__name__
        raise ImportRefusedError(f"this BAI2 file is damaged or cut short ({said}): download it again") from None
    lines = line_numbers(text, r"(?m)^16,")
    for group in file.children:
        for account in group.children:
            yield _statement(group, account, lines)


def _statement(group: Any, account: Any, lines: Iterator[int]) -> Statement:
    currency = account.header.currency or group.header.currency or "USD"
    places = exponent(currency) if known_currency(currency) else 2
    totals = {item.type_code.code: item.amount for item in account.header.summary_items if item.type_code}
    date = group.header.as_of_date.isoformat() if group.header.as_of_date else ""
    statement = Statement(
        account=str(account.header.customer_account_number or ""),
        currency=currency,
        opening=_first(totals, _OPENING, places),
        closing=_first(totals, _CLOSING, places),
        first=date,
        last=date,
    )
    for entry in account.children:
        sign = _SIGNS.get(entry.type_code.transaction)
        available = entry.availability.get("date") if isinstance(entry.availability, dict) else None
        movement = Movement(
            line=next(lines),
            booked_on=date,
            amount=_decimal((sign or 1) * (entry.amount or 0), places),
            value_on=available.isoformat() if available else "",
            description=" ".join((entry.text or entry.type_code.description or "").rstrip("/ ").split()),
            reference=entry.customer_reference or entry.bank_reference or "",
        )
        if sign is None:
            movement.fault = f"type code {entry.type_code.code} is neither a credit nor a debit"
        statement.movements.append(movement)
    return statement


def _first(totals: dict[str, int | None], codes: tuple[str, ...], places: int) -> str:
    found = [totals[code] for code in codes if totals.get(code) is not None]
    return _decimal(found[0] or 0, places) if found else ""


def _decimal(minor: int, places: int) -> str:
    sign, digits = "-" if minor < 0 else "", str(abs(minor)).rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else sign + digits
