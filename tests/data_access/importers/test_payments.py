"""Payments and refunds: once each, moved on by later files, applied as the file or the rule says, returned."""

import re
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date

import pytest

from data_access.importers import shares
from data_access.importers.planners.payment_states import Step, match_states
from tests.data_access.importers.conftest import Importer, reasons

HEADER = "vendor,account_number,paid_on,amount,posted_on,method,confirmation_number,status,external_id,invoice_number\n"
BILLS = (
    "vendor,account_number,invoice_number,issued_on,amount,due_on\nLumina,A-1,INV-1,2024-01-31,100.00,2024-03-01\n"
    "Lumina,A-1,INV-2,2024-02-15,50.00,2024-02-20\nLumina,A-1,CN-1,2024-02-01,-30.00,\n"
)


def paid(day: str = "2024-02-10", amount: str = "40.00", rest: str = ",,,,,") -> str:
    return f"Lumina,A-1,{day},{amount},{rest}\n"


@pytest.fixture
def known(importer: Importer) -> Importer:
    importer.accept("sites", "code,name,country\nHQ,Head office,US\n")
    importer.accept("accounts", "vendor,account_number,site\nLumina,A-1,HQ\n", create_missing=True)
    importer.accept("invoices", BILLS)
    return importer


def money(importer: Importer) -> list[tuple[object, ...]]:
    return importer.table("payments", "kind", "paid_on", "amount", "status", "allocated")


def settled(importer: Importer) -> dict[str, int]:
    return dict(importer.table("invoices", "number", "settled"))


def test_lands_unapplied(known: Importer, check: Callable[[], None]) -> None:
    report = known.accept(
        "payments", HEADER + paid(rest="2024-02-12,Card,OK-1,posted,P-1,") + paid("2024-02-11", "-5.00")
    )
    assert (report.added, report.created.payments, report.created.allocations) == (2, 2, 0)
    assert money(known) == [
        ("payment", date(2024, 2, 10), 4000, "posted", 0),
        ("refund", date(2024, 2, 11), 500, "posted", 0),
    ]
    assert known.table("payments", "posted_on", "method", "confirmation_number", "external_id") == [
        (date(2024, 2, 12), "card", "OK-1", "P-1"),
        (date(2024, 2, 11), "", "", None),
    ]
    check()


def test_pays_the_bill_it_names_up_to_what_is_open(known: Importer, check: Callable[[], None]) -> None:
    text = paid(amount="70.00", rest=",,,,,INV-1") + paid("2024-01-05", "70.00", rest=",,,,,INV-1")
    known.accept("payments", HEADER + text)
    assert settled(known) == {"INV-1": 10_000, "INV-2": 0, "CN-1": 0}
    assert known.table("allocations", "amount", "applied_on") == [(7000, date(2024, 2, 10)), (3000, date(2024, 1, 31))]
    check()


def test_a_refund_uses_the_credit_note_it_names(known: Importer, check: Callable[[], None]) -> None:
    known.accept("payments", HEADER + paid(amount="-40.00", rest=",,,,,CN-1"))
    assert settled(known)["CN-1"] == 3000
    assert known.table("allocations", "payment_id", "invoice_id", "amount") == [(None, None, 3000)]
    check()


REFUSED = [
    (paid(rest=",,,,,INV-9"), "invoice_number", "has no bill 'INV-9'"),
    (paid(rest=",,,,,CN-1"), "invoice_number", "has no bill 'CN-1'"),
    (paid(amount="-1.00", rest=",,,,,INV-1"), "invoice_number", "has no credit note 'INV-1'"),
    (paid(amount="0.00"), "amount", "is zero"),
    (paid(rest="2024-02-09,,,,,"), "posted_on", "is before it was paid on 2024-02-10"),
    (paid(rest="2024-02-12,,,pending,,"), "posted_on", "a pending payment has not been posted"),
    (paid(rest=",,,lost,,"), "status", "'lost' is none of pending, posted, returned, void"),
    (paid(day=""), "paid_on", "is needed and empty"),
]


def test_what_cannot_be_is_rejected_alone(known: Importer, check: Callable[[], None]) -> None:
    good = paid("2024-02-01")
    report = known.accept("payments", HEADER + good + "".join(text for text, _, _ in REFUSED))
    assert (report.added, report.rejected) == (1, len(REFUSED))
    at_line = 3
    for reject, (text, column, reason) in zip(report.rejects, REFUSED, strict=True):
        assert (reject.line, reject.column) == (at_line, column)
        assert re.search(reason, reject.reason), reject.reason
        at_line += text.count("\n")
    assert sorted(known.table("import_rejects", "line", "column_name", "value", "reason")) == reasons(report)
    check()


