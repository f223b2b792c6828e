"""No payment card number is stored, audited or logged, whatever people type and however they write it."""

import logging
import re
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import insert

from data_access.commands.calls import CallDraft, log_call
from data_access.commands.disputes import close_dispute, open_dispute
from data_access.commands.payments import PaymentDraft, record_payment, return_payment
from data_access.commands.refusals import CardNumberError
from data_access.logs import guard_logs
from data_access.schema import calls, metadata
from data_access.scope import Scope
from tests import factories as make
from tests.card_numbers import account_numbers, mentioned, written_cards
from tests.domain.test_card_numbers import VISA

ALL = Scope.all_sites()
DAY = date(2026, 2, 10)
WHEN = datetime(2026, 2, 10, 15, tzinfo=UTC)


@pytest.fixture
def where(database):
    return make.office(database)


@contextmanager
def guarded():
    """The process's log records guarded, and as they were afterwards."""
    made_so_far = logging.getLogRecordFactory()
    guard_logs()
    try:
        yield
    finally:
        logging.setLogRecordFactory(made_so_far)


def call(where, **texts):
    return CallDraft(where["account_id"], WHEN, **texts)


def kept(database):
    """Everything that the database holds: an SQLite file with its log byte by byte, PostgreSQL's tables as a dump has them."""
    if database.dialect == "sqlite":
        path = Path(database.url.database)
        files = [path, path.with_name(path.name + "-wal")]
        return b"".join(file.read_bytes() for file in files if file.exists()).decode("utf-8", "replace")
    with psycopg.connect(database.url.set(drivername="postgresql").render_as_string(False)) as connection:
        parts = []
        for table in metadata.tables:
            with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
                parts.extend(bytes(part) for part in copy)
    return b"".join(parts).decode()


def found_in(told, cards):
    """The cards that are in a text: as they were typed, as Python quotes them, or as digits once marks are taken out."""
    bare = re.sub(r"[\s.,/_()'-]", "", told)
    return [text for _, digits, text in cards if text in told or repr(text)[1:-1] in told or digits in bare]


def test_of_a_thousand_card_numbers_none_is_stored_audited_or_logged(database, where, caplog):
    cards = written_cards(1_000, seed=21)
    fields = ("notes", "agent", "caller", "outcome", "purpose", "number", "confirmation_number", "billing_period")
    refused = []

    def work(writing):
        log_call(writing, ALL, call(where, notes="nothing to hide 4711"))
        for n, (_, _, text) in enumerate(cards):
            draft = call(where, **{fields[n % len(fields)] if n % 2 else "notes": text})
            try:
                log_call(writing, ALL, draft)
            except CardNumberError as error:
                refused.append(str(error))

    with guarded(), caplog.at_level(logging.DEBUG):
        database.writing("ana", ALL, work)
        log = logging.getLogger("duewatch")
        for _, _, text in cards:
            log.warning("could not keep %r", text)
            try:
                raise ValueError(f"cannot keep {text}")
            except ValueError:
                log.exception("failed")
    assert len(refused) == 1_000
    stored, logged = kept(database), caplog.text
    assert "nothing to hide 4711" in stored
    assert "could not keep" in logged
    assert "Traceback" in logged
    assert found_in(stored, cards) == []
    assert found_in(logged, cards) == []
    assert found_in("\n".join(refused), cards) == []


def test_of_a_thousand_account_numbers_at_most_thirty_are_refused_and_the_way_round_is_told(database, where):
    texts = mentioned(account_numbers(1_000, seed=22), seed=23)
    refused = []

    def work(writing):
        for text in texts:
            try:
                log_call(writing, ALL, call(where, notes=text))
            except CardNumberError as error:
                refused.append((text, str(error)))

    database.writing("ana", ALL, work)
    assert 0 < len(refused) <= 30
    assert all("import the account first" in said and said.startswith("notes: ") for _, said in refused)


