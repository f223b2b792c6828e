"""The month-end pack: its figures tie to each other and to the pages, recomputed from the files."""

import io
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from data_access.exporting import as_workbook
from data_access.month_end_sheets import (
    ACCRUALS,
    AGES,
    BY_SITE,
    BY_VENDOR,
    CONTROL,
    COVER,
    DISPUTES,
    LINES,
    MOVEMENTS,
    PAYMENTS,
    UNCOVERED,
    month_end_sheets,
)
from data_access.printed.document import as_pdf
from data_access.printed.month_end import month_end_document
from data_access.queries.balances import aging, ledger_totals
from data_access.queries.disputes import dispute_cases
from data_access.queries.leg_states import LegState
from data_access.queries.month_end import month_end
from data_access.queries.reconciliation import legs
from data_access.scope import Scope, ScopeRequiredError
from domain.filters import Basis, Filters
from domain.money import to_decimal
from tests import factories as make

ALL = Scope.all_sites()
TODAY = date(2026, 11, 20)
MADE = datetime(2026, 11, 20, 12, tzinfo=UTC)
OCTOBER, LAST = date(2026, 10, 1), date(2026, 10, 31)


@pytest.fixture(scope="module")
def story(shared_database):
    """A year of bills at two sites in two currencies; October with a return, a credit, a bounced refund and a dispute."""
    database = shared_database
    west, east = make.site(database, "W", name="West"), make.site(database, "E", name="East")
    lumina, halden = make.vendor(database), make.vendor(database, "Halden")
    accounts = {
        name: {"account_id": make.account(database, site, vendor, f"4415{number:06}", **more), "site_id": site}
        for number, (name, site, vendor, more) in enumerate(
            [
                ("dollars", west, lumina, {}),
                ("euros", east, halden, {"currency": "EUR"}),
                ("late bill", east, lumina, {}),
                ("closed", west, lumina, {"closed_on": date(2026, 9, 20)}),
                ("silent", west, halden, {}),
            ]
        )
    }
    for name, until in (("dollars", 10), ("euros", 10), ("late bill", 9), ("closed", 9), ("silent", 4)):
        for month in range(1, until + 1):
            bill = make.invoice(
                database,
                accounts[name],
                f"{name} {month}",
                date(2026, month, 5),
                date(2026, month, 25),
                10000 + 100 * month,
            )
            if month < 8:
                paid = make.payment(database, accounts[name], date(2026, month, 20), 10000 + 100 * month)
                make.allocation(
                    database,
                    accounts[name],
                    10000 + 100 * month,
                    date(2026, month, 20),
                    payment_id=paid,
                    invoice_id=bill,
                )
    where = accounts["dollars"]
    disputed = make.invoice(database, where, "D", date(2026, 9, 1), date(2026, 9, 21), 5000)
    row = {"invoice_id": disputed, "amount": 2000, "opened_on": date(2026, 9, 11), "reason": "no"}
    dispute = make.add(database, "disputes", **where, **row)
    for amount, day in ((500, date(2026, 10, 31)), (700, date(2026, 11, 1))):
        told = {"kind": "credit", "amount": amount, "dated": day, "recorded_by": "ana", "recorded_at": MADE}
        make.add(database, "dispute_events", **where, dispute_id=dispute, **told)
    make.add(
        database, "disputes", **where, invoice_id=disputed, amount=100, opened_on=date(2026, 11, 2), reason="later"
    )
    gone = {"opened_on": date(2026, 9, 12), "closed_on": date(2026, 10, 20), "outcome": "credited"}
    make.add(database, "disputes", **where, invoice_id=disputed, amount=300, **gone)
    made = make.payment(database, where, date(2026, 10, 1), 4000, confirmation_number="BACK")
    make.payment(database, where, date(2026, 10, 9), 4000, kind="reversal", reverses_id=made)
    make.invoice(database, where, "C", date(2026, 10, 10), None, 1500, kind="credit_note")
    refund = make.payment(database, where, date(2026, 10, 12), 700, kind="refund")
    make.payment(database, where, date(2026, 10, 14), 700, kind="reversal", reverses_id=refund)
    statement = make.add(
        database, "bank_statements", bank_account="DE0012345678", kind="bank", currency="USD",
        period_start=date(2026, 9, 1), period_end=date(2026, 11, 1), opening=0, closing=0, source="bank",
    )  # fmt: skip
    shown = make.payment(database, where, date(2026, 10, 20), 3000, confirmation_number="SHOWN")
    half = make.payment(database, where, date(2026, 10, 21), 2000, confirmation_number="HALF")
    undone = make.payment(database, where, date(2026, 10, 22), 1000, confirmation_number="UNDONE")
    later = make.payment(database, where, date(2026, 10, 23), 500, confirmation_number="LATER")
    line = make.add(
        database, "bank_lines", statement_id=statement, bank_account="DE0012345678", booked_on=date(2026, 10, 24), amount=-9000, currency="USD",
        description="COLLECTIVE", import_key="id:1", matched=4700,
    )  # fmt: skip

    # A fee explained in October, one explained later, one whose explanation was taken back before the month ended, one after it.
    for number, (at, back) in enumerate([(25, None), (35, None), (25, 26), (25, 40)], start=2):
        fee = make.add(
            database, "bank_lines", statement_id=statement, bank_account="DE0012345678", currency="USD",
            booked_on=date(2026, 10, 24), amount=-number, description=f"FEE {number}", import_key=f"id:{number}",
        )  # fmt: skip
        row = {"bank_line_id": fee, "reason": "bank fee", "decided_by": "ana"}
        first = datetime(2026, 10, 1, tzinfo=UTC)
        said = make.add(database, "bank_line_decisions", **row, decided_at=first + timedelta(days=at - 1))
        if back:
            taken_back = {"decided_at": first + timedelta(days=back - 1), "undoes_id": said}
            make.add(database, "bank_line_decisions", **row, **taken_back)

    def match(payment, amount, at, **more):
        row = {"payment_id": payment, "bank_line_id": line, "amount": amount, "decided_by": "ana", "decided_at": at}
        return make.add(database, "matches", **where | row | more)

    october, november = (datetime(2026, month, 25, tzinfo=UTC) for month in (10, 11))
    match(shown, 3000, october)
    match(half, 1200, october)
    match(undone, 1000, october, undoes_id=match(undone, 1000, october))
    match(later, 500, november)
    return database


