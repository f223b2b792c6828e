"""Column types that mean the same on SQLite (STRICT tables) and on PostgreSQL."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    Index,
    MetaData,
    String,
    TypeDecorator,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


# A STRICT table takes INTEGER, REAL, TEXT, BLOB and nothing else.
@compiles(BigInteger, "sqlite")
@compiles(Boolean, "sqlite")
def _integer(*_: Any, **__: Any) -> str:
    return "INTEGER"


@compiles(Date, "sqlite")
@compiles(DateTime, "sqlite")
@compiles(String, "sqlite")
def _text(*_: Any, **__: Any) -> str:
    return "TEXT"


@compiles(Float, "sqlite")
def _real(*_: Any, **__: Any) -> str:
    return "REAL"


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. Takes aware datetimes only and gives them back aware."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def identity() -> Column[int]:
    """The surrogate key: bigserial on PostgreSQL (a sequence, so that tables can be distributed), rowid on SQLite."""
    return Column("id", BigInteger, primary_key=True)


def index_where(name: str, *columns: str, where: str) -> Index:
    """A partial index: of the rows that `where` keeps."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class month_number(FunctionElement[int]):  # noqa: N801 - a SQL function
    """month_number(date): what `numbered` says of it, for an index; both databases have it in their indexes in these words."""

    type = BigInteger()
    inherit_cache = True


_FIRST_MONTH = 2015 * 12  # all that is older counts to it, so that a list of months holds every day


def numbered(day: date) -> int:
    """The number of its month."""
    return max(_FIRST_MONTH, day.year * 12 + day.month)


def months_until(day: date) -> range:
    """The numbers of the months of all days up to `day`."""
    return range(_FIRST_MONTH, numbered(day) + 1)


@compiles(month_number, "sqlite")
def _month_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    day = compiler.process(element.clauses, **kw)
    return f"max({_FIRST_MONTH}, substr({day}, 1, 4) * 12 + substr({day}, 6, 2))"


@compiles(month_number, "postgresql")
def _month_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    day = compiler.process(element.clauses, **kw)
    number = f"EXTRACT(year FROM {day}) * 12::numeric + EXTRACT(month FROM {day})"
    return f"GREATEST({_FIRST_MONTH}, ({number})::integer)"  # as the database writes it, so that it can be compared
