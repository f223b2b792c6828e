"""How long scenarios take on many accounts: python -m tests.domain.what_if.speed [ACCOUNTS]."""

import sys
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from time import process_time

from domain.expected_bills import ExpectedBill
from domain.notices import Notice, NoticeKind
from domain.what_if.actions import Action, Kind, Scenario, Selection, What
from domain.what_if.minimum import keeping
from domain.what_if.opening import OpeningAccount, OpeningBill, Sent, opening
from domain.what_if.projection import project
from domain.what_if.start import Site
from domain.what_if.touched import total_beside
from tests.domain.what_if.tenants import POLICIES, TODAY

SITES = [Site(f"S{n}", f"Site {n}", f"Region {n % 9}") for n in range(2_000)]
SCENARIOS = {
    "baseline": (),
    "pay all in five days": (Action(Kind.PAY, what=What.ALL, on=TODAY + timedelta(5)),),
    "pay the minimum today": (Action(Kind.PAY, what=What.MINIMUM),),
    "an amount at one site": (Action(Kind.PAY, Selection(sites=("S5",)), what=What.AMOUNT, amount=50_000),),
    "five actions": (
        Action(Kind.PAY, what=What.MINIMUM),
        Action(Kind.DELAY, Selection(regions=("Region 1",)), days=20),
        Action(Kind.SPLIT, Selection(regions=("Region 2",)), parts=4, days=10),
        Action(Kind.PRICE_CHANGE, basis_points=500),
        Action(Kind.CREDIT, Selection(regions=("Region 3",)), amount=500),
    ),
}


def organisation(count):
    """One to three open bills an account, seven expected ones, every 25th with a notice, a third on autopay."""
    random = Random(1)
    policies = [replace(policy, vendor=f"V{n}-{policy.vendor}") for n in range(6) for policy in POLICIES if policy]
    accounts, bills, expected = [], [], []
    for number in range(1, count + 1):
        policy, last = random.choice(policies), random.randrange(30)
        warned = (Notice(number, NoticeKind.SUSPENSION, TODAY - timedelta(3), TODAY + timedelta(10)),)
        names = (
            number,
            f"A{number}",
            policy.vendor,
            random.choice(SITES),
            "internet",
            random.choice(["US", "GB", "DE"]),
        )
        since = (30, date(2020, 1, 1), policy, warned if number % 25 == 0 else ())
        accounts.append(OpeningAccount(*names, *since, 0, date.max if number % 3 == 0 else None))
        for back in range(random.choice([1, 1, 1, 2, 3])):
            issued, amount = TODAY - timedelta(last + 30 * back), random.randrange(1_000, 90_000)
            sent = (Sent(TODAY - timedelta(1), "ach", 100),) if number % 50 == 0 else ()
            days = (issued, issued + timedelta(30))
            bills.append(OpeningBill(number, len(bills) + 1, "B", *days, amount, 0, amount, sent))
        for ahead in range(1, 8):
            issued, amount = TODAY + timedelta(30 * ahead - last), random.randrange(1_000, 90_000)
            expected.append(
                ExpectedBill(number, issued, issued + timedelta(30), amount, amount * 9 // 10, amount * 11 // 10)
            )
    return accounts, bills, expected


def main(count=50_000):
    """Print the best of three, in seconds of the processor: others may be using it too."""
    rows = organisation(count)
    begun = process_time()
    start = opening(TODAY, "USD", *rows, until=TODAY + timedelta(180))
    told = [f"{count:,} accounts, {len(start.bills.ids):,} bills; opened in {process_time() - begun:.2f} s"]
    for days in (90, 180):
        for name, actions in SCENARIOS.items():
            taken = _best(lambda days=days, actions=actions: project(start, Scenario("", days, actions, "USD")))
            told.append(f"{days:4} days  {name:22} {taken:.2f} s")
    some = tuple(int(each) for each in start.accounts.ids[::500])
    pay = Scenario("", 30, (Action(Kind.PAY, Selection(accounts=some), what=What.MINIMUM),))
    baseline = project(start, replace(pay, actions=()))
    told.append(f"  30 days  {len(some)} accounts paid      {_best(lambda: project(start, pay)):.3f} s")
    told.append(f"  30 days  beside the baseline    {_best(lambda: total_beside(start, pay, baseline)):.3f} s")
    told.append(f"what keeps each account on    {_best(lambda: keeping(start)):.2f} s")
    sys.stdout.write("\n".join(told) + "\n")


def _best(work):
    taken = []
    for _ in range(3):
        begun = process_time()
        work()
        taken.append(process_time() - begun)
    return min(taken)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