def test_the_way_round_is_one(database, where):
    """An account number that looks like a card: once its account is there, it may be written, by those who see it."""
    far = make.site(database, "BR")
    there = {"account_id": make.account(database, far, make.vendor(database, "Halden"), "4111-1111-1111-1111")}
    own = Scope.of([where["site_id"]])
    noted = call(where, notes=f"they mixed it up with account {VISA}")

    def log(scope):
        return database.writing("ana", scope, lambda w: log_call(w, scope, noted)[0])

    assert log(ALL)
    with pytest.raises(CardNumberError, match="ending in 11"):
        log(own)  # to them it is a number like any other
    assert database.writing(
        "ana", ALL, lambda w: log_call(w, ALL, CallDraft(there["account_id"], WHEN, notes="4111 1111 1111 1111"))
    )


def refusals(where, ids):
    """Every command that takes text, by field."""
    pay = {"account_id": where["account_id"], "paid_on": DAY, "amount": 100, "method": "card", "apply": "none"}
    yield from (
        (name, lambda w, name=name: log_call(w, ALL, call(where, **{name: VISA})))
        for name in (
            "number",
            "agent",
            "caller",
            "purpose",
            "billing_period",
            "outcome",
            "confirmation_number",
            "notes",
        )
    )
    yield from (
        (name, lambda w, name=name: record_payment(w, ALL, PaymentDraft(**pay | {name: VISA})))
        for name in ("method", "channel", "confirmation_number", "note")
    )
    yield "note", lambda w: return_payment(w, ALL, ids["payment"], DAY, f"bounced {VISA}")
    yield "reason", lambda w: open_dispute(w, ALL, ids["bill"], amount=5, reason=f"paid by {VISA}", opened_on=DAY)
    yield "outcome", lambda w: close_dispute(w, ALL, ids["dispute"], DAY, VISA)
    # What has no check of its own is held by the trail: no event, no change.
    yield "name", lambda w: w.record("grant", "users", 1, after={"name": f"Ana {VISA}"})
    yield "grants", lambda w: w.record("grant", "users", 1, after={"grants": ["North", VISA]})


def test_every_text_of_every_command_is_looked_at(database, where):
    ids = {"bill": make.invoice(database, where, "J", date(2026, 1, 5), None, 1000)}
    ids["payment"] = make.payment(database, where, date(2026, 2, 1), 100)
    ids["dispute"] = database.writing(
        "ana", ALL, lambda w: open_dispute(w, ALL, ids["bill"], amount=5, reason="wrong", opened_on=DAY)
    )
    before = kept(database) if database.dialect == "postgresql" else None
    for name, work in refusals(where, ids):
        with pytest.raises(CardNumberError, match=f"^{name.replace('_', ' ')}: .*ending in 11"):
            database.writing("ana", ALL, work)
    assert VISA not in kept(database)
    assert before is None or kept(database) == before


def test_what_another_program_left_there_does_not_get_into_the_trail(database, where):
    """Correcting such a call must be possible; what it said before is told without the number."""
    with database.writer.begin() as connection:
        row = where | {"started_at": WHEN, "notes": f"card {VISA}"}
        old = connection.execute(insert(calls).returning(calls.c.id), [row]).scalar_one()
    database.writing("ana", ALL, lambda w: log_call(w, ALL, call(where, notes="card ending 1111"), amends_id=old))
    with database.reading(ALL) as connection:
        told = connection.exec_driver_sql("SELECT before, after FROM audit_log").one()
    assert VISA not in told.before
    assert "card [card number ending in 11]" in told.before


def test_an_error_of_the_database_does_not_repeat_what_was_typed(database, where, caplog):
    """A row that breaks a rule: the log names the rule, and neither its parameters nor the row that PostgreSQL quotes."""
    with guarded(), database.writer.connect() as connection:
        try:
            connection.execute(
                insert(calls), [where | {"started_at": WHEN, "direction": "sideways", "notes": "secret 5396-1116-37"}]
            )
        except Exception:
            logging.getLogger("duewatch").exception("database failed")
    assert "direction" in caplog.text
    assert "5396" not in caplog.text
