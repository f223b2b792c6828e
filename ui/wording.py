"""Findings: a title says what the data says. Pure functions from numbers to sentences."""

from collections.abc import Sequence

from domain.promises import Standing
from ui.formats import percent, whole_money

_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")


def count(number: int, one: str, many: str | None = None) -> str:
    """1 bill, 2 bills, 0 bills; `many` where an s is not enough."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """The same at the head of a sentence: No bills, One bill, Two bills, 11 bills."""
    noun = one if number == 1 else many or one + "s"
    return f"{_WORDS[number] if number < len(_WORDS) else f'{number:,}'} {noun}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """A, B and C; A, B and 4 more."""
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} more"]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def past_due_share(overdue: int, owed: int) -> str:
    """`owed`: open bills, without unapplied money; both in minor units of one currency."""
    if not owed:
        return "Nothing is owed"
    if not overdue:
        return "Nothing is past due"
    if overdue == owed:
        return "Everything we owe is past due"
    return f"{percent(overdue, owed)[0].upper()}{percent(overdue, owed)[1:]} of what we owe is past due"


def concentration(amounts: Sequence[int], one: str, many: str | None = None, what: str = "the past due") -> str:
    """6 of 24 sites carry half of the past due. `amounts`: each group's share of `what`, in one currency."""
    plural = many or one + "s"
    carrying = sorted((amount for amount in amounts if amount > 0), reverse=True)
    if not carrying:
        return f"No {one} has any of {what}"
    if len(carrying) == 1:
        return f"One {one} carries all of {what}" if len(amounts) > 1 else f"The only {one} carries all of {what}"
    if len(set(carrying)) == 1 and len(carrying) == len(amounts):
        return f"All {len(amounts):,} {plural} carry an equal part of {what}"
    half, so_far, needed = sum(carrying) / 2, 0, 0
    for amount in carrying:
        so_far += amount
        needed += 1
        if so_far >= half:
            break
    verb, noun = ("carries", plural) if needed == 1 else ("carry", plural)
    subject = f"{needed:,} of {len(amounts):,} {noun}" if needed > 1 else f"One of {len(amounts):,} {noun}"
    share = "half" if so_far < half * 1.2 else percent(so_far, sum(carrying))
    return f"{subject} {verb} {share} of {what}"


def change_over(now: int, before: int, what: str, period: str) -> str:
    """Past due is up 90% in a year. Amounts in minor units of one currency."""
    if now == before:
        return f"{what} is {'still nothing' if not now else 'unchanged'} {period}"
    if not before:
        return f"{what} rose from nothing {period}"
    if not now:
        return f"{what} fell to nothing {period}"
    if now < 0 or before < 0:
        return f"{what} is {'up' if now > before else 'down'} {period}"
    ratio = now / before
    if ratio >= 3:  # noqa: PLR2004 - "up 200%" reads worse than "3 times"
        return f"{what} is {ratio:.0f} times what it was {period.removeprefix('in ')} ago"
    return f"{what} is {'up' if now > before else 'down'} {percent(abs(now - before), before)} {period}"


def billed_against_paid(billed: int, paid: int, currency: str, period: str) -> str:
    """Over the months shown; minor units of one currency."""
    if not billed and not paid:
        return f"Nothing was billed or paid {period}"
    gap = billed - paid
    if not gap:
        return f"We paid what was billed {period}"
    if abs(gap) < 0.005 * max(billed, paid):
        return f"We paid almost exactly what was billed {period}"
    return f"We paid {whole_money(abs(gap), currency)} {'less' if gap > 0 else 'more'} than was billed {period}"


def leader(name: str, amount: int, whole: int, verb: str, by: str) -> str:
    """Pueblo Warehouse takes 18% of the spend; no site takes 1% of it, where the first is one of very many."""
    if amount >= whole > 0:
        return f"{name} {verb} all of it"
    if 0 < 100 * amount < whole:
        return f"No {by} {verb} 1%"
    return f"{name} {verb} {percent(amount, whole)}"


def due_soon(bills: int, amount: int, currency: str, days: int) -> str:
    """Nine bills, $12,300, fall due in the next 14 days."""
    if not bills:
        return f"Nothing falls due in the next {days} days"
    return f"{counted(bills, 'bill')}, {whole_money(amount, currency)}, {'falls' if bills == 1 else 'fall'} due in the next {days} days"


def part_of(part: int, whole: int) -> str:
    """61%, or all where it is all."""
    return "all" if part >= whole > 0 else percent(part, whole)


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th, 21st."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def waiting(ends: Sequence[tuple[Standing | None, Standing | None]]) -> str:
    """Two promises are broken, three follow-ups are overdue. `ends`: how each call's promise and follow-up stand."""
    broken = sum(promise is Standing.OVERDUE for promise, _ in ends)
    # A broken promise is followed up by the same call: it counts once.
    late = sum(follow_up is Standing.OVERDUE and promise is not Standing.OVERDUE for promise, follow_up in ends)
    said = []
    if broken:
        said.append(f"{counted(broken, 'promise')} {'is' if broken == 1 else 'are'} broken")
    if late:
        text = counted(late, "follow-up")
        said.append(f"{text if not said else text[0].lower() + text[1:]} {'is' if late == 1 else 'are'} overdue")
    if said:
        return ", ".join(said)
    return (
        f"{counted(len(ends), 'promise or follow-up', 'promises or follow-ups')} within a week"
        if ends
        else "No promise or follow-up is open"
    )


def calls_that_paid(paid: int, calls: int, months: int) -> str:
    """61% of 420 calls in 13 months ended with a payment."""
    period = f"in {count(months, 'month')}"
    if not calls:
        return f"No calls {period}"
    return f"{part_of(paid, calls)} of {count(calls, 'call')} {period} ended with a payment".capitalize()
