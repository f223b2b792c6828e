"""Bill lines: gathered into bills, further parts, itemisation; each line once."""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date

import pytest
from sqlalchemy import func, select

from data_access.importers import shares
from data_access.importers.planners import charges
from data_access.schema import invoices
from data_access.scope import Scope
from tests.data_access.importers.conftest import Importer, reasons

HEADER = "vendor,account_number,site,invoice_number,line,amount,issued_on,type,description,due_on,external_id\n"


def line(
    number: str = "INV-1", at: str = "1", amount: str = "10.00", issued: str = "2024-01-31", rest: str = ",,,"
) -> str:
    return f"Lumina,A-1,,{number},{at},{amount},{issued},{rest}\n"


@pytest.fixture
def known(importer: Importer) -> Importer:
    importer.accept("sites", "code,name,country\nHQ,Head office,US\nLAB,Laboratory,US\n")
    importer.accept("accounts", "vendor,account_number,site\nLumina,A-1,HQ\n", create_missing=True)
    return importer


def bills(importer: Importer) -> list[tuple[object, ...]]:
    return importer.table("invoices", "number", "part", "kind", "amount", "issued_on", "amount_from", "settled")


def owed(importer: Importer) -> int:
    """Minor units on the ledger, credit notes against invoices."""
    signed = func.sum(invoices.c.amount * func.iif(invoices.c.kind == "invoice", 1, -1))
    if importer.database.dialect == "postgresql":
        from sqlalchemy import case

        signed = func.sum(case((invoices.c.kind == "invoice", invoices.c.amount), else_=-invoices.c.amount))
    with importer.database.reading(Scope.all_sites()) as connection:
        return int(connection.scalar(select(signed)) or 0)


def test_lines_of_one_number_make_one_bill(known: Importer, check: Callable[[], None]) -> None:
    text = (
        line(at="1", issued="2024-02-01", rest="usage,Calls,2024-03-01,")
        + line(at="2", amount="-2.50", rest="credit,Goodwill,2024-02-28,")
        + line("INV-2")
    )
    report = known.accept("charges", HEADER + text)
    assert (report.added, report.created.bills) == (3, 2)
    assert bills(known) == [
        ("INV-1", 1, "invoice", 750, date(2024, 1, 31), "lines", 0),
        ("INV-2", 1, "invoice", 1000, date(2024, 1, 31), "lines", 0),
    ]
    assert known.table("invoices", "due_on") == [date(2024, 2, 28), None]
    assert known.table("charges", "line", "type", "description", "amount") == [
        ("1", "usage", "Calls", 1000),
        ("2", "credit", "Goodwill", -250),
        ("1", "recurring", "", 1000),
    ]
    check()


def test_lines_below_zero_make_a_credit_note(known: Importer, check: Callable[[], None]) -> None:
    known.accept("charges", HEADER + line(amount="5.00") + line(at="2", amount="-12.50"))
    assert bills(known) == [("INV-1", 1, "credit_note", 750, date(2024, 1, 31), "lines", 0)]
    check()


def test_later_lines_are_a_further_part(known: Importer, check: Callable[[], None]) -> None:
    known.accept("charges", HEADER + line(at="1"))
    report = known.accept("charges", HEADER + line(at="1") + line(at="2", amount="5.00") + line(at="3", amount="0.00"))
    assert (report.added, report.duplicate, report.created.bills) == (2, 1, 1)
    known.accept("charges", HEADER + line(at="4", amount="-20.00"))
    assert [row[:4] for row in bills(known)] == [
        ("INV-1", 1, "invoice", 1000),
        ("INV-1", 2, "invoice", 500),
        ("INV-1", 3, "credit_note", 2000),
    ]
    check()


def test_lines_that_cancel_out_settle_each_other(known: Importer, check: Callable[[], None]) -> None:
    text = (
        line(at="1", amount="7.00", issued="2024-02-02")
        + line(at="2", amount="3.00")
        + line(at="3", amount="-10.00", issued="2024-02-05")
        + line(at="4", amount="0.00")
    )
    report = known.accept("charges", HEADER + text, paid=True)
    assert (report.added, report.created.bills, report.created.payments, report.created.allocations) == (4, 2, 0, 1)
    assert bills(known) == [
        ("INV-1", 1, "invoice", 1000, date(2024, 1, 31), "lines", 1000),
        ("INV-1", 1, "credit_note", 1000, date(2024, 2, 5), "lines", 1000),
    ]
    assert known.table("allocations", "amount", "applied_on") == [(1000, date(2024, 2, 5))]
    check()


def test_a_line_of_nothing_goes_to_the_bill_that_is_there(known: Importer, check: Callable[[], None]) -> None:
    known.accept("charges", HEADER + line(at="1"))
    report = known.accept("charges", HEADER + line(at="2", amount="0.00"))
    assert (report.added, report.created.bills) == (1, 0)
    assert len(set(known.table("charges", "invoice_id"))) == 1
    check()


