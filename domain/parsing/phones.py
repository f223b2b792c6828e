"""Telephone numbers as written: E.164 where they are valid, else as typed; and spaced, to be read out."""

from functools import lru_cache

import phonenumbers


@lru_cache(maxsize=16_384)
def read_phone(text: str, region: str) -> str:
    """`text` in E.164 (with ;ext= for an extension) when it is a valid number of `region` or names its country; else itself."""
    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_valid_number(number):
        return text
    written = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return f"{written};ext={number.extension}" if number.extension else written


@lru_cache(maxsize=16_384)
def spaced_phone(text: str) -> str:
    """A number in E.164 with its country code and groups, as it is read out; any other text as it is."""
    if not text.startswith("+"):
        return text
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
