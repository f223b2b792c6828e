"""What is in a calendar, and when: due days, last safe days, promises and follow-ups around a day."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from data_access.commands.notices import NoticeDraft, record_notice
from data_access.commands.policies import add_policy
from data_access.queries.calendar import calendar_entries
from data_access.scope import Scope
from domain.filters import Filters
from domain.notices import NoticeKind
from domain.policies import Policy, SuspensionDays
from tests import factories as make

ALL = Scope.all_sites()
AS_OF = date(2026, 3, 13)


@pytest.fixture
def story(database):
    """HQ owes Lumina bill B since 2 March, 40.00 of it disputed; C is due in April, D in 180 days, E a day later."""
    where = make.office(database, number="8773-1234567")
    bills = {
        number: make.invoice(database, where, number, date(2026, 2, 9), due, 40_000)
        for number, due in (
            ("A", date(2026, 2, 10)),  # 31 days before, and all of it in dispute
            ("B", date(2026, 3, 2)),
            ("C", date(2026, 4, 2)),
            ("D", date(2026, 9, 9)),
            ("E", date(2026, 9, 10)),
        )
    }
    make.add(database, "disputes", **where, invoice_id=bills["A"], amount=40_000, opened_on=date(2026, 2, 9))
    make.add(database, "disputes", **where, invoice_id=bills["B"], amount=4_000, opened_on=date(2026, 3, 5))
    dialled = {"number": "+18005550142", "direction": "outbound", "notes": "secret words"}
    there = {"account_id": make.account(database, where["site_id"], 1, "8773-2"), "site_id": where["site_id"]}
    long_ago = {"started_at": datetime(2026, 2, 1, 15, tzinfo=UTC), "follow_up_on": date(2026, 2, 10)}  # not in it
    make.add(database, "calls", **there, **dialled, **long_ago)
    agreed = {"promised_on": date(2026, 3, 20), "follow_up_on": date(2026, 3, 24)}
    call = make.add(database, "calls", **where, **dialled, **agreed, started_at=datetime(2026, 3, 10, 15, tzinfo=UTC))

    def work(writing):
        add_policy(writing, ALL, 1, Policy("Lumina", date(2025, 1, 1), "s", suspension=SuspensionDays(28, 30, 35)))
        draft = NoticeDraft(where["account_id"], NoticeKind.SUSPENSION, date(2026, 3, 10), date(2026, 3, 25), 25_000)
        record_notice(writing, ALL, draft)

    database.writing("ana", ALL, work)
    return {"account": where["account_id"], "site": where["site_id"], "call": call} | bills


def entries(database, scope=ALL, **filters):
    with database.reading(scope) as connection:
        return {e.key: e for e in calendar_entries(connection, scope, replace(Filters(as_of=AS_OF), **filters))}


def test_what_is_in_it(database, story):
    found = entries(database)
    assert {key: entry.day for key, entry in found.items()} == {
        f"due-{story['B']}": date(2026, 3, 2),
        f"safe-{story['account']}": date(2026, 3, 23),  # by card or transfer, a working day before the 24th
        f"promise-{story['call']}": date(2026, 3, 20),
        f"follow-up-{story['call']}": date(2026, 3, 24),
        f"due-{story['C']}": date(2026, 4, 2),
        f"due-{story['D']}": date(2026, 9, 9),
    }
    assert [entry.day for entry in found.values()] == sorted(entry.day for entry in found.values())
    bill, safe = found[f"due-{story['B']}"], found[f"safe-{story['account']}"]
    assert bill.title == "Due: USD 400.00, HQ site, Lumina"
    assert bill.details[1:] == ("Lumina, account ••••4567", "In dispute: USD 40.00")
    assert safe.title == "Last day to pay USD 250.00: keeps internet on at HQ site"
    assert safe.details[1:3] == ("By transfer: 2026-03-23", "By card: 2026-03-23")
    assert safe.details[-1] == "Service may stop from 2026-03-25, likely on 2026-03-25"
    said = repr(found)
    assert "1234567" not in said
    assert "secret" not in said


def test_a_key_stays_when_its_day_moves(database, story):
    moved = entries(database, as_of=date(2026, 3, 9))  # before the notice: by the terms
    key = f"safe-{story['account']}"
    assert key in moved
    assert moved[key].day != entries(database)[key].day


def test_filters_and_scope(database, story):
    assert entries(database, sites=("BR",)) == {}
    assert entries(database, Scope.of([story["site"]])) == entries(database)
    assert entries(database, Scope.of([])) == {}
