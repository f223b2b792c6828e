"""The risk of accounts from the ledger, as of a day: what was known then, and nothing that came later."""

from datetime import UTC, date, datetime

import pytest

from data_access.commands.contacts import ContactDraft, propose_contact, report_contact
from data_access.commands.notices import NoticeDraft, record_notice, withdraw_notice
from data_access.commands.policies import add_policy
from data_access.queries.contacts import contact_rows, number_standing
from data_access.queries.notices import notice_rows
from data_access.queries.risk import account_risks, by_effect
from data_access.scope import Scope
from domain.contacts import NumberStanding
from domain.filters import Filters
from domain.notices import NoticeKind
from domain.policies import CountedFrom, FeeBase, LateFeeTerms, Policy, SuspensionDays
from domain.risk import Effect, Stage
from domain.risk_reasons import ReasonKind
from tests import factories as make

ALL = Scope.all_sites()
TERMS = Policy(
    "Lumina",
    date(2025, 1, 1),
    "Terms of service, section 9",
    currency="USD",
    late_fee=LateFeeTerms(FeeBase.RECURRING, 150, grace_days=30, counted_from=CountedFrom.INVOICE),
    suspension=SuspensionDays(28, 30, 35),
)


@pytest.fixture
def run(database):
    return lambda command, *args, scope=ALL: database.writing("ana", scope, lambda w: command(w, scope, *args))


@pytest.fixture
def ledger(database, run):
    """HQ with Lumina (terms) and two lines; DEP with Halden (none). Bill B of 100.00 due 2 March, of which 80.00 recurring."""
    hq, dep = make.site(database, headcount=90), make.site(database, "DEP", region="South", headcount=12)
    lumina = make.vendor(database)
    account = make.account(database, hq, lumina, opened_on=date(2020, 1, 1))
    where = {"account_id": account, "site_id": hq}
    other = make.account(database, dep, make.vendor(database, "Halden"), "H-1")
    run(add_policy, lumina, TERMS)
    bill = make.invoice(database, where, "B", date(2026, 2, 9), date(2026, 3, 2), 10_000)
    for kind, amount in (("recurring", 8_000), ("tax", 2_000)):
        make.add(database, "charges", **where, invoice_id=bill, type=kind, amount=amount, issued_on=date(2026, 2, 9))
    line = {"account_id": account, "started_on": date(2020, 1, 1)}
    make.add(database, "services", **line, site_id=hq, identifier="1", criticality=5, monthly_charge=8_000)
    make.add(database, "services", **line, site_id=dep, identifier="2", criticality=3)
    make.add(database, "services", **line, site_id=hq, identifier="3", criticality=4, ended_on=date(2026, 1, 1))
    return where | {"bill": bill, "there": {"account_id": other, "site_id": dep}, "hq": hq, "dep": dep}


@pytest.fixture
def risks(database):
    def read(day, scope=ALL, **filters):
        with database.reading(scope) as connection:
            return account_risks(connection, scope, Filters(as_of=date.fromisoformat(f"2026-{day}"), **filters))

    return read


@pytest.fixture
def firm(risks):
    """(stage, earliest day, what keeps it on) of the only account."""

    def read(day):
        (entry,) = risks(day)
        outlook = entry.risk.firm
        return outlook.stage, outlook.window and outlook.window.earliest, outlook.keep_on

    return read


def test_an_account_by_its_vendors_terms(risks, ledger):
    (entry,) = risks("03-20")
    assert (entry.vendor, entry.site, entry.currency, entry.open_amount) == ("Lumina", "HQ", "USD", 10_000)
    assert entry.risk.firm.stage is Stage.LATE
    assert entry.risk.firm.window.earliest == date(2026, 3, 30)
    assert entry.risk.effect == Effect(services=2, criticality=5, headcount=102)
    assert (entry.risk.fee.amount, entry.risk.fee.base) == (120, 8_000)
    (bill,) = entry.facts.bills
    assert (bill.id, bill.number, bill.recurring) == (ledger["bill"], "B", 8_000)
    assert entry.policy.source == "Terms of service, section 9"


def test_before_it_is_issued_and_once_it_is_paid_there_is_nothing(database, risks, ledger):
    assert risks("02-08") == []
    payment = make.payment(database, ledger_place(ledger), date(2026, 3, 5), 10_000)
    make.allocation(
        database, ledger_place(ledger), 10_000, date(2026, 3, 5), payment_id=payment, invoice_id=ledger["bill"]
    )
    assert risks("03-05") == []
    assert len(risks("03-04")) == 1


