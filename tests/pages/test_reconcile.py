"""The Reconcile page: every view, every decision and its way back, and who is refused. Amounts are those of the small ledger."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from data_access.schema import bank_line_decisions, bank_lines, matches, payments
from data_access.scope import Scope
from tests import factories as make
from tests.pages.conftest import everything, findings, texts
from ui import reconcile_acts

AS_OF = "2026-11-20"


@pytest.fixture(autouse=True)
def on_the_day():
    """Decisions are made on the day that is looked at."""
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def bank(database, small_ledger):
    """A statement with the payment of 25.00, told by its account number; a fee; 9.00 of somebody unknown."""
    values = {"bank_account": "Operating", "kind": "bank", "currency": "USD", "opening": 100_00, "closing": 60_00}
    period = {"period_start": date(2026, 11, 1), "period_end": date(2026, 11, 20), "source": "bank"}
    more = {"import_key": "id:november", "movements": -39_00}
    statement = make.add(database, "bank_statements", **values, **period, **more)
    lines = {"certain": (-25_00, "ACH LUMINA L-1234567"), "fee": (-5_00, "WIRE FEE"), "unknown": (-9_00, "ZZ TOP")}
    found = {"statement": statement}
    for name, (amount, text) in lines.items():
        row = {"statement_id": statement, "bank_account": "Operating", "booked_on": date(2026, 11, 17)}
        row |= {"amount": amount, "currency": "USD", "import_key": f"id:{name}", "description": text}
        found[name] = make.add(database, "bank_lines", **row)
    return small_ledger | found


def rows(database, table):
    with database.reading(Scope.all_sites()) as connection:
        return connection.execute(select(table).order_by(table.c.id)).all()


def press(page, key):
    page.button(key=key).click().run()
    assert not page.exception
    return page


def test_what_is_missing_is_told_with_its_age(small_ledger, draw, request):
    before = draw("reconcile", as_of=AS_OF)
    assert findings(before)[0] == "One payment is covered by no statement, for 4 days"
    assert "No line" not in everything(before)
    request.getfixturevalue("bank")
    page = draw("reconcile", as_of=AS_OF, leg=str(small_ledger["payment"]))
    assert findings(page)[0] == "One payment has no bank line, for 4 days"
    assert [metric.value for metric in page.metric] == ["0", "0", "1", "0", "0", "0"]
    assert "No line, 4 days" in everything(page)
    assert findings(page)[1] == r"Payment of \$25.00"
    assert "No bank line is matched" in texts(page)
    assert findings(draw("reconcile", as_of=AS_OF, q="nobody"))[0] == "No payments"
    assert findings(draw("reconcile", as_of=AS_OF, legs="Complete"))[0] == "No payments"


def test_without_a_statement_the_views_say_what_to_do(small_ledger, draw):
    for view in ("To match", "Bank statements"):
        assert "No bank statement is imported yet" in texts(draw("reconcile", as_of=AS_OF, view=view))


def test_what_is_certain_is_matched_at_once_and_taken_back(database, bank, draw):
    page = draw("reconcile", as_of=AS_OF, view="To match")
    assert findings(page)[0] == "One match is certain"
    assert "L-1234567" not in everything(page)
    press(page, "bulk-accept")
    assert [line.matched for line in rows(database, bank_lines)] == [25_00, 0, 0]
    assert "Matched 1 bank line with 1 payment." in page.success[0].value
    before = draw("reconcile", as_of="2026-11-19", view="To match")
    assert "One bank line that was open on 19 Nov 2026 was decided since" in [each.value for each in before.caption]
    assert findings(before)[0] == "Two bank lines need a decision, 0 with a suggestion"
    kept = draw("reconcile", as_of=AS_OF, leg=str(bank["payment"]))
    assert findings(kept)[0] == "One payment has all its legs"
    assert "account number exact" in texts(kept)
    press(page, "reconcile-undo")
    assert [line.matched for line in rows(database, bank_lines)] == [0, 0, 0]
    assert [row.undoes_id for row in rows(database, matches)] == [None, 1]


def test_a_match_is_undone_where_it_is_shown(database, bank, draw):
    press(draw("reconcile", as_of=AS_OF, view="To match"), "bulk-accept")
    press(draw("reconcile", as_of=AS_OF, leg=str(bank["payment"])), "undo-1")
    assert rows(database, payments)[0].matched == 0


def test_a_suggestion_is_accepted_and_the_next_line_follows(database, bank, draw):
    # a second payment of the same amount: the words tell neither apart
    where = {"account_id": bank["lumina"], "site_id": bank["pueblo"]}
    second = make.payment(database, where, date(2026, 11, 16), 25_00)
    page = draw("reconcile", as_of=AS_OF, view="To match")
    assert findings(page)[0] == "Three bank lines need a decision, 1 with a suggestion"
    first = next(button for button in page.button if button.label == "Accept")
    press(page, first.key)
    assert sorted(row.matched for row in rows(database, payments)) == [0, 25_00]
    assert second in [row.id for row in rows(database, payments)]
    assert findings(page)[0] == "Two bank lines need a decision, 0 with a suggestion"
    assert findings(page)[1] == r"-\$5.00 on 17 Nov 2026"


def test_a_line_is_explained_by_one_key_or_with_a_note_and_taken_back(database, bank, draw):
    page = draw("reconcile", as_of=AS_OF, view="To match", line=str(bank["fee"]))
    press(page, "explain-quick")
    assert [row.reason for row in rows(database, bank_line_decisions)] == ["bank fee"]
    press(page, "reconcile-undo")
    assert [row.undoes_id for row in rows(database, bank_line_decisions)] == [None, 1]
    page = draw("reconcile", as_of=AS_OF, view="To match", line=str(bank["unknown"]))
    page.selectbox(key=f"explain-reason-{bank['unknown']}").select("other")
    page.text_input(key=f"explain-note-{bank['unknown']}").input("A concert")
    press(page, "explain-it")
    kept = rows(database, bank_line_decisions)[-1]
    assert (kept.bank_line_id, kept.reason, kept.note) == (bank["unknown"], "other", "A concert")
    statement = draw("reconcile", as_of=AS_OF, view="Bank statements", statement=str(bank["statement"]))
    assert "other: A concert" in everything(statement)


def test_a_line_is_matched_by_hand_as_far_as_the_amounts_go(database, bank, draw):
    page = draw("reconcile", as_of=AS_OF, view="To match", line=str(bank["unknown"]))
    assert r"\$9.00 of the line is open." in texts(page)
    page.multiselect(key=f"by-hand-{bank['unknown']}").select(bank["payment"]).run()
    assert r"Chosen \$25.00 for \$9.00\: \$16.00" in texts(page)
    press(page, "by-hand-it")
    assert [line.matched for line in rows(database, bank_lines)] == [0, 0, 9_00]
    assert findings(draw("reconcile", as_of=AS_OF))[0] == "One payment is in the bank in part, for 4 days"


def test_a_statement_that_does_not_add_up_says_by_how_much(bank, draw):
    page = draw("reconcile", as_of=AS_OF, view="Bank statements", statement=str(bank["statement"]))
    assert findings(page) == [
        "1 of 1 statement does not add up, 3 lines are open",
        "Three lines of Operating, 0 settled",
    ]
    assert ":red[**1.00**]" in everything(page)


def test_who_sees_some_sites_sees_the_legs_and_nothing_of_the_bank(bank, draw):
    for address in ({"leg": str(bank["payment"])}, {"view": "To match"}, {"view": "Bank statements", "statement": "1"}):
        page = draw("reconcile", sites=[bank["pueblo"]], as_of=AS_OF, **address)
        assert reconcile_acts.WHO_SEES in [caption.value for caption in page.caption]
        assert "ZZ TOP" not in everything(page)


def _reader() -> None:
    from datetime import UTC, datetime

    from data_access.scope import Scope
    from pages import reconcile
    from ui.viewer import Viewer

    reconcile.render(Viewer("reader", "viewer", Scope.all_sites(), datetime(2026, 11, 20, 12, 0, tzinfo=UTC)))


def test_a_reader_decides_nothing(bank):
    for view in ("Three legs", "To match", "Bank statements"):
        page = AppTest.from_function(_reader, default_timeout=60)
        page.query_params["view"] = view
        page.query_params["leg"] = str(bank["payment"])
        page.run()
        assert not page.exception
        acts = ("bulk", "accept", "explain", "undo", "by-hand")
        assert not [button.key for button in page.button if str(button.key).startswith(acts)]


def test_what_another_decided_meanwhile_is_refused_in_a_sentence(database, bank, draw):
    page = draw("reconcile", as_of=AS_OF, view="To match", line=str(bank["fee"]))
    press(draw("reconcile", as_of=AS_OF, view="To match", line=str(bank["fee"])), "explain-quick")
    press(page, "explain-quick")
    assert "explained bank line" in page.error[0].value
    assert len(rows(database, bank_line_decisions)) == 1
