"""grant, people, disable, enable; and what --as allows each role, with every denial in the audit trail."""

import json

import pytest
from sqlalchemy import select

from data_access.commands.calendar_tokens import opened_by
from data_access.schema import audit_log, users
from data_access.scope import Scope
from tests import factories as make
from tests.conftest import NOW

ROLES = ("viewer", "finance", "admin")


@pytest.fixture
def places(database):
    for code, region in (("HQ", "North"), ("BR", "South")):
        make.site(database, code, region=region)


@pytest.fixture
def team(cli, places):
    """One person a role, at HQ."""
    for role in ROLES:
        assert cli("grant", f"{role}@example.org", role, *(() if role == "admin" else ("--site", "HQ")))[0] == 0


def events(database, action):
    with database.reading(Scope.all_sites()) as connection:
        return connection.execute(select(audit_log).where(audit_log.c.action == action).order_by(audit_log.c.seq)).all()


def test_grant_creates_and_changes(ask, cli, database, places):
    made = ask("grant", "Vera@Example.org", "viewer", "--site", "HQ", "--region", "South", "--name", "Vera Rubin")
    assert made == {
        "email": "vera@example.org",
        "name": "Vera Rubin",
        "role": "viewer",
        "sites": ["HQ"],
        "regions": ["South"],
        "every_site": False,
        "disabled": False,
        "bound": False,
        "last_sign_in": None,
    }
    changed = ask("grant", "vera@example.org", "finance", "--site", "BR")
    assert (changed["role"], changed["sites"], changed["regions"]) == ("finance", ["BR"], [])
    assert cli("grant", "vera@example.org", "viewer") == (
        (0, "vera@example.org: viewer, enabled, not signed in yet, sees BR\n", "")
    )
    assert [event.actor for event in events(database, "grant")] == ["operator"] * 3


def test_people_lists_everybody(ask, cli, team):
    listed = ask("people")["people"]
    assert [(p["email"], p["role"], p["sites"], p["every_site"]) for p in listed] == [
        ("admin@example.org", "admin", [], True),
        ("finance@example.org", "finance", ["HQ"], False),
        ("viewer@example.org", "viewer", ["HQ"], False),
    ]
    _, out, _ = cli("people")
    assert [line.split()[0] for line in out.splitlines()[2:]] == [person["email"] for person in listed]
    assert "every site" in out


def test_with_nobody_yet_it_says_how_to_begin(cli):
    assert cli("people") == (0, "nobody yet; the first admin: grant EMAIL admin\n", "")


def test_disable_and_enable(ask, cli, database, team):
    assert ask("disable", "viewer@example.org")["disabled"] is True
    code, out, err = cli("balances", "--as", "viewer@example.org")
    assert (code, out, "disabled" in err) == (1, "", True)
    assert ask("enable", "viewer@example.org")["disabled"] is False
    assert cli("balances", "--as", "viewer@example.org")[0] == 0
    assert [len(events(database, action)) for action in ("disable", "enable")] == [1, 1]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("grant", "x@example.org", "owner"), 2, "invalid choice"),
        (("grant", "nonsense", "viewer"), 1, "no e-mail address"),
        (("grant", "x@example.org", "viewer", "--site", "XX"), 1, "there is no site XX"),
        (("grant", "x@example.org", "viewer", "--region", "East"), 1, "no site is in the region East"),
        (("grant", "x@example.org", "admin", "--site", "HQ"), 1, "an admin sees every site"),
        (("disable", "nobody@example.org"), 1, "there is no user nobody@example.org"),
        (("disable", "admin@example.org"), 1, "last admin"),
        (("grant", "admin@example.org", "viewer"), 1, "last admin"),
    ],
)
def test_refusals_are_sentences_and_change_nothing(cli, database, team, arguments, code, words):
    with database.reading(Scope.all_sites()) as connection:
        before = connection.execute(select(users)).all()
    found, out, err = cli(*arguments)
    assert (found, out, words in err) == (code, "", True)
    with database.reading(Scope.all_sites()) as connection:
        assert connection.execute(select(users)).all() == before


COMMANDS = {
    "balances": ((), ROLES),
    "spend": ((), ROLES),
    "export": (("balances", "--out", "{tmp}/b.csv"), ROLES),
    "import": (("vendors", "{tmp}/vendors.csv"), ("finance", "admin")),
    "people": ((), ("admin",)),
    "grant": (("x@example.org", "viewer"), ("admin",)),
    "disable": (("gone@example.org",), ("admin",)),
    "enable": (("off@example.org",), ("admin",)),
    "doctor": ((), ("admin",)),
    "init": ((), ("admin",)),
    "verify": ((), ("admin",)),
    "rebuild": ((), ("admin",)),
    "backup": (("{tmp}/kept.bak",), ("admin",)),
    "restore": (("{tmp}/none.bak",), ("admin",)),
    "seed": (("--size", "tiny", "--if-empty"), ("admin",)),
}