def pack_of(database, scope=ALL, month=OCTOBER, **filters):
    with database.reading(scope or ALL) as connection:
        return month_end(connection, scope, Filters(as_of=TODAY, **filters), month=month, today=TODAY)


@pytest.fixture(scope="module")
def book(story):
    """The workbook as it is read back: {sheet: (head, rows, totals)}, in whole minor units where a cell is an amount."""
    content = as_workbook(month_end_sheets(pack_of(story), MADE))
    return {sheet: table(content, sheet) for sheet in CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names}


def table(content, sheet):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    blank = next(n for n, row in enumerate(rows) if not any(str(cell) for cell in row))
    head, body = rows[blank + 1], rows[blank + 2 :]
    return head, [row for row in body if row[0] != "Total"], [row for row in body if row[0] == "Total"]


def minor(cell):
    return int((Decimal(str(cell or 0)) * 100).to_integral_exact())


def column(part, name, *, totals=False):
    """Sums of a column by currency, from the rows; or as its total rows say."""
    head, rows, sums = part
    found = Counter()
    for row in sums if totals else rows:
        found[row[head.index("Currency")]] += minor(row[head.index(name)])
    return +found if all(v >= 0 for v in found.values()) else found


def test_every_total_is_the_sum_of_its_rows(book):
    for name, amounts in (
        (BY_SITE, ("Not due", "1–30", "31–60", "61–90", "Over 90", "Unapplied", "Outstanding", "Of which disputed")),
        (BY_VENDOR, ("Outstanding",)),
        (MOVEMENTS, ("Opening", "Billed", "Credits", "Paid", "Refunds", "Returns", "Closing")),
        (PAYMENTS, ("Amount", "Not matched")),
        (UNCOVERED, ("Amount", "Not matched")),
        (LINES, ("Amount", "Not matched")),
        (DISPUTES, ("Withheld",)),
        (ACCRUALS, ("Accrue", "At least", "At most")),
    ):
        for amount in amounts:
            assert column(book[name], amount) == column(book[name], amount, totals=True), (name, amount)