def test_oldest_due_first_in_order_of_the_day_paid(known: Importer, check: Callable[[], None]) -> None:
    text = paid("2024-03-20", "45.00") + paid("2024-03-10", "60.00") + paid("2024-03-30", "100.00", rest=",,,,,INV-1")
    known.accept("payments", HEADER + text, allocate_oldest=True)
    first, second, _ = known.table("invoices", "id")
    late, early, named = known.table("payments", "id")
    # The named one first; then INV-2, due first, by the payment of the 10th; its other 10.00 and the 45.00 find nothing.
    assert known.table("allocations", "payment_id", "invoice_id", "amount", "applied_on") == [
        (early, second, 5000, date(2024, 3, 10)),
        (named, first, 10_000, date(2024, 3, 30)),
    ]
    assert known.table("payments", "allocated", id=late) == [0]
    check()


def test_none_is_applied_unless_asked(known: Importer) -> None:
    known.accept("payments", HEADER + paid())
    assert known.count("allocations") == 0


def test_the_same_file_again_and_real_twins(known: Importer, check: Callable[[], None]) -> None:
    text = HEADER + paid() + paid() + paid(rest=",,,,P-1,") + paid(rest=",,,,P-1,")
    report = known.accept("payments", text)
    assert (report.added, report.duplicate) == (3, 1)
    assert known.accept("payments", text).added == 0
    assert known.accept("payments", text + paid()).added == 1
    assert known.accept("payments", HEADER + paid(), source="other").added == 1
    check()


def test_an_id_with_other_content_is_refused(known: Importer, check: Callable[[], None]) -> None:
    known.accept("payments", HEADER + paid(rest=",card,,,P-1,"))
    report = known.accept(
        "payments",
        HEADER + paid(amount="41.00", rest=",card,,,P-1,") + paid(rest=",card,,,P-2,") + paid(rest=",ach,,,P-2,"),
    )
    assert [r[1:] for r in reasons(report)] == [
        ("amount", "41.00", "id 'P-1' is in the ledger with another amount: '40.00' there, '41.00' here"),
        ("external_id", "P-2", "id 'P-2' stands on line 3 already, with other content"),
    ]
    check()


@pytest.mark.parametrize("name", ["P-1", ""])
def test_a_payment_moves_on(known: Importer, check: Callable[[], None], name: str) -> None:
    def row(status: str, day: str = "") -> str:
        return HEADER + paid(rest=f"{day},,,{status},{name},INV-1")

    assert known.accept("payments", row("pending")).added == 1
    report = known.accept("payments", row("posted", "2024-02-12"))
    assert (report.added, report.duplicate, report.changed) == (0, 1, 1)
    assert known.table("payments", "status", "posted_on") == [("posted", date(2024, 2, 12))]
    # Old news changes nothing.
    assert known.accept("payments", row("pending")).changed == 0
    report = known.accept("payments", row("returned", "2024-02-20"))
    assert (report.duplicate, report.changed) == (1, 1)
    assert settled(known)["INV-1"] == 0
    assert known.table("payments", "kind", "status", "paid_on") == [
        ("payment", "returned", date(2024, 2, 10)),
        ("reversal", "posted", date(2024, 2, 20)),
    ]
    for again in (row("returned", "2024-02-20"), row("posted", "2024-02-12"), row("pending"), row("")):
        report = known.accept("payments", again)
        assert (report.added, report.duplicate, report.changed) == (0, 1, 0)
    check()


def test_a_return_of_an_applied_payment_needs_its_day(known: Importer, check: Callable[[], None]) -> None:
    known.accept("payments", HEADER + paid(rest=",,,posted,P-1,INV-1"))
    report = known.accept("payments", HEADER + paid(rest=",,,returned,P-1,INV-1"))
    assert reasons(report)[0][1:] == ("posted_on", "", "is needed: the day on which the payment came back")
    check()


def test_a_bill_counts_as_paid_once_on_every_day(known: Importer, check: Callable[[], None]) -> None:
    """Paid on the 10th and the 12th, both returned on the 20th, and paid for good on the 15th: that counts from the 20th."""
    text = (
        paid(amount="100.00", rest="2024-02-20,,,returned,P-1,INV-1")
        + paid("2024-02-12", "100.00", rest="2024-02-20,,,returned,P-2,INV-1")
        + paid("2024-02-15", "100.00", rest=",,,,P-3,INV-1")
    )
    known.accept("payments", HEADER + text)
    days = [
        (applied_on.day, reverses is not None)
        for applied_on, reverses in known.table("allocations", "applied_on", "reverses_id")
    ]
    assert days == [(10, False), (20, True), (20, False), (20, True), (20, False)]
    check()


