"""What the payments say, in a sentence each. Pure functions from numbers to titles."""

from collections.abc import Mapping, Sequence

from ui.formats import percent
from ui.wording import count


def paid_mostly_by(kinds: Mapping[str, Sequence[int]]) -> str:
    """ACH and card made up 61% of what was paid. `kinds`: amounts in one currency by name, the largest first."""
    sums = {name: sum(values) for name, values in kinds.items()}
    whole = sum(sums.values())
    named = [name for name in sums if name != "Other" and sums[name] > 0]
    if whole <= 0 or not named:
        return "More came back than was paid"
    if len(sums) == 1:
        return f"Everything was paid one way: {_inside(named[0])}"
    first = named[0]
    if sums[first] * 2 >= whole or len(named) == 1:
        return f"{percent(sums[first], whole)} was paid by {_inside(first)}"
    return f"{first} and {_inside(named[1])} make up {percent(sums[first] + sums[named[1]], whole)} of what was paid"


def _inside(name: str) -> str:
    """A method's name within a sentence: card, but ACH."""
    return name if name.isupper() else name[:1].lower() + name[1:]


def on_time(bills: int, late: int, worst: tuple[str, int] | None) -> str:
    """92% of bills were paid on time; Pueblo Warehouse was late 6 times. `worst`: who was late most often, and how often."""
    if not bills:
        return "No bill fell due"
    if not late:
        return "Every bill was paid on time" if bills > 1 else "The one bill was paid on time"
    share = "No bill was" if late == bills else f"{percent(bills - late, bills)} of bills were"
    tail = f"; {worst[0]} was late {_times(worst[1])}" if worst and worst[1] else ""
    return f"{share[0].upper()}{share[1:]} paid on time{tail}"


def _times(number: int) -> str:
    return "once" if number == 1 else "twice" if number == 2 else f"{number:,} times"  # noqa: PLR2004


def late_spread(groups: Sequence[int], one: str) -> str:
    """3 of 24 sites were late with half of the late bills. `groups`: late bills of each, the most first."""
    late = [number for number in groups if number]
    if not late:
        return f"No {one} was late"
    if len(late) == 1:
        return f"One {one} was late with all of them" if len(groups) > 1 else f"{count(late[0], 'late bill')}"
    half, so_far, needed = sum(late) / 2, 0, 0
    for number in late:
        so_far, needed = so_far + number, needed + 1
        if so_far >= half:
            break
    verb = "was" if needed == 1 else "were"
    return f"{needed:,} of {len(groups):,} {one}s {verb} late with {percent(so_far, sum(late))} of the late bills"


def change_in_points(now: tuple[int, int], before: tuple[int, int]) -> int | None:
    """By how many points the share (part, whole) rose; None where one of them is of nothing."""
    if not now[1] or not before[1]:
        return None
    return round(100 * now[0] / now[1]) - round(100 * before[0] / before[1])