def test_a_bill_of_nothing_is_rejected(known: Importer, check: Callable[[], None]) -> None:
    report = known.accept(
        "charges", HEADER + line("INV-0", amount="0.00") + line("INV-0", at="2", amount="0.00") + line()
    )
    assert (report.read, report.added, report.rejected) == (3, 1, 2)
    assert report.rejects[0].reason == "all lines of bill INV-0 are zero: there is nothing to owe"
    check()
    # Its other lines come later: then it is whole.
    report = known.accept(
        "charges", HEADER + line("INV-0", amount="0.00") + line("INV-0", at="2", amount="0.00") + line("INV-0", at="3")
    )
    assert report.added == 3
    check()


def test_lines_itemise_a_bill_that_stated_its_amount(known: Importer, check: Callable[[], None]) -> None:
    known.accept(
        "invoices",
        "vendor,account_number,invoice_number,issued_on,amount\nLumina,A-1,INV-1,2024-01-31,100.00\nLumina,A-1,CN-1,2024-01-31,-50.00\n",
    )
    report = known.accept("charges", HEADER + line() + line(at="2", amount="-5.00") + line("CN-1", amount="-50.00"))
    assert (report.added, report.created.bills) == (3, 0)
    first, second = known.table("invoices", "id")
    assert known.table("charges", "invoice_id") == [first, first, second]
    assert owed(known) == 5000
    check()


def test_real_twins_survive_and_come_once(known: Importer, check: Callable[[], None]) -> None:
    text = HEADER + line(at="") + line(at="") + line(at="")
    assert known.accept("charges", text).added == 3
    assert known.accept("charges", text).duplicate == 3
    assert known.accept("charges", text + line(at="")).added == 1
    assert owed(known) == 4000
    check()


def test_the_files_own_id_decides_first(known: Importer, check: Callable[[], None]) -> None:
    known.accept("charges", HEADER + line(rest=",,,X-1") + line(at="1", rest=",,,X-2"))
    report = known.accept(
        "charges",
        HEADER
        + line(rest=",,,X-1")
        + line(amount="11.00", rest=",,,X-2")
        + line(rest=",,,X-3")
        + line(at="9", rest=",,,X-3"),
    )
    assert (report.added, report.duplicate, report.rejected) == (1, 1, 2)
    assert [r[1:] for r in reasons(report)] == [
        ("amount", "11.00", "id 'X-2' is in the ledger with another amount: '10.00' there, '11.00' here"),
        ("external_id", "X-3", "id 'X-3' stands on line 4 already, with other content"),
    ]
    check()


def test_chargeback_to_another_site(known: Importer, check: Callable[[], None]) -> None:
    text = "vendor,account_number,site,invoice_number,amount,issued_on\nLumina,A-1,LAB,INV-1,10.00,2024-01-31\nLumina,A-1,HQ,INV-1,5.00,2024-01-31\n"
    known.accept("charges", text)
    lab = known.table("sites", "id", code="LAB")
    assert known.table("charges", "chargeback_site_id") == [*lab, None]
    assert known.accept("charges", text).duplicate == 2
    check()


def test_without_account_numbers_there_is_one_account_for_vendor_and_site(
    importer: Importer, check: Callable[[], None]
) -> None:
    text = "vendor,site,invoice_number,amount,issued_on,currency\nLumina,HQ,1,10.00,2024-01-31,USD\nLumina,LAB,1,5.00,2024-01-31,USD\nBlue,HQ,1,2.00,2024-01-31,USD\n"
    report = importer.accept("charges", text, create_missing=True)
    assert (
        report.added,
        report.created.sites,
        report.created.vendors,
        report.created.accounts,
        report.created.bills,
    ) == (3, 2, 2, 3, 3)
    assert importer.table("accounts", "account_number") == ["HQ", "LAB", "HQ"]
    assert importer.accept("charges", text).duplicate == 3
    # A second account at the site: the made-up one is still the one.
    importer.accept("accounts", "vendor,account_number,site,currency\nLumina,A-2,HQ,USD\n")
    assert importer.accept("charges", text).duplicate == 3
    check()


def test_without_account_numbers_the_only_account_is_meant_and_two_are_not(known: Importer) -> None:
    text = "vendor,site,invoice_number,amount,issued_on\nLumina,HQ,1,10.00,2024-01-31\n"
    assert known.accept("charges", text).added == 1
    known.accept("accounts", "vendor,account_number,site\nLumina,A-2,HQ\n")
    report = known.accept("charges", text)
    assert report.rejects[0].reason == "Lumina has 2 accounts at HQ: the file must say which, in account_number"
    report = known.accept("charges", text.replace("HQ", "LAB"))
    assert report.rejects[0].reason == "Lumina has no account at LAB: import accounts first, or use --create-missing"


