"""The directory of payment contacts: what state a contact is in, and what a number found somewhere is to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from domain.phone_numbers import Doubt, doubts


class ContactState(StrEnum):
    """Only a verified contact is for paying."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    REPORTED = "reported"
    RETIRED = "retired"


class NumberStanding(StrEnum):
    """What a dialled, imported or noted number is to the directory; the rest are the states of the contact itself."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    REPORTED = "reported"
    RETIRED = "retired"
    LOOK_ALIKE = "look-alike"
    UNKNOWN = "unknown"


# Nobody pays through these without saying why they were trusted all the same.
DANGEROUS = frozenset({NumberStanding.REPORTED, NumberStanding.RETIRED, NumberStanding.LOOK_ALIKE})


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """`like` is the number in the directory that a look-alike resembles, or '' where it is bad by itself."""

    standing: NumberStanding
    doubt: Doubt | None = None
    like: str = ""


def check_number(number: str, directory: Mapping[str, ContactState]) -> NumberCheck:
    """What `number` (E.164) is to `directory` ({address: state}); extensions do not count."""
    bare = number.partition(";")[0]
    state = {address.partition(";")[0]: state for address, state in directory.items()}.get(bare)
    if state is not None:
        return NumberCheck(NumberStanding(state.value))
    findings = doubts(number, directory)
    if findings and findings[0].doubt is not Doubt.NOT_A_NUMBER:
        return NumberCheck(NumberStanding.LOOK_ALIKE, findings[0].doubt, findings[0].like)
    return NumberCheck(NumberStanding.UNKNOWN)


def worst(states: Iterable[ContactState]) -> ContactState:
    """What counts of a number that stands in the directory more than once."""
    order = (ContactState.REPORTED, ContactState.RETIRED, ContactState.UNVERIFIED, ContactState.VERIFIED)
    return min(states, key=order.index)
