"""Bank statements: every format to the same lines, each line once, each statement with what it adds up to."""

import tracemalloc
from datetime import date

import pytest

from data_access.importers import batches, shares
from data_access.importers import rows as importer_rows
from data_access.importers.batches import preview
from data_access.importers.errors import ImportRefusedError
from data_access.importers.planners import numbered_lines
from data_access.importers.planners.bank_statements import BankStatement
from data_access.scope import Scope
from data_access.verification import verify
from tests.data_access.importers.in_process import read_here
from tests.data_access.importers.statement_files import BAI2, CAMT, CSV, CSV_MAPS, MT940, MT942, OFX, OFX2, QIF

# What a format says is the same on both databases; how lines land is tried on each.
SQLITE = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
THREE = [(date(2026, 3, 5), -3_000), (date(2026, 3, 6), -525), (date(2026, 3, 7), 1_200)]


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """The child that reads has its own tests, and lands every format in those of hostile files."""
    monkeypatch.setattr(batches, "read_table", read_here)


def _lines(importer):
    return importer.table("bank_lines", "booked_on", "amount")


def _balances(report):
    return [(s.opening, s.movements, s.closing, s.difference) for s in report.statements]


@pytest.mark.parametrize(
    ("content", "opening"), [(OFX, None), (MT940, 10_000), (CAMT, 10_000)], ids=["ofx", "mt", "camt"]
)
def test_a_statement_lands_once_with_what_it_adds_up_to(importer, check, content, opening):
    seen = importer.preview("bank", content)
    assert importer.count("bank_lines") == 0
    report = importer.accept("bank", content)
    assert _balances(seen) == _balances(report)
    assert (report.read, report.added) == (3, 3)
    assert _lines(importer) == THREE
    assert _balances(report) == [(opening, -2_325, 7_675, None if opening is None else 0)]
    again = importer.accept("bank", content)
    assert (again.read, again.added, again.duplicate) == (3, 0, 3)
    assert importer.count("bank_statements") == 1
    assert importer.table("bank_statements", "movements") == [-2_325]
    check()


@SQLITE
def test_every_line_carries_what_the_bank_says_of_it(importer):
    importer.accept("bank", CAMT)
    columns = ("value_on", "counterparty", "description", "reference")
    assert importer.table("bank_lines", *columns)[0] == (date(2026, 3, 6), "Lumina", "Bill 77", "E2E-77")
    (statement,) = importer.table("bank_statements", "bank_account", "kind", "period_start", "period_end", "reference")
    assert statement == ("DE89370400440532013000", "bank", date(2026, 3, 1), date(2026, 4, 1), "S3")


@SQLITE
def test_a_remark_on_the_whole_statement_is_no_part_of_its_last_line(importer):
    importer.accept("bank", MT940)
    assert importer.table("bank_lines", "description")[-1] == "Refund"


@SQLITE
def test_an_interim_report_has_lines_and_no_balances(importer):
    report = importer.accept("bank", MT942)
    assert _lines(importer) == [(date(2026, 3, 9), -3_000)]
    assert _balances(report) == [(None, -3_000, None, None)]
    assert "states no opening and closing balance" in report.findings[-1]


@SQLITE
def test_a_card_statement_keeps_no_card_number(importer):
    report = importer.accept("bank", OFX2)
    assert importer.table("bank_statements", "kind", "bank_account") == [("card", "[card number ending in 11]")]
    assert importer.table("bank_lines", "counterparty") == ["A & B"]
    assert "411111" not in str(report.as_json())
    assert any("looks like a payment card number" in finding for finding in report.findings)


@SQLITE
def test_bai2_amounts_are_in_the_units_of_its_currency(importer):
    report = importer.accept("bank", BAI2)
    assert [amount for _, amount in _lines(importer)] == [-3_000, -525, 1_200]
    assert _balances(report) == [(10_000, -2_325, 7_675, 0)]
    assert "it adds up" in report.findings[-1]


