"""Rows that hold a payment card number are rejected before anything is decided about them."""

from data_access.free_text import known_digits
from data_access.importers.context import Context
from data_access.importers.kinds import Form, Kind
from data_access.importers.rows import ParsedRow, Problem
from domain.card_numbers import card_numbers, refusal, without_card_numbers
from domain.masking import ACCOUNT_NUMBER

_TEXTS = (Form.IDENTIFIER, Form.TEXT, Form.NOTES)


class CardGuard:
    """Looks at every text of a row. A file of accounts is the one place where a number is taken as an account's own."""

    def __init__(self, context: Context, kind: Kind) -> None:
        self._context = context
        own = {ACCOUNT_NUMBER} if kind.name == "accounts" else set()
        self._fields = [field.name for field in kind.fields if field.form in _TEXTS and field.name not in own]
        self._known: frozenset[str] | None = None
        self._bank = kind.name == "bank"
        self.taken_out = 0

    def problem(self, row: ParsedRow) -> Problem | None:
        """Why a row is rejected; None for nearly every one."""
        if self._bank:
            self._take_out(row)
            return None
        for name in self._fields:
            text = row.values.get(name, "")
            if card_numbers(text) and (found := card_numbers(text, self._accounts())):
                return self._context.reader.problem(row, name, refusal(found[0].last_two))
        return None

    def _take_out(self, row: ParsedRow) -> None:
        """A bank's own texts are full of long numbers, and without the line the statement would not add up: the line
        is kept, each number that looks like a card's is not.
        """
        for name in self._fields:
            text = row.values.get(name, "")
            if isinstance(text, str) and card_numbers(text):
                row.values[name] = without_card_numbers(text)
                self.taken_out += 1

    def _accounts(self) -> frozenset[str]:
        if self._known is None:
            self._known = known_digits(self._context.connection, self._context.options.scope)
        return self._known
