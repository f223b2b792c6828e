"""What the page should not have offered is refused again, to the viewer as the database knows them at that moment."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from data_access.commands.people import Access, disable, grant
from data_access.exporting import Sheet, as_csv
from data_access.queries.people import person_by_email, scope_of
from data_access.schema import audit_log
from data_access.scope import Scope
from tests import factories as make
from ui import exports, import_file, making
from ui.viewer import Viewer
from ui.writes import RefusedError, write

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def change(database, ledger_address, monkeypatch):
    """change(command, ...) by the operator."""
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    for code in ("HQ", "BR"):
        make.site(database, code)
    return lambda command, *asked: database.writing(
        "operator", Scope.all_sites(), lambda writing: command(writing, *asked)
    )


@pytest.fixture
def finn(database, change):
    """Finance at HQ, signed in, with a page on the screen."""
    change(grant, "ada@example.org", Access("admin"))
    change(grant, "finn@example.org", Access("finance", "Finn", ["HQ"]))
    with database.reading(Scope.all_sites()) as connection:
        person = person_by_email(connection, "finn@example.org")
        scope = scope_of(connection, person)
    return Viewer(person.email, person.role, scope, NOON, person, "session 1")


def told(database):
    with database.reading(Scope.all_sites()) as connection:
        events = connection.execute(select(audit_log).order_by(audit_log.c.seq)).all()
    return [(event.actor, json.loads(event.after)["what"]) for event in events if event.action == "deny"]


def note(writing):
    writing.record("note", "sites", None)


def test_somebody_who_may_write_writes(finn):
    write(finn, note)


def test_a_reader_keeps_what_is_their_own_and_writes_nothing_else(database, finn):
    reader = replace(finn, role="viewer", person=None)
    with pytest.raises(RefusedError, match="Your role reads only"):
        write(reader, note)
    write(reader, note, own=True)
    assert told(database) == [(finn.name, "a change of the ledger")]


def rows():
    return Sheet("Rows", (), ("A",), [[1]])


@pytest.fixture
def desk(monkeypatch):
    """A session's place for files."""
    desk = making.Desk()
    monkeypatch.setattr(making, "desk", lambda: desk)
    yield desk
    desk.close()


CHANGES = [
    (disable, "finn@example.org"),
    (grant, "finn@example.org", Access("viewer")),
    (grant, "finn@example.org", Access("finance", sites=["BR"])),
]


@pytest.mark.parametrize("changed", CHANGES, ids=["disabled", "another role", "other sites"])
def test_nothing_is_written_or_taken_along_once_access_has_changed(database, change, finn, desk, changed):
    change(*changed)
    with pytest.raises(RefusedError, match=r"access has changed.*reload"):
        write(finn, note)
    with pytest.raises(RefusedError, match="access has changed"):
        import_file.start(finn, import_file.Upload("a.csv", b""), "vendors", None)
    made = desk.start("rows-CSV", (), rows, as_csv)
    with pytest.raises(PermissionError):
        exports.content(made, "rows", finn)
    with pytest.raises(PermissionError):
        exports.start("rows", "XLSX", "rows", finn, rows)
    assert told(database) == [("finn@example.org", "a change of the ledger"), ("finn@example.org", "export of rows")]


def test_an_export_is_handed_to_whom_it_was_offered(finn, desk):
    exports.start("rows", "CSV", "rows", finn, rows)
    made = desk.find("rows-CSV", exports._of(finn))
    made.future.result(20)
    assert b"1" in exports.content(made, "rows", finn)


def test_a_viewer_writes_nothing_and_only_admins_change_people(database, finn):
    vera = Viewer("vera@example.org", "viewer", finn.scope, NOON)
    with pytest.raises(RefusedError, match="reads only"):
        write(vera, note)
    with pytest.raises(RefusedError, match="administrators"):
        write(finn, note, administers=True)
    assert told(database) == [
        ("vera@example.org", "a change of the ledger"),
        ("finn@example.org", "a change of people"),
    ]
