"""Documents to print: what the evidence of a payment says, on both databases; and that a PDF is the same everywhere."""

import io
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader

from data_access.commands.calls import CallDraft, log_call
from data_access.commands.contacts import ContactDraft, propose_contact, report_contact, verify_contact
from data_access.commands.payments import PaymentDraft, post_payment, return_payment
from data_access.printed.call_sheet import call_sheet_document
from data_access.printed.document import Document, Section, Table, as_pdf
from data_access.printed.evidence import NO_BANK, evidence_document
from data_access.queries.call_sheet import call_sheet
from data_access.queries.evidence import payment_evidence
from data_access.scope import Scope
from tests import factories as make

ALL = Scope.all_sites()
NUMBER = "+18005550142"
DAY = date(2026, 11, 20)


@pytest.fixture
def paid(database):
    """An account 12345678 with one bill, paid by card on a call to a verified number: .run, and the ids."""
    site = make.site(database, timezone="America/Denver")
    vendor = make.vendor(database)
    account = make.account(database, site, vendor, "12345678")
    bill = make.invoice(
        database, {"account_id": account, "site_id": site}, "B-1", date(2026, 10, 1), date(2026, 10, 21), 10000
    )

    def run(command, *args):
        return database.writing("ana", ALL, lambda writing: command(writing, ALL, *args))

    hours = {"hours": "Mo-Fr 08:00-20:00", "timezone": "America/New_York", "menu_path": "1, 2", "asks_for": "PIN"}
    contact = run(propose_contact, ContactDraft(vendor, "phone", NUMBER, country="US", **hours))
    run(verify_contact, contact, "printed on the bill")
    draft = CallDraft(
        account, datetime(2026, 11, 19, 17, 30, tzinfo=UTC), NUMBER, agent="Dana", caller="Ana", outcome="paid",
        confirmation_number="LM-77", notes="Account 1234-5678",
    )  # fmt: skip
    _, payment = run(log_call, draft, PaymentDraft(account, date(2026, 11, 19), 6000, "card", apply={bill: 6000}))
    return {"run": run, "account": account, "payment": payment, "contact": contact, "site": site}


def evidence(database, paid, scope=ALL, day=DAY):
    with database.reading(scope) as connection:
        return payment_evidence(connection, scope, payment_id=paid["payment"], as_of=day)


def text_of(content):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_the_evidence_says_what_happened_and_what_is_missing(database, paid):
    found = evidence(database, paid)
    text = text_of(as_pdf(evidence_document(found)))
    for said in (
        "Payment of USD 60.00", "LM-77", "Dana", "19 Nov 2026, 10:30 MST", "+1 800-555-0142",
        "verified when the call was logged", "printed on the bill", "B-1", "••••5678", NO_BANK, "Logged a call: paid",
        "The payment is pending: neither vendor nor bank has shown it.",
    ):  # fmt: skip
        assert said in text
    for event in found.events:
        assert event.hash in text.replace("\n", "")
    assert {(event.action, event.entity) for event in found.events} == {
        ("log", "calls"), ("record", "payments"), ("allocate", "payments"),
    }  # fmt: skip
    assert "12345678" not in text
    assert "1234-5678" not in text
    assert "12345678" in text_of(as_pdf(evidence_document(found, "12345678")))


def test_the_bank_line_is_told_to_who_sees_every_site(database, paid):
    """Booked and matched on the 20th, undone when that day is over everywhere (noon UTC of the 21st); of no site's statement."""
    where = {"account_id": paid["account"], "site_id": paid["site"]}
    period = {"period_start": date(2026, 11, 1), "period_end": date(2026, 12, 1), "opening": 0, "closing": -6000}
    statement = make.add(
        database, "bank_statements", bank_account="Operating", kind="card", currency="USD", source="bank", **period
    )
    line = {"booked_on": DAY, "amount": -6000, "currency": "USD", "description": "LUMINA BILLPAY", "reference": "77"}
    line |= {"bank_account": "Operating", "import_key": "id:1"}
    line_id = make.add(database, "bank_lines", statement_id=statement, **line)
    match = {"payment_id": paid["payment"], "bank_line_id": line_id, "amount": 6000, "decided_by": "ana"}
    first = make.add(database, "matches", **where, **match, decided_at=datetime(2026, 11, 20, 12, tzinfo=UTC))
    make.add(database, "matches", **where, **match, decided_at=datetime(2026, 11, 21, 12, tzinfo=UTC), undoes_id=first)

    text = text_of(as_pdf(evidence_document(evidence(database, paid))))
    assert "LUMINA BILLPAY, 77" in text
    assert NO_BANK not in text
    text = text_of(as_pdf(evidence_document(evidence(database, paid, Scope.of([paid["site"]])))))
    assert "LUMINA" not in text
    assert "told to who sees every site" in text
    assert (
        evidence(database, paid, day=date(2026, 11, 21)).bank
        == evidence(database, paid, day=date(2026, 11, 19)).bank
        == ()
    )


