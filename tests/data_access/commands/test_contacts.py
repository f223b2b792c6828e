"""The directory of payment contacts: who may verify what, and what is never verified."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.exc import DBAPIError

from data_access.commands.contacts import (
    ContactDraft,
    clear_report,
    propose_contact,
    report_contact,
    retire_contact,
    verify_contact,
)
from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.scope import Scope
from tests import factories as make
from tests.look_alikes import KNOWN, look_alikes

ALL = Scope.all_sites()
BILL = "printed on the bill of 5 March"
NUMBER = "+18005550142"


@pytest.fixture
def vendor(database):
    return make.vendor(database, "Lumina")


@pytest.fixture
def as_(database):
    """as_("ben", command, ...): the command in a transaction of that actor."""
    return lambda actor, command, *args: database.writing(actor, ALL, lambda w: command(w, ALL, *args))


def phone(vendor, number="(800) 555-0142", **values):
    return ContactDraft(**{"vendor_id": vendor, "kind": "phone", "address": number, "country": "US"} | values)


@pytest.fixture
def first(as_, vendor):
    """The vendor's first number, proposed and verified by ana."""
    contact_id = as_("ana", propose_contact, phone(vendor))
    as_("ana", verify_contact, contact_id, BILL)
    return contact_id


def test_the_first_number_may_be_verified_by_who_proposed_it(first, rows, told):
    (row,) = rows("payment_contacts")
    assert (row.address, row.state, row.proposed_by, row.verified_by, row.verified_in) == (
        NUMBER, "verified", "ana", "ana", BILL
    )  # fmt: skip
    assert row.verified_at == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
    assert told() == [("propose", "payment_contacts", first), ("verify", "payment_contacts", first)]


def test_a_changed_number_needs_a_second_person_and_retires_the_old_one(as_, vendor, first, refuses, rows):
    change = as_("ana", propose_contact, phone(vendor, "+1 303 555 0199", replaces_id=first))
    assert "somebody else must verify it" in refuses(LedgerRefusedError, verify_contact, ALL, change, BILL)
    as_("ben", verify_contact, change, "portal, 20 November")
    old, new = rows("payment_contacts")
    assert (new.state, new.verified_by) == ("verified", "ben")
    assert (old.state, old.ended_by, old.ended_because) == ("retired", "ben", "replaced by +13035550199")


def test_so_does_a_further_number_even_when_the_first_was_retired(as_, vendor, first, refuses):
    as_("ana", retire_contact, first, "line closed")
    second = as_("ana", propose_contact, phone(vendor, "+13035550199"))
    assert "somebody else" in refuses(LedgerRefusedError, verify_contact, ALL, second, BILL)


def test_a_report_that_is_cleared_does_not_make_the_next_number_the_first(as_, vendor, first, refuses):
    as_("ana", report_contact, first, "asked for a gift card")
    as_("ana", clear_report, first)
    second = as_("ana", propose_contact, phone(vendor, "+13035550199"))
    assert "somebody else" in refuses(LedgerRefusedError, verify_contact, ALL, second, BILL)
    as_("ana", verify_contact, first, "asked the account manager")


def test_of_two_numbers_proposed_together_only_one_is_the_first(as_, vendor, refuses):
    one = as_("ana", propose_contact, phone(vendor))
    two = as_("ana", propose_contact, phone(vendor, "+13035550199"))
    as_("ana", verify_contact, one, BILL)
    refuses(LedgerRefusedError, verify_contact, ALL, two, BILL)


def test_a_portal_is_not_a_number(as_, vendor, first, rows):
    portal = as_("ana", propose_contact, ContactDraft(vendor, "portal", "https://pay.lumina.example/business"))
    as_("ana", verify_contact, portal, "contract, page 2")
    assert [row.state for row in rows("payment_contacts")] == ["verified", "verified"]


