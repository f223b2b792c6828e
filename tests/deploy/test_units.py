"""The systemd units: sound to systemd's own eye, confined, and what they run is there."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.conftest import DEPLOY, ROOT
from tests.deploy.units import read, variables

UNITS = sorted(path.name for path in DEPLOY.iterdir() if path.suffix in (".service", ".timer"))
SERVICES = [name for name in UNITS if name.endswith(".service")]
CONFINED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "RestrictSUIDSGID": "yes",
    "UMask": "0077",
}


def installed(text):
    """A unit with the paths of this machine."""
    text = text.replace("/opt/duewatch/.venv/bin", str(Path(sys.executable).parent)).replace("/opt/duewatch", str(ROOT))
    return re.sub(r"^(User|Group)=.*$", r"\1=daemon", text, flags=re.MULTILINE)


def test_systemd_finds_nothing_wrong(tmp_path):
    """Where systemd's checker cannot be had, the tests below still read and run the units."""
    for name in UNITS:
        (tmp_path / name).write_text(installed((DEPLOY / name).read_text()))
    if shutil.which("systemd-analyze"):
        names = [tmp_path / name.replace("@.", "@8601.") for name in UNITS]
        shutil.copy(tmp_path / "duewatch@.service", tmp_path / "duewatch@8601.service")
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *names], check=False, capture_output=True, text=True
        )
        assert (done.returncode, [line for line in done.stderr.splitlines() if str(tmp_path) in line]) == (0, [])
        for service in SERVICES:
            offline = ["systemd-analyze", "security", "--offline=true", "--threshold=25", tmp_path / service]
            done = subprocess.run(offline, check=False, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_confined_and_runs_what_is_there(name):
    unit = read((DEPLOY / name).read_text())
    assert {key: unit.one(key) for key in CONFINED} == CONFINED
    assert unit.one("User") not in ("root", "")
    here = read(installed((DEPLOY / name).read_text()))
    environment = variables((DEPLOY / "web.env.example").read_text())
    for command in here.commands(environment, "8601"):
        assert Path(command[0]).is_file(), command[0]
    assert here.one("WorkingDirectory") == str(ROOT)
    (named,) = unit.all("EnvironmentFile")
    assert (DEPLOY / f"{Path(named).name}.example").is_file()


@pytest.mark.parametrize("name", [name for name in UNITS if name.endswith(".timer")])
def test_a_timer_starts_a_service_that_is_there(name):
    assert name.replace(".timer", ".service") in SERVICES
    assert read((DEPLOY / name).read_text()).one("Persistent") == "true"


def test_no_file_holds_a_secret():
    """No password, no key, not even an empty or an example one that somebody could leave in place."""
    for path in DEPLOY.iterdir():
        text = path.read_text()
        assert not re.search(r"://[^\s/@:]+:[^\s/@]*@", text), path
        assert "PRIVATE KEY" not in text
        assert not re.search(r"\b[0-9a-f]{32,}\b", text), path
    for example in ("web.env.example", "owner.env.example"):
        given = variables((DEPLOY / example).read_text())
        assert not [name for name in given if "SECRET" in name or "PASSWORD" in name]


def test_the_guide_names_what_is_there():
    guide = (ROOT / "docs" / "deploy.md").read_text()
    named = set(re.findall(r"\bdeploy/([\w@.-]*\w)(?![\w@.-]*\{)", guide))
    assert {name for name in named if not (DEPLOY / name).is_file()} == set()
    assert {path.name for path in DEPLOY.iterdir()} <= named | {
        f"duewatch-{what}.{kind}" for what in ("backup", "check", "alerts") for kind in ("service", "timer")
    }
    commands = set(re.findall(r"manage\.py (\w+)", guide))
    assert commands <= {"init", "verify", "doctor", "backup", "restore", "alerts"}
