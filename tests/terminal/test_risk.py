"""manage.py risk: the JSON of the issue, with figures worked out by hand."""

from datetime import date

import pytest

from data_access.commands.notices import NoticeDraft, record_notice
from data_access.commands.policies import add_policy
from data_access.scope import Scope
from domain.notices import NoticeKind
from domain.policies import FeeBase, LateFeeTerms, Policy, SuspensionDays
from tests import factories as make

ALL = Scope.all_sites()
DAY = ("--as-of", "2026-03-13")


def usd(amount):
    return {"currency": "USD", "amount": amount}


@pytest.fixture
def story(database):
    """HQ owes Lumina 400.00 since 2 March, of which 40.00 is disputed: a notice asks 250.00 by the 20th. BR owes yen."""
    where = make.office(database)
    site = make.site(database, "BR", region="Far")
    yen = make.account(database, site, make.vendor(database, "Halden"), "H", currency="JPY")
    make.invoice(database, {"account_id": yen, "site_id": site}, "Y", date(2026, 3, 1), date(2026, 3, 31), 5000)
    bill = make.invoice(database, where, "B", date(2026, 2, 9), date(2026, 3, 2), 40_000)
    make.add(database, "disputes", **where, invoice_id=bill, amount=4_000, opened_on=date(2026, 3, 5))
    make.add(
        database, "services", account_id=where["account_id"], site_id=where["site_id"], identifier="1", criticality=5
    )
    terms = Policy(
        "Lumina", date(2025, 1, 1), "Terms of service, section 9", currency="USD", suspension=SuspensionDays(28, 30, 35),
        late_fee=LateFeeTerms(FeeBase.PAST_DUE, flat=1_000), posting_days=(("card", 0),),
    )  # fmt: skip
    vendor = next(iter(_ids(database, "vendors", "Lumina")))

    def work(writing):
        add_policy(writing, ALL, vendor, terms)
        draft = NoticeDraft(where["account_id"], NoticeKind.SUSPENSION, date(2026, 3, 10), date(2026, 3, 20), 25_000)
        record_notice(writing, ALL, draft)

    database.writing("ana", ALL, work)
    return {"bill": bill, "site": where["site_id"], "account": where["account_id"]}


def _ids(database, table, name):
    with database.reading(ALL) as connection:
        return connection.exec_driver_sql(f"SELECT id FROM {table} WHERE name = '{name}'").scalars().all()


def test_an_account_in_full(ask, story):
    result = ask("risk", *DAY)
    assert result["as_of"] == "2026-03-13"
    lumina, halden = result["accounts"]
    assert lumina == {
        "vendor": "Lumina",
        "account_id": story["account"],
        "account_number": "••••00",
        "site": "HQ",
        "site_name": "HQ site",
        "region": "North",
        "service_type": "internet",
        "currency": "USD",
        "stage": "suspension near",
        "suspension": {"earliest": "2026-03-20", "likely": "2026-03-20", "latest": "2026-03-24"},
        "days_left": 7,
        "keep_on": usd("250.00"),
        "past_due": usd("360.00"),
        "restoral": usd("0.00"),
        "open": usd("400.00"),
        "disputed": usd("40.00"),
        "late_fee": usd("10.00") | {"since": "2026-03-03"},
        "pay_by": {
            "ach": "2026-03-17",
            "card": "2026-03-19",
            "cheque": None,
            "e-check": "2026-03-16",
            "transfer": "2026-03-18",
        },
        "effect": {"services": 1, "criticality": 5, "headcount": 0},
        "policy": {"source": "Terms of service, section 9", "effective_from": "2025-01-01"},
        "reasons": [
            {"kind": "notice", "detail": "suspension", "amount": usd("250.00"), "day": "2026-03-20", "notice_id": 1},
            {
                "kind": "past_due",
                "bill": "B",
                "amount": usd("360.00"),
                "day": "2026-03-02",
                "days": 11,
                "bill_id": story["bill"],
            },
            {"kind": "disputed", "bill": "B", "amount": usd("40.00"), "bill_id": story["bill"]},
            {"kind": "late_fee", "amount": usd("10.00"), "day": "2026-03-03", "policy_id": 1},
        ],
        "provisional": {
            "stage": "suspension near",
            "suspension": {"earliest": "2026-03-20", "likely": "2026-03-20", "latest": "2026-03-24"},
            "days_left": 7,
            "keep_on": usd("250.00"),
            "past_due": usd("360.00"),
        },
    }
    assert (halden["stage"], halden["suspension"], halden["days_left"], halden["policy"]) == (
        "current",
        None,
        None,
        None,
    )
    assert halden["open"] == {"currency": "JPY", "amount": "5000"}
    assert halden["reasons"] == [{"kind": "no_policy"}]


