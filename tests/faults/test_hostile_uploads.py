"""Every hostile upload is refused, by its look or by the reader's own limits; nothing of it is left on the disk."""

import json
import tempfile
from dataclasses import replace

import pytest

from data_access.importers.errors import ImportRefusedError
from data_access.importers.inspection import inspect
from data_access.importers.options import Options
from data_access.importers.reading import table
from data_access.importers.reading.limits import MEGABYTE, Limits
from data_access.scope import Scope
from tests.faults.hostile_uploads import FINE, NAMES, OTHERS, WORKBOOKS, XML
from ui.import_file import Upload, on_disk

# Two seconds of work, and the memory of every upload. Processor time: how long that takes depends on the machine.
LIMITS = replace(Limits(), cpu_seconds=2)
# The child notes at its end what limits it had, and the most memory that it held.
NOTING = """
import atexit, json, resource
def note():
    seen = {name: resource.getrlimit(getattr(resource, name))[0] for name in ("RLIMIT_AS", "RLIMIT_CPU", "RLIMIT_FSIZE")}
    # Not ru_maxrss: that of a child begins with what its parent had.
    with open("/proc/self/status") as status:
        seen["peak"] = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    with open(PLACE, "w") as file:
        json.dump(seen, file)
atexit.register(note)
"""
HELD = {"RLIMIT_AS": LIMITS.memory, "RLIMIT_CPU": LIMITS.cpu_seconds, "RLIMIT_FSIZE": LIMITS.spool_bytes}


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The folder of temporary files, all of its own."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


@pytest.fixture
def notes(tmp_path, monkeypatch):
    """What the child noted, once it has ended."""
    place = tmp_path / "notes"
    monkeypatch.setattr(table, "_BOOT", NOTING.replace("PLACE", repr(str(place))) + table._BOOT)
    return lambda: json.loads(place.read_text()) if place.exists() else {}


def look(content, name="upload.csv"):
    """As the Import page looks at it."""
    options = Options(scope=Scope.all_sites(), file_name=name)
    with on_disk(Upload(name, content)) as path:
        return inspect("invoices", path, options, LIMITS)


def refused(content, name="upload.csv"):
    """Why nothing can be made of it."""
    try:
        seen = look(content, name)
    except ImportRefusedError as error:
        return str(error)
    assert seen.refusal, f"it was read: {seen}"
    return seen.refusal


@pytest.mark.slow
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(make, id=f"{kind}: {name}")
        for kind, made in (("xml", XML), ("workbook", WORKBOOKS), ("other", OTHERS))
        for name, make in made.items()
    ],
)
def test_it_is_refused_within_its_limits_and_leaves_nothing(make, temporary, notes):
    reason = refused(make())
    assert "root:" not in reason
    assert "seconds of work" not in reason
    if "needs more than 300 MB" in reason:  # the limit stopped it
        assert notes().get("peak", 0) <= LIMITS.memory
    else:
        noted = notes()
        assert {name: noted[name] for name in HELD} == HELD
        assert noted["peak"] <= LIMITS.memory
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_false_name_is_refused_whatever_the_file_holds(name, temporary):
    assert "name" in refused(FINE, NAMES[name])
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["bills.csv", "Rechnungen März (2).csv", "फ़ाइल.csv", "a..b.csv", "contents.csv", ".csv", "発票.xlsx"]
)
def test_a_name_as_people_give_them_is_taken(name, temporary):
    assert look(FINE, name).row_count == 1
    assert list(temporary.iterdir()) == []


def test_the_limits_of_the_page_are_those():
    assert Limits().memory == LIMITS.memory == 300 * MEGABYTE
