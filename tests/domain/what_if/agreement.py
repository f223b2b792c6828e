"""Compares the engine with the slow reference on random organisations: python -m tests.domain.what_if.agreement [CASES] [FIRST]."""

import sys
from dataclasses import fields, replace

from domain.what_if.billing import billed
from domain.what_if.book import Book
from domain.what_if.measures import Measures
from domain.what_if.minimum import minimum
from domain.what_if.projection import project
from tests.domain.what_if.reference import Play, play
from tests.domain.what_if.tenants import TODAY, case

NAMES = tuple(field.name for field in fields(Measures))


def differences(seed):
    """What the two say differently of one case: (where, measure, day, engine, reference)."""
    tenant, scenario = case(seed)
    start = tenant.start()
    projection = project(start, scenario)
    total, by_site, books = play(tenant, scenario)
    found = list(_compared("total", projection.total, total, ()))
    for index, site in enumerate(projection.sites):
        found += _compared(site.code, projection.by_site, by_site[site.code], (index,))
    found += _outcomes(projection, books)
    return found


def asked_differently(seed):
    """Bills of which the two ask different amounts to keep a case's accounts on: (account, engine, reference)."""
    tenant, scenario = case(seed)
    start, nothing = tenant.start(), replace(scenario, actions=())
    books = Play(tenant, nothing)
    asked = books.minimum(TODAY)
    engine = minimum(Book(start, billed(start, nothing)), 0).of_bill.tolist()
    places = [(bill, amount, asked.get(bill.place, 0)) for bill, amount in zip(books.bills, engine, strict=True)]
    return [(bill.account.account_id, one, other) for bill, one, other in places if one != other]


def _compared(where, measures, days, at):
    for name in NAMES:
        column = getattr(measures, name)
        for day, told in enumerate(days):
            engine = column[(slice(None), *at, day)].tolist() if name == "buckets" else int(column[(*at, day)])
            slow = list(told[name]) if name == "buckets" else told[name]
            if engine != slow:
                yield where, name, day, engine, slow


def _outcomes(projection, books):
    last = projection.as_of.toordinal() + projection.horizon_days
    day = projection.as_of.fromordinal(last)
    for index, account in enumerate(books.accounts):
        told = books.look([account], day)
        told["cash_out"] = sum(cash for b in books.bills if b.account is account for _, _, _, cash in b.applied)
        for name in ("outstanding", "overdue", "late_fees", "cash_out"):
            engine = int(getattr(projection.accounts, name)[index])
            if engine != told[name]:
                yield f"account {account.account_id}", name, projection.horizon_days, engine, told[name]
    for bill, engine in zip(books.bills, projection.bills.open.tolist(), strict=True):
        if engine != bill.open(day):
            yield f"bill {bill.place}", "open", projection.horizon_days, engine, bill.open(day)


def main(cases=500, first=1):
    """Tell the cases that differ; 1 if there are any."""
    wrong = {seed: found for seed in range(first, first + cases) if (found := differences(seed))}
    told = [f"{seed}: {len(found)} figures, such as {found[0]}" for seed, found in wrong.items()]
    told.append(f"{cases} organisations with a scenario each, from {first} on: {len(wrong)} differ")
    sys.stdout.write("\n".join(told) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:3])))
