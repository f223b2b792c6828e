"""Audit events in words, and what they changed field by field."""

import pytest

from domain.audit_words import Event, changes, field_name, sentence, thing


def event(action, entity, after=None, before=None, **values):
    return Event(action, entity, 7, before, after, **values)


PAID = {"amount": 123456, "method": "card", "account_id": 3, "site_id": 1, "note": "", "call_id": None}


@pytest.mark.parametrize(
    ("what", "said"),
    [
        (event("record", "payments", PAID, currency="USD"), "Recorded a payment of USD 1,234.56"),
        (event("record", "payments", PAID, currency="JPY"), "Recorded a payment of JPY 123,456"),
        (event("record", "payments", PAID), "Recorded a payment of an amount"),
        (event("post", "payments", {"posted_on": "2026-02-12"}), "Marked a payment as posted on 2026-02-12"),
        (
            event("return", "payments", PAID | {"note": "no funds"}, {"status": "posted"}, currency="USD"),
            "Recorded that a payment of USD 1,234.56 came back: no funds",
        ),
        (event("allocate", "payments", PAID, currency="USD"), "Applied USD 1,234.56 of a payment to a bill"),
        (event("allocate", "invoices", PAID, currency="USD"), "Applied USD 1,234.56 of a credit note to a bill"),
        (event("take back", "allocations", PAID, currency="USD"), "Took USD 1,234.56 back from a bill"),
        (event("log", "calls", {"purpose": "payment", "outcome": "paid"}), "Logged a call: paid"),
        (event("amend", "calls", {"purpose": "payment", "outcome": ""}), "Corrected a call: payment"),
        (event("open", "disputes", PAID | {"reason": "twice"}, currency="USD"), "Disputed USD 1,234.56: twice"),
        (event("close", "disputes", {"outcome": "won"}, {"closed_on": None}), "Closed a dispute: won"),
        (
            event("import", "import_batches", {"kind": "invoices", "file": "b.csv", "added": 1200, "rejected": 3}),
            "Imported invoices from b.csv: 1,200 added, 3 rejected",
        ),
        (event("create", "sites", {"code": "HQ", "name": "Headquarters"}), "Added site Headquarters"),
        (event("create", "accounts", {"account_number": "••••7731"}), "Added an account"),
        (event("fill", "vendors", {"website": "x"}, {"website": ""}), "Filled in blanks of vendor 7"),
        (event("grant", "users", {"email": "a@example.com", "role": "finance"}), "Gave a@example.com the role finance"),
        (event("reveal", "accounts", {"where": "call sheet"}), "Was shown the whole account number: call sheet"),
        (event("send", "audit_log", {"number": 9, "host": "h.example"}), "Sent the head of the trail (9) to h.example"),
        (event("send", "audit_log", {"number": 9, "failed": "no"}), "Did not send the head of the trail (9): no"),
        (event("deny", "pages", {"reason": "Admin is for admins"}), "Was refused: Admin is for admins"),
        (event("deny", "payments"), "Was refused: payment 7"),
        (event("seed", "import_batches"), "Filled the ledger with a demo organisation"),
        (event("snooze", "alerts", {}), "Snooze: alert 7"),
    ],
)
def test_an_event_is_a_sentence(what, said):
    assert sentence(what) == said


def test_of_what_is_new_every_value_is_told_and_where_it_belongs_is_not():
    assert changes(event("record", "payments", PAID, currency="USD")) == [
        ("Amount", "–", "USD 1,234.56"),
        ("Method", "–", "card"),
    ]


def test_of_a_change_only_what_changed():
    before = {"id": 4, "notes": "asked", "outcome": "promised", "promised_on": None, "site_id": 1}
    after = {"notes": "asked twice", "outcome": "promised", "promised_on": "2026-02-01", "site_id": 2}
    assert changes(event("amend", "calls", after, before)) == [
        ("Notes", "asked", "asked twice"),
        ("Promised on", "–", "2026-02-01"),
        ("Site", "1", "2"),
    ]


def test_of_what_is_gone_what_it_was():
    assert changes(event("delete", "grants", None, {"region": "North", "user_id": 2})) == [
        ("Region", "North", "–"),
        ("User id", "2", "–"),
    ]
    assert changes(event("deny", "pages")) == []


def test_values_are_told_as_people_write_them():
    told = changes(
        event("x", "y", {"a": True, "b": ["N", "S"], "c": {"k": 1}, "d": [], "settled": 5}, {}, currency="USD")
    )
    assert told == [("A", "–", "yes"), ("B", "–", "N, S"), ("C", "–", "k 1"), ("Settled", "–", "USD 0.05")]
    actions = [{"kind": "pay", "selection": {"sites": ["HQ", "BR"]}}, {"kind": "cancel"}]
    assert changes(event("x", "y", {"actions": actions}, {})) == [
        ("Actions", "–", "kind pay, selection sites HQ, BR; kind cancel")
    ]
    assert (thing("import_batches"), thing("fx_rates"), thing("vendors")) == ("import", "exchange rate", "vendor")
    assert (field_name("account_id"), field_name("terms_days")) == ("Account", "Terms days")