def test_two_hundred_look_alikes_and_none_is_verified(database, as_, rows):
    """By a second person, who would be allowed to verify; each in the vendor's own directory."""
    vendor = make.vendor(database, "Lumina")
    known = [as_("ana", propose_contact, phone(vendor, number)) for number in KNOWN]
    for contact_id in known:
        as_("ben", verify_contact, contact_id, BILL)

    def attempt(writing):
        refused = 0
        for number, _kind in look_alikes(200):
            contact_id = propose_contact(writing, ALL, phone(vendor, number))
            writing.actor = "ben"
            with pytest.raises(LedgerRefusedError, match="it is not verified"):
                verify_contact(writing, ALL, contact_id, BILL)
            writing.actor = "ana"
            refused += 1
        return refused

    assert database.writing("ana", ALL, attempt) == 200
    states = [row.state for row in rows("payment_contacts")]
    assert (states.count("verified"), states.count("unverified")) == (len(KNOWN), 200)


def test_a_look_alike_of_another_vendors_number_is_named(as_, database, first, refuses):
    other = make.vendor(database, "Halden")
    contact_id = as_("ben", propose_contact, phone(other, "+18005550143"))
    message = refuses(LedgerRefusedError, verify_contact, ALL, contact_id, BILL)
    assert message.startswith(f"+18005550143 differs in one digit from a known number ({NUMBER}, Lumina)")


def test_a_number_that_is_only_proposed_makes_no_other_one_suspect(as_, vendor):
    as_("ana", propose_contact, phone(vendor, "+18005550143"))
    contact_id = as_("ana", propose_contact, phone(vendor))
    as_("ana", verify_contact, contact_id, BILL)


def test_anybody_may_report_a_contact_also_who_sees_one_site(database, first, rows, refuses):
    site = make.site(database)
    own = Scope.of([site])
    database.writing("site@x", own, lambda w: report_contact(w, own, first, "asked for a gift card"))
    (row,) = rows("payment_contacts")
    assert (row.state, row.ended_by, row.ended_because) == ("reported", "site@x", "asked for a gift card")
    for command in (report_contact, retire_contact):
        refuses(LedgerRefusedError, command, own, first, "again")
    refuses(LedgerRefusedError, verify_contact, ALL, first, BILL)


@pytest.mark.parametrize("dialect", ["postgresql"], indirect=True)
@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO payment_contacts (vendor_id, kind, address, proposed_by, proposed_at) VALUES (1, 'phone', '+1', 'x', now())",
        "UPDATE payment_contacts SET verified_by = 'x'",
        "UPDATE payment_contacts SET state = 'unverified', ended_at = NULL",
        "UPDATE payment_contacts SET state = 'retired', ended_at = now()",
        "INSERT INTO vendor_policies (vendor_id, effective_from, source) VALUES (1, '2026-01-01', 's')",
        "UPDATE vendor_policies SET effective_until = '2027-01-01'",
        "DELETE FROM payment_contacts",
    ],
)
def test_the_database_lets_who_sees_some_sites_do_no_more_than_report(database, as_, first, statement):
    as_("ana", report_contact, first, "asked for a gift card")
    own = Scope.of([make.site(database)])
    with pytest.raises(DBAPIError, match=r"permission denied|row-level security"):
        database.writing("x", own, lambda w: w.connection.exec_driver_sql(statement))


def test_who_sees_only_some_sites_proposes_and_verifies_nothing(vendor, first, refuses):
    own = Scope.of([1])
    for command, args in (
        (propose_contact, (phone(vendor, "+13035550199"),)),
        (verify_contact, (first, BILL)),
        (retire_contact, (first, "x")),
        (clear_report, (first,)),
    ):
        assert "every site" in refuses(LedgerRefusedError, command, own, *args)


@pytest.mark.parametrize(
    ("kind", "address", "words"),
    [
        ("phone", "ring us", "not a telephone number"),
        ("phone", "555", "not a telephone number"),
        ("portal", "http://pay.lumina.example", "not the address of a portal"),
        ("portal", "https://lumina.example@evil.example/", "not the address of a portal"),
        ("portal", "pay.lumina.example", "not the address of a portal"),
        ("fax", "https://pay.lumina.example", "not the address of a portal"),
    ],
)
def test_an_address_that_is_none_is_refused(vendor, refuses, kind, address, words):
    assert words in refuses(LedgerRefusedError, propose_contact, ALL, ContactDraft(vendor, kind, address))


