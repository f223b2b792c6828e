"""What is shown of an account number."""

import re
from collections.abc import Mapping
from typing import Any

SHOWN = 4
HIDDEN = "••••"
ACCOUNT_NUMBER = "account_number"  # the name of the field, wherever rows are told by field
ACCOUNT_NUMBERS = frozenset({ACCOUNT_NUMBER, "bank_account"})


def masked(account_number: str) -> str:
    """The last four letters and digits behind a bullet mark; of a shorter number no more than the last half.

    Separators do not count: of 0266-538-57 the last four are 3857.
    """
    marks = "".join(mark for mark in account_number if mark.isalnum())
    keep = min(SHOWN, len(marks) // 2)
    return HIDDEN + (marks[-keep:] if keep else "")


def masked_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """A row by field, its account numbers masked, however deep it lies."""
    return {name: _masked_value(name, value) for name, value in values.items()}


def _masked_value(name: str, value: Any) -> Any:
    if name in ACCOUNT_NUMBERS and isinstance(value, str) and value:
        return masked(value)
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