def test_by_site(ask, story, database):
    """A second account of HQ, in yen, with a line at BR: both sites' people stop, each once."""
    with database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE sites SET headcount = CASE code WHEN 'HQ' THEN 30 ELSE 7 END")
        br = connection.exec_driver_sql("SELECT id FROM sites WHERE code = 'BR'").scalar_one()
        vendor = connection.exec_driver_sql("SELECT id FROM vendors WHERE name = 'Halden'").scalar_one()
    account = make.account(database, story["site"], vendor, "H-2", currency="JPY")
    make.add(database, "services", account_id=account, site_id=br, identifier="2", criticality=2)
    make.add(database, "services", account_id=account, site_id=story["site"], identifier="3", criticality=1)
    here = {"account_id": account, "site_id": story["site"]}
    make.invoice(database, here, "Y2", date(2026, 2, 1), date(2026, 3, 1), 700)
    make.add(database, "notices", **here, kind="suspension", dated=date(2026, 3, 10), acts_on=date(2026, 3, 18))
    hq, br = ask("risk", *DAY)["sites"]
    assert hq == {
        "site": "HQ",
        "site_name": "HQ site",
        "region": "North",
        "stage": "suspension near",
        "likely": "2026-03-18",
        "days_left": 5,
        "keep_on": [{"currency": "JPY", "amount": "700"}, usd("250.00")],
        "accounts_at_risk": 2,
        "effect": {"services": 3, "criticality": 5, "headcount": 37},
    }
    assert (br["site"], br["stage"], br["likely"], br["keep_on"], br["accounts_at_risk"]) == (
        "BR",
        "current",
        None,
        [],
        0,
    )


def test_on_another_day_less_was_known(ask, story):
    (lumina, _) = ask("risk", "--as-of", "2026-03-09")["accounts"]
    assert (lumina["stage"], lumina["suspension"]["earliest"]) == ("late", "2026-03-30")


def test_filters_and_the_viewers_scope(ask, cli, story, database):
    assert [a["vendor"] for a in ask("risk", *DAY, "--region", "Far")["accounts"]] == ["Halden"]
    assert [a["vendor"] for a in ask("risk", *DAY, "--vendor", "Lumina", "--currency", "USD")["accounts"]] == ["Lumina"]
    user = make.add(database, "users", email="v@x.example", role="viewer")
    make.add(database, "grants", user_id=user, site_id=story["site"])
    assert [a["vendor"] for a in ask("risk", *DAY, "--as", "v@x.example")["accounts"]] == ["Lumina"]
    assert cli("risk", "--as", "nobody@x.example")[0] == 1


def test_as_text(cli, story):
    code, out, _ = cli("risk", *DAY)
    assert code == 0
    lines = out.splitlines()
    assert lines[0].split()[:2] == ["stage", "site"]
    assert lines[2].split() == [
        "suspension", "near", "HQ", "Lumina", "••••00", "2026-03-20", "7", "USD", "250.00", "360.00", "2026-03-19"
    ]  # fmt: skip
    assert "as of 2026-03-13: 1 suspension near, 1 current" in lines


def test_an_empty_ledger_says_so(cli):
    code, out, _ = cli("risk")
    assert (code, out.splitlines()[-1]) == (0, "as of 2026-11-20: nothing is open")
