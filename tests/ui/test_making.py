"""Files off the page's thread: how far they are, stopped where they stand, gone with their session."""

import subprocess
import sys
import threading
from concurrent.futures import wait
from pathlib import Path

import pytest
from sqlalchemy import text

from data_access.exporting import Sheet, as_csv, as_xlsx, csv_chunks
from data_access.scope import Scope
from ui import making
from ui.making import EVERY, Desk, StoppedError

HERE = ("vera", "address")
ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"


@pytest.fixture
def desk():
    desk = Desk()
    yield desk
    desk.close()


def sheet(rows=2):
    return Sheet("Rows", (), ("A",), [[number] for number in range(rows)])


@pytest.mark.parametrize("write", [csv_chunks, as_xlsx])
def test_a_file_is_made_as_it_would_be_at_once(desk, write):
    made = desk.start("rows", HERE, sheet, write)
    made.future.result(20)
    assert made.step == (1.0, "Written")
    if write is csv_chunks:
        assert made.path.read_bytes() == as_csv(sheet())
    assert made.path.stat().st_size > 0
    assert desk.find("rows", HERE) is made
    assert desk.find("rows", ("vera", "another address")) is None


def test_it_says_how_far_it_is_and_stops_between_rows(desk):
    steps, begun, reached, go_on = [], threading.Event(), threading.Event(), threading.Event()

    def write(sheet):
        assert begun.wait(20)
        for number, _ in enumerate(sheet.rows):
            if number == EVERY + 1:
                steps.append(made.step)
                reached.set()
                assert go_on.wait(20)
        return b"all of it"

    made = desk.start("rows", HERE, lambda: sheet(EVERY * 4), write)
    begun.set()
    assert reached.wait(20)
    assert steps == [(0.625, "Writing the file")]
    desk.stop("rows")
    go_on.set()
    with pytest.raises(StoppedError):
        made.future.result(20)
    assert not made.path.exists()
    assert desk.find("rows", HERE) is None


def test_a_read_that_runs_is_broken_off(desk, database):
    reading = threading.Event()

    def build():
        with database.reading(Scope.all_sites()) as connection:
            reading.set()
            connection.execute(text(ENDLESS))
        return sheet()

    made = desk.start("rows", HERE, build, as_csv)
    assert reading.wait(20)
    while not made.future.done():  # a stop between the beginning of the read and its statement has nothing to end yet
        made.stop()
        wait([made.future], 0.2)
    with pytest.raises(StoppedError):
        made.future.result(20)
    with database.reading(Scope.all_sites()) as connection:  # and the connection is a good one
        assert connection.scalar(text("SELECT 1")) == 1


def test_an_error_is_the_files_own(desk):
    def fail():
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        desk.start("rows", HERE, fail, as_csv).future.result(20)


def test_a_session_keeps_few_files_and_leaves_none(desk):
    made = [desk.start(f"rows{number}", HERE, sheet, as_csv) for number in range(making.KEPT)]
    for each in made:
        each.future.result(20)
    desk.start("one more", HERE, sheet, as_csv).future.result(20)
    assert [each.path.exists() for each in made] == [False] + [True] * (making.KEPT - 1)
    desk.close()
    assert not desk.folder.exists()


def test_a_server_that_is_stopped_leaves_no_file():
    made = "from ui.making import Desk; d = Desk(); d.start('k', (), None, None); print(d.folder.parent)"
    shelf = subprocess.run([sys.executable, "-W", "ignore", "-c", made], check=True, capture_output=True, text=True)
    assert "duewatch-files-" in shelf.stdout
    assert not Path(shelf.stdout.strip()).exists()
