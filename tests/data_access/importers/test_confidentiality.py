"""A file's card numbers go nowhere: not into rows, rejects, options or the trail. Account numbers are told masked."""

import json
from datetime import date
from pathlib import Path

import pytest

from data_access.importers.batches import preview
from data_access.importers.errors import ImportRefusedError, ImportUsageError
from data_access.importers.kinds import KINDS, Form
from data_access.scope import Scope
from tests.card_numbers import account_numbers, written_cards
from tests.data_access.importers.conftest import Importer
from tests.data_access.importers.reading.files import workbook
from tests.data_access.test_free_text import found_in, kept
from tests.domain.test_card_numbers import VISA

TEXTS = (Form.IDENTIFIER, Form.TEXT, Form.NOTES)
NUMBER = "4415-0098-7731"
GOOD = {
    "vendor": "Lumina",
    "account_number": NUMBER,
    "site": "HQ",
    "code": "HQ2",
    "name": "Headquarters",
    "currency": "USD",
    "quote": "EUR",
    "on_date": "2024-01-31",
    "rate": "1.1",
    "invoice_number": "INV-1",
    "issued_on": "2024-01-31",
    "amount": "12.50",
    "service": "circuit",
    "paid_on": "2024-01-31",
    "payment": "P-1",
    "started_at": "2024-01-31 12:00",
    "dated": "2024-01-31",
    "statement_on": "2024-01-31",
    "open_amount": "12.50",
    "quantity": "60",
    "effective_from": "2024-01-01",
    "source": "Terms of service",
    "address": "+1 800 555 0142",
}
KIND_OF = {"notices": "late", "contacts": "phone", "statements": "invoice"}


@pytest.fixture
def known(importer: Importer) -> Importer:
    importer.accept("sites", "code,name,country\nHQ,Headquarters,US\nLAB,Laboratory,US\n")
    importer.accept("accounts", f"vendor,account_number,site\nLumina,{NUMBER},HQ\n", create_missing=True)
    return importer


def rows_with(kind: str, fields: list[str]) -> str:
    """A file of all columns of a kind, with a card number in one of `fields` in each row."""
    names = [each.name for each in KINDS[kind].fields]
    needed = {each.name for each in KINDS[kind].fields if each.needed} | {*KINDS[kind].either[:1]}
    good = GOOD | {"kind": KIND_OF.get(kind, "")}
    rows = [
        ",".join(VISA if name == field else good[name] if name in needed else "" for name in names) for field in fields
    ]
    return "\n".join([",".join(names), *rows]) + "\n"


def test_every_text_column_of_every_kind_is_looked_at(known: Importer) -> None:
    """Of a bank's line the number is taken out instead; documents of trading partners are no tables."""
    for kind in KINDS.values():
        if kind.name == "bank" or kind.wire:
            continue
        own = {"account_number"} if kind.name == "accounts" else set()
        fields = [each.name for each in kind.fields if each.form in TEXTS and each.name not in own]
        report = known.accept(kind.name, rows_with(kind.name, fields), create_missing=True)
        assert [reject.column for reject in report.rejects] == fields, kind.name
        for reject in report.rejects:
            assert "ending in 11" in reject.reason
            assert "import the account first" in reject.reason
    assert VISA not in kept(known.database)


def test_of_a_line_of_the_bank_the_number_is_taken_out(known: Importer) -> None:
    names = ("counterparty", "description", "reference", "check_number", "statement")
    header = ",".join(("bank_account", "currency", "booked_on", "amount", *names))
    rows = [
        ",".join(("0042", "USD", "2024-01-31", f"{n}.00", *(VISA if name == field else "" for name in names)))
        for n, field in enumerate(names, start=1)
    ]
    report = known.accept("bank", "\n".join([header, *rows]) + "\n")
    assert (report.added, report.rejected) == (len(names), 0)
    assert VISA not in kept(known.database)


