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
        return cls.by_days(outlook.stage, outlook.days_left)

    @classmethod
    def by_days(cls, stage: Stage, days_left: int | None) -> "Severity":
        """The same where nothing else is known; days_left: to the likely day, None without one."""
        if stage is Stage.CURRENT:
            return cls.CLEAR
        if stage >= Stage.NEAR:
            return cls.OFF if stage is Stage.SUSPENDED else cls.CRITICAL
        if days_left is None or days_left > LATER:
            return cls.LOW
        return cls.HIGH if days_left <= SOON else cls.MEDIUM
