"""Rows that hold a payment card number are rejected before anything is decided about them."""

from data_access.free_text import known_digits
from data_access.importers.context import Context
from data_access.importers.kinds import Form, Kind
from data_access.importers.rows import ParsedRow, Problem
from domain.card_numbers import card_numbers, refusal
from domain.masking import ACCOUNT_NUMBER

_TEXTS = (Form.IDENTIFIER, Form.TEXT, Form.NOTES)


class CardGuard:
    """Looks at every text of a row. A file of accounts is the one place where a number is taken as an account's own."""

    def __init__(self, context: Context, kind: Kind) -> None:
        self._context = context
        own = {ACCOUNT_NUMBER} if kind.name == "accounts" else set()
        self._fields = [field.name for field in kind.fields if field.form in _TEXTS and field.name not in own]
        self._known: frozenset[str] | None = None

    def problem(self, row: ParsedRow) -> Problem | None:
        """Why a row is rejected; None for nearly every one."""
        for name in self._fields:
            text = row.values.get(name, "")
            if card_numbers(text) and (found := card_numbers(text, self._accounts())):
                return self._context.reader.problem(row, name, refusal(found[0].last_two))
        return None

    def _accounts(self) -> frozenset[str]:
        if self._known is None:
            self._known = known_digits(self._context.connection, self._context.options.scope)
        return self._known
