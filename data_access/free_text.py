"""What people type, looked at before it is kept: a payment card number goes neither into a row nor into the trail."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, func, select

from data_access.commands.refusals import CardNumberError
from data_access.schema import accounts
from data_access.scope import Scope, within
from domain.card_numbers import SHORTEST, card_numbers, digits_of, refusal, without_card_numbers
from domain.masking import ACCOUNT_NUMBER

_HASH = re.compile("[0-9a-f]{64}")
# Numbers that look like cards one time in ten, and that nobody types: what a verified sign-in says of itself.
_PLAIN = frozenset({ACCOUNT_NUMBER, "issuer", "subject", "session"})


def refuse_card_numbers(connection: Connection, scope: Scope, values: Mapping[str, Any]) -> None:
    """Raise CardNumberError for the first field that holds one. Account numbers within the scope are none."""
    for name, text in _texts(values):
        if last_two := card_number_in(connection, scope, text):
            raise CardNumberError(f"{name.replace('_', ' ')}: {refusal(last_two)}")


def card_number_in(connection: Connection, scope: Scope, text: str) -> str:
    """The last two digits of the first card number in `text`; '' for none. The ledger is asked only where one may be."""
    if not card_numbers(text):
        return ""
    found = card_numbers(text, known_digits(connection, scope))
    return found[0].last_two if found else ""


def known_digits(connection: Connection, scope: Scope) -> frozenset[str]:
    """The digits of the account numbers within the scope that are long enough to be taken for a card number."""
    statement = select(accounts.c.account_number).where(
        within(scope, accounts.c.site_id), func.length(accounts.c.account_number) >= SHORTEST
    )
    return frozenset(digits_of(number) for number in connection.scalars(statement))


def without_any(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What a row held before, for the trail: another program may have put a card number there."""
    if values is None:
        return None
    return {
        name: without_card_numbers(value) if isinstance(value, str) and not _is_plain(name, value) else value
        for name, value in values.items()
    }


def _texts(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in values.items():
        for each in value if isinstance(value, list | tuple) else [value]:
            if isinstance(each, Mapping):
                yield from _texts(each)
            elif isinstance(each, str) and not _is_plain(name, each):
                yield name, each


def _is_plain(name: str, text: str) -> bool:
    """What nobody typed as free text: the number of an account, a sign-in, a file's hash."""
    return name in _PLAIN or _HASH.fullmatch(text) is not None