@pytest.mark.parametrize("role", ROLES)
def test_as_somebody_commands_follow_the_role(cli, database, team, role, tmp_path, monkeypatch):
    monkeypatch.setenv("DUEWATCH_PG_BIN", str(tmp_path))  # what a backup says without its tools is not asked here
    (tmp_path / "vendors.csv").write_text("name\n")
    make.add(database, "users", email="gone@example.org", role="viewer")
    make.add(database, "users", email="off@example.org", role="viewer", disabled=True)
    denied = []
    for command, (arguments, allowed) in COMMANDS.items():
        _, out, err = cli(command, *(a.format(tmp=tmp_path) for a in arguments), "--as", f"{role}@example.org")
        refused = "this command is for" in err
        assert refused == (role not in allowed), (command, err)
        if refused:
            assert out == ""
            denied.append(f"command {command}")
    told = events(database, "deny")
    assert [json.loads(event.after) for event in told] == [{"what": w, "why": f"role {role}"} for w in denied]
    assert {event.actor for event in told} <= {f"{role}@example.org"}
    if role != "admin":
        assert sorted(path.name for path in tmp_path.glob("*.bak")) == []


def test_strangers_and_the_disabled_are_told_to_the_trail(cli, database, team):
    cli("disable", "viewer@example.org")
    for who in ("stranger", "viewer"):
        assert cli("balances", "--as", f"{who}@example.org")[0] == 1
    assert [(event.actor, json.loads(event.after)["why"]) for event in events(database, "deny")] == [
        ("stranger@example.org", "no user has this e-mail address"),
        ("viewer@example.org", "the user is disabled"),
    ]


def test_an_admin_who_acts_is_the_actor(cli, database, team):
    assert cli("grant", "x@example.org", "viewer", "--as", "admin@example.org")[0] == 0
    assert events(database, "grant")[-1].actor == "admin@example.org"


AUTH = """[auth]
redirect_uri = "{redirect}"
cookie_secret = "{secret}"
client_id = "duewatch"
client_secret = "s"
server_metadata_url = "https://id.example.com/.well-known/openid-configuration"
"""


def sign_in_checks(cli, monkeypatch, tmp_path, text):
    (tmp_path / "auth.toml").write_text(text)
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(tmp_path / "auth.toml"))
    monkeypatch.setenv("DUEWATCH_PG_BIN", str(tmp_path))
    code, out, _ = cli("doctor", "--json")
    looks = {check["about"]: check for check in json.loads(out)["checks"]}
    return code, looks


def test_doctor_looks_at_the_sign_in(cli, monkeypatch, tmp_path):
    good = AUTH.format(redirect="https://due.example.com/oauth2callback", secret="0123456789abcdef" * 2)
    _, looks = sign_in_checks(cli, monkeypatch, tmp_path, good)
    assert looks["sign-in"]["found"] == "on"
    assert looks["provider"]["found"].startswith("https://id.example.com/")
    assert (looks["cookie secret"]["found"], looks["cookie secret"]["ok"]) == ("strong", True)
    assert looks["redirect address"]["ok"] is True

    bad = AUTH.format(redirect="http://due.example.com/oauth2callback", secret="secret")
    code, looks = sign_in_checks(cli, monkeypatch, tmp_path, bad)
    assert (code, looks["cookie secret"]["ok"], looks["redirect address"]["ok"]) == (1, False, False)
    assert "secret" not in looks["cookie secret"]["found"].removeprefix("weak")

    code, looks = sign_in_checks(cli, monkeypatch, tmp_path, "[auth")
    assert (code, looks["sign-in"]["ok"]) == (1, False)
    assert "cannot be read" in looks["sign-in"]["advice"]


def test_doctor_says_that_sign_in_is_off(cli):
    _, out, _ = cli("doctor")
    assert "ok    sign-in: off: one local operator, on this machine only" in out


def test_a_calendar_link_is_ones_own(cli, ask, database):
    user_id = make.add(database, "users", email="vera@example.org", role="viewer")
    path = ask("calendar-link", "--as", "vera@example.org")["path"]
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert opened_by(database, token, NOW, operator=False).person.id == user_id
    own = ask("calendar-link")["path"]
    assert opened_by(database, own.removeprefix("/calendar/").removesuffix(".ics"), NOW, operator=False) is None
    assert cli("calendar-link", "--revoke", "--as", "vera@example.org")[:2] == (0, "the calendar link is revoked\n")
    assert opened_by(database, token, NOW, operator=False) is None
    assert cli("calendar-link", "--revoke", "--as", "vera@example.org")[0] == 1
    assert cli("calendar-link", "--as", "nobody@example.org")[0] == 1
