"""SWIFT MT940 (statement) and MT942 (interim report)."""

import re
from collections.abc import Iterator
from typing import Any

import mt940
from mt940.models import Amount, Balance

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.bank.statement import Movement, Statement, line_numbers

_CLOSING = re.compile(r"(?m)^:62[FM]:.*$")
_TRAILER = re.compile(r"(?m)^-(?:\}|XXX)?.{0,3}$")
_ENTRIES = re.compile(r"(?m)^:61:")
_INTERIM = re.compile(r"(?m)^:(?:34F|90D|90C|13D):")


def statements(text: str) -> Iterator[Statement]:
    """Each statement; pages of one (62M, then 60M) are taken together. Raises ImportRefusedError for one cut short."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = line_numbers(text, r"(?m)^:61:")
    open_page: Statement | None = None
    for block in re.split(r"(?m)^(?=:20:)", text)[1:]:
        statement, continues = _statement(block, lines)
        if open_page is not None and open_page.account == statement.account:
            statement.movements = open_page.movements + statement.movements
            statement.opening, statement.first = open_page.opening, open_page.first
        elif open_page is not None:
            yield open_page
        open_page = statement if continues else None
        if not continues:
            yield statement
    if open_page is not None:
        yield open_page


def _statement(block: str, lines: Iterator[int]) -> tuple[Statement, bool]:
    closing = list(_CLOSING.finditer(block))
    account = re.search(r"(?m)^:25P?:(.*)$", block)
    shown = account[1].strip() if account else ""
    if not closing and not _INTERIM.search(block):
        raise ImportRefusedError(
            f"the statement of :25:…{shown[-4:]} has no closing balance (:62F:): it is cut short. Download it again"
        )
    # What stands behind the closing balance is about the whole statement: the reader would add it to the last line.
    kept = block[: closing[-1].end()] if closing else _TRAILER.split(block)[0]
    try:
        read = mt940.parse(kept + "\n")
    except Exception as error:
        said = " ".join(str(error).split())[:120]
        raise ImportRefusedError(f"this MT940 file is damaged ({said}): download it again") from None
    entries = [entry.data for entry in read if "amount" in entry.data]
    expected = len(_ENTRIES.findall(kept))
    if len(entries) != expected:
        raise ImportRefusedError(
            f"{len(entries)} of {expected} lines (:61:) of the statement can be read: the file is damaged. Download it again"
        )
    data = read.data
    opened = data.get("final_opening_balance") or data.get("intermediate_opening_balance")
    closed = data.get("final_closing_balance") or data.get("intermediate_closing_balance")
    statement = Statement(
        account=shown,
        currency=_currency(opened, closed, kept),
        reference="/".join(str(data[name]) for name in ("statement_number", "sequence_number") if data.get(name)),
        opening=_figure(opened),
        closing=_figure(closed),
        first=_date(opened),
        last=_date(closed),
    )
    statement.movements = [_movement(entry, next(lines)) for entry in entries]
    return statement, ":62M:" in kept and ":62F:" not in kept


def _movement(entry: dict[str, Any], line: int) -> Movement:
    reference = str(entry.get("customer_reference") or "")
    return Movement(
        line=line,
        booked_on=str(entry.get("guessed_entry_date") or entry.get("entry_date") or entry["date"]),
        amount=f"{entry['amount'].amount:f}",
        value_on=str(entry["date"]),
        counterparty=str(entry.get("applicant_name") or ""),
        description=str(entry.get("transaction_details") or entry.get("purpose") or entry.get("extra_details") or ""),
        reference=reference if reference.upper() != "NONREF" else str(entry.get("bank_reference") or ""),
    )


def _currency(opened: Balance | None, closed: Balance | None, text: str) -> str:
    for balance in (opened, closed):
        if balance is not None and isinstance(balance.amount, Amount):
            return str(balance.amount.currency)
    limit = re.search(r"(?m)^:34F:([A-Z]{3})", text)
    return limit[1] if limit else ""


def _figure(balance: Balance | None) -> str:
    return f"{balance.amount.amount:f}" if balance is not None and isinstance(balance.amount, Amount) else ""


def _date(balance: Balance | None) -> str:
    return str(balance.date) if balance is not None and balance.date is not None else ""
