"""Reconciling in the browser: a statement dropped, what matched and why, accepted, undone, an exception explained, the pack printed."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from data_access.database import Database
from data_access.migrate import upgrade
from data_access.schema import accounts, bank_line_decisions, bank_lines, matches, payments
from data_access.scope import Scope
from domain.money import to_decimal
from seed.writing import generate, write
from tests.browser.conftest import PATIENCE_MS, serving, settle

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ALL = Scope.all_sites()
LINES = 4
LINE = "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>{day:%Y%m%d}<TRNAMT>-{amount}<FITID>{number}<NAME>ACH<MEMO>{memo}</STMTTRN>"
OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>{currency}
<BANKACCTFROM><BANKID>121000358<ACCTID>55512345<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>{first:%Y%m%d}
<DTEND>{last:%Y%m%d}{lines}</BANKTRANLIST><LEDGERBAL><BALAMT>1000.00<DTASOF>{last:%Y%m%d}</LEDGERBAL></STMTRS>
</STMTTRNRS></BANKMSGSRSV1></OFX>"""


@pytest.fixture
def ledger(tmp_path):
    """Three sites up to the real day."""
    database = Database(f"sqlite:///{tmp_path / 'ledger.db'}")
    upgrade(database)
    write(database, generate("tiny", 1, datetime.now(UTC).date()), "operator")
    yield database
    database.close()


@pytest.fixture
def statement(ledger, tmp_path):
    """The bank's word on the newest payments: three with their confirmation numbers, one without a word, and a fee."""
    a, p = accounts.c, payments.c
    with ledger.reading(ALL) as connection:
        found = connection.execute(
            select(payments, a.currency)
            .join(accounts, a.id == p.account_id)
            .where(p.kind == "payment", p.reversed_on.is_(None), p.posted_on.is_not(None), p.method != "card")
            .where(p.confirmation_number != "")
            .order_by(p.posted_on.desc(), p.id)
        ).all()
    ((currency, _),) = Counter(row.currency for row in found).most_common(1)
    paid = [row for row in found if row.currency == currency]
    numbers = [row.confirmation_number for row in paid]
    paid = [row for row in paid if numbers.count(row.confirmation_number) == 1][:LINES]
    assert len(paid) == LINES
    lines = [
        LINE.format(
            day=row.posted_on, amount=to_decimal(row.amount, row.currency), number=row.id,
            memo="DEBIT" if i == 0 else row.confirmation_number,
        )
        for i, row in enumerate(paid)
    ]  # fmt: skip
    last = max(row.posted_on for row in paid)
    lines.append(LINE.format(day=last, amount="15.00", number="fee", memo="MONTHLY SERVICE CHARGE"))
    path = tmp_path / "bank.ofx"
    first = min(row.posted_on for row in paid) - timedelta(days=1)
    path.write_text(OFX.format(currency=currency, first=first, last=last, lines="".join(lines)))
    return path


def test_a_statement_is_dropped_matched_undone_explained_and_printed(browser, ledger, statement):
    with serving(str(ledger.url)) as url:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=url, accept_downloads=True)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        goto(page, "/import?kind=bank")
        page.locator("input[type=file]").set_input_files(statement)
        page.get_by_role("button", name="Import 5 rows").click()
        page.get_by_role("button", name="Import another file").wait_for()

        goto(page, "/reconcile?view=To+match")
        page.get_by_role("heading", name="Three matches are certain").wait_for()
        why = page.get_by_role("table", name="Matches that are certain")
        page.set_viewport_size({"width": 800, "height": 900})  # reasons wrap where they do not fit
        fits = why.evaluate("table => table.getBoundingClientRect().right <= window.innerWidth")
        page.set_viewport_size({"width": 1280, "height": 900})
        assert fits
        assert "confirmation number exact" in page.get_by_role("table").first.inner_text()
        page.get_by_role("button", name="Match 3 at the bar").click()
        page.get_by_role("button", name="Match 3 bank lines with 3 payments").click()
        page.get_by_text("Matched 3 bank lines with 3 payments.").wait_for()
        assert standing(ledger) == 3

        page.get_by_role("heading", name="Two bank lines need a decision, 1 with a suggestion").wait_for()
        settle(page)
        page.keyboard.press("a")
        page.get_by_text("Matched with 1 payment; the next line follows.").wait_for()
        assert standing(ledger) == 4
        page.get_by_role("button", name="Undo the last decision").click()
        page.get_by_text("Taken back: the payment and the bank line are open again.").wait_for()
        assert standing(ledger) == 3
        page.get_by_text("2 of 2").wait_for()
        settle(page)
        page.keyboard.press("e")
        page.get_by_text("The line is explained as bank fee; the next line follows.").wait_for()
        with ledger.reading(ALL) as connection:
            assert list(connection.scalars(select(bank_line_decisions.c.reason))) == ["bank fee"]

        goto(page, "/reconcile?legs=Complete")
        page.get_by_role("heading", name="Three payments have all their legs").wait_for()
        page.get_by_role("button", name="Export").click()
        page.get_by_role("button", name="XLSX", exact=True).click()
        with page.expect_download() as download:
            page.get_by_role("button", name="Download XLSX").click()
        written = CalamineWorkbook.from_path(str(Path(download.value.path()))).get_sheet_by_index(0).to_python()
        assert sum(row.count("Complete") for row in written) == 3

        goto(page, "/balances")
        page.get_by_role("button", name="Month-end pack").click()
        page.get_by_role("button", name="Make the pack").click()
        made = page.get_by_role("button", name=re.compile(r"^\S* ?\w+ \d{4}, PDF$"))
        with page.expect_download() as download:
            made.click()
        printed = "\n".join(sheet.extract_text() for sheet in PdfReader(download.value.path()).pages)
        assert "Unmatched" in printed
        assert "Accruals" in printed
        context.close()


def goto(page, address):
    page.goto(address)
    settle(page)


def standing(ledger):
    """How many matches stand; each moves its line's counter."""
    with ledger.reading(ALL) as connection:
        rows = connection.execute(select(matches.c.undoes_id)).all()
        lines = connection.scalars(select(bank_lines.c.id).where(bank_lines.c.matched > 0)).all()
    number = sum(1 if row.undoes_id is None else -1 for row in rows)
    assert number == len(lines)
    return number
