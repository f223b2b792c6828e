"""Reading stored values as far as they can be read: damage in one row must not stop the look at the others."""

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, Connection, Date, Label, String, type_coerce

from data_access.schema.types import Instant


def values_of(text: str | None) -> dict[str, Any]:
    """The event's values by name; none where the text was damaged, which is for the chain to say."""
    try:
        values = json.loads(text or "{}")
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def as_stored(connection: Connection, column: Column[Any]) -> Label[Any]:
    """The column, on SQLite its dates and moments as the text that they are stored as: it may be no date."""
    stored_as_text = connection.dialect.name == "sqlite" and isinstance(column.type, Date | Instant)
    return (type_coerce(column, String) if stored_as_text else column).label(column.name)


def moment_of(stored: datetime | str) -> datetime:
    """The moment in UTC that was stored; the earliest one where the text was damaged."""
    if isinstance(stored, datetime):
        return stored
    try:
        moment = datetime.fromisoformat(stored)
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
