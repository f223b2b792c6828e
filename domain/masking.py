"""What is shown of an account number."""

import re
from collections.abc import Mapping
from typing import Any

SHOWN = 4
HIDDEN = "••••"
ACCOUNT_NUMBER = "account_number"  # the name of the field, wherever rows are told by field
BANK_ACCOUNT = "bank_account"
ACCOUNT_NUMBERS = frozenset({ACCOUNT_NUMBER, BANK_ACCOUNT})
_NAME = re.compile(r"(?<!\w)[^\W\d_]{2,}(?!\w)")  # a word without digits
_NUMBERS = re.compile(r"\w*\d\w*(?:[\W_]{1,2}\w*\d\w*)*")  # and what stands between them
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")


def masked(account_number: str) -> str:
    """The last four letters and digits behind a bullet mark; of a shorter number no more than the last half.

    Separators do not count: of 0266-538-57 the last four are 3857.
    """
    marks = "".join(filter(str.isalnum, account_number))
    keep = min(SHOWN, len(marks) // 2)
    return HIDDEN + (marks[-keep:] if keep else "")


def masked_bank_account(account: str) -> str:
    """A bank account as people call it: words are a name and stay, the numbers among them are masked.

    A number of less than four digits beside words is a part of the name: Operating 2.
    """
    if not any(map(str.isdigit, account)):
        return account
    if _IBAN.fullmatch(re.sub(r"[\W_]", "", account).upper()) or not _NAME.search(account):
        return masked(account)
    return _NUMBERS.sub(lambda found: _masked_number(found.group()), account)


def _masked_number(text: str) -> str:
    return masked(text) if sum(map(str.isdigit, text)) >= SHOWN else text


def masked_field(name: str, text: str) -> str:
    """What is shown of an account number or bank account, by the field that holds it."""
    return masked_bank_account(text) if name == BANK_ACCOUNT else masked(text)


def masked_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row by field, its account numbers masked, however deep it lies."""
    return {name: _masked_value(name, value) for name, value in values.items()}


def _masked_value(name: str, value: Any) -> Any:
    if name in ACCOUNT_NUMBERS and isinstance(value, str) and value:
        return masked_field(name, value)
    if isinstance(value, Mapping):
        return masked_values(value)
    return [_masked_value(name, each) for each in value] if isinstance(value, list) else value


def masked_within(text: str, account_number: str) -> str:
    """`text` with this account number masked, whatever stands between its letters and digits; too short a one is left."""
    marks = [re.escape(mark) for mark in account_number if mark.isalnum()]
    if len(marks) <= SHOWN or not text:
        return text
    number = r"[\W_]{0,3}".join(marks)
    return re.sub(rf"(?<!\w){number}(?!\w)", masked(account_number), text, flags=re.IGNORECASE)
