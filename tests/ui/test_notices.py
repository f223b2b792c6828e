"""What goes wrong is logged in full and told in a sentence."""

import logging
import sys
from pathlib import Path

from streamlit.testing.v1 import AppTest


def _raising(kind: str) -> None:
    from data_access.revisions import SchemaError
    from ui import notices

    with notices.told():
        if kind == "bug":
            raise KeyError("a secret detail")
        if kind == "schema":
            raise SchemaError("the database has no schema, this program reads revision 0001")
        if kind == "database":
            import pysqlite3.dbapi2 as sqlite
            from sqlalchemy.exc import OperationalError

            said = sqlite.OperationalError("disk I/O error at /secret/place")
            said.sqlite_errorcode = sqlite.SQLITE_IOERR
            raise OperationalError("SELECT secret FROM ledger", {"secret": "secret"}, said, hide_parameters=True)


def run(kind):
    page = AppTest.from_function(_raising, kwargs={"kind": kind}, default_timeout=30).run()
    assert not page.exception
    return page.error[0].value


def test_a_bug_is_told_with_a_reference_that_is_in_the_log(caplog):
    with caplog.at_level(logging.ERROR, "duewatch"):
        told = run("bug")
    assert "secret" not in told
    reference = told.split("reference ")[1].split(" ")[0]
    (record,) = [record for record in caplog.records if record.name == "duewatch"]
    assert reference in record.getMessage()
    assert record.exc_info[0] is KeyError


def test_a_missing_schema_says_what_to_run():
    told = run("schema")
    assert "no schema" in told
    assert "manage.py init" in told


def test_a_database_failure_says_what_kind_in_words_of_our_own(caplog):
    with caplog.at_level(logging.ERROR, "duewatch"):
        told = run("database")
    assert "its disk failed" in told
    assert "secret" not in told
    assert told.split("reference ")[1].split(" ")[0] in caplog.text
    assert "disk I/O error" in caplog.text


def test_the_front_door_tells_too(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")
    root = Path(__file__).parents[2]
    monkeypatch.setattr(sys, "path", [str(root), *sys.path])
    page = AppTest.from_file(str(root / "pages" / "front_door.py"), default_timeout=60).run()
    assert not page.exception
    assert "manage.py init" in page.error[0].value
