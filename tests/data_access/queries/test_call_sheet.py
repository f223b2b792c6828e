"""What is at hand before a call, on both databases."""

from datetime import UTC, date, datetime

from data_access.queries.call_sheet import call_sheet, numbers_used
from data_access.scope import Scope
from tests import factories as make

ALL = Scope.all_sites()
TODAY = date(2026, 11, 20)


def call(database, where, day, number, **values):
    at = datetime(2026, 11, day, 15, tzinfo=UTC)
    return make.add(database, "calls", **where, started_at=at, number=number, **values)


def test_the_sheet_of_an_account(database):
    where = make.office(database)
    late = make.invoice(database, where, "OCT", date(2026, 10, 1), date(2026, 10, 31), 10000)
    make.invoice(
        database, where, "NOV", date(2026, 11, 1), date(2026, 12, 1), 4000,
        period_start=date(2026, 11, 1), period_end=date(2026, 12, 1),
    )  # fmt: skip
    make.add(database, "disputes", **where, invoice_id=late, amount=2500, opened_on=date(2026, 10, 5))
    make.payment(database, where, date(2026, 11, 2), 1500)
    newest = call(database, where, 18, "+18005550100")
    with database.reading(Scope.all_sites()) as connection:
        sheet = call_sheet(connection, ALL, where["account_id"], as_of=TODAY)
        assert call_sheet(connection, Scope.of([where["site_id"] + 1]), where["account_id"], as_of=TODAY) is None
    assert [(b.number, b.open_amount, b.disputed, b.days_late) for b in sheet.bills] == [
        ("OCT", 10000, 2500, 20),
        ("NOV", 4000, 0, 0),
    ]
    assert sheet.bills[1].period_start == date(2026, 11, 1)
    # 100.00 + 40.00 open, 15.00 on account; 75.00 is past due and not disputed.
    assert (sheet.open_amount, sheet.unapplied, sheet.balance) == (14000, -1500, 12500)
    assert (sheet.disputed, sheet.overdue) == (2500, 7500)
    assert [c.id for c in sheet.calls] == [newest]
    assert sheet.account.vendor == "Lumina"


def test_numbers_to_ring_are_those_that_we_rang(database):
    where = make.office(database)
    other = where | {"account_id": make.account(database, where["site_id"], make.vendor(database, "Halden"), "H-2")}
    for day in (1, 5):
        call(database, where, day, "+18005550100")
    typo = call(database, where, 6, "+1800555010")
    call(database, where, 6, "+18005550199", amends_id=typo)
    call(database, where, 9, "+18885550666", direction="inbound")
    call(database, other, 9, "+18775550123")
    with database.reading(Scope.all_sites()) as connection:
        used = numbers_used(connection, ALL, "Lumina")
        assert numbers_used(connection, Scope.of([]), "Lumina") == []
    assert [(n.number, n.times, n.last_at.day) for n in used] == [("+18005550199", 1, 6), ("+18005550100", 2, 5)]
