"""Why a match was refused, in words."""

from data_access.commands.refusals import LedgerRefusedError


class MatchRefusedError(LedgerRefusedError):
    """A match, or a decision on a bank line, that cannot be; the message says why and what to do."""