def ledger_place(ledger):
    return {name: ledger[name] for name in ("account_id", "site_id")}


def test_money_on_its_way_counts_only_provisionally(database, risks, firm, ledger):
    """Paid in full on 10 March, shown by the vendor on the 16th."""
    place = ledger_place(ledger)
    payment = make.payment(database, place, date(2026, 3, 10), 10_000, status="pending", posted_on=None)
    make.allocation(database, place, 10_000, date(2026, 3, 10), payment_id=payment, invoice_id=ledger["bill"])
    (entry,) = risks("03-12")
    assert (entry.risk.firm.stage, entry.risk.firm.keep_on) == (Stage.LATE, 10_000)
    assert (entry.risk.provisional.stage, entry.risk.provisional.window) == (Stage.CURRENT, None)
    assert ReasonKind.PENDING in {reason.kind for reason in entry.reasons}
    with database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE payments SET status = 'posted', posted_on = '2026-03-16'")
    assert firm("03-12") == (Stage.LATE, date(2026, 3, 30), 10_000)  # as it was known then
    assert risks("03-16") == []


def test_a_payment_lost_for_months_is_still_on_its_way(database, firm, ledger):
    place = ledger_place(ledger)
    payment = make.payment(database, place, date(2026, 3, 10), 4_000, status="pending", posted_on=None, method="cheque")
    make.allocation(database, place, 4_000, date(2026, 3, 10), payment_id=payment, invoice_id=ledger["bill"])
    assert firm("09-01")[2] == 10_000


def test_a_returned_payment_is_no_longer_on_its_way(database, firm, ledger):
    place = ledger_place(ledger)
    payment = make.payment(database, place, date(2026, 3, 10), 4_000, status="pending", posted_on=None)
    paid = {"payment_id": payment, "invoice_id": ledger["bill"]}
    first = make.allocation(database, place, 4_000, date(2026, 3, 10), **paid)
    make.allocation(database, place, 4_000, date(2026, 3, 14), reverses_id=first, **paid)
    make.payment(database, place, date(2026, 3, 14), 4_000, kind="reversal", reverses_id=payment)
    assert firm("03-12")[2] == 10_000
    assert firm("03-20")[2] == 10_000


def test_disputed_money_stays_apart(database, risks, ledger):
    held = {"invoice_id": ledger["bill"], "amount": 4_000, "opened_on": date(2026, 3, 5), "closed_on": date(2026, 4, 1)}
    make.add(database, "disputes", **ledger_place(ledger), **held)
    (entry,) = risks("03-20")
    assert (entry.risk.firm.keep_on, entry.risk.disputed) == (6_000, 4_000)
    assert risks("04-01")[0].risk.firm.past_due == 10_000


def test_a_notice_counts_from_its_date_until_it_is_withdrawn(run, firm, ledger, database):
    draft = NoticeDraft(ledger["account_id"], NoticeKind.SUSPENSION, date(2026, 3, 10), date(2026, 3, 20), 9_000)
    notice = run(record_notice, draft)
    assert firm("03-09") == (Stage.LATE, date(2026, 3, 30), 10_000)
    assert firm("03-10") == (Stage.NOTICE, date(2026, 3, 20), 9_000)
    run(withdraw_notice, notice, date(2026, 3, 12))
    assert firm("03-11") == (Stage.NOTICE, date(2026, 3, 20), 9_000)
    assert firm("03-12") == (Stage.LATE, date(2026, 3, 30), 10_000)
    with database.reading(ALL) as connection:
        (row,) = notice_rows(connection, ALL, Filters(as_of=date(2026, 3, 11)))
        assert (row.kind, row.amount, row.bill, row.vendor) == ("suspension", 9_000, None, "Lumina")
        assert notice_rows(connection, ALL, Filters(as_of=date(2026, 3, 12))) == []


def test_a_notice_asks_less_as_money_arrives_on_what_it_is_about(database, run, firm, ledger):
    place = ledger_place(ledger)
    new = make.invoice(database, place, "N", date(2026, 3, 9), date(2026, 3, 30), 5_000)
    run(
        record_notice,
        NoticeDraft(place["account_id"], NoticeKind.SUSPENSION, date(2026, 3, 10), date(2026, 3, 20), 9_000),
    )
    for day, amount, bill, arrived in (
        (5, 1_000, ledger["bill"], date(2026, 3, 5)),  # before the notice, which knows of it
        (11, 1_000, ledger["bill"], date(2026, 3, 11)),
        (12, 2_000, ledger["bill"], date(2026, 3, 18)),  # on its way until the 18th
        (12, 3_000, new, date(2026, 3, 12)),  # on another bill
    ):
        paid = make.payment(database, place, date(2026, 3, day), amount, posted_on=arrived)
        make.allocation(database, place, amount, date(2026, 3, day), payment_id=paid, invoice_id=bill)
    assert [firm(day)[2] for day in ("03-10", "03-11", "03-12", "03-18")] == [9_000, 8_000, 8_000, 6_000]


