"""A late fee charged though everything was paid in time: found, disputed with its amount, printed with its proof."""

from datetime import date

import pytest
from sqlalchemy import select

from data_access.commands.disputes import open_dispute, record_reply
from data_access.printed.refund_case import refund_case_document
from data_access.queries.refund_cases import refund_candidates, refund_case
from data_access.schema import accounts
from data_access.scope import Scope
from domain.filters import Filters
from tests import factories as make

ALL = Scope.all_sites()
DAY = date(2026, 3, 20)


@pytest.fixture
def fined(database):
    """B1 due 2 March, paid and posted in time; B2 of 9 March carries a late fee of 5.00."""
    where = make.office(database)
    first = make.invoice(database, where, "B1", date(2026, 2, 9), date(2026, 3, 2), 50_00)
    facts = {"posted_on": date(2026, 3, 4), "confirmation_number": "CX-77", "status": "posted"}
    paid = make.payment(database, where, date(2026, 3, 2), 50_00, **facts)
    make.allocation(database, where, 50_00, date(2026, 3, 2), payment_id=paid, invoice_id=first)
    second = make.invoice(database, where, "B2", date(2026, 3, 9), date(2026, 4, 1), 55_00)
    line = {"invoice_id": second, "type": "late_fee", "line": "", "description": "Late charge", "amount": 5_00}
    make.add(database, "charges", **where, **line, issued_on=date(2026, 3, 9))
    return where | {"bill": second}


def found(database, scope=ALL, **filters):
    with database.reading(scope) as connection:
        return refund_candidates(connection, scope, Filters(as_of=DAY, **filters))


def case(database, dispute, scope=ALL, as_of=DAY):
    with database.reading(scope) as connection:
        return refund_case(connection, scope, dispute_id=dispute, as_of=as_of)


def disputed(database, bill, **told):
    told = {"amount": 5_00, "reason": "Fee", "opened_on": date(2026, 3, 18), "kind": "late_fee"} | told
    return database.writing("pat", ALL, lambda w: open_dispute(w, ALL, bill, **told))


def test_a_candidate_has_the_fee_and_its_facts_until_it_is_disputed(database, fined):
    (candidate,) = found(database)
    assert (candidate.bill.number, candidate.amount) == ("B2", 5_00)
    assert "last of them B1, due on 2026-03-02, paid on 2026-03-02" in candidate.reason
    assert found(database, vendors=("Nobody",)) == []
    other = Scope.of([make.site(database, "LAB")])
    assert found(database, other) == []
    disputed(database, fined["bill"], kind="bill", amount=1_00)
    assert len(found(database)) == 1  # another part of the bill is disputed, not the fee
    disputed(database, fined["bill"])
    assert found(database) == []


def test_a_case_holds_the_proof(database, fined):
    dispute = disputed(database, fined["bill"])
    told = case(database, dispute)
    assert told.fees == (("Late charge", 5_00),)
    (proven,) = told.before
    (money,) = proven.money
    assert (proven.number, proven.due_on, proven.amount) == ("B1", date(2026, 3, 2), 50_00)
    assert (money.paid_on, money.posted_on) == (date(2026, 3, 2), date(2026, 3, 4))
    assert (money.confirmation_number, money.amount) == ("CX-77", 50_00)


def test_what_is_no_case_is_none(database, fined):
    dispute = disputed(database, fined["bill"])
    plain = disputed(database, fined["bill"], kind="bill", amount=1_00)
    other = Scope.of([make.site(database, "LAB")])
    assert case(database, plain) is None
    assert case(database, dispute, other) is None
    assert case(database, dispute, as_of=date(2026, 3, 17)) is None
    assert case(database, 999) is None


def test_it_is_printed_with_terms_and_answers_and_a_masked_number(database, fined):
    dispute = disputed(database, fined["bill"])
    assert "No terms" in repr(refund_case_document(case(database, dispute)))
    with database.reading(ALL) as connection:
        vendor_id = connection.scalar(select(accounts.c.vendor_id).where(accounts.c.id == fined["account_id"]))
    terms = {"fee_base": "past_due", "fee_basis_points": 150, "fee_grace_days": 5, "source": "Terms of 2024, 4.2"}
    make.add(database, "vendor_policies", vendor_id=vendor_id, effective_from=date(2024, 1, 1), **terms)
    answer = {"dated": date(2026, 3, 19), "answer": "accepted", "amount": 5_00, "text": "Waived"}
    database.writing("pat", ALL, lambda w: record_reply(w, ALL, dispute, **answer))
    shown = repr(refund_case_document(case(database, dispute)))
    for said in ("USD 5.00", "B2", "CX-77", "4 Mar 2026", "Terms of 2024, 4.2", "1.5%", "day 6 after the due day"):
        assert said in shown, said
    assert "Waived" in shown
    number = case(database, dispute).dispute.account_number
    assert number not in shown
    assert number in repr(refund_case_document(case(database, dispute), number))
