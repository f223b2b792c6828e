"""Logging calls, with the payment made on the call, and correcting them."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from data_access.commands.calls import CallDraft, log_call
from data_access.commands.payments import PaymentDraft
from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.queries.calls import call_rows
from data_access.scope import Scope
from domain.allocation import OverpaidInvoiceError
from domain.filters import Filters
from tests import factories as make
from tests.look_alikes import KNOWN, look_alikes

ALL = Scope.all_sites()
AT = datetime(2026, 3, 10, 9, 30, tzinfo=timezone(timedelta(hours=-5)))


@pytest.fixture
def call(where):
    def make_draft(**values):
        fields = {"account_id": where["account_id"], "started_at": AT, "number": "+18005550100", "purpose": "payment"}
        return CallDraft(**fields | values)

    return make_draft


@pytest.fixture
def paying(where):
    def make_draft(amount, **values):
        fields = {"account_id": where["account_id"], "paid_on": date(2026, 3, 10), "amount": amount, "method": "card"}
        return PaymentDraft(**fields | values)

    return make_draft


def test_a_call_alone(run, call, rows, told, where):
    call_id, payment_id = run(log_call, ALL, call(caller_verified="yes", promised_on=date(2026, 3, 20)))
    assert payment_id is None
    (row,) = rows("calls")
    assert (row.id, row.site_id, row.caller_verified, row.promised_on) == (
        call_id,
        where["site_id"],
        "yes",
        date(2026, 3, 20),
    )
    assert row.started_at == datetime(2026, 3, 10, 14, 30, tzinfo=UTC)
    assert told() == [("log", "calls", call_id)]


def test_a_payment_made_on_the_call_lands_with_it(run, call, paying, bills, rows, told, open_now):
    call_id, payment_id = run(log_call, ALL, call(confirmation_number="C-77"), paying(10000))
    (payment,) = rows("payments")
    # It takes the call's confirmation number and its channel.
    assert (payment.id, payment.call_id, payment.channel) == (payment_id, call_id, "phone")
    assert payment.confirmation_number == "C-77"
    assert open_now()["J"] == 0
    assert [event[:2] for event in told()] == [("log", "calls"), ("record", "payments"), ("allocate", "payments")]


def test_a_payments_own_confirmation_number_stays(run, call, paying, bills, rows):
    run(log_call, ALL, call(confirmation_number="C-77"), paying(1, confirmation_number="P-1"))
    assert rows("payments")[0].confirmation_number == "P-1"


def test_with_a_refused_payment_the_call_is_not_there_either(refuses, call, paying, bills, other):
    refuses(OverpaidInvoiceError, log_call, ALL, call(), paying(20000, apply={bills["jan"]: 10001}))
    refuses(LedgerRefusedError, log_call, ALL, call(), paying(100, account_id=other["account_id"]))


def test_a_correction_names_the_call_that_it_replaces(run, call, rows, told, database):
    first, _ = run(log_call, ALL, call(notes="paid 40"))
    second, _ = run(log_call, ALL, call(notes="paid 14"), amends_id=first)
    assert [(row.id, row.amends_id, row.notes) for row in rows("calls")] == [
        (first, None, "paid 40"),
        (second, first, "paid 14"),
    ]
    assert told() == [("log", "calls", first), ("amend", "calls", second)]
    event = rows("audit_log")[1]
    assert (json.loads(event.before)["notes"], json.loads(event.after)["notes"]) == ("paid 40", "paid 14")
    with database.reading(Scope.all_sites()) as connection:
        shown = call_rows(connection, ALL, Filters(as_of=date(2026, 3, 11)))
    assert [row.id for row in shown] == [second]


def test_a_call_is_corrected_once_and_within_its_account(run, refuses, call, other):
    first, _ = run(log_call, ALL, call())
    run(log_call, ALL, call(), amends_id=first)
    assert "amend that one" in refuses(LedgerRefusedError, log_call, ALL, call(), amends_id=first)
    foreign, _ = run(log_call, ALL, call(account_id=other["account_id"]))
    refuses(NotFoundError, log_call, ALL, call(), amends_id=foreign)
    refuses(NotFoundError, log_call, ALL, call(), amends_id=987)


@pytest.mark.parametrize("values", [{"direction": "sideways"}, {"caller_verified": "maybe"}, {"duration_s": -1}])
def test_words_that_the_log_does_not_know_are_refused(refuses, call, values):
    refuses(LedgerRefusedError, log_call, ALL, call(**values))


def test_a_foreign_account_cannot_be_told_from_none(refuses, call, other, own):
    foreign = refuses(NotFoundError, log_call, own, call(account_id=other["account_id"]))
    none = refuses(NotFoundError, log_call, own, call(account_id=987))
    assert foreign.replace(str(other["account_id"]), "N") == none.replace("987", "N")


@pytest.fixture
def directory(database, where):
    """Every known number verified, one more reported, one retired."""
    vendor = make.vendor(database, "Directory")
    entered = {"vendor_id": vendor, "kind": "phone", "proposed_by": "x", "proposed_at": AT}
    for number in KNOWN:
        checked = {"state": "verified", "verified_by": "y", "verified_at": AT}
        make.add(database, "payment_contacts", address=number, **entered, **checked)
    for number, state in (("+13035550177", "reported"), ("+13035550188", "retired")):
        make.add(database, "payment_contacts", address=number, state=state, ended_at=AT, ended_by="y", **entered)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("+13035550177", "is reported in the directory"),
        ("+13035550188", "is retired in the directory"),
        ("+18005550124", "a look-alike of +18005550142"),
        ("+19005550199", "a number at a premium rate"),
    ],
)
def test_a_payment_through_a_number_that_is_warned_of_needs_a_reason(
    run, call, paying, bills, refuses, rows, directory, number, words
):
    refused = refuses(LedgerRefusedError, log_call, ALL, call(number=number), paying(10000))
    assert words in refused
    assert "say why it was trusted" in refused
    call_id, _ = run(log_call, ALL, call(number=number, trusted_because="asked the account manager"), paying(10000))
    (row,) = rows("calls")
    assert row.notes.startswith("Paid through a number that is ")
    assert row.notes.endswith(": asked the account manager")
    assert row.id == call_id


def test_what_the_number_was_is_kept_with_the_call(run, call, directory, rows):
    for number in (KNOWN[0], "+13035550177", "+18005550124", "+13035550123", ""):
        run(log_call, ALL, call(number=number, trusted_because="unused without a payment"))
    told = [json.loads(event.after) for event in rows("audit_log") if event.entity == "calls"]
    assert [event.get("number_standing") for event in told] == ["verified", "reported", "look-alike", "unknown", None]
    assert told[2]["number_like"] == "+18005550142"
    assert {row.notes for row in rows("calls")} == {""}


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_two_hundred_look_alikes_and_no_payment_through_one(database, call, paying, bills, directory, rows):
    numbers = look_alikes(200)
    assert len(numbers) == 200
    for number, _kind in numbers:
        with pytest.raises(LedgerRefusedError, match="say why it was trusted"):
            database.writing("ana", ALL, lambda w, n=number: log_call(w, ALL, call(number=n), paying(100)))
    assert rows("calls") == []
