"""The Import page: a file is looked at, refused or accepted, and never taken twice."""

import pytest
from sqlalchemy import select

from data_access.schema import import_batches, invoices
from data_access.scope import Scope
from tests.data_access.importers.wire.documents import STATEMENT, x12
from tests.pages.conftest import findings, texts

HEADER = "vendor,account_number,invoice_number,issued_on,amount,due_on\n"
GOOD = "Lumina,L-1234567,N1,2026-11-13,12.50,2026-12-13\n"
BAD = "Lumina,L-1234567,N2,2026-11-31,12.50,\nNobody,X,N3,2026-11-13,1.00,\n"


def drop(page, content, name="bills.csv"):
    page.get("file_uploader")[0].set_value(
        (name, content if isinstance(content, bytes) else content.encode(), "text/csv")
    ).run()
    assert not page.exception, page.exception[0].message
    return page


def bills(database):
    with database.reading(Scope.all_sites()) as connection:
        return sorted(connection.scalars(select(invoices.c.number).where(invoices.c.number.like("N%"))))


def batches(database):
    with database.reading(Scope.all_sites()) as connection:
        return connection.execute(select(import_batches)).all()


def captions(page):
    return "\n".join(caption.value for caption in page.caption)


def accept(page):
    page.button(key="import-accept").click().run()
    assert not page.exception, page.exception[0].message
    return page


def test_before_anything_was_imported(small_ledger, draw):
    page = draw("import")
    assert findings(page) == ["No import yet"]
    assert "vendor, account_number, invoice_number, issued_on, amount" in captions(page)


def test_bad_rows_are_told_and_good_ones_land_once(database, small_ledger, draw):
    page = drop(draw("import", kind="invoices"), HEADER + GOOD + BAD)
    assert findings(page)[:2] == ["1 of 3 rows can be imported, 2 are rejected", "Two rows are rejected"]
    assert "encoding **utf-8**" in captions(page)
    told = str([table.value.to_dict() for table in page.table])
    assert "2026-11-31" in told
    assert "tick Create missing" in told
    assert not bills(database)  # nothing is written before it is accepted

    accept(page)
    assert findings(page)[0] == "1 of 3 rows were imported, 2 are rejected"
    assert bills(database) == ["N1"]
    (batch,) = batches(database)
    assert (batch.rows_read, batch.added, batch.duplicate, batch.rejected) == (3, 1, 0, 2)
    assert (batch.actor, batch.file_name) == ("tester", "bills.csv")

    again = drop(draw("import", kind="invoices"), HEADER + GOOD)
    assert findings(again)[0] == "Every row of this file is there already"
    assert not [button for button in again.button if button.key == "import-accept"]
    past = draw("import", batch=str(batch.id))
    assert "Two rows of bills.csv were rejected" in findings(past)


def test_an_ambiguous_date_is_asked_for(database, small_ledger, draw):
    page = drop(
        draw("import", kind="invoices"), HEADER + GOOD.replace("2026-11-13", "03/04/2026").replace("2026-12-13", "")
    )
    assert "under Dates" in page.error[0].value
    page.selectbox(key="import-invoices-order").set_value("Day first").run()
    assert findings(page)[0] == "1 of 1 row can be imported"
    assert "day first" in captions(page)


def test_columns_are_mapped_and_constants_given(database, small_ledger, draw):
    content = "Supplier,Account,Bill,Date,Total\nLumina,L-1234567,N7,2026-11-13,5.00\n"
    page = drop(draw("import", kind="invoices"), content)
    assert "no column for vendor" in page.error[0].value
    for name, title in (
        ("account_number", "Account"),
        ("invoice_number", "Bill"),
        ("issued_on", "Date"),
        ("amount", "Total"),
    ):
        page.selectbox(key=f"import-invoices-column-{name}").set_value(title)
    page.selectbox(key="import-invoices-column-vendor").set_value("The same for every row").run()
    page.text_input(key="import-invoices-constant-vendor").set_value("Lumina").run()
    assert findings(page)[0] == "1 of 1 row can be imported"
    accept(page)
    assert bills(database) == ["N7"]


