"""All stories on one stage, and the answer sheet."""

from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

from seed.attribution import Tables
from seed.books import Organisation
from seed.faults import agreements, bills, calls, money, unpaid, vendor_errors
from seed.faults.account_life import Life
from seed.faults.stage import Planted, Stage
from seed.records import Account, Bill, Call, Dispute, Notice, Payment, Service

Story = Callable[[Stage, Random], Life]
STORIES: tuple[tuple[str, Story], ...] = (
    *unpaid.STORIES,
    *money.STORIES,
    *calls.STORIES,
    *bills.STORIES,
    *agreements.STORIES,
    *vendor_errors.STORIES,
)
COPIES = 3

_TABLES = {
    Account: "accounts",
    Bill: "invoices",
    Call: "calls",
    Dispute: "disputes",
    Notice: "notices",
    Payment: "payments",
    Service: "services",
}


def plant(books: Organisation, random_seed: int, today: date) -> list[Planted]:
    """Add vendors, sites and accounts with every story to `books`; returns what must be found, and where nothing must."""
    stage = Stage(books, random_seed, today)
    money.add_numbers(stage)
    for copy in range(COPIES):
        for rule, story in STORIES:
            name = getattr(story, "__name__")  # noqa: B009 - a Callable need not have one
            life = story(stage, stage.dice(name, copy))
            stage.expect(rule, name, life.account, life.expected)
        stage.planted += agreements.add_contacts(stage, stage.dice("contacts", copy), copy)
    return stage.planted


def answers(planted: list[Planted], tables: Tables, random_seed: int, today: date) -> dict[str, Any]:
    """The sheet: every planted account with the rules that must fire on it, and every alert with its cause."""
    return {
        "today": today.isoformat(),
        "random_seed": random_seed,
        "planted": [
            _whose(entry, tables)
            | {"about": entry.about, "story": entry.story, "rules": [e.rule for e in entry.expected]}
            for entry in planted
        ],
        "alerts": [
            {"rule": expected.rule} | _whose(entry, tables) | {"cause": _cause(expected.record, tables)}
            for entry in planted
            for expected in entry.expected
        ],
    }


def _whose(entry: Planted, tables: Tables) -> dict[str, Any]:
    account = entry.account
    number, site = (account.number, account.site.code) if account else (None, None)
    ids = {"vendor_id": tables.number(entry.vendor), "account_id": tables.number(account)}
    return {"vendor": entry.vendor.name, "account_number": number, "site": site} | ids


def _cause(record: object, tables: Tables) -> str:
    return f"{_TABLES.get(type(record), 'payment_contacts')}:{tables.number(record)}"