@SQLITE
def test_qif_is_told_whose_account_and_which_currency(importer):
    with pytest.raises(ImportRefusedError, match="--date-order"):
        importer.preview(
            "bank", QIF.replace("3/15", "3/5").replace("3/16", "3/6"), "bank_account==Operating", "currency==USD"
        )
    importer.accept("bank", QIF, "bank_account==Operating", "currency==USD")
    assert _lines(importer) == [(date(2026, 3, 15), -103_000), (date(2026, 3, 16), 1_200)]
    assert importer.table("bank_lines", "reference")[0] == "check 319"
    report = importer.preview("bank", QIF, "bank_account==Operating")  # the account has been in dollars
    assert (report.duplicate, report.rejected) == (2, 0)


@SQLITE
def test_a_table_with_debit_and_credit_columns(importer):
    importer.accept("bank", CSV, *CSV_MAPS)
    assert _lines(importer) == THREE
    back = importer.preview("bank", CSV, *CSV_MAPS, reversed_signs=True)  # columns of their own need no sign
    assert (back.added, back.duplicate) == (0, 3)
    wrong = importer.preview("bank", CSV.replace("30.00,,LUMINA", "30.00,1.00,LUMINA"), *CSV_MAPS)
    assert [reject.reason for reject in wrong.rejects] == ["stands in both columns, debit and credit"]


@SQLITE
def test_where_spending_is_positive_amounts_and_balances_turn_round(importer):
    card = "bank_account,currency,booked_on,amount,opening,closing\nCard,USD,2026-03-05,30.00,10.00,28.00\nCard,USD,2026-03-06,-12.00,10.00,28.00\n"
    report = importer.accept("bank", card, reversed_signs=True)
    assert [amount for _, amount in _lines(importer)] == [-3_000, 1_200]
    assert _balances(report) == [(-1_000, -1_800, -2_800, 0)]
    with pytest.raises(ImportRefusedError, match="--reversed-signs is for bank"):
        importer.preview("invoices", card, reversed_signs=True)


def test_a_closing_balance_that_does_not_follow_is_said_to_the_cent(importer):
    report = importer.accept("bank", MT940.replace("USD76,75", "USD76,74"))
    assert report.statements[0].difference == 1
    assert "it does not add up, by 0.01 USD" in report.findings[-1]
    outcome = verify(importer.database, date(2026, 4, 1))
    assert outcome.ok
    assert outcome.notes == ("statement 1 of ••••1234 does not add up, by 0.01 USD: opening + movements - closing",)


def test_a_statement_that_was_left_out_is_noticed(importer):
    importer.accept("bank", MT940)
    april = MT940.replace("2603", "2604").replace("0305D", "0405D").replace("0306D", "0406D").replace("0307C", "0407C")
    april = april.replace("260331", "260430").replace(":28C:3/1", ":28C:4/1").replace("260431", "260430")
    report = importer.preview("bank", april)
    assert "23.25 USD is missing: a statement was left out" in report.findings[-1]
    follows = april.replace("USD100,00", "USD76,75").replace("C260430USD76,75", "C260430USD53,50")
    assert "left out" not in str(importer.preview("bank", follows).findings)


def test_an_overlapping_statement_adds_what_is_new_and_twins_survive(importer, check):
    """The week's file has two equal fares on the 5th; the month's file lists both again, with one more on the 9th."""
    line = ":61:2603050305D3,20NTRFNONREF\n:86:Fare\n"
    head = ":20:REF\n:25:55501234\n:28C:{}\n:60F:C260301USD100,00\n"
    week = head.format("9/1") + line * 2 + ":62F:C260307USD93,60\n-\n"
    month = head.format("10/1") + line * 2 + line.replace("0305", "0309") + ":62F:C260331USD90,40\n-\n"
    assert importer.accept("bank", week).added == 2
    report = importer.accept("bank", month)
    assert (report.read, report.added, report.duplicate) == (3, 1, 2)
    assert _balances(report) == [(10_000, -960, 9_040, 0)]
    assert len(_lines(importer)) == 3
    check()


@SQLITE
def test_the_next_statement_of_the_same_day_has_lines_of_its_own(importer):
    """The second goes on from the first one's balance: its equal line is another one."""
    page = ":20:R\n:25:55501234\n:28C:{}/1\n:60F:C260305USD{}\n:61:2603050305D3,20NTRFNONREF\n:86:Fare\n:62F:C260305USD{}\n-\n"
    assert importer.accept("bank", page.format(1, "100,00", "96,80") + page.format(2, "96,80", "93,60")).added == 2


