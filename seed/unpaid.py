"""Accounts whose bills are left unpaid now and then, and vendors that act on it: what the back-test of risk is played on.

Some accounts for each policy of the twelve vendors, paid in time but for spells: in one the bills are left, partly paid,
in part disputed, or paid with money that comes back. The vendor acts by its policy, and not like clockwork; how far it
strays is in `NOISE`, which is printed with the figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.notices import NoticeKind
from domain.periods import add_months
from domain.policies import Policy, SuspensionDays, in_force
from domain.working_days import add_working_days, working_day_from, working_day_until
from seed.books import Organisation
from seed.history import History
from seed.organisation import stream
from seed.payments import give_back, send
from seed.places import CURRENCIES, PLACES
from seed.records import Account, Bill, Charge, Dispute, Notice, Payment, Service, Way
from seed.terms import terms
from seed.vendors import vendors

MONTHS = 26
ACCOUNTS = 16  # of each policy
_YOUNG_ONES = 3  # every third account of a policy is opened while the play runs
_TELECOM = ("internet", "mobile", "voice", "circuit")

# Chances in a hundred, for each bill that a vendor acts on, and days.
ANYWHERE, SLIPS, FORGETS, NOTICE_LOST = 10, 1, 1, 8
SLIPS_BY = (1, 5)
LATE, HOW_OFTEN = (0, 1, 2), (16, 3, 1)  # working days after the day that was announced
NOISE = (
    f"vendors act on the likely day give or take one, {ANYWHERE}% anywhere in their window, {SLIPS}% up to {SLIPS_BY[1]} "
    f"days after it, {FORGETS}% let a bill go by; then 15% one and 5% two working days later than they announced; "
    f"{NOTICE_LOST}% of announcements are not recorded"
)
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

    play: Play
    spell: _Spell
    acts_on: date | None = None  # announced, and not over yet
    off: bool = False


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
    state = _State(play, _next_spell(history, max(since, account.opened_on), first=True))
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


def _policy(history: History, day: date) -> Policy | None:
    account = history.account
    return in_force(history.terms, account.service_type, account.currency, day)


def _owed(history: History, before: date) -> list[Bill]:
    return [bill for bill in history.bills if bill.open > bill.withheld and bill.falls_due_on < before]


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
    _watch(history, bill, state)
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
    days = _days(history, bill)
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
    state.off, state.acts_on = False, None
    state.spell = _next_spell(history, day)


def _days(history: History, bill: Bill) -> SuspensionDays | None:
    policy = _policy(history, bill.issued_on)
    return policy.days_for(history.account.opened_on, _counted(history, bill, policy)) if policy else None


def _counted(history: History, bill: Bill, policy: Policy) -> date:
    country = history.account.site.country
    return policy.counted_day(policy.counted_from, bill.issued_on, bill.falls_due_on, country)


def _watch(history: History, bill: Bill, state: _State) -> None:
    """Plan what the vendor does about a bill as long as it is not paid."""
    policy, days, dice, country = (
        _policy(history, bill.issued_on), _days(history, bill), history.dice, history.account.site.country,
    )  # fmt: skip
    if policy is None or days is None or dice.randrange(100) < FORGETS:
        return
    acts_on = _counted(history, bill, policy) + timedelta(days=_drawn(history, days))
    if policy.acts_on_working_days:
        acts_on = working_day_from(acts_on, country)
    warned = working_day_until(acts_on - timedelta(days=policy.notice_days), country)
    first = working_day_from(bill.falls_due_on + timedelta(days=1), country)
    history.at(max(warned, first), _announce, bill, acts_on, state)


def _drawn(history: History, days: SuspensionDays) -> int:
    dice = history.dice
    chance = dice.randrange(100)
    if chance < SLIPS:
        return days.latest + dice.randrange(SLIPS_BY[0], SLIPS_BY[1] + 1)
    if chance < SLIPS + ANYWHERE:
        return dice.randrange(days.earliest, days.latest + 1)
    return min(days.latest, max(days.earliest, days.likely + dice.choice((-1, 0, 0, 1))))


def _announce(history: History, day: date, bill: Bill, acts_on: date, state: _State) -> None:
    """One announcement for all that is past due; another one only once that day has passed."""
    if bill.open <= bill.withheld or state.off or (state.acts_on is not None and day <= state.acts_on):
        return
    state.acts_on = acts_on
    dice, country = history.dice, history.account.site.country
    if dice.randrange(100) >= NOTICE_LOST:
        _write_down(history, day, acts_on)
    late = dice.choices(LATE, HOW_OFTEN)[0]
    history.at(add_working_days(acts_on, late, country) if late else acts_on, _switch_off, day, state)


def _write_down(history: History, day: date, acts_on: date, note: str = "") -> None:
    amount = sum(bill.open - bill.withheld for bill in _owed(history, day))
    number = f"N-{history.dice.randrange(100_000, 999_999)}"
    history.books.notices.append(
        Notice(history.account, NoticeKind.SUSPENSION, day, acts_on, amount, number, "letter", note)
    )


def _switch_off(history: History, day: date, announced: date, state: _State) -> None:
    if state.off or not _owed(history, announced):
        return
    state.off = True
    state.play.suspended[history.account].append(day)
    _write_down(history, day, day, "Service was suspended")
    history.at(day + timedelta(days=history.dice.randrange(1, 26)), _end, state, state.spell)
