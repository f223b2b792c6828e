"""Scenarios in words: what an action does, to what, and what a scenario comes to. Pure functions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain.what_if.actions import Action, Kind, Selection, What
from domain.what_if.chosen import Lack
from ui.formats import escape, exact_money, short_day, whole_money
from ui.wording import count, listed

BASELINE = "As things go"
# What can be added, and what it is at first.
PRESETS: Mapping[str, Action] = {
    "Pay what keeps each site on": Action(Kind.PAY, what=What.MINIMUM),
    "Pay everything overdue": Action(Kind.PAY, what=What.OVERDUE),
    "Pay everything open": Action(Kind.PAY, what=What.ALL),
    "Pay an amount, the oldest due first": Action(Kind.PAY, what=What.AMOUNT, amount=1),
    "Pay later than due": Action(Kind.DELAY, days=15),
    "Pay in parts": Action(Kind.SPLIT, parts=3, days=30),
    "Turn autopay on": Action(Kind.AUTOPAY),
    "Dispute": Action(Kind.DISPUTE),
    "Expect a credit": Action(Kind.CREDIT, amount=1),
    "Change the price": Action(Kind.PRICE_CHANGE, basis_points=1000),
    "Add a bill": Action(Kind.NEW_BILL, amount=1),
    "Cancel the service": Action(Kind.CANCEL),
}
_PAYS = {
    What.ALL: "Pay everything open",
    What.OVERDUE: "Pay everything overdue",
    What.MINIMUM: "Pay what keeps service on",
}


def sentence(action: Action, currency: str, as_of: date, sites: Mapping[str, str]) -> str:
    """Pay everything overdue at Pueblo Warehouse today by card. `sites`: name by code."""
    said = [_done(action, currency), where(action.selection, sites), _when(action, as_of)]
    if action.method:
        said.append(f"by {action.method}")
    return " ".join(filter(None, said))


def _done(action: Action, currency: str) -> str:
    amount = exact_money(action.amount, currency) if action.amount is not None and currency else ""
    days = count(action.days or 0, "day")
    points = action.basis_points or 0
    said = {
        Kind.PAY: _PAYS.get(action.what or What.ALL, f"Pay {amount}"),
        Kind.DELAY: f"Pay each bill {days} after it is due",
        Kind.SPLIT: f"Pay in {action.parts} parts, {days} apart,",
        Kind.AUTOPAY: "Turn autopay on",
        Kind.DISPUTE: f"Dispute {amount} of each bill" if amount else "Dispute every bill",
        Kind.CREDIT: f"Expect a credit of {amount} for each account",
        Kind.PRICE_CHANGE: f"Prices {'rise' if points >= 0 else 'fall'} by {abs(points) / 100:g}%",
        Kind.NEW_BILL: f"One more bill of {amount} for each account",
        Kind.CANCEL: f"Cancel services of {amount} a bill" if amount else "Cancel the service",
    }
    return said[action.kind]


def where(selection: Selection, sites: Mapping[str, str]) -> str:
    """At Pueblo Warehouse and 2 more, with Lumina, internet, 3 accounts; nothing for everything."""
    said = []
    if selection.sites:
        said.append(f"at {listed([sites.get(code, code) for code in selection.sites])}")
    if selection.regions:
        said.append(f"in {listed(list(selection.regions))}")
    if selection.vendors:
        said.append(f"with {listed(list(selection.vendors))}")
    if selection.service_types:
        said.append(f"for {listed(list(selection.service_types))}")
    if selection.accounts:
        said.append(f"on {count(len(selection.accounts), 'account')}")
    if selection.bills:
        said.append(f"of {count(len(selection.bills), 'bill')}")
    return " ".join(said)


def _when(action: Action, as_of: date) -> str:
    if action.kind is Kind.DELAY:
        return ""
    day = as_of if action.on is None or action.on <= as_of else action.on
    word = "from" if action.kind in (Kind.AUTOPAY, Kind.PRICE_CHANGE, Kind.CANCEL, Kind.SPLIT) else "on"
    if day == as_of:
        return "from today" if word == "from" else "today"
    if day == as_of + timedelta(days=1):
        return "from tomorrow" if word == "from" else "tomorrow"
    return f"{word} {short_day(day, as_of)}"


def idle(lack: Lack) -> str:
    """Why an action does nothing, and what to do."""
    return {
        Lack.ACCOUNT: "Does nothing: no account within the filters fits all of its selection. Select less, or widen the filters.",
        Lack.BILL: "Does nothing: what it selects has no open and no expected bill. Select other accounts, or drop it.",
        Lack.EXPECTED: "Does nothing: no bill is expected on what it selects. Select accounts that still bill, or drop it.",
    }[lack]


def headline(name: str, owed: int, stay_on: int, currency: str, when: str) -> str:
    """Pay overdue: $12,300 less is owed on 18 Feb, and 3 more sites stay on. Both compared with the baseline."""
    if not owed and not stay_on:
        return f"{escape(name)} changes nothing by {when}"
    money = f"{whole_money(abs(owed), currency)} {'less' if owed < 0 else 'more'}" if owed else "as much"
    told = f"{escape(name)}: {escape(money)} is owed on {when}"
    if stay_on > 0:
        return f"{told}, and {count(stay_on, 'more site stays', 'more sites stay')} on"
    return f"{told}, and {count(-stay_on, 'more site goes', 'more sites go')} off" if stay_on < 0 else told


@dataclass(frozen=True, slots=True)
class Answer:
    """What a quick check comes to: paid, and what was not used; owed after it; late fees saved; services kept on, of those off `until`."""

    paid: int
    unused: int
    owed: int
    fees: int
    kept: int
    threatened: int
    until: str


def quick(answer: Answer, currency: str) -> str:
    """One sentence, as Markdown."""
    owed = escape(whole_money(answer.owed, currency))
    if not answer.paid:
        off = f", and {count(answer.threatened, 'service is', 'services are')} off by {answer.until}"
        return f"Nothing is paid: **{owed}** stays open{off if answer.threatened else ''}."
    said = f"Leaves **{owed}** owed"
    if answer.threatened:
        said += f", keeps **{answer.kept} of {answer.threatened}** services on that would be off by {answer.until}"
    if answer.fees > 0:
        said += f", avoids **{escape(whole_money(answer.fees, currency))}** of late fees"
    if answer.unused > 0:
        said += f"; **{escape(whole_money(answer.unused, currency))}** is not used"
    return said + "."


def named(these: Sequence[str], base: str) -> str:
    """`base`, or with the first number that is free: Scenario 2."""
    if base not in these:
        return base
    return next(f"{base} {n}" for n in range(2, len(these) + 3) if f"{base} {n}" not in these)
