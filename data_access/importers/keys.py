"""Import keys: what makes a row of a file the same row when it comes again."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any


def content_hash(values: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a row's parsed values: the same whatever the file's encoding, order of columns or of dates.

    Blank values do not count, so that a column without text and no column at all are the same.
    """
    return hashlib.sha256(_as_json(_kept(values)).encode()).hexdigest()


class LongHash:
    """The `content_hash` of values together with a text `name`, whose words (of letters, digits, : and #) come one by one."""

    def __init__(self, values: Mapping[str, Any], name: str) -> None:
        start = f'"{name}":"'  # in a text, its quotes would be escaped
        before, after = _as_json(_kept({**values, name: "-"})).split(f"{start}-")
        self._hash = hashlib.sha256(f"{before}{start}".encode())
        self._after = after
        self._alone = content_hash(values)
        self._some = False

    def add(self, word: str) -> None:
        """The next word."""
        self._hash.update(f" {word}".encode() if self._some else word.encode())
        self._some = True

    def hexdigest(self) -> str:
        """The hash, once all words are there."""
        if not self._some:
            return self._alone
        whole = self._hash.copy()
        whole.update(self._after.encode())
        return whole.hexdigest()


def row_key(digest: str, occurrence: int) -> str:
    """The key of the `occurrence`th (from 1) such row in a file: real twins are told apart by counting them."""
    return f"row:{digest}#{occurrence}"


def id_key(external_id: str) -> str:
    """The key of a row that the file itself names."""
    return f"id:{external_id}"


def _kept(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None and value != ""}


def _plain(value: date) -> str:
    return value.isoformat()


_as_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain).encode
