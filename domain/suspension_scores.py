"""How good the suspension window is: what was said on earlier days against what came of it where bills were left unpaid.

What is said is about bills that are left unpaid, so a payment makes it moot: it counts for a suspension when nothing that
was open when it was said had been settled by then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.suspension import Window

CLOSE = 3  # days between the likely day and the real one
LIKELY_BAR, WINDOW_BAR, FALSE_BAR = 0.90, 0.97, 0.05


@dataclass(frozen=True, slots=True)
class Said:
    """What was said of one account on `day`. critical: it may stop within days, or should have; not if it is off already.

    owed: the bills (ids) with something undisputed open.
    """

    policy: str
    account_id: int
    day: date
    window: Window | None
    critical: bool
    owed: tuple[int, ...]

    def is_close(self, stopped: date) -> bool:
        """Was the likely day right, give or take CLOSE days?"""
        return self.window is not None and abs((stopped - self.window.likely).days) <= CLOSE

    def is_inside(self, stopped: date) -> bool:
        """Was the window right?"""
        return self.window is not None and self.window.earliest <= stopped <= self.window.latest


@dataclass(frozen=True, slots=True)
class Course:
    """What came of one account: the days on which it was suspended, and between which each bill was settled.

    Half-open spans: money that came back ends one, `date.max` is for good.
    """

    suspended: tuple[date, ...]
    settled: Mapping[int, tuple[tuple[date, date], ...]]

    def is_moot(self, said: Said, day: date) -> bool:
        """Had something that was open when it was said been settled by `day`, also by money then on its way?"""
        spans = (span for bill in said.owed for span in self.settled.get(bill, ()))
        return any(since <= day < until for since, until in spans)

    def suspension_after(self, said: Said) -> date | None:
        """The next suspension after it was said, if everything was left unpaid up to it."""
        stopped = next((day for day in self.suspended if day > said.day), None)
        return None if stopped is None or not said.owed or self.is_moot(said, stopped) else stopped


@dataclass(frozen=True, slots=True)
class Score:
    """Counts. told: suspensions of which something was said with the bills left unpaid since; close and inside count the

    last that was said before each, at the start of its month. ahead, ahead_close and ahead_inside count all that was said
    of them, months ahead too. marked: accounts marked critical that were left unpaid; never: of them not suspended.
    """

    suspensions: int = 0
    told: int = 0
    close: int = 0
    inside: int = 0
    ahead: int = 0
    ahead_close: int = 0
    ahead_inside: int = 0
    marked: int = 0
    never: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def missed(self) -> list[str]:
        """The bars that are not met, in words; nothing to measure is a miss."""
        return [
            words
            for words, met in (
                (f"within {CLOSE} days", self.told > 0 and self.close >= LIKELY_BAR * self.told),
                ("inside the window", self.told > 0 and self.inside >= WINDOW_BAR * self.told),
                ("critical and never suspended", self.marked > 0 and self.never < FALSE_BAR * self.marked),
            )
            if not met
        ]


def scores(said: Iterable[Said], courses: Mapping[int, Course], until: date) -> dict[str, Score]:
    """By policy: all that was said, beside what came of it up to `until`."""
    found: dict[str, Score] = {}
    by_account: dict[int, list[Said]] = {}
    for one in sorted(said, key=lambda one: one.day):
        by_account.setdefault(one.account_id, []).append(one)
    for account_id, own in by_account.items():
        course = courses[account_id]
        last: dict[date, Said] = {}
        ahead = Score()
        for one in own:
            ahead += _mark(one, course, until)
            if (stopped := course.suspension_after(one)) is not None:
                last[stopped] = one
                ahead += Score(ahead=1, ahead_close=one.is_close(stopped), ahead_inside=one.is_inside(stopped))
        newest = Score(
            suspensions=len(course.suspended),
            told=len(last),
            close=sum(one.is_close(stopped) for stopped, one in last.items()),
            inside=sum(one.is_inside(stopped) for stopped, one in last.items()),
        )
        found[own[0].policy] = found.get(own[0].policy, Score()) + ahead + newest
    return found


def overall(by_policy: Mapping[str, Score]) -> Score:
    """All policies together."""
    return sum(by_policy.values(), Score())


def settlements(amount: int, applied: Sequence[tuple[date, int]]) -> tuple[tuple[date, date], ...]:
    """The spans in which a bill of `amount` was settled, from what was applied to it (signed), by day."""
    spans, paid, since = [], 0, None
    for day in sorted({day for day, _ in applied}):
        paid += sum(part for on, part in applied if on == day)
        if paid >= amount and since is None:
            since = day
        elif paid < amount and since is not None:
            spans.append((since, day))
            since = None
    return (*spans, *([(since, date.max)] if since else []))


def _mark(said: Said, course: Course, until: date) -> Score:
    """A mark is wrong when the last day of the window came with nothing paid, and still no suspension followed."""
    if not said.critical:
        return Score()
    if course.suspension_after(said) is not None:
        return Score(marked=1)
    last = max(said.window.latest, said.day) if said.window else said.day
    if last >= until or course.is_moot(said, last):
        return Score()  # not known yet, or not left unpaid
    return Score(marked=1, never=1)
