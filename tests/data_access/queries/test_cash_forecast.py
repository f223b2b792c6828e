"""The cash forecast from the ledger: by scope and filters, and from what was known on the day alone."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from data_access.exporting import as_csv
from data_access.queries import cash_forecast, expected_bills, habits
from data_access.queries.cash_forecast import CASH_GROUPS, cash_forecasts, cash_out
from data_access.queries.cash_sheets import cash_bills_sheet, cash_sheet
from data_access.scope import Scope, ScopeRequiredError
from domain.cash_forecast import Source
from domain.filters import Filters
from domain.periods import add_months, shifted
from tests.factories import account, add, allocation, invoice, payment, site, vendor

AS_OF = date(2026, 11, 20)
ALL, FILTERS = Scope.all_sites(), Filters(as_of=AS_OF)


@pytest.fixture
def ledger(database):
    """Two accounts that bill on the 5th and pay on the due day, three weeks later; the second draws. October is open."""
    where = {}
    for code, name, number, amount, autopay in (
        ("HQ", "Lumina", "L-1", 10_000, ""),
        ("SO", "Volt", "V-1", 7_000, "card"),
    ):
        site_id = site(database, code)
        here = {"account_id": account(database, site_id, vendor(database, name), number, autopay_method=autopay),
                "site_id": site_id}  # fmt: skip
        where[code] = here
        for n in range(12):
            issued = add_months(date(2025, 12, 5), n)
            due = shifted(issued, 21)
            period = {"period_start": add_months(issued, -1), "period_end": issued}
            bill = invoice(database, here, f"{number}-{n}", issued, due, amount, **period)
            if due < AS_OF:
                allocation(
                    database, here, amount, due, payment_id=payment(database, here, due, amount), invoice_id=bill
                )
            here["last"] = bill
    return where


def here(ledger, code):
    return {name: ledger[code][name] for name in ("account_id", "site_id")}


def read(database, scope=ALL, filters=FILTERS, weeks=6):
    with database.reading(scope, "somebody") as connection:
        (found,) = cash_forecasts(connection, scope, filters, weeks)
    return found


def test_the_open_bill_the_draw_and_the_bill_to_come(database, ledger):
    """November's bills are due on the 26th, in the first week; December's, expected on the 5th, on the 26th, in the sixth."""
    found = read(database)
    by_source = [week.by_source for week in found.forecast.total]
    assert by_source[0][Source.OPEN] == pytest.approx(10_000, rel=0.1)
    assert by_source[0][Source.AUTOPAY] == pytest.approx(7_000, rel=0.1)
    assert by_source[5][Source.EXPECTED] == pytest.approx(17_000, rel=0.1)
    assert [week.amount for week in found.forecast.total] == [
        sum(share for _, _, share in found.forecast.rows(n)) for n in range(6)
    ]


def test_what_is_in_dispute_is_not_paid(database, ledger):
    before = read(database).forecast.total[0]
    dispute = {"invoice_id": ledger["HQ"]["last"], "amount": 4_000, "opened_on": AS_OF}
    add(database, "disputes", **here(ledger, "HQ"), **dispute)
    after = read(database).forecast.total[0]
    assert after.amount == pytest.approx(before.amount - 4_000, rel=0.05)


def test_scope_filters_and_groups(database, ledger):
    whole = read(database)
    own = read(database, Scope.of([ledger["SO"]["site_id"]]))
    assert {a.site for a in own.accounts.values()} == {"SO"}
    assert {flow.account_id for flow in own.forecast.outflows} == {ledger["SO"]["account_id"]}
    filtered = read(database, filters=replace(FILTERS, sites=("SO",)))
    groups = {key: weeks for key, _, weeks in whole.sums_by("site")}
    assert [week.amount for week in filtered.forecast.total] == groups["SO"]
    for group in CASH_GROUPS:
        summed = [sum(weeks[n].amount for _, _, weeks in whole.by(group)) for n in range(6)]
        assert summed == [week.amount for week in whole.forecast.total]
    with database.reading(ALL) as connection, pytest.raises(ScopeRequiredError):
        cash_forecasts(connection, None, FILTERS)


def test_what_came_after_the_day_is_not_known(database, ledger):
    bounced = {code: payment(database, here(ledger, code), date(2026, 10, 1), 500) for code in ledger}
    before = read(database).forecast
    for code, returned in bounced.items():
        place, last = here(ledger, code), ledger[code]["last"]
        later = invoice(database, place, "LATER", date(2026, 12, 5), date(2026, 12, 6), 90_000)
        for day, bill, amount in ((date(2026, 11, 23), last, 5_000), (date(2026, 12, 7), later, 40_000)):
            paid = payment(database, place, day, 60_000)
            allocation(database, place, amount, day, payment_id=paid, invoice_id=bill)
        invoice(database, place, "CREDIT", date(2026, 11, 25), None, 1_000, kind="credit_note")
        add(database, "disputes", **place, invoice_id=last, amount=900, opened_on=date(2026, 11, 21))
        called = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
        add(database, "calls", **place, started_at=called, outcome="promised", promised_on=date(2026, 12, 1))
        back = {"kind": "reversal", "paid_on": date(2026, 11, 22), "reverses_id": returned, "status": "posted"}
        add(database, "payments", **place, amount=500, **back)
    after = read(database).forecast
    assert after.outflows == before.outflows
    assert after.total == before.total
    assert (
        read(database, filters=Filters(as_of=date(2026, 12, 10))).forecast.total[0].by_source
        != before.total[0].by_source
    )


def test_what_left_by_day(database, ledger):
    place = here(ledger, "HQ")
    bounced = payment(database, place, date(2026, 11, 10), 700)
    add(database, "payments", **place, kind="reversal", paid_on=date(2026, 11, 24), amount=700, status="posted",
        reverses_id=bounced)  # fmt: skip
    with database.reading(ALL) as connection:
        then = cash_out(connection, ALL, FILTERS, date(2026, 10, 1), AS_OF)
        now = cash_out(connection, ALL, Filters(as_of=date(2026, 11, 30)), date(2026, 10, 1), AS_OF)
    assert then == {"USD": {date(2026, 10, 26): 17_000, date(2026, 11, 10): 700}}
    assert now == {"USD": {date(2026, 10, 26): 17_000}}


def test_the_sheets_hold_what_the_page_shows(database, ledger):
    found = read(database, weeks=13)
    with database.reading(ALL) as connection:
        weeks, bills = (build(connection, ALL, FILTERS) for build in (cash_sheet, cash_bills_sheet))
    assert [row[7].minor for row in weeks.rows] == [week.amount for week in found.forecast.total]
    assert sum(row[-1].minor for row in bills.rows) == sum(week.amount for week in found.forecast.total)
    assert b"L-1" not in as_csv(bills).replace(b"L-1-", b"")  # numbers of bills are shown, of accounts their last four


def test_some_accounts_at_a_time_come_to_the_same_as_all_at_once(database, ledger, monkeypatch):
    """One site has two accounts; habits of the other one's site are not in what all have in common."""
    monkeypatch.setattr(habits, "ENOUGH", 1)
    beside = {"account_id": account(database, ledger["HQ"]["site_id"], vendor(database, "Halden"), "V-2"),
              "site_id": ledger["HQ"]["site_id"]}  # fmt: skip
    for n in range(11):
        issued = add_months(date(2025, 12, 9), n)
        invoice(database, beside, f"V-2-{n}", issued, shifted(issued, 21), 3_000 + n)
    payment(database, beside, date(2026, 11, 2), 4_000)
    shares = []

    def whole(told=lambda _: None):
        with database.reading(ALL, "somebody") as connection:
            (found,) = cash_forecasts(connection, ALL, FILTERS, 6, told=told)
        return found.forecast.outflows, found.forecast.total, found.sums_by("site")

    all_at_once = whole()
    monkeypatch.setattr(cash_forecast, "FEW", 1)
    monkeypatch.setattr(expected_bills, "AT_ONCE", 1)
    assert whole(shares.append) == all_at_once
    assert shares == [0, 1 / 3, 2 / 3]
    assert len({flow.account_id for flow in all_at_once[0]}) == 3