def _fares(number, *balances):
    """A statement of 5 March: a fare of 3.20 from each balance to the next."""
    line = ":61:2603050305D3,20NTRFNONREF\n:86:Fare\n"
    head = f":20:R\n:25:55501234\n:28C:{number}/1\n:60F:C260305USD{balances[0]}\n"
    return head + line * (len(balances) - 1) + f":62F:C260305USD{balances[-1]}\n-\n"


FARES = {
    "first": _fares(1, "100,00", "96,80"),
    "second": _fares(2, "96,80", "93,60", "90,40"),
    "third": _fares(3, "90,40", "87,20"),
}


@pytest.mark.parametrize(
    "order", [("first", "second", "third"), ("third", "second", "first"), ("first", "second third")]
)
def test_equal_lines_of_statements_that_join_in_files_of_their_own_survive_once(importer, check, order):
    for names in order:
        file = "".join(FARES[name] for name in names.split())
        assert importer.accept("bank", file).duplicate == 0
    for file in (*FARES.values(), FARES["second"] + FARES["third"], FARES["first"] + FARES["second"]):
        assert importer.accept("bank", file).added == 0
    assert (importer.count("bank_lines"), importer.count("bank_statements")) == (4, 3)
    check()


@SQLITE
@pytest.mark.parametrize(
    ("number", "balances"),
    [
        (9, ("100,00", "96,80", "93,60")),  # the whole day so far: it begins where the first one does
        (9, ("103,20", "100,00", "96,80")),  # a day's end that holds the first one
        (9, ("93,60", "90,40")),  # something lies between
        (2, ("100,00", "96,80")),  # another number, all else the same
    ],
)
def test_a_statement_that_may_overlap_counts_equal_lines_from_the_start(importer, number, balances):
    importer.accept("bank", FARES["first"])
    report = importer.accept("bank", _fares(number, *balances))
    assert (report.duplicate, report.added) == (1, len(balances) - 2)


@SQLITE
@pytest.mark.parametrize(("content", "maps"), [(OFX, ()), (MT940, ()), (CSV, CSV_MAPS)], ids=["ofx", "mt", "csv"])
def test_a_statement_that_an_earlier_release_imported_is_known(importer, check, monkeypatch, content, maps):
    with monkeypatch.context() as before:  # the key as it was then, from its lines' keys
        before.setattr(BankStatement, "key", property(lambda self: self.keys[1]))
        importer.accept("bank", content, *maps)
    report = importer.accept("bank", content, *maps)
    assert (report.added, report.duplicate) == (0, report.read)
    assert importer.count("bank_statements") == 1
    check()


@SQLITE
def test_the_whole_day_is_not_taken_for_what_follows_it(importer):
    """A fare and its refund in files of their own lead back to the balance with which the whole day begins, too."""
    importer.accept("bank", FARES["first"])
    fare = ":61:2603050305D3,20NTRFNONREF\n:86:Fare\n"
    importer.accept("bank", _fares(2, "96,80", "100,00").replace("D3,20", "C3,20"))
    whole = _fares(9, "100,00", "96,80").replace(fare, fare + fare.replace("D3", "C3") + fare)
    report = importer.accept("bank", whole)
    assert (report.read, report.duplicate, report.added) == (3, 2, 1)


@SQLITE
def test_pages_of_one_statement_are_one(importer):
    head, rest = MT940.split(":61:2603060306")
    first = head + ":62M:C260305USD70,00\n-\n"
    second = ":20:REF1\n:25:55501234\n:28C:3/2\n:60M:C260305USD70,00\n:61:2603060306" + rest
    report = importer.accept("bank", first + second)
    assert _balances(report) == [(10_000, -2_325, 7_675, 0)]


@SQLITE
def test_a_number_that_a_bank_repeats_for_another_line_hides_none(importer):
    report = importer.accept("bank", OFX.replace("<FITID>A2", "<FITID>A1"))
    assert report.added == 3


