"""The payments that open bank lines could show are found by what the lines say; none is missed, and what is proposed is the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest
from sqlalchemy import and_, insert

from data_access.database import Database
from data_access.queries import payment_legs, proposals
from data_access.queries.payment_legs import UNMATCHED, legs
from data_access.schema import bank_lines, payments
from data_access.scope import Scope
from domain.matching.matcher import propose
from domain.matching.proposals import Shape
from domain.matching.reach import Reach
from tests import factories as make

ALL = Scope.all_sites()
START, TODAY = date(2025, 9, 1), date(2026, 9, 1)
DAYS = (TODAY, date(2026, 8, 20))
VENDORS = ("Lumina Networks", "Osprey Mobile", "Quince")


@pytest.fixture(scope="module")
def books(shared_database: Database) -> Iterator[Database]:
    rng = Random(3)
    sites = [make.site(shared_database, f"S{n}", country=country) for n, country in enumerate(("US", "DE", ""))]
    accounts = []
    for number, name in enumerate(VENDORS):
        vendor = make.vendor(shared_database, name)
        for site_id in sites:
            own = make.account(
                shared_database, site_id, vendor, f"88{number}{site_id}-4711", currency=rng.choice(("USD", "EUR"))
            )
            accounts.append({"account_id": own, "site_id": site_id})
    rows = [_payment(rng, rng.choice(accounts), number) for number in range(700)]
    period = {"period_start": date(2026, 8, 1), "period_end": TODAY, "source": "bank"}
    whose = [
        {"bank_account": name, "currency": currency}
        | {
            "statement_id": make.add(
                shared_database, "bank_statements", bank_account=name, kind=kind, currency=currency, **period
            )
        }
        for name, kind, currency in (("Operating", "bank", "USD"), ("Card", "card", "EUR"))
    ]
    with shared_database.writer.begin() as connection:
        connection.execute(insert(payments), rows)
        lines = [_line(rng, rng.choice((*rows, *_of_summer(rows))), number) for number in range(70)]
        connection.execute(insert(bank_lines), [line | rng.choice(whose) for line in lines])
    paid = make.payment(shared_database, accounts[0], date(2026, 8, 3), 4_000)
    bill = make.invoice(shared_database, accounts[0], "INV-20260803", date(2026, 7, 1), None, 4_000)
    make.allocation(shared_database, accounts[0], 4_000, date(2026, 8, 3), payment_id=paid, invoice_id=bill)
    line = {"booked_on": date(2026, 8, 5), "amount": -4_000, "import_key": "bill", "reference": "INV20260803"}
    make.add(shared_database, "bank_lines", **line | whose[0], description="", counterparty="Lumina")
    return shared_database


def _payment(rng: Random, where: dict[str, int], number: int) -> dict[str, Any]:
    paid = START + timedelta(days=rng.randrange(365))
    posted = rng.choice((None, paid + timedelta(days=rng.randrange(9)), paid - timedelta(days=40)))
    sign = rng.choice(("{}", "{}", "C-{}", "c {}/7", "ü{}"))
    return where | {
        "kind": "payment",
        "paid_on": paid,
        "posted_on": posted,
        "status": "pending" if posted is None else "posted",
        "amount": rng.choice((1_000, 2_500, 2_500, 3_700, 6_200)),
        "method": rng.choice(("ach", "card", "wire", "")),
        "confirmation_number": rng.choice(("", sign.format(f"Lx{number:05d}"))),
    }


def _of_summer(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that the lines may name long after."""
    return 15 * [
        row for row in rows if row["confirmation_number"] and date(2026, 6, 5) < row["paid_on"] < date(2026, 8, 1)
    ]


def _line(rng: Random, payment: dict[str, Any], number: int) -> dict[str, Any]:
    """What a bank might say of the payment, or of some other: weeks later, of another amount, without its number."""
    told = str(payment["confirmation_number"]).replace("-", "")
    amount = rng.choice((payment["amount"], payment["amount"], 8_700, 1_300))
    return {
        "booked_on": date(2026, 8, 1) + timedelta(days=rng.randrange(31)),
        "amount": -amount if rng.random() < 0.9 else amount,
        "description": rng.choice((told, "Payment", rng.choice(VENDORS), f"{rng.choice(VENDORS)} {told}")),
        "reference": rng.choice(("", told.upper())),
        "counterparty": "",
        "import_key": f"id:{number}",
    }


@pytest.mark.parametrize("as_of", DAYS, ids=str)
def test_no_payment_that_a_line_could_show_is_missed(books, as_of, monkeypatch):
    monkeypatch.setattr(payment_legs, "_AT_ONCE", 7)
    stands = proposals._stands(as_of)
    with books.reading(ALL) as connection:
        lines, learned = list(proposals._lines(connection, as_of)), proposals._learned(connection)
        names = dict(enumerate(VENDORS, start=1))
        reach = Reach(lines, names, learned)
        every = list(legs(connection, ALL, and_(*stands, UNMATCHED)))
        found = payment_legs.legs_within(connection, ALL, reach, stands)
        assert found == [leg for leg in every if reach.holds(leg)]
        bills = proposals._bills(connection, ALL, [leg.id for leg in every])
        told = proposals.proposed_matches(connection, ALL, as_of=as_of)
    old = [leg for leg in found if leg.paid_on < date(2026, 7, 20)]
    assert len({leg.confirmation[:1] for leg in old if leg.confirmation}) > 2
    assert any(leg.posted_on and leg.posted_on < leg.paid_on for leg in found)
    assert 20 < len(found) < len(every)
    assert told == propose([replace(leg, invoices=bills.get(leg.id, ())) for leg in every], lines, (), learned)
    assert {match.shape for match in told.matches} >= {Shape.ONE, Shape.JOINED}
    assert any(reason.name == "bill number" for match in told.matches for reason in match.reasons)
