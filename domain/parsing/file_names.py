"""Names of files that come from elsewhere. They are kept and shown, never used as a path; still, a false one is refused."""

import re

from domain.parsing.text import TextError

LONGEST = 255
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
# Control characters, line ends, and marks that turn the direction of what follows: report<U+202E>vsc.exe reads as a CSV.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def check_file_name(name: str) -> None:
    """Raise TextError, saying why, for a name that is a path, hides what it is, or names a device of some system."""
    if not name.strip(". "):
        raise TextError("the file has no name: give it one")
    if len(name) > LONGEST:
        raise TextError(f"the file's name has {len(name):,} characters, more than {LONGEST}: rename it")
    if "/" in name or "\\" in name:
        raise TextError("the file's name is a path: rename it")
    if found := _UNSEEN.search(name):
        raise TextError(f"the file's name holds the invisible character U+{ord(found.group()):04X}: rename it")
    if _DEVICE.fullmatch(name.strip()):
        raise TextError(f"the file's name {name} is that of a device: rename it")
