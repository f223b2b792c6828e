"""Why a whole file is refused. A bad row is data (a reject); a file that cannot be read for certain is an error."""

from domain.card_numbers import without_card_numbers


class ImportRefusedError(Exception):
    """Nothing of the file was taken; the text says what is wrong and what to do. It may quote the file: no card numbers."""

    def __init__(self, text: str) -> None:
        super().__init__(without_card_numbers(text))


class ImportUsageError(ImportRefusedError):
    """The request does not fit the file: an unknown kind, field, column or sheet."""