def test_by_invoice_date_nothing_is_called_due(story):
    sheets = month_end_sheets(pack_of(story, basis=Basis.INVOICE), MADE)
    by_site = next(sheet for sheet in sheets if sheet.title == BY_SITE)
    assert by_site.columns[2:5] == ("Same day", "1–30", "31–60")


def test_the_parts_tie_to_each_other_and_to_the_pages(story, book):
    with story.reading(ALL) as connection:
        page = Counter()
        for row in aging(connection, ALL, Filters(as_of=LAST), "site"):
            page[row.currency] += row.outstanding
        ledger = ledger_totals(connection, ALL, LAST)
    assert page == ledger
    assert set(page) == {"USD", "EUR"}
    assert column(book[BY_SITE], "Outstanding") == column(book[BY_VENDOR], "Outstanding") == page
    assert column(book[MOVEMENTS], "Closing") == page
    flows = Counter()
    for name in ("Opening", "Billed", "Credits", "Paid", "Refunds", "Returns"):
        for code, amount in column(book[MOVEMENTS], name).items():
            flows[code] += amount
    assert flows == page
    head, rows, _ = book[CONTROL]
    for row in rows:
        this, that, difference = (minor(row[head.index(name)]) for name in ("This", "That", "Difference"))
        assert (difference, this - that, row[head.index("Said")]) == (0, 0, "ties"), row
    assert len(rows) == 7 * len(page)
    cover = {row[1] for row in book[COVER][1]}
    assert {f"{code} {to_decimal(amount, code):,}" for code, amount in page.items()} <= cover


def test_october_by_hand(book):
    head, rows, _ = book[MOVEMENTS]
    lumina = dict(zip(head, next(row for row in rows if row[0] == "Lumina"), strict=True))
    # Opening: 8 and 9 of three accounts (108 + 109), and D. A refund that bounced is none.
    assert {name: minor(lumina[name]) for name in head[2:]} == {
        "Opening": 3 * 21700 + 5000, "Billed": 11000, "Credits": -1500, "Paid": -10500, "Refunds": 0, "Returns": 4000,
        "Closing": 73100,
    }  # fmt: skip


def test_what_the_bank_does_not_show(book):
    head, rows, _ = book[PAYMENTS]
    left = {
        row[head.index("Confirmation")]: minor(row[head.index("Not matched")])
        for row in rows
        if row[head.index("Confirmation")]
    }
    assert left == {"HALF": 800, "UNDONE": 1000, "LATER": 500}  # what came back is not looked for
    head, rows, _ = book[LINES]
    assert [(row[head.index("Text")], minor(row[head.index("Not matched")])) for row in rows] == [
        ("COLLECTIVE", -4800),
        ("FEE 3", -3),
        ("FEE 4", -4),
    ]
    ages = book[AGES]
    both = column(book[PAYMENTS], "Not matched") + column(book[UNCOVERED], "Not matched")
    lines = Counter({"USD": -4807})
    assert column(ages, "Total") == Counter({code: both[code] + lines[code] for code in both})
    by_age = Counter()
    for name in ages[0][2:-1]:
        for row in ages[1]:
            by_age[row[1]] += minor(row[ages[0].index(name)])
    assert by_age == column(ages, "Total")