def test_a_promise_counts_until_its_day_or_a_payment(database, risks, ledger):
    at = {"started_at": datetime(2026, 3, 9, 16, tzinfo=UTC), "promised_on": date(2026, 3, 20)}
    call = make.add(database, "calls", **ledger_place(ledger), **at)
    (entry,) = risks("03-12")
    assert [promise.call_id for promise in entry.facts.promises] == [call]
    assert entry.risk.provisional.past_due == 0
    assert ReasonKind.PROMISE_BROKEN in {reason.kind for reason in risks("03-21")[0].reasons}
    assert risks("03-08")[0].facts.promises == ()
    make.payment(database, ledger_place(ledger), date(2026, 3, 15), 1_000)
    (entry,) = risks("03-16")
    assert (entry.facts.promises, entry.facts.on_account) == ((), 1_000)


def test_scope_and_filters(database, risks, ledger):
    there = ledger["there"]
    make.invoice(database, there, "H", date(2026, 2, 9), date(2026, 3, 2), 700)
    assert [entry.vendor for entry in risks("03-20")] == ["Lumina", "Halden"]
    assert [entry.vendor for entry in risks("03-20", regions=("South",))] == ["Halden"]
    own = Scope.of([ledger["dep"]])
    assert [entry.vendor for entry in risks("03-20", own)] == ["Halden"]
    assert risks("03-20", Scope.of([])) == []
    (entry,) = risks("03-20", Scope.of([ledger["hq"]]))
    assert entry.risk.effect == Effect(services=1, criticality=5, headcount=90)  # the depot's line is out of sight


def test_what_hurts_most_comes_first_by_effect(database, risks, ledger):
    small = make.invoice(database, ledger["there"], "H", date(2026, 1, 9), date(2026, 2, 2), 700)
    assert small
    entries = risks("03-20")
    assert [entry.site for entry in sorted(entries, key=by_effect)] == ["HQ", "DEP"]


def test_nothing_that_came_later_changes_a_day(database, run, risks, ledger):
    place = ledger_place(ledger)
    before = risks("03-20")
    later = make.invoice(database, place, "L", date(2026, 3, 21), date(2026, 4, 11), 9_900)
    paid = make.payment(database, place, date(2026, 3, 25), 10_000)
    make.allocation(database, place, 10_000, date(2026, 3, 25), payment_id=paid, invoice_id=ledger["bill"])
    run(record_notice, NoticeDraft(place["account_id"], NoticeKind.LATE, date(2026, 3, 21)))
    held = {"invoice_id": later, "amount": 1, "opened_on": date(2026, 3, 22)}
    make.add(database, "disputes", **place, **held)
    make.add(database, "calls", **place, started_at=datetime(2026, 3, 22, tzinfo=UTC), promised_on=date(2026, 3, 30))
    make.add(database, "services", account_id=place["account_id"], site_id=ledger["hq"], identifier="9",
             started_on=date(2026, 4, 1), criticality=5)  # fmt: skip
    assert risks("03-20") == before


# Whom to ring


def test_the_directory_and_what_a_number_is_to_it(database, run, ledger):
    vendor = make.vendor(database, "Numeris")
    contact = run(
        propose_contact, ContactDraft(vendor, "phone", "(800) 555-0142", country="US", hours="Mo-Fr 08:00-18:00")
    )
    with database.reading(ALL) as connection:
        (row,) = contact_rows(connection, ALL)
        assert (row.id, row.vendor, row.address, row.state, row.proposed_by) == (
            contact, "Numeris", "+18005550142", "unverified", "ana"
        )  # fmt: skip
        assert contact_rows(connection, ALL, vendor="Lumina") == []
        assert number_standing(connection, ALL, "+18005550142").standing is NumberStanding.UNVERIFIED
        assert number_standing(connection, ALL, "+18005550143").standing is NumberStanding.LOOK_ALIKE
        assert number_standing(connection, ALL, "+13035550199").standing is NumberStanding.UNKNOWN
    run(report_contact, contact, "asked for a gift card")
    own = Scope.of([ledger["hq"]])
    with database.reading(own) as connection:
        assert number_standing(connection, own, "+18005550142").standing is NumberStanding.REPORTED
