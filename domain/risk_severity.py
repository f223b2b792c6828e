"""How much somebody has to act, from an account's outlook."""

from enum import IntEnum

from domain.risk import Outlook, Stage

SOON, LATER = 21, 45  # days left: up to which it is high, and medium


class Severity(IntEnum):
    """The worst first."""

    OFF = 0
    CRITICAL = 1
    HIGH = 2
    MEDIUM = 3
    LOW = 4
    CLEAR = 5

    @classmethod
    def of(cls, outlook: Outlook) -> "Severity":
        """From stage and days left."""
        if outlook.stage is Stage.CURRENT:
            return cls.CLEAR
        if outlook.stage >= Stage.NEAR:
            return cls.OFF if outlook.stage is Stage.SUSPENDED else cls.CRITICAL
        if outlook.days_left is None or outlook.days_left > LATER:
            return cls.LOW
        return cls.HIGH if outlook.days_left <= SOON else cls.MEDIUM
