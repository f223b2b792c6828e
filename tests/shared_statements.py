"""Compiled statements that several engines share."""

from typing import Any

from sqlalchemy.util import LRUCache


class SharedStatements(LRUCache[Any, Any]):
    """A compiled cache for all engines of one kind of database.

    SQLAlchemy's key begins with the engine's own dialect object, so that no two engines would meet in it; here the kind
    and release of the database stand in its place. Were that key built otherwise, this would raise.
    """

    def __init__(self) -> None:
        super().__init__(3000)

    def get(self, key: Any, default: Any = None) -> Any:
        """The statement compiled for the same kind of database."""
        return super().get(_by_kind(key), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        """Keep a statement for others."""
        super().__setitem__(_by_kind(key), value)


def _by_kind(key: Any) -> tuple[Any, ...]:
    dialect, *rest = key
    return (type(dialect), dialect.server_version_info, *rest)