@pytest.mark.parametrize(("content", "told"), [(b"", "empty"), (b"%PDF-1.7", "PDF"), (b"\x89PNG", "picture")])
def test_a_file_that_is_no_table_is_refused_in_place(small_ledger, draw, content, told):
    page = drop(draw("import"), content)
    assert told in page.error[0].value
    assert "bills.csv" in page.error[0].value


def test_rows_of_other_sites_are_rejected(database, small_ledger, draw):
    page = drop(draw("import", sites=[small_ledger["cologne"]], kind="invoices"), HEADER + GOOD)
    assert findings(page)[0] == "Nothing new in this file"
    assert "Pueblo" not in texts(page)


BANK = "Account,Date,Spent\nCard 1,05/03/2026,30.00\n"


def by_hand(page):
    for name, title in (("bank_account", "Account"), ("booked_on", "Date"), ("amount", "Spent")):
        page.selectbox(key=f"import-bank-column-{name}").set_value(title)
    page.selectbox(key="import-bank-column-currency").set_value("The same for every row").run()
    page.text_input(key="import-bank-constant-currency").set_value("USD")
    page.selectbox(key="import-bank-order").set_value("Day first")
    page.checkbox(key="import-bank-reversed").check().run()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_how_a_file_was_read_is_saved_and_found_for_the_next_one(database, small_ledger, draw):
    page = drop(draw("import", kind="bank"), BANK, "may.csv")
    assert "import-bank-create" not in [box.key for box in page.checkbox]
    by_hand(page)
    page.text_input(key="import-bank-mapping-name").set_value("Card")
    page.button(key="import-mapping-accept").click().run()
    assert not page.exception
    assert page.selectbox(key="import-bank-mapping").value == "Card"

    # Somebody else, the next month.
    later = drop(draw("import", kind="bank"), BANK.replace("05/03", "05/04"), "june.csv")
    assert later.selectbox(key="import-bank-mapping").value == "Card"
    assert findings(later)[0] == "1 of 1 row can be imported"
    assert "30.00" in later.table[0].value["Movements"][0]
    assert later.table[0].value["Movements"][0].startswith(("-", "\N{MINUS SIGN}"))
    other = drop(draw("import", kind="bank"), BANK.replace("Spent", "Sum"), "other.csv")
    assert other.selectbox(key="import-bank-mapping").value == "None"
    other.selectbox(key="import-bank-mapping").set_value("Card").run()
    assert not other.exception
    assert other.checkbox(key="import-bank-reversed").value
    assert "no column for" in other.error[0].value
    other.button(key="import-mapping-delete-it").click().run()
    assert not other.exception
    assert "import-bank-mapping" not in [box.key for box in other.selectbox]


def test_a_wrong_envelope_is_refused_until_its_override_is_ticked(database, small_ledger, draw):
    body = [each.replace("A-1", "L-1234567").replace("ST-1", "N8") for each in STATEMENT]
    wrong = x12("811", *body).replace("SE*16*", "SE*15*")
    page = drop(draw("import", kind="edi"), wrong, "statement.edi")
    assert "says 15, there are 16 segments" in page.error[0].value
    assert "tick Take it though its envelope is wrong" in page.error[0].value
    assert not [button for button in page.button if button.key == "import-accept"]

    page.checkbox(key="import-edi-envelope").check().run()
    assert not page.error
    assert findings(page)[0] == "4 of 4 rows can be imported"
    assert "taken though its envelope is wrong" in captions(page)
    assert not bills(database)
    accept(page)
    assert bills(database) == ["N8"]


def test_what_a_document_leaves_out_is_given_under_columns(database, small_ledger, draw):
    body = [each.replace("ST-1", "N9") for each in STATEMENT if not each.startswith(("N1", "REF"))]
    page = drop(draw("import", kind="edi"), x12("811", *body), "statement.edi")
    assert findings(page)[0] == "Nothing new in this file"
    assert "give it for every row as vendor under Columns" in captions(page)
    for name, text in (("vendor", "Lumina"), ("account_number", "L-1234567")):
        page.selectbox(key=f"import-edi-column-{name}").set_value("The same for every row").run()
        page.text_input(key=f"import-edi-constant-{name}").set_value(text).run()
    accept(page)
    assert bills(database) == ["N9"]
