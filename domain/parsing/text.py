"""Text as written: cleaned of what nobody sees, refused where it carries control characters."""

import re
import unicodedata

# Marks that change how text is shown, not what it says: byte-order and zero-width marks, direction overrides.
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]|[\ud800-\udfff]|[\ufffe\uffff]")
_LINE_BREAK = re.compile("\r\n|[\r\n\v\f\x85\u2028\u2029]")
# A formula begins with one of these (the wide ones in East Asia): in a cell, on a line of it, or behind a semicolon, which
# separates cells where a comma is the decimal mark.
_SIGNS = r"[=+\-@\t\r＝＋－＠]"
_SIGN = re.compile(_SIGNS)
_FORMULA = rf"(?='*{_SIGNS})"
_UNGUARDED = re.compile(rf"(^|[;\n\r]){_FORMULA}")
_GUARDED = re.compile(rf"(^|[;\n\r])'{_FORMULA}")
_YES = frozenset(["yes", "y", "true", "t", "1", "ja", "j", "oui", "o", "si", "sí", "s", "sim", "x"])
_NO = frozenset(["no", "n", "false", "f", "0", "nein", "non", "nee", "não", "nao"])


class TextError(ValueError):
    """Text that cannot be kept; says why."""


def guarded(text: str) -> str:
    """Text that a spreadsheet shows and never runs; what looks guarded already is guarded once more."""
    return _UNGUARDED.sub(r"\1'", text) if _SIGN.search(text) else text  # most texts hold no such sign at all


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return _GUARDED.sub(r"\1", text)


def read_text(text: str, limit: int, *, lines: bool = False) -> str:
    """Normalised (NFC) text of at most `limit` characters; on one line unless `lines`. Raises TextError."""
    if _is_clean(text) and len(text) <= limit:
        return text.strip()
    text = _INVISIBLE.sub("", unguarded(text))
    if found := _CONTROL.search(text):
        raise TextError(f"holds the control character U+{ord(found.group()):04X}")
    text = unicodedata.normalize("NFC", _LINE_BREAK.sub("\n", text))
    kept = "\n".join(" ".join(line.split()) for line in text.split("\n")).strip() if lines else " ".join(text.split())
    if len(kept) > limit:
        raise TextError(f"has {len(kept):,} characters; at most {limit:,} are kept")
    return kept


def read_identifier(text: str, limit: int) -> str:
    """Text that names something: as read_text, but it cannot run over two lines. Raises TextError."""
    if not _is_clean(text) and _LINE_BREAK.search(text.strip()):
        raise TextError("runs over two lines; a name or number cannot")
    return read_text(text, limit)


def _is_clean(text: str) -> bool:
    """There is nothing to clean, as nearly always."""
    return text.isascii() and text.isprintable() and "'" not in text and "  " not in text


def read_yes_or_no(text: str) -> bool | None:
    """True or False for the usual words of a few languages; None for other text."""
    folded = text.strip().casefold()
    return True if folded in _YES else False if folded in _NO else None
