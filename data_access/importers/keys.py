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
    kept = {name: value for name, value in values.items() if value is not None and value != ""}
    return hashlib.sha256(_as_json(kept).encode()).hexdigest()


def row_key(digest: str, occurrence: int) -> str:
    """The key of the `occurrence`th (from 1) such row in a file: real twins are told apart by counting them."""
    return f"row:{digest}#{occurrence}"


def id_key(external_id: str) -> str:
    """The key of a row that the file itself names."""
    return f"id:{external_id}"


def _plain(value: date) -> str:
    return value.isoformat()


_as_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=_plain).encode