def test_a_document_of_a_partner_with_a_card_number_is_rejected(known: Importer) -> None:
    head = "ISA*00*          *00*          *ZZ*S              *ZZ*R              *240131*1200*U*00501*000000001*0*P*>~"
    bill = f"GS*IN*S*R*20240131*1200*1*X*005010~ST*810*0001~BIG*20240131*I-1~IT1*1*1*EA*5.00~PID*F****paid by {VISA}~TDS*500~"
    report = known.accept(
        "edi",
        f"{head}{bill}SE*6*0001~GE*1*1~IEA*1*000000001~",
        constants={"vendor": "Lumina", "account_number": NUMBER},
    )
    assert (report.added, report.rejected) == (0, 1)
    assert "ending in 11" in report.rejects[0].reason
    assert VISA not in kept(known.database)


def test_of_many_card_numbers_in_a_file_none_is_kept(known: Importer) -> None:
    """In notes, in columns that nobody reads, and in rows that are rejected for something else."""
    cards = written_cards(300, seed=31)
    lines = ["vendor,account_number,started_at,notes,what"]
    for n, (_, _, text) in enumerate(cards):
        quoted = text.replace('"', "")
        notes, unread = (f'"{quoted}"', "x") if n % 3 else ("fine", f'"{quoted}"')
        when = "2024-01-31 12:00" if n % 3 == 1 else "never"
        lines.append(f"Lumina,{NUMBER},{when},{notes},{unread}")
    report = known.accept("calls", "\n".join(lines) + "\n")
    assert (report.added, report.rejected) == (0, 300)
    assert found_in(kept(known.database), cards) == []
    assert found_in(json.dumps(report.as_json(), ensure_ascii=False), cards) == []


def test_the_cell_goes_whole_and_says_what_it_was(known: Importer) -> None:
    text = f"vendor,account_number,started_at,notes\nLumina,{NUMBER},2024-01-31 12:00,{VISA} exp 12/27 cvv 987\n"
    (reject,) = known.accept("calls", text).rejects
    assert reject.value == "[card number ending in 11]"
    assert json.loads(known.table("import_rejects", "row_text")[0]) == {
        "vendor": "Lumina",
        "account_number": "••••7731",
        "started_at": "2024-01-31 12:00",
        "notes": "[card number ending in 11]",
    }


def test_a_card_number_typed_as_a_number_in_a_workbook(known: Importer, tmp_path: Path) -> None:
    """A workbook keeps 15 digits: of 16 the last is lost, and 15 of them still are almost all of it."""
    head = ["vendor", "account_number", "started_at", "notes", "other"]
    rows = [
        head,
        ["Lumina", NUMBER, "2024-01-31 12:00", 4111111111111110, "x"],
        ["Lumina", NUMBER, "2024-01-31 12:00", 378282246310005, "x"],
        ["Lumina", NUMBER, "never", "x", 5105105105105100],
    ]
    report = known.accept("calls", workbook(tmp_path / "c.xlsx", {"S": rows}))
    assert report.rejected == 3
    stored = kept(known.database) + json.dumps(report.as_json())
    for digits in ("41111111", "37828224", "51051051"):
        assert digits not in stored.replace(".", "")


def test_an_accounts_file_says_that_a_number_is_an_account(known: Importer) -> None:
    """The way round: with the account there, its number may be written, and a file may name it."""
    bill = f"vendor,account_number,invoice_number,issued_on,amount\nLumina,{VISA},INV-1,2024-01-31,12.50\n"
    assert known.accept("invoices", bill, create_missing=True).rejects[0].column == "account_number"
    assert known.accept("accounts", f"vendor,account_number,site\nLumina,{VISA},HQ\n").added == 1
    assert known.accept("invoices", bill).added == 1
    noted = f"vendor,account_number,started_at,notes\nLumina,{VISA},2024-01-31 12:00,about account {VISA}\n"
    assert known.accept("calls", noted).added == 1
    # Somebody who does not see that site cannot tell the number from a card's.
    lab = known.table("sites", "id", code="LAB")[0]
    other = known.accept("calls", noted, scope=Scope.of([lab]))
    assert VISA not in other.rejects[0].reason
    assert "ending in 11" in other.rejects[0].reason


