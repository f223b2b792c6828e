"""Random organisations and scenarios, for comparing the engine with a slow reference."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from domain.expected_bills import ExpectedBill
from domain.filters import Basis
from domain.notices import Notice, NoticeKind
from domain.policies import CountedFrom, FeeBase, LateFeeTerms, PartTerms, Policy, RestoralTerms, SuspensionDays
from domain.what_if.actions import METHODS, Action, Kind, Scenario, Selection, What
from domain.what_if.opening import OpeningAccount, OpeningBill, Sent, opening
from domain.what_if.start import Site

TODAY = date(2026, 6, 15)
SITES = (Site("HQ", "Head office", "North"), Site("PUB", "Pub", "West"), Site("LAB", "Laboratory", "North"))
_SINCE = date(2020, 1, 1)
POLICIES = (
    None,
    Policy("A", _SINCE, "s", currency="USD", late_fee=LateFeeTerms(FeeBase.PAST_DUE, basis_points=150, minimum=500),
           suspension=SuspensionDays(28, 30, 35), young_months=6, young=SuspensionDays(12, 12, 14), id=1,
           restoral=RestoralTerms(3_500), posting_days=(("card", 0), ("ach", 4))),
    Policy("B", _SINCE, "s", currency="USD", late_fee=LateFeeTerms(FeeBase.RECURRING, basis_points=333, flat=7, cap=900,
           grace_days=5, counted_from=CountedFrom.INVOICE), suspension=SuspensionDays(45, 50, 50),
           counted_from=CountedFrom.INVOICE, acts_on_working_days=False, calendar="DE", id=2,
           restoral=RestoralTerms(past_due_in_full=False)),
    Policy("C", _SINCE, "s", currency="USD", late_fee=LateFeeTerms(FeeBase.PAST_DUE, flat=800), id=3),
    Policy("D", _SINCE, "s", suspension=SuspensionDays(5, 9, 20), due_rolls_forward=True, id=4),
    Policy("E", _SINCE, "s", currency="USD", late_fee=LateFeeTerms(FeeBase.PAST_DUE, basis_points=101, grace_days=3),
           suspension=SuspensionDays(3, 8, 9), counted_from=CountedFrom.INVOICE, due_rolls_forward=True, id=5),
    Policy("F", _SINCE, "s", suspension=SuspensionDays(20, 22, 25), part=PartTerms(5_000, 14), id=6),
    Policy("G", _SINCE, "s", suspension=SuspensionDays(10, 10, 30), young_months=6, young=SuspensionDays(4, 4, 6),
           part=PartTerms(3_333, 30), acts_on_working_days=False, restoral=RestoralTerms(past_due_in_full=False), id=7),
)  # fmt: skip


@dataclass(frozen=True)
class Tenant:
    """One organisation on TODAY, with the rows that a start is made of."""

    accounts: list
    bills: list
    expected: list
    basis: Basis
    edges: tuple

    def start(self, until=TODAY + timedelta(days=180)):
        rows = (self.accounts, self.bills, self.expected)
        return opening(TODAY, "USD", *rows, until=until, basis=self.basis, edges=self.edges)


def tenant(random):
    """Up to six accounts at up to three sites; anything that an opening can say is said by some of them."""
    accounts = [_account(random, number) for number in range(1, random.randint(1, 6) + 1)]
    bills, expected = [], []
    for account in accounts:
        mine = [_bill(random, account, len(bills) + n) for n in range(1, random.randint(0, 4) + 1)]
        bills += mine
        expected += _expected(random, account)
    most = random.choice([0, 2, 4])
    noticed = [
        replace(a, notices=_notices(random, most, [b for b in bills if b.account_id == a.account_id])) for a in accounts
    ]
    edges = random.choice([(30, 60, 90), (7,), (1, 45)])
    return Tenant(noticed, bills, expected, random.choice(list(Basis)), edges)


def scenario(random, tenant):
    """Up to five actions of any kind, on any selection, over 30 to 75 days."""
    actions = tuple(_action(random, tenant) for _ in range(random.randint(0, 5)))
    return Scenario("", random.randint(30, 75), actions, "USD")


def _account(random, number):
    policy = random.choice(POLICIES)
    autopay = random.choice([None, None, TODAY + timedelta(random.randint(-20, 90)), date.max])
    opened = random.choice([None, _SINCE, TODAY - timedelta(random.randint(0, 400))])
    names = (number, f"A-{number}", policy.vendor if policy else "Z", random.choice(SITES))
    where = (random.choice(["internet", "voice"]), random.choice(["US", "GB", "XX"]), random.choice([14, 30]), opened)
    return OpeningAccount(*names, *where, policy, (), random.choice([0, 0, -random.randint(1, 9_000), 70]), autopay)


def _bill(random, account, number):
    issued = TODAY - timedelta(random.randint(0, 110))
    amount = random.choice([0, 1, random.randint(1, 50_000), random.randint(1, 50_000)])
    sent = [
        Sent(TODAY - timedelta(random.randint(0, 12)), random.choice([*METHODS, "autopay"]), random.randint(1, 9_000))
        for _ in range(random.choice([0, 0, 0, 1, 2]) if amount else 1)
    ]
    due = issued + timedelta(random.randint(0, 45))
    disputed = random.choice([0, 0, amount, random.randint(0, amount)])
    billed = random.choice([0, amount * 2, amount + random.randint(0, 50_000)])
    amounts = (amount, disputed, random.randint(0, 50_000), billed)
    return OpeningBill(account.account_id, number, f"B{number}", issued, due, *amounts, tuple(sent))


def _expected(random, account):
    first, apart = random.randint(1, 40), random.choice([7, 30, 31])
    for n in range(random.randint(0, 3)):
        issued = TODAY + timedelta(first + n * apart)
        amount = random.randint(1, 40_000)
        spread = random.randint(0, amount), amount + random.randint(0, 5_000)
        yield ExpectedBill(account.account_id, issued, issued + timedelta(random.randint(0, 30)), amount, *spread)


def _notices(random, most, bills):
    found = []
    for number in range(random.randint(most // 2, most)):
        dated = TODAY - timedelta(random.randint(0, 40))
        kind = random.choice(list(NoticeKind))
        acts_on = None if kind is NoticeKind.LATE else dated + timedelta(random.randint(0, 50))
        amount = random.choice([None, random.randint(1, 3_000), random.randint(1, 60_000)])
        about = random.choice([None, random.choice(bills).bill_id]) if bills else None
        found.append(Notice(number + 1, kind, dated, acts_on, amount, random.choice([0, 0, 3_000]), about))
    return tuple(found)


def _action(random, tenant):  # noqa: PLR0911 - one kind, one line
    kind = random.choice(list(Kind))
    on = random.choice([None, TODAY + timedelta(random.randint(-3, 60))])
    selection, method = _selection(random, tenant), random.choice(["", *METHODS])
    amount = random.randint(1, 60_000)
    match kind:
        case Kind.PAY:
            what = random.choice(list(What))
            return Action(kind, selection, on, what, amount if what is What.AMOUNT else None, method)
        case Kind.DELAY:
            return Action(kind, selection, days=random.randint(0, 40), method=method)
        case Kind.SPLIT:
            return Action(kind, selection, on, days=random.randint(0, 20), parts=random.randint(2, 5), method=method)
        case Kind.DISPUTE | Kind.CANCEL:
            return Action(kind, selection, on, amount=random.choice([None, amount]))
        case Kind.CREDIT:
            return Action(kind, selection, on, amount=amount)
        case Kind.PRICE_CHANGE:
            return Action(kind, selection, on, basis_points=random.choice([-10_000, -250, 333, 5_000]))
        case Kind.NEW_BILL:
            due = None if on is None else random.choice([None, on + timedelta(random.randint(0, 30))])
            return Action(kind, selection, on, amount=amount, due_on=due)
        case _:
            return Action(kind, selection, on)


def _selection(random, tenant):
    some = {
        "regions": ["North", "West"],
        "sites": [site.code for site in SITES],
        "vendors": [account.vendor for account in tenant.accounts],
        "service_types": ["internet", "voice"],
        "accounts": [account.account_id for account in tenant.accounts],
        "bills": [bill.bill_id for bill in tenant.bills],
    }
    names = random.choice([[], [], [random.choice(list(some))], random.sample(list(some), 2)])
    return Selection(**{n: tuple(random.sample(some[n], random.randint(1, len(some[n])))) for n in names if some[n]})


def case(seed):
    """The tenant and the scenario of a number."""
    random = Random(seed)
    own = tenant(random)
    return own, scenario(random, own)
