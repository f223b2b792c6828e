"""audit: a search of the trail, its head, and sending it where this machine cannot change it."""

import json

import pytest

from data_access import verification
from data_access.commands.payments import PaymentDraft, record_payment
from data_access.scope import Scope
from tests import factories as make
from tests.terminal.conftest import TODAY
from tests.webhook_server import taking

ALL = Scope.all_sites()


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Verify without L7, which has tests of its own."""
    monkeypatch.setattr(verification, "totals_agree", lambda *_: ())


@pytest.fixture
def paid(database):
    """Two payments at HQ by ana, one at BR by ben; a person who sees HQ only."""
    near, far = make.site(database), make.site(database, "BR")
    vendor = make.vendor(database)
    homes = [make.account(database, near, vendor, "4415-0098-7731"), make.account(database, far, vendor, "B-2")]
    for who, account, amount in (("ana", homes[0], 100), ("ana", homes[0], 250), ("ben", homes[1], 999)):
        draft = PaymentDraft(account, TODAY, amount, "card", apply="none")
        database.writing(who, ALL, lambda w, draft=draft: record_payment(w, ALL, draft))
    person = make.add(database, "users", email="cleo@example.com", name="Cleo", role="finance")
    make.add(database, "grants", user_id=person, site_id=near)
    return homes


def test_the_list_is_newest_first(cli, ask, paid):
    events = ask("audit")["events"]
    assert [(e["number"], e["person"], e["what"], e["site"]) for e in events] == [
        (3, "ben", "Recorded a payment of USD 9.99", "BR"),
        (2, "ana", "Recorded a payment of USD 2.50", "HQ"),
        (1, "ana", "Recorded a payment of USD 1.00", "HQ"),
    ]
    assert events[0]["after"]["amount"] == 999
    assert (events[2]["kind"], events[2]["thing"], events[2]["account"]) == ("record", "payments", "Lumina ••••7731")
    code, out, err = cli("audit")
    assert (code, err) == (0, "")
    assert out.splitlines()[2].split()[:4] == ["3", "2026-11-20", "12:00:00", "ben"]


def test_it_is_searched_and_paged(ask, cli, paid):
    def numbers(*arguments):
        return [event["number"] for event in ask("audit", *arguments)["events"]]

    assert numbers("list", "--person", "ana") == [2, 1]
    assert numbers("--site", "BR", "--kind", "record") == [3]
    assert numbers("--thing", "calls") == []
    assert numbers("--from", "2026-11-20", "--to", "2026-11-20") == [3, 2, 1]
    assert numbers("--to", "2026-11-18") == numbers("--from", "2026-11-22") == []
    assert numbers("--person", "ana", "list", "--limit", "1") == [2]
    assert ask("audit", "--limit", "2")["more"] is True
    assert ask("audit", "--limit", "3")["more"] is False
    assert numbers("--limit", "2", "--before", "3") == [2, 1]
    assert cli("audit", "--limit", "2")[1].splitlines()[-1] == "older ones: --before 2"
    assert cli("audit", "--kind", "void")[1] == "no event matches\n"
    assert cli("audit", "--to", "soon")[0] == 2


def test_somebody_of_one_site_sees_its_events_only(ask, cli, paid):
    assert [event["number"] for event in ask("audit", "--as", "cleo@example.com")["events"]] == [2, 1]
    code, out, err = cli("audit", "head", "--as", "cleo@example.com")
    assert (code, out) == (1, "")
    assert "for somebody who may see every site" in err


def test_the_head_is_one_word_that_verify_takes(ask, cli, paid, tmp_path):
    head = ask("audit", "head")
    code, out, err = cli("audit", "head")
    assert (code, out, err) == (0, head["token"] + "\n", "")
    assert (head["number"], len(head["hash"])) == (3, 64)
    assert head["hash"] == ask("audit")["events"][0]["hash"]
    assert "A3" in [check["id"] for check in ask("verify", "--anchor", head["token"])["checks"]]
    file = tmp_path / "heads.txt"
    file.write_text(f"# kept in the safe\n\n{head['token']}\n")
    assert cli("verify", "--anchor", f"@{file}", "--anchor", head["token"])[0] == 0
    file.write_text(f"{head['token']}\n7{head['token'][1:]}\n")
    code, out, err = cli("verify", "--anchor", f"@{file}")
    assert code == 1
    assert "BROKEN A3" in out
    assert "audit event 7, anchored as of 2026-11-20 12:00 UTC, is gone: the trail was cut off and ends at 3" in out
    assert err == "manage.py: the ledger breaks A3\n"


def test_an_anchor_that_is_none_is_bad_usage(cli, paid, tmp_path):
    (tmp_path / "heads.txt").write_text("not a head\n")
    for anchor in ("not a head", f"@{tmp_path / 'heads.txt'}", f"@{tmp_path / 'nowhere.txt'}"):
        code, _, err = cli("verify", "--anchor", anchor)
        assert code == 2
        assert "is no head of the trail" in err or "cannot read" in err


def test_an_empty_trail_has_no_head(cli, database):
    assert cli("audit", "head") == (1, "", "manage.py: the audit trail has no event yet, and so no head\n")


def sendings(ask):
    return [(event["what"], event["after"]) for event in ask("audit", "--kind", "send")["events"]]


def test_the_head_is_sent_and_that_is_told(ask, cli, paid, monkeypatch):
    monkeypatch.setenv("DUEWATCH_WEBHOOK_HOSTS", "127.0.0.1")
    head = ask("audit", "head")
    with taking() as (url, taken):
        code, out, err = cli("audit", "head", "--to", url)
    assert (code, out, err) == (0, head["token"] + "\n", "sent to 127.0.0.1\n")
    ((path, message),) = taken
    assert path == "/hook/secret"
    assert {name: message[name] for name in ("number", "hash", "at", "token")} == head
    assert head["token"] in message["text"]
    # Of the address only the host is kept.
    assert sendings(ask) == [
        ("Sent the head of the trail (3) to 127.0.0.1", {"number": 3, "hash": head["hash"], "host": "127.0.0.1"})
    ]
    assert ask("verify", "--anchor", message["token"])["ok"]


@pytest.mark.parametrize(
    ("hosts", "url", "why"),
    [
        (
            "",
            "https://hooks.example.com/secret",
            "hooks.example.com is not on the list of hosts that may be sent to (empty)",
        ),
        ("hooks.example.com", "https://evil.example.net/secret", "evil.example.net is not on the list"),
        ("hooks.example.com", "http://hooks.example.com/secret", "only https"),
        ("hooks.example.com", "https://u:secret@hooks.example.com/", "not an address that can be sent to"),
        ("4111111111111111", "https://4111111111111112/", "is not on the list"),
    ],
)
def test_to_any_other_host_nothing_is_sent(ask, cli, paid, monkeypatch, hosts, url, why):
    monkeypatch.setenv("DUEWATCH_WEBHOOK_HOSTS", hosts)
    monkeypatch.setattr("data_access.webhooks.post", lambda *_: pytest.fail("it was sent"))
    code, _, err = cli("audit", "head", "--to", url)
    assert code == 1
    assert why in err
    assert "DUEWATCH_WEBHOOK_HOSTS" in err
    ((what, after),) = sendings(ask)
    assert what.startswith("Did not send the head of the trail (3)")
    assert "secret" not in json.dumps(after) + err
    assert "sent_to" not in after


def test_a_host_that_refuses_is_told(ask, cli, paid, monkeypatch):
    monkeypatch.setenv("DUEWATCH_WEBHOOK_HOSTS", "127.0.0.1")
    with taking(500) as (url, _):
        code, out, err = cli("audit", "head", "--to", url, "--json")
    assert code == 1
    assert err == "manage.py: not sent: 127.0.0.1 refused it with status 500\n"
    assert (json.loads(out)["sent_to"], json.loads(out)["failed"]) == (None, "127.0.0.1 refused it with status 500")
    assert sendings(ask)[0][1]["failed"] == "127.0.0.1 refused it with status 500"