def test_refusals_say_what_is_there(as_, vendor, first, refuses, database):
    again = refuses(LedgerRefusedError, propose_contact, ALL, phone(vendor, "+1-800-555-0142"))
    assert again == f"{NUMBER} is a contact of Lumina already (verified)"
    refuses(LedgerRefusedError, verify_contact, ALL, first, BILL)
    refuses(LedgerRefusedError, clear_report, ALL, first)
    refuses(LedgerRefusedError, report_contact, ALL, first, " ")
    refuses(NotFoundError, verify_contact, ALL, 987, BILL)
    refuses(NotFoundError, propose_contact, ALL, phone(987))
    elsewhere = phone(make.vendor(database, "Halden"), "+13035550199", replaces_id=first)
    assert "is not a phone contact of Halden" in refuses(LedgerRefusedError, propose_contact, ALL, elsewhere)
    unsaid = as_("ana", propose_contact, phone(vendor, "+13035550199"))
    assert "checked against" in refuses(LedgerRefusedError, verify_contact, ALL, unsaid, " ")


# What another program may not do, either


def write(database, **values):
    moment = datetime(2026, 1, 5, tzinfo=UTC)
    return make.add(
        database, "payment_contacts", **{"kind": "phone", "proposed_by": "x", "proposed_at": moment} | values
    )


def test_the_database_holds_the_second_person(database, vendor):
    checked = {"state": "verified", "verified_by": "x", "verified_at": datetime(2026, 1, 5, tzinfo=UTC)}
    first = write(database, vendor_id=vendor, address=NUMBER, **checked)
    with pytest.raises(DBAPIError, match="somebody other than who proposed it"):
        write(database, vendor_id=vendor, address="+13035550199", **checked)
    second = write(database, vendor_id=vendor, address="+13035550199")
    with pytest.raises(DBAPIError, match="somebody other than who proposed it"):
        change(database, second, "state = 'verified', verified_by = 'x', verified_at = '2026-01-06 00:00:00'")
    with pytest.raises(DBAPIError, match="ck_payment_contacts_second_person"):
        write(database, vendor_id=make.vendor(database, "Halden"), address="+13035550198", replaces_id=first, **checked)
    change(database, second, "state = 'verified', verified_by = 'y', verified_at = '2026-01-06 00:00:00'")


def change(database, contact_id, what):
    with database.writer.begin() as connection:
        connection.exec_driver_sql(f"UPDATE payment_contacts SET {what} WHERE id = {contact_id}")


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("address = '+13035550199'", "a number is not edited"),
        ("proposed_by = 'somebody'", "a number is not edited"),
        ("verified_by = 'z'", "not edited while it is verified"),
        ("state = 'retired'", "ck_payment_contacts_ended"),
        ("state = 'unverified', verified_by = '', ended_at = '2026-01-05 00:00:00'", "ck_payment_contacts_ended"),
    ],
)
def test_the_database_keeps_a_verified_contact_as_it_is(database, first, what, reason):
    with pytest.raises(DBAPIError, match=reason):
        change(database, first, what)


def test_a_retired_or_reported_contact_is_not_verified_by_an_edit(database, as_, first):
    as_("ana", report_contact, first, "asked for a gift card")
    with pytest.raises(DBAPIError, match="only an unverified one is verified"):
        change(database, first, "state = 'verified', ended_at = NULL")
    as_("ana", retire_contact, first, "not theirs")
    with pytest.raises(DBAPIError, match="a retired contact stays retired"):
        change(database, first, "state = 'unverified', ended_at = NULL")
    for statement in ("DELETE FROM payment_contacts",):
        with pytest.raises(DBAPIError, match="rows are kept"), database.writer.begin() as connection:
            connection.exec_driver_sql(statement)