def test_a_statement_without_lines_is_a_statement(importer):
    still = "".join(OFX.partition("<STMTTRN>")[0]) + OFX[OFX.index("</BANKTRANLIST>") :]
    report = importer.accept("bank", still)
    assert (report.read, report.added, importer.count("bank_statements"), importer.count("bank_lines")) == (1, 1, 1, 0)
    assert importer.accept("bank", still).duplicate == 1
    assert importer.count("bank_statements") == 1


def test_only_who_sees_every_site_imports_statements(importer):
    with pytest.raises(ImportRefusedError, match="only somebody who sees every site"):
        importer.accept("bank", MT940, scope=Scope.of({1}))


@SQLITE
def test_a_statement_is_no_file_of_bills(importer):
    with pytest.raises(ImportRefusedError, match=r"a bank statement \(OFX\): import it as bank"):
        importer.preview("invoices", OFX)


@SQLITE
def test_the_account_is_told_by_its_last_four(importer):
    report = importer.accept("bank", MT940.replace("2603060306D5,25", "2602310306D5,25"))
    assert "55501234" not in str(report.as_json()) + str(report.sample)
    assert "••••1234" in str(report.as_json())


@pytest.mark.parametrize("in_memory", [1, 2, 10_000])
def test_equal_lines_are_told_apart_however_few_fit_in_memory(importer, check, monkeypatch, in_memory):
    """Two accounts whose statements stand among each other: three equal fares of A, two of B, and another of A in a second
    statement of the days after, which is counted anew and so is A's first again.
    """
    for module in (shares, numbered_lines):
        monkeypatch.setattr(module, "IN_MEMORY", in_memory)
    rows = [("A", "1", "fare"), ("B", "1", "fare"), ("A", "1", "toll"), ("A", "1", "fare"), ("B", "1", "fare")]
    rows += [("A", "1", "fare"), ("A", "2", "fare"), ("A", "2", "other")]
    head = "bank_account,currency,statement,booked_on,amount,description\n"
    file = head + "".join(f"{account},USD,{number},2026-03-05,-3.20,{text}\n" for account, number, text in rows)
    report = importer.accept("bank", file)
    assert (report.added, report.duplicate) == (7, 1)
    assert [(found.lines, found.new_lines) for found in report.statements] == [(4, 4), (2, 2), (2, 1)]
    lines = importer.table("bank_lines", "bank_account", "description", "import_key")
    assert [line[:2] for line in lines] == [
        (account, text) for account, number, text in rows if (number, text) != ("2", "fare")
    ]
    fares = [key.rpartition("#") for account, text, key in lines if text == "fare"]
    assert [number for _, _, number in fares] == ["1", "1", "2", "2", "3"]
    assert len({digest for digest, _, _ in fares}) == 1
    again = importer.accept("bank", file)
    assert (again.added, again.duplicate) == (0, 8)
    one_more = importer.accept("bank", file + "A,USD,1,2026-03-05,-3.20,fare\n")
    assert (one_more.added, one_more.duplicate) == (1, 8)
    check()


@SQLITE
def test_memory_does_not_grow_with_the_lines_of_a_statement(importer, monkeypatch):
    """A line kept in memory takes a thousand bytes and more; its number, and what reading it in this process takes, a hundred."""
    for module in (shares, numbered_lines):
        monkeypatch.setattr(module, "IN_MEMORY", 400)
    monkeypatch.setattr(numbered_lines, "CHUNK", 200)
    monkeypatch.setattr(batches, "_ROWS_AT_ONCE", 200)
    monkeypatch.setattr(importer_rows, "_REMEMBERED", 100)

    def peak(lines: int) -> int:
        rows = "".join(f"A,USD,2026-03-05,-3.20,Fare {number}\n" for number in range(lines))
        path = importer.path("bank_account,currency,booked_on,amount,description\n" + rows)
        tracemalloc.start()
        try:
            report = preview(importer.database, "bank", path, importer.options("bank"))
            assert report.added == lines
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(500)  # what is loaded once
    assert peak(6_000) - peak(1_000) < 5_000 * 200