def test_what_is_said_of_the_file_is_looked_at_too(known: Importer) -> None:
    text = "vendor,account_number,started_at\nLumina,A-1,2024-01-31 12:00\n"
    for maps, options in (
        ([f"notes=={VISA}"], {}),
        ([f"notes={VISA}"], {}),
        ([], {"source": f"card {VISA}"}),
        ([], {"sheet": VISA}),
    ):
        with pytest.raises(ImportUsageError, match="ending in 11") as error:
            known.accept("calls", text, *maps, **options)
        assert VISA not in str(error.value)
    # A file without column names: the refusal quotes its first line.
    with pytest.raises(ImportRefusedError) as error:
        known.accept("calls", f"Lumina,A-1,{VISA}\n")
    assert VISA not in str(error.value)
    path = known.path(text, f"card {VISA}.csv")
    report = preview(known.database, "calls", path, known.options("calls"))
    assert report.file == "card [card number ending in 11].csv"


def test_few_account_numbers_are_taken_for_cards(importer: Importer) -> None:
    importer.accept("sites", "code,name,country\nHQ,Headquarters,US\n")
    numbers = sorted(set(account_numbers(300, seed=32)))
    lines = [f"Lumina,{number},INV-{n},2024-01-31,1.00\n" for n, number in enumerate(numbers)]
    head = "vendor,account_number,invoice_number,issued_on,amount\n"
    report = importer.accept("invoices", head + "".join(lines), "currency==USD", create_missing=True)
    assert 0 < report.rejected <= 0.03 * len(numbers)
    # All of them land once an accounts file has said what they are.
    accounts = "vendor,account_number,site\n" + "".join(f"Lumina,{number},HQ\n" for number in numbers)
    importer.accept("accounts", accounts)
    again = importer.accept("invoices", head + "".join(lines))
    assert (again.rejected, again.added) == (0, report.rejected)


def test_account_numbers_are_told_masked(known: Importer) -> None:
    """In reasons, values, suggestions, rows kept and rows shown; also of a row that does not fit its head."""
    near, second = "4415-0098-7713", "9999-0000-1234"
    head = "vendor,account_number,invoice_number,issued_on,amount\n"
    text = head + f"Lumina,{near},INV-1,2024-01-31,1.00\nLumina,{second},INV-1,2024-01-31,1.00\n"
    text += f"Lumina,extra,{NUMBER},INV-1,2024-01-31,1.00\n"
    report = known.accept("invoices", text)
    assert [reject.value for reject in report.rejects] == ["••••7713", "••••1234", ""]
    assert report.rejects[0].reason == (
        "there is no account of Lumina '••••7713' (did you mean '••••7731'?); import it first, or use --create-missing"
    )
    payments = "vendor,account_number,paid_on,amount,invoice_number\n" + f"Lumina,{NUMBER},2024-01-31,1.00,INV-7\n"
    assert "Lumina ••••7731 has no bill" in known.accept("payments", payments).rejects[0].reason
    parts = "vendor,account_number,payment,invoice_number,amount\n" + f"Lumina,{NUMBER},P-9,INV-7,1.00\n"
    assert "Lumina ••••7731 has no payment" in known.accept("allocations", parts).rejects[0].reason
    told = " ".join([*known.table("import_rejects", "row_text"), *known.table("import_rejects", "reason")])
    told += repr(report.sample) + " ".join(known.table("import_rejects", "value"))
    for number in (NUMBER, near, second):
        assert number not in told
        assert number[:9] not in told
    named = known.preview("invoices", "vendor,invoice_number,issued_on,amount\nLumina,INV-8,2024-01-31,1\n",
                          f"account_number=={NUMBER}")  # fmt: skip
    assert named.added == 1
    assert NUMBER not in known.options("invoices", [f"account_number=={NUMBER}"]).as_text()
    assert date(2024, 1, 31).isoformat() in told  # the rest of a row stays readable