def test_a_new_returned_payment_opens_its_bill_again_on_its_day(known: Importer, check: Callable[[], None]) -> None:
    text = (
        paid(rest="2024-02-20,e-check,,returned,P-1,INV-1")
        + paid("2024-02-21", "100.00", rest=",,,,P-2,INV-1")
        + paid(rest="2024-02-11,,,void,P-3,")
    )
    report = known.accept("payments", HEADER + text)
    assert (report.added, report.created.payments, report.created.allocations) == (3, 5, 3)
    assert known.table("payments", "kind", "status", "paid_on", "reversed_on") == [
        ("payment", "returned", date(2024, 2, 10), date(2024, 2, 20)),
        ("payment", "posted", date(2024, 2, 21), None),
        ("payment", "void", date(2024, 2, 10), date(2024, 2, 11)),
        ("reversal", "posted", date(2024, 2, 20), None),
        ("reversal", "posted", date(2024, 2, 11), None),
    ]
    assert known.table("allocations", "amount", "applied_on", "reverses_id") == [
        (4000, date(2024, 2, 10), None),
        (4000, date(2024, 2, 20), known.table("allocations", "id")[0]),
        (10_000, date(2024, 2, 21), None),
    ]
    assert known.accept("payments", HEADER + text).duplicate == 3
    check()


def test_a_bounced_payment_and_its_repeat_are_two(known: Importer, check: Callable[[], None]) -> None:
    bounced, repeat = paid(rest="2024-02-12,,,returned,,"), paid(rest="2024-02-10,,,posted,,")
    known.accept("payments", HEADER + bounced + repeat)
    for text in (bounced + repeat, repeat + bounced, repeat, bounced):
        report = known.accept("payments", HEADER + text)
        assert (report.added, report.changed) == (0, 0)
    assert [row[3] for row in money(known)] == ["returned", "posted", "posted"]
    check()


@pytest.mark.parametrize(
    ("ledger", "rows", "steps"),
    [
        ([], ["posted", "posted"], [(Step.NEW, 0), (Step.NEW, 1)]),
        (["posted"], ["posted", "posted"], [(Step.SAME, 0), (Step.NEW, 1)]),
        (["pending"], ["posted"], [(Step.POST, 0)]),
        (["pending"], ["void"], [(Step.REVERSE, 0)]),
        (["posted"], ["pending"], [(Step.SAME, 0)]),
        (["returned", "posted"], ["posted"], [(Step.SAME, 1)]),
        (["posted"], ["returned", "posted"], [(Step.NEW, 1), (Step.SAME, 0)]),
        (["pending", "posted"], ["returned", "returned"], [(Step.REVERSE, 1), (Step.REVERSE, 0)]),
        (["pending"], [None], [(Step.SAME, 0)]),
        (["void"], ["returned"], [(Step.SAME, 0)]),
        (["pending", "pending"], ["posted", "pending"], [(Step.POST, 1), (Step.SAME, 0)]),
    ],
)
def test_which_row_is_which_payment(ledger: list[str], rows: list[str | None], steps: list[tuple[Step, int]]) -> None:
    assert [(decision.step, decision.index) for decision in match_states(ledger, rows)] == steps


def test_a_large_file_is_decided_share_by_share_as_a_small_one_is_whole(
    known: Importer, check: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five accounts in shares of few rows each: twins, ids, states, returns and bills to the oldest due, all out of order."""
    known.accept("accounts", "vendor,account_number,site\n" + "".join(f"Lumina,A-{n},HQ\n" for n in range(2, 6)))
    bills = "".join(f"Lumina,A-{n % 5 + 1},M-{n},2024-01-{n + 1:02},60.00,2024-02-{n + 1:02}\n" for n in range(15))
    known.accept("invoices", "vendor,account_number,invoice_number,issued_on,amount,due_on\n" + bills)
    known.accept("payments", HEADER + "".join(_some_payments(range(8))))
    text = HEADER + "".join(_some_payments(range(60)))
    whole = known.preview("payments", text, allocate_oldest=True)
    monkeypatch.setattr(shares, "IN_MEMORY", 7)
    assert asdict(known.preview("payments", text, allocate_oldest=True)) == asdict(whole)
    report = known.accept("payments", text, allocate_oldest=True)
    assert (report.added, report.duplicate, report.rejected) == (whole.added, whole.duplicate, whole.rejected)
    assert min(report.added, report.duplicate, report.rejected, report.changed, report.created.allocations) > 0
    again = known.accept("payments", text, allocate_oldest=True)
    assert (again.added, again.duplicate) == (0, report.added + report.duplicate)
    check()


def _some_payments(numbers: range) -> Iterator[str]:
    for n in numbers:
        account, day = f"A-{n * 7 % 5 + 1}", f"2024-03-{n % 9 + 1:02}"
        status = "pending" if numbers.stop < 10 else ("posted", "", "returned")[n % 3]
        key, bill = (f"P-{n % 40}" if n % 4 == 0 else ""), ("NONE" if n % 13 == 5 else "")
        yield f"Lumina,{account},{day},{10 + n % 6}.00,{'2024-03-15' if status == 'returned' else ''},ach,,{status},{key},{bill}\n"