def test_what_the_number_was_then_stays_what_it_was(database, paid):
    paid["run"](report_contact, paid["contact"], "asked for a gift card")
    stood = evidence(database, paid).number
    assert (stood.standing, stood.then, stood.contact.state) == ("verified", True, "reported")


def test_the_evidence_follows_the_payment(database, paid):
    paid["run"](post_payment, paid["payment"], DAY)
    text = text_of(as_pdf(evidence_document(evidence(database, paid))))
    assert "pending" not in text.partition("Audit trail")[0]
    assert "Posted on 20 Nov 2026" in text
    paid["run"](return_payment, paid["payment"], date(2026, 11, 24), "no funds")
    assert "came back on 24 Nov 2026" in text_of(
        as_pdf(evidence_document(evidence(database, paid, day=date(2026, 11, 24))))
    )
    assert "came back" not in text_of(as_pdf(evidence_document(evidence(database, paid)))).partition("Audit trail")[0]


def test_there_is_no_evidence_outside_the_scope_or_before_its_day(database, paid):
    assert evidence(database, paid, Scope.of([])) is None
    assert evidence(database, paid, Scope.of([paid["site"] + 1])) is None
    assert evidence(database, paid, day=date(2026, 11, 18)) is None
    assert evidence(database, paid, Scope.of([paid["site"]])).events == evidence(database, paid).events


def test_the_call_sheet_says_whom_to_ring_and_what_to_ask(database, paid):
    now = datetime(2026, 11, 20, 15, tzinfo=UTC)
    with database.reading(ALL) as connection:
        sheet = call_sheet(connection, ALL, paid["account"], as_of=DAY)
    text = text_of(as_pdf(call_sheet_document(sheet, now)))
    for said in (
        "+1 800-555-0142", "Open now until 20:00 EST, 18:00 MST at the site", "They ask for: PIN", "USD 40.00",
        "confirmation LM-77 arrived?", "••••5678",
    ):  # fmt: skip
        assert said in " ".join(text.split())
    paid["run"](report_contact, paid["contact"], "asked for a gift card")
    with database.reading(ALL) as connection:
        sheet = call_sheet(connection, ALL, paid["account"], as_of=DAY)
    assert "Nobody has verified a number of Lumina" in text_of(as_pdf(call_sheet_document(sheet, now)))


HOSTILE = '#panic("no") *bold* $x$ \\u{41} @ref <label> // `raw` = head'


def test_the_same_document_gives_the_same_file_and_text_is_never_markup():
    table = Table(("A", "B"), [[HOSTILE, "1"], ["Total", "1"]], right=(1,), totals=1)
    section = Section("S", [("Name", HOSTILE), ("Empty", "")], table, [HOSTILE], [HOSTILE])
    document = Document(HOSTILE, "Łódź, Köln, Ελλάδα", [section], "footer")
    made = as_pdf(document)
    assert made == as_pdf(document)
    text = " ".join(text_of(made).split())
    assert text.count('#panic("no") *bold* $x$') == 5
    assert "Łódź, Köln, Ελλάδα" in text
    assert "Empty" not in text


def test_only_the_fonts_that_come_with_it_are_used():
    page = PdfReader(io.BytesIO(as_pdf(Document("Title", "text", [Section("Head", lines=["a"])], "f")))).pages[0]
    names = {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in page["/Resources"]["/Font"].values()}
    assert names == {"IBMPlexSans", "IBMPlexSans-Bold"}
