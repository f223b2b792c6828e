"""Accounts whose bills are left unpaid now and then, and vendors that act on it: what the back-test of risk is played on.

Some accounts for each policy of the twelve vendors, paid in time but for spells: in one the bills are left, partly paid,
in part disputed, or paid with money that comes back. The vendor is one of seed.noisy_vendor.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.periods import add_months
from domain.policies import Policy
from domain.working_days import add_working_days, working_day_until
from seed.books import Organisation
from seed.history import History
from seed.noisy_vendor import Watched, days_of, watch
from seed.organisation import stream
from seed.payments import give_back, send
from seed.places import CURRENCIES, PLACES
from seed.records import Account, Bill, Charge, Dispute, Payment, Service, Way
from seed.terms import terms
from seed.vendors import vendors

MONTHS = 26
ACCOUNTS = 16  # of each policy
_YOUNG_ONES = 3  # every third account of a policy is opened while the play runs
_TELECOM = ("internet", "mobile", "voice", "circuit")

_KINDS = ("left", "part", "disputed", "returned")
_KINDS_WEIGHED = (5, 2, 2, 2)
_SAVED = 25  # of spells that end with a payment before the vendor acts


@dataclass
class Play:
    """The books, and what really happened: the days on which an account was suspended, by account."""

    books: Organisation = field(default_factory=Organisation)
    suspended: dict[Account, list[date]] = field(default_factory=dict)


@dataclass
class _Spell:
    """Bills that fall due from `since` on are not paid in time; the last one to end it is the site itself."""

    since: date
    kind: str
    saved: bool
    first: Bill | None = None


@dataclass
class _State:
    """What the steps of one account need to know of each other."""

    spell: _Spell
    watched: Watched


def unpaid(random_seed: int, today: date, *, accounts: int = ACCOUNTS) -> Play:
    """The play up to `today`: `accounts` for each policy. The same for the same arguments."""
    known, every = vendors(), terms(today)
    play = Play()
    books = play.books
    books.vendors = list(known.values())
    books.policies = [(vendor, policy) for vendor in books.vendors for policy in every[vendor.slug]]
    books.sites = [place.site("CC-1") for place in PLACES]
    since = add_months(today.replace(day=1), -MONTHS)
    for slug, policy, service_type in _ruled(every):
        countries = [c for c in known[slug].phone if policy.currency in ("", CURRENCIES[c])]
        sites = [site for site in books.sites if site.country in countries]
        for n in range(accounts):
            dice = stream(random_seed, "unpaid", slug, policy.currency, service_type, n)
            opened = add_months(since, -36) if n % _YOUNG_ONES else since + timedelta(days=dice.randrange(1, 400))
            account = Account(
                vendor=known[slug],
                site=dice.choice(sites),
                number=f"{len(books.accounts) + 1:07d}",
                service_type=service_type,
                currency=policy.currency,
                terms_days=known[slug].terms_days,
                opened_on=opened,
                way=Way("transfer", "bank"),
                bill_day=dice.randrange(1, 28),
            )
            books.accounts.append(account)
            play.suspended[account] = []
            _live(play, account, History(books, account, today, dice, every[slug], dice), since)
    return play


def _ruled(every: dict[str, list[Policy]]) -> Iterator[tuple[str, Policy, str]]:
    """Each policy that is in force at the end, with a service type that it rules; lines of a price list are no account."""
    for slug, own in every.items():
        for policy in own:
            exceptions = {other.service_type for other in own}
            kinds = [policy.service_type] if policy.service_type else [k for k in _TELECOM if k not in exceptions]
            if policy.effective_until is None:
                yield slug, policy, kinds[0]


def _live(play: Play, account: Account, history: History, since: date) -> None:
    line = f"{account.number}-1"
    price = history.dice.randrange(40, 900) * 100
    account.services = [Service(account, account.site, line, "Line", 3, [(since, price)], account.opened_on)]

    def when_off(history: History, day: date) -> None:
        history.at(day + timedelta(days=history.dice.randrange(1, 26)), _end, state, state.spell)

    watched = Watched(when_off, play.suspended[account])
    state = _State(_next_spell(history, max(since, account.opened_on), first=True), watched)
    day = max(since, account.opened_on).replace(day=account.bill_day)
    while day <= history.today:
        if day >= account.opened_on:
            history.at(day, _bill, state, price, first=True)
        day = add_months(day, 1)
    history.play()


def _next_spell(history: History, day: date, *, first: bool = False) -> _Spell:
    dice = history.dice
    starts = day + timedelta(days=dice.randrange(5, 150) if first else dice.randrange(60, 240))
    return _Spell(starts, dice.choices(_KINDS, _KINDS_WEIGHED)[0], dice.randrange(100) < _SAVED)


def _bill(history: History, day: date, state: _State, price: int) -> None:
    account, dice = history.account, history.dice
    bill = Bill(
        account=account,
        number=f"{account.number}-{len(history.bills) + 1:03d}",
        kind="invoice",
        issued_on=day,
        due_on=day + timedelta(days=account.terms_days),
        period_start=day,
        period_end=add_months(day, 1),
        charges=[Charge("recurring", "Line", price), Charge("usage", "Usage", dice.randrange(0, price // 3))],
    )
    history.add_bill(bill)
    watch(history, bill, state.watched)
    spell = state.spell
    if bill.falls_due_on < spell.since:
        history.at(max(day, bill.falls_due_on + timedelta(days=dice.randrange(-9, 5))), _pay, [bill])
    elif spell.first is None:
        spell.first = bill
        _begin(history, bill, state)


def _begin(history: History, bill: Bill, state: _State) -> None:
    """What the site does about the first bill of a spell, and when it pays in the end, whatever the vendor does."""
    dice, due, spell = history.dice, bill.falls_due_on, state.spell
    if spell.kind == "returned":
        paid = working_day_until(due - timedelta(days=dice.randrange(0, 4)), history.account.site.country)
        history.at(max(paid, bill.issued_on), _pay_with_what_comes_back, bill)
    elif spell.kind == "part":
        history.at(due + timedelta(days=dice.randrange(-3, 20)), _pay_a_part, bill)
    elif spell.kind == "disputed":
        history.at(max(bill.issued_on, due - timedelta(days=dice.randrange(0, 14))), _dispute, bill)
    days = days_of(history, bill)
    if spell.saved and days:
        ends = due + timedelta(days=dice.randrange(3, days.likely))
    else:
        ends = due + timedelta(days=(days.latest if days else 60) + dice.randrange(45, 90))
    history.at(ends, _end, state, spell)


def _pay(history: History, day: date, bills: list[Bill]) -> None:
    open_bills = [bill for bill in bills if bill.open > bill.withheld]
    amount = sum(bill.open - bill.withheld for bill in open_bills)
    if amount:
        send(history, day, amount, history.account.way, open_bills)


def _pay_a_part(history: History, day: date, bill: Bill) -> None:
    if bill.open:
        send(history, day, max(1, bill.open * history.dice.randrange(30, 71) // 100), history.account.way, [bill])


def _pay_with_what_comes_back(history: History, day: date, bill: Bill) -> None:
    if bill.open:
        payment = send(history, day, bill.open, Way("e-check", "portal"), [bill])
        comes_back = add_working_days(day, history.dice.randrange(2, 6), history.account.site.country)
        history.at(comes_back, _come_back, payment)


def _come_back(history: History, day: date, payment: Payment) -> None:
    give_back(history, day, payment, "Returned: insufficient funds")


def _dispute(history: History, day: date, bill: Bill) -> None:
    bill.withheld = bill.amount * history.dice.randrange(10, 50) // 100
    history.books.disputes.append(Dispute(bill, bill.withheld, "Usage that is not ours", day))


def _end(history: History, day: date, state: _State, spell: _Spell) -> None:
    """Everything is paid, and the disputed part conceded; another spell will come."""
    if state.spell is not spell:
        return
    for dispute in history.books.disputes:
        if dispute.bill.account is history.account and dispute.closed_on is None:
            dispute.closed_on, dispute.outcome, dispute.bill.withheld = day, "conceded", 0
    _pay(history, day, list(history.bills))
    state.watched.restored()
    state.spell = _next_spell(history, day)