REFUSED = [
    (line(rest="postage,,,"), "type", "'postage' is none of recurring, usage"),
    (line(rest=",,2024-01-30,"), "due_on", "is before the bill was issued"),
    (line(amount=""), "amount", "is needed and empty"),
    (line(amount="999999999999999"), "amount", "more than 15 digits"),
    ("Lumina,,,INV-1,1,10.00,2024-01-31,,,,\n", "account_number", "account_number or site is needed and empty"),
    ("Lumina,A-1,MOON,INV-1,1,10.00,2024-01-31,,,,\n", "site", "there is no site 'MOON'"),
]


def test_what_cannot_be_is_rejected_alone(known: Importer, check: Callable[[], None]) -> None:
    good = line(at="8")
    report = known.accept("charges", HEADER + good + "".join(text for text, _, _ in REFUSED))
    assert (report.added, report.rejected) == (1, len(REFUSED))
    at_line = 3
    for reject, (text, column, reason) in zip(report.rejects, REFUSED, strict=True):
        assert (reject.line, reject.column) == (at_line, column)
        assert re.search(reason, reject.reason), reject.reason
        at_line += text.count("\n")
    assert sorted(known.table("import_rejects", "line", "column_name", "value", "reason")) == reasons(report)
    check()


def test_a_bill_of_more_than_fifteen_digits_is_rejected(known: Importer, check: Callable[[], None]) -> None:
    report = known.accept(
        "charges",
        HEADER + line(at="1", amount="9999999999999.00") + line(at="2", amount="9999999999999.00") + line("INV-2"),
    )
    assert (report.added, report.rejected) == (1, 2)
    assert "come to more than 15 digits" in report.rejects[0].reason
    check()


def test_refused_bills_make_no_accounts(importer: Importer) -> None:
    text = "vendor,site,invoice_number,amount,issued_on,currency\nLumina,HQ,1,0.00,2024-01-31,USD\n"
    report = importer.accept("charges", text, create_missing=True)
    assert (report.rejected, report.created.accounts) == (1, 0)
    assert importer.count("vendors") == importer.count("sites") == importer.count("accounts") == 0


@pytest.mark.parametrize("split", ["halves", "every second", "by thirds"])
def test_parts_and_then_the_whole_are_paid_in_full(known: Importer, check: Callable[[], None], split: str) -> None:
    lines = [
        line(f"INV-{n % 7}", at=str(n), amount=f"{(n * 37) % 41 - 12}.25", issued=f"2024-01-{1 + n % 28:02}")
        for n in range(60)
    ]
    chosen = {"halves": lines[:30], "every second": lines[::2], "by thirds": lines[::3]}[split]
    first = known.accept("charges", HEADER + "".join(chosen), paid=True)
    whole = known.accept("charges", HEADER + "".join(reversed(lines)), paid=True)
    assert first.added == len(chosen)
    assert (whole.added, whole.duplicate, whole.rejected) == (60 - len(chosen), len(chosen), 0)
    assert known.accept("charges", HEADER + "".join(lines), paid=True).added == 0
    assert owed(known) == sum(((n * 37) % 41 - 12) * 100 + (25 if (n * 37) % 41 - 12 >= 0 else -25) for n in range(60))
    assert all(amount == settled for amount, settled in known.table("invoices", "amount", "settled"))
    assert all(amount == used for amount, used in known.table("payments", "amount", "allocated"))
    check()


def test_a_large_file_is_decided_share_by_share_as_a_small_one_is_whole(
    known: Importer, check: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lines of bills of five accounts, all out of order: parts, twins, ids, bills of nothing, sites; never all bills at once."""
    known.accept("accounts", "vendor,account_number,site\n" + "".join(f"Lumina,A-{n},HQ\n" for n in range(2, 6)))
    known.accept("charges", HEADER + "".join(_some_lines(range(12))), paid=True)
    text = HEADER + "".join(_some_lines(range(120)))
    whole = known.preview("charges", text, paid=True)
    monkeypatch.setattr(shares, "IN_MEMORY", 20)
    settled = []
    settle_all = charges.settle_all
    monkeypatch.setattr(
        charges, "settle_all", lambda context, bills: settled.append(len(bills)) or settle_all(context, bills)
    )
    assert asdict(known.preview("charges", text, paid=True)) == asdict(whole)
    assert max(settled) < sum(settled) / 2
    report = known.accept("charges", text, paid=True)
    assert (report.added, report.duplicate, report.rejected) == (whole.added, whole.duplicate, whole.rejected)
    assert min(report.added, report.duplicate, report.rejected, report.created.bills, report.created.payments) > 0
    again = known.accept("charges", text, paid=True)
    assert (again.added, again.duplicate) == (0, report.added + report.duplicate)
    check()


def _some_lines(numbers: range) -> Iterator[str]:
    for n in numbers:
        account, number = f"A-{n * 7 % 5 + 1}", f"B-{n % 35}"
        amount = "0.00" if n % 35 == 3 else f"{10 + n % 6 - 25 * (n % 4 == 1)}.00"
        yield (
            f"Lumina,{account},{'LAB' if n % 6 == 2 else ''},{number},{n % 3},{amount},2024-01-{n % 28 + 1:02},"
            f",,,{f'X-{n % 50}' if n % 9 == 4 else ''}\n"
        )
