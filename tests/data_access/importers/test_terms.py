"""Notices, terms and payment contacts from files."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from data_access.exporting import as_csv
from data_access.policy_rows import policy_of
from data_access.queries.terms_sheet import terms_sheet
from data_access.schema import metadata
from data_access.scope import Scope
from domain.filters import Filters
from domain.policies import CountedFrom, FeeBase, LateFeeTerms, PartTerms, RestoralTerms, SuspensionDays
from tests.data_access.importers.conftest import Importer, reasons
from tests.look_alikes import KNOWN, look_alikes

NOTICES = "vendor,account_number,kind,dated,acts_on,amount,invoice_number,reference,channel,note,external_id\n"
POLICIES = (
    "vendor,effective_from,source,service_type,currency,fee_base,fee_basis_points,fee_minimum,fee_cap,fee_grace_days,"
    "fee_counted_from,suspends_earliest,suspends_likely,suspends_latest,restoral_fee,restoral_in_full,posting_days,calendar,part_basis_points,part_days\n"
)
TERMS = 'Lumina,2025-07-01,"Agreement, section 9",voice,USD,recurring,150,5.00,50.00,30,invoice date,45,47,52,35.00,no,"card 0, ach 2",US,5000,30\n'
CONTACTS = "vendor,kind,address,label,country,hours,found_in\n"


@pytest.fixture
def known(importer: Importer) -> Importer:
    importer.accept("sites", "code,name,country\nLON,London,GB\nDEN,Denver,US\n")
    importer.accept("accounts", "vendor,account_number,site\nLumina,A-1,LON\nLumina,A-2,DEN\n", create_missing=True)
    importer.accept(
        "invoices", "vendor,account_number,invoice_number,issued_on,amount\nLumina,A-1,INV-1,2024-01-31,12.50\n"
    )
    return importer


def counts(report: object) -> tuple[int, int, int]:
    return tuple(getattr(report, name) for name in ("added", "duplicate", "rejected"))  # type: ignore[return-value]


# Notices


def test_notices_land_once(known: Importer, check: Callable[[], None]) -> None:
    text = NOTICES + (
        'Lumina,A-1,suspension,2024-03-01,2024-03-11,"1,012.50",INV-1,LN-1,letter,,N-1\n'
        "Lumina,A-2,Late,2024-03-02,,,,,e-mail,pay soon,\n"
    )
    assert counts(known.accept("notices", text)) == (2, 0, 0)
    (bill,) = known.table("invoices", "id")
    assert known.table("notices", "kind", "dated", "acts_on", "amount", "invoice_id", "reference", "note") == [
        ("suspension", date(2024, 3, 1), date(2024, 3, 11), 101_250, bill, "LN-1", ""),
        ("late", date(2024, 3, 2), None, None, None, "", "pay soon"),
    ]
    assert counts(known.accept("notices", text)) == (0, 2, 0)
    check()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)  # decided before anything is written
def test_a_notice_that_cannot_be_is_rejected_alone(known: Importer, check: Callable[[], None]) -> None:
    refused = [
        ("Lumina,A-1,late,2024-03-01,2024-03-11,,,,,,\n", "acts_on", "names no day"),
        ("Lumina,A-1,suspension,2024-03-01,,,,,,,\n", "acts_on", "needed and empty"),
        ("Lumina,A-1,threat,2024-03-01,,,,,,,\n", "kind", "none of late, suspension, disconnection"),
        ("Lumina,A-1,late,2024-03-01,,-5.00,,,,,\n", "amount", "not above zero"),
        ("Lumina,A-1,late,2024-03-01,,$5.00,,,,,\n", "amount", "the account in GBP"),
        ("Lumina,A-1,late,2024-03-01,,,INV-9,,,,\n", "invoice_number", "Lumina A-1 has no such bill"),
        ("Lumina,A-9,late,2024-03-01,,,,,,,\n", "account_number", "there is no account of Lumina '••••9'"),
    ]
    report = known.accept(
        "notices", NOTICES + "Lumina,A-1,late,2024-03-01,,,,,,,\n" + "".join(row for row, _, _ in refused)
    )
    assert counts(report) == (1, 0, len(refused))
    for found, (_, column, reason) in zip(reasons(report), refused, strict=True):
        assert found[1] == column
        assert re.search(reason, found[3]), found[3]
    check()


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)  # decided before anything is written
def test_an_id_with_another_day_is_refused(known: Importer) -> None:
    row = "Lumina,A-1,suspension,2024-03-01,{},,,,,,N-1\n"
    known.accept("notices", NOTICES + row.format("2024-03-11"))
    report = known.accept("notices", NOTICES + row.format("2024-03-12"))
    assert [(r[1], r[3][:45]) for r in reasons(report)] == [
        ("acts_on", "id 'N-1' is in the ledger with another acts_o")
    ]


# Terms


def test_terms_land_and_say_the_same(importer: Importer, check: Callable[[], None]) -> None:
    assert counts(importer.accept("policies", POLICIES + TERMS, create_missing=True)) == (1, 0, 0)
    with importer.database.reading(Scope.all_sites()) as connection:
        row = connection.execute(metadata.tables["vendor_policies"].select()).one()
    policy = policy_of(row, "Lumina")
    assert policy.late_fee == LateFeeTerms(FeeBase.RECURRING, 150, 0, 500, 5_000, 30, CountedFrom.INVOICE)
    assert policy.suspension == SuspensionDays(45, 47, 52)
    assert policy.restoral == RestoralTerms(3_500, past_due_in_full=False)
    assert policy.part == PartTerms(5_000, 30)
    assert policy.posting_days == (("ach", 2), ("card", 0))
    assert (policy.service_type, policy.calendar, policy.acts_on_working_days) == ("voice", "US", True)
    assert counts(importer.accept("policies", POLICIES + TERMS)) == (0, 1, 0)
    assert importer.table("audit_log", "action", "entity") == [
        ("create", "vendors"), ("create", "vendor_policies"), ("import", "import_batches"), ("import", "import_batches")
    ]  # fmt: skip
    check()


def test_terms_are_not_edited_but_their_end_is_filled_in(importer: Importer) -> None:
    importer.accept("policies", POLICIES + TERMS, create_missing=True)
    other = importer.accept("policies", POLICIES + TERMS.replace("5.00,50.00", "6.00,50.00"))
    assert reasons(other)[0][1:] == (
        "fee_minimum",
        "6.00",
        "is '6.00' here and '5.00' in the terms of that day; terms are not edited: let the new ones begin on another day",
    )
    ended = POLICIES.replace("\n", ",effective_until\n") + TERMS.replace("\n", ",2026-07-01\n")
    assert counts(importer.accept("policies", ended)) == (1, 0, 0)
    assert importer.table("vendor_policies", "effective_until") == [date(2026, 7, 1)]
    assert counts(importer.accept("policies", ended)) == (0, 1, 0)
    assert counts(importer.accept("policies", POLICIES + TERMS)) == (0, 1, 0)
    assert counts(importer.accept("policies", ended.replace("2026-07-01", "2026-08-01"))) == (0, 0, 1)


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)  # decided before anything is written
def test_terms_that_contradict_themselves_are_rejected(importer: Importer) -> None:
    wrong = [
        (",USD,", ",,", "fee_minimum is an amount: name its currency"),
        ("45,47,52", "45,44,52", "rise from the earliest"),
        ("45,47,52", "45,,52", "give all three or none"),
        ("card 0", "card soon", "'card soon' is not a payment method"),
        (",US,", ",Texas,", "not a calendar"),
        (",150,", ",15000,", "is more than 10,000"),
        ("5000,30\n", "5000,\n", "less than all of a bill, and puts off by days"),
        ("5000,30\n", "10000,30\n", "is more than 9,999"),
        ("45,47,52", ",,", "a part payment puts off a suspension"),
        ("recurring,150,5.00,50.00", "none,150,5.00,50.00", "a base and an amount, or neither"),
    ]
    rows = "".join(TERMS.replace(old, new) for old, new, _ in wrong)
    report = importer.accept("policies", POLICIES + rows, create_missing=True)
    assert counts(report) == (0, 0, len(wrong))
    for found, (_, _, reason) in zip(reasons(report), wrong, strict=True):
        assert reason in found[3]
    assert importer.count("vendors") == 0


# Payment contacts


def test_contacts_land_unverified_and_blanks_are_filled(importer: Importer, check: Callable[[], None]) -> None:
    rows = (
        "Lumina,phone,(800) 555-0142,Business billing,US,,bill of March\nLumina,portal,https://pay.lumina.example,,,,\n"
    )
    assert counts(importer.accept("contacts", CONTACTS + rows, create_missing=True)) == (2, 0, 0)
    columns = ("kind", "address", "label", "state", "found_in", "proposed_by", "verified_by")
    assert importer.table("payment_contacts", *columns) == [
        ("phone", "+18005550142", "Business billing", "unverified", "bill of March", "tester", ""),
        ("portal", "https://pay.lumina.example", "", "unverified", "", "tester", ""),
    ]
    assert counts(importer.accept("contacts", CONTACTS + rows)) == (0, 2, 0)
    more = importer.accept("contacts", CONTACTS + "lumina,phone,+1 800 555 0142,,,Mo-Fr 08:00-20:00,\n")
    assert (counts(more), more.changed) == ((1, 0, 0), 1)
    assert importer.table("payment_contacts", "hours", kind="phone") == ["Mo-Fr 08:00-20:00"]
    check()


def test_look_alikes_do_not_land(importer: Importer) -> None:
    importer.accept("contacts", CONTACTS + "".join(f"Lumina,phone,{n},,,,\n" for n in KNOWN), create_missing=True)
    with importer.database.writer.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE payment_contacts SET state = 'verified', verified_by = 'ana', verified_at = '2026-01-05 00:00:00'"
        )
    rows = "".join(f"Lumina,phone,{number},,,,\n" for number, _ in look_alikes(200))
    report = importer.accept("contacts", CONTACTS + rows + "Lumina,phone,+1 202 555 0190,,,,\n")
    assert counts(report) == (1, 0, 200)
    assert importer.count("payment_contacts") == len(KNOWN) + 1


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)  # decided before anything is written
def test_an_address_that_is_none_is_rejected(importer: Importer) -> None:
    report = importer.accept(
        "contacts", CONTACTS + "Lumina,phone,ring us,,,,\nLumina,portal,http://x,,,,\n", create_missing=True
    )
    assert [(r[1], r[3].split(";")[0]) for r in reasons(report)] == [
        ("address", "'ring us' is not a telephone number"),
        ("address", "'http://x' is not the address of a portal"),
    ]


def test_who_sees_only_some_sites_adds_neither_terms_nor_contacts(known: Importer) -> None:
    own = Scope.of(known.table("sites", "id", code="LON"))
    assert counts(known.accept("policies", POLICIES + TERMS, scope=own)) == (0, 0, 1)
    assert counts(known.accept("contacts", CONTACTS + "Lumina,phone,+18005550142,,,,\n", scope=own)) == (0, 0, 1)
    rows = "Lumina,A-1,late,2024-03-01,,,,,,,\nLumina,A-2,late,2024-03-01,,,,,,,\n"
    assert counts(known.accept("notices", NOTICES + rows, scope=own)) == (1, 0, 1)


def test_exported_terms_can_be_imported_again(importer: Importer) -> None:
    importer.accept("policies", POLICIES + TERMS, create_missing=True)
    importer.accept("policies", "vendor,effective_from,source\nLumina,2024-01-01,Bare terms\n")
    with importer.database.reading(Scope.all_sites()) as connection:
        written = as_csv(terms_sheet(connection, Scope.all_sites(), Filters(as_of=date(2026, 1, 1))))
        nobody = terms_sheet(connection, Scope.all_sites(), Filters(as_of=date(2026, 1, 1), vendors=("Other",)))
    assert nobody.rows == []
    assert counts(importer.accept("policies", written.decode("utf-8-sig"))) == (0, 2, 0)
    other = written.decode("utf-8-sig").replace(",5000,30", ",6000,30")
    assert reasons(importer.accept("policies", other))[0][1] == "part_basis_points"