def test_what_no_statement_covers_is_kept_apart_as_on_the_page(story, book):
    """Dollars have a statement of September and October, euros none; each payment is in one list, in its state of Reconcile."""
    with story.reading(ALL) as connection:
        page = legs(connection, ALL, Filters(as_of=LAST, since=date(2026, 5, 1)), limit=None)
    wanted = {name: [row for row in page if (row.state is LegState.NO_STATEMENT) == no] for name, no in
              ((PAYMENTS, False), (UNCOVERED, True))}  # fmt: skip
    for name, rows in wanted.items():
        head, told, _ = book[name]
        open_now = [row for row in rows if row.state is not LegState.COMPLETE]
        states = Counter(row.state.value.capitalize() for row in open_now)
        assert Counter(row[head.index("Missing")] for row in told) == states
        left = Counter()
        for row in open_now:
            left[row.currency] += row.amount - row.matched
        assert column(book[name], "Not matched") == left
    assert column(book[PAYMENTS], "Not matched") == Counter({"USD": 2300})
    assert set(column(book[UNCOVERED], "Not matched")) == {"USD", "EUR"}


def test_the_pack_and_the_page_of_disputes_count_alike(story):
    last = date(2026, 10, 31)
    with story.reading(ALL) as connection:
        cases = [case for case in dispute_cases(connection, ALL, Filters(as_of=last)) if case.closed_on is None]
    sheet = next(each for each in month_end_sheets(pack_of(story), MADE) if each.title == DISPUTES)
    told = [(row[5], row[1]) for row in sheet.rows[: len(sheet.rows) - sheet.totals]]
    assert told == [(case.number, case.days_left) for case in cases] != []


def test_disputes_and_accruals(book):
    head, rows, _ = book[DISPUTES]
    assert [
        (row[head.index("Bill")], int(row[head.index("Days left")]), minor(row[head.index("Withheld")])) for row in rows
    ] == [("D", 0, 1500)]  # 500 were credited by then; issued on 1 September: 60 days are over on 31 October
    head, rows, _ = book[ACCRUALS]
    assert [[row[0], row[1], row[3], int(row[6]), *map(minor, row[8:11])] for row in rows] == [
        ["Lumina", "East", "late bill 9", 1, 10650, 10400, 10900]
    ]


def test_the_document_says_the_same(story, book):
    text = "\n".join(
        page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(month_end_document(pack_of(story), MADE)))).pages
    )
    for name in (BY_SITE, BY_VENDOR, MOVEMENTS, PAYMENTS, UNCOVERED, LINES, DISPUTES, ACCRUALS, CONTROL):
        assert name in text
        for row in book[name][2]:
            for cell in row:
                if isinstance(cell, float):
                    assert f"{Decimal(str(cell)).quantize(Decimal('0.01')):,}" in text, (name, cell)
    assert "as of 2026-10-31" in text
    assert "DOES NOT TIE" not in text
    assert "4415" not in text


def test_a_scope_and_filters_are_held(story):
    own = pack_of(story, Scope.of([2]))
    assert {row.key for row in own.by_site} == {"E"}
    assert own.lines is None
    assert {row.site for row in own.payments} <= {"E"}
    assert LINES not in {sheet.title for sheet in month_end_sheets(own, MADE)}
    assert pack_of(story, Scope.of([])).currencies == []
    euros = pack_of(story, vendors=("Halden",), currencies=("EUR",))
    control = month_end_sheets(euros, MADE)[-1]
    assert {row[1] for row in control.rows} == {"EUR"}
    west = month_end_sheets(pack_of(story, sites=("W",)), MADE)[-1]
    hidden = [row for row in west.rows if row[5] == "hidden by the filters"]
    assert [row[1] for row in hidden] == ["USD"]
    with pytest.raises(ScopeRequiredError):
        pack_of(story, None)


def test_a_month_that_runs_is_as_of_today_and_one_to_come_is_refused(story):
    assert pack_of(story, month=date(2026, 11, 3)).as_of == TODAY
    with pytest.raises(ValueError, match="2026-12 has not begun"):
        pack_of(story, month=date(2026, 12, 1))
