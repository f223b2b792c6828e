"""What a column of an import is: how its cells are read, and which columns a kind of file needs."""

from dataclasses import dataclass
from enum import StrEnum, auto


class Form(StrEnum):
    """How a cell is read."""

    IDENTIFIER = auto()  # names something; one line
    TEXT = auto()  # one line
    NOTES = auto()  # lines are kept
    AMOUNT = auto()
    DATE = auto()
    INSTANT = auto()
    WHOLE = auto()  # an integer of at least zero
    DURATION = auto()  # seconds, or hours:minutes:seconds
    RATE = auto()
    DEGREES = auto()
    CURRENCY = auto()
    COUNTRY = auto()
    TIMEZONE = auto()
    CHOICE = auto()
    DISPUTED = auto()  # yes, no or an amount


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `limit` is the longest text, or the greatest number; `choices` map what is written to what is kept."""

    name: str
    form: Form = Form.TEXT
    needed: bool = False
    limit: int = 200
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """`either`: columns of which one at least is needed. `wire`: read from documents of trading partners, no table."""

    name: str
    fields: tuple[Field, ...]
    either: tuple[str, ...] = ()
    wire: bool = False

    @property
    def needs(self) -> tuple[tuple[str, ...], ...]:
        """Each need as the columns that can meet it."""
        single = tuple((field.name,) for field in self.fields if field.needed)
        return (*single, self.either) if self.either else single

    def field(self, name: str) -> Field | None:
        """The column of that name."""
        return next((field for field in self.fields if field.name == name), None)


def words(*kept: str) -> tuple[tuple[str, str], ...]:
    """Choices that are kept as they are written."""
    return tuple((word, word) for word in kept)


def vendor_column() -> Field:
    """The vendor, by name."""
    return Field("vendor", Form.IDENTIFIER, needed=True)


def account_columns() -> tuple[Field, Field]:
    """The account, by vendor and number."""
    return vendor_column(), Field("account_number", Form.IDENTIFIER, needed=True, limit=64)


def bill_column(*, needed: bool = True) -> Field:
    """The bill, by its number."""
    return Field("invoice_number", Form.IDENTIFIER, needed=needed, limit=64)


EXTERNAL_ID = Field("external_id", Form.IDENTIFIER, limit=200)
