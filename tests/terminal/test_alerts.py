"""manage.py alerts: the list, and a digest to mail and webhook: down, slow, refusing; nothing lost and nothing told twice."""

import json
import socket
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from aiosmtpd.controller import Controller

from data_access.commands.alert_deliveries import claim, settle
from data_access.schema import metadata
from data_access.scope import Scope
from data_access.sending import Sent
from tests import factories as make
from tests.terminal.conftest import TODAY
from tests.webhook_server import taking

ALL = Scope.all_sites()
# What is claimed and settled is tested on both; what a server does is the same for both.
on_sqlite = pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)


@pytest.fixture
def owed(database):
    """HQ is past due: one R03. Its account's number is A-1234567."""
    where = make.office(database, number="A-1234567")
    return where | {"bill": make.invoice(database, where, "B1", TODAY - timedelta(40), TODAY - timedelta(5), 100_00)}


@pytest.fixture
def channels(monkeypatch, tmp_path):
    """channels(name=url, ...): the settings have these channels, and this machine may be sent to."""
    monkeypatch.setenv("DUEWATCH_WEBHOOK_HOSTS", "127.0.0.1")

    def write(rules="", **urls):
        file = tmp_path / "alerts.toml"
        lines = [rules, "[channels]", *(f"{name} = {json.dumps(url)}" for name, url in urls.items())]
        file.write_text("\n".join(lines))
        monkeypatch.setenv("DUEWATCH_ALERTS", str(file))

    return write


def hook(url):
    return url.replace("http://", "json://")


@pytest.fixture
def again(database):
    """again(owed): a bill of another account at HQ is past due, which is one more R03."""

    def add(where, number="B2"):
        account = make.account(database, where["site_id"], make.vendor(database, "Halden"), "H-7654321")
        place = {"account_id": account, "site_id": where["site_id"]}
        return make.invoice(database, place, number, TODAY - timedelta(40), TODAY - timedelta(3), 50_00)

    return add


@pytest.fixture
def deliveries(database):
    def read():
        with database.reading(ALL) as connection:
            rows = connection.execute(metadata.tables["alert_deliveries"].select()).all()
        return [(row.channel, row.alert_id, row.state) for row in rows]

    return read


@contextmanager
def mail_server(reply=None):
    """(port, mails): a server on this machine; with `reply` it says that instead of taking a mail."""
    mails = []

    class Handler:
        async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - as aiosmtpd calls it
            if reply:
                return reply
            mails.append(envelope.content.decode())
            return "250 OK"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port, mails
    finally:
        controller.stop()


def mail_to(port):
    return f"mailto://127.0.0.1:{port}/?from=duewatch@example.com&to=finance@example.com"


def test_the_list_masks_numbers_and_names_the_next_step(ask, cli, owed):
    result = ask("alerts")
    assert result["counts"] == {"critical": 0, "warning": 1, "note": 0}
    (alert,) = result["alerts"]
    assert (alert["rule"], alert["amount"], alert["account_number"]) == (
        "R03", {"currency": "USD", "amount": "100.00"}, "••••4567",
    )  # fmt: skip
    assert alert["next_step"].startswith("Pay it")
    assert ask("alerts", "--rule", "R02")["alerts"] == []
    assert ask("alerts", "--rule", "R03", "--as-of", TODAY - timedelta(5))["alerts"] == []
    code, out, _ = cli("alerts")
    assert code == 0
    assert "R03 Overdue" in out
    assert "1234567" not in out
    assert "A-1234567" in cli("alerts", "--reveal")[1]


@pytest.mark.slow
def test_a_digest_goes_out_once_by_mail_and_webhook(cli, ask, owed, channels, again, deliveries):
    with mail_server() as (port, mails), taking() as (url, taken):
        channels(finance=mail_to(port), ops=hook(url))
        assert ask("alerts", "--send")["opened"] == 1
        code, out, _ = cli("alerts", "--send")
        assert (code, len(mails), len(taken)) == (0, 1, 1)
        assert "nothing new" in out
        bill = again(owed)
        cli("alerts", "--send")
        assert (len(mails), len(taken)) == (2, 2)
    _, first = taken[0]
    assert first["title"] == f"Duewatch {TODAY}: 1 new, 0 closed, 0 critical open"
    assert "R03 Overdue, HQ site, Lumina, ••••4567, USD 100.00" in first["message"]
    assert "Audit trail head " in first["message"]
    assert "1234567" not in first["message"] + mails[0]
    assert "R03 Overdue" in mails[0]
    assert "USD 100.00" not in taken[1][1]["message"]
    assert bill
    assert {state for _, _, state in deliveries()} == {"sent"}
    assert len(deliveries()) == 4


@on_sqlite
@pytest.mark.slow
def test_a_channel_that_is_down_gets_it_later_and_the_others_not_twice(cli, owed, channels, again, deliveries):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]  # nobody listens there afterwards
    with taking() as (url, taken):
        channels(mail=mail_to(port), ops=hook(url))
        code, out, err = cli("alerts", "--send")
        assert code == 1
        assert "ops (webhook by 127.0.0.1): sent, 1 alerts" in out
        assert "mail (e-mail by 127.0.0.1): not sent" in err
        assert "secret" not in out + err
        again(owed)
        with mail_server() as (port, mails):
            channels(mail=mail_to(port), ops=hook(url))
            assert cli("alerts", "--send")[0] == 0
        assert [message["title"].split(": ")[1][:5] for _, message in taken] == ["1 new", "1 new"]
    (mail,) = mails
    assert "2 new" in mail
    assert all(f"USD {amount}.00" in mail for amount in (100, 50))
    assert {state for _, _, state in deliveries()} == {"sent"}


@on_sqlite
@pytest.mark.slow
def test_a_refusing_server_is_told_and_gets_it_later(cli, owed, channels):
    with taking(status=500) as (url, taken), mail_server("554 no") as (port, _):
        channels(ops=hook(url), mail=mail_to(port))
        code, _, err = cli("alerts", "--send")
        assert code == 1
        assert err.count("could not be reached, or refused it") == 2
        assert len(taken) == 1
    with taking() as (url, taken):
        channels(ops=hook(url))
        assert cli("alerts", "--send")[0] == 0
        assert len(taken) == 1


@on_sqlite
@pytest.mark.slow
def test_a_slow_server_is_given_up_and_told_again_by_the_same_name(cli, owed, channels, again, monkeypatch, deliveries):
    monkeypatch.setattr("terminal.alerts.SECONDS", 6)
    with taking(silent=True) as (url, unsure):
        channels(ops=hook(url))
        code, _, err = cli("alerts", "--send")
    assert (code, len(unsure)) == (1, 1)
    assert "did not answer within 6 seconds" in err
    assert [state for _, _, state in deliveries()] == ["unclear"]
    again(owed)
    with taking() as (url, taken):
        channels(ops=hook(url))
        assert cli("alerts", "--send")[0] == 0
    name = next(line for line in unsure[0][1]["message"].splitlines() if line.startswith("Digest "))
    assert [name in message["message"] for _, message in taken] == [True, False]
    assert [message["message"].count("R03") for _, message in taken] == [1, 1]


@on_sqlite
@pytest.mark.slow
def test_a_redirect_is_not_followed_and_a_foreign_host_not_asked(cli, owed, channels, monkeypatch):
    with taking() as (elsewhere, reached), taking(302, {"Location": elsewhere}) as (url, _):
        channels(ops=hook(url))
        assert cli("alerts", "--send")[0] == 1
        assert reached == []
        monkeypatch.delenv("DUEWATCH_WEBHOOK_HOSTS")
        assert "127.0.0.1 is not on the list of hosts" in cli("alerts", "--send")[2]


@on_sqlite
@pytest.mark.slow
def test_what_is_closed_is_told_to_whom_it_was_opened(cli, database, owed, channels):
    with taking() as (url, taken):
        channels(ops=hook(url))
        cli("alerts", "--send")
        where = {"account_id": owed["account_id"], "site_id": owed["site_id"]}
        payment = make.payment(database, where, TODAY, 100_00)
        make.allocation(database, where, 100_00, TODAY, payment_id=payment, invoice_id=owed["bill"])
        assert cli("alerts", "--send")[1].startswith("0 opened, 0 changed, 1 closed")
        with taking() as (late, late_taken):  # a new channel hears of what is open, not of what was
            channels(ops=hook(url), late=hook(late))
            cli("alerts", "--send")
    assert f"after the payment of {TODAY}" in taken[1][1]["message"]
    assert (len(taken), late_taken) == (2, [])


def test_two_who_send_at_once_carry_nothing_twice(cli, database, owed, channels):
    channels()
    cli("alerts", "--send")
    (mine,) = claim(database, "a", "ops", "one")
    assert claim(database, "b", "ops", "two") == []
    settle(database, "a", "ops", mine, Sent(ok=False, error="down"))
    (carried,) = claim(database, "b", "ops", "two")
    assert (carried.opened, carried.again) == ((1,), False)
    settle(database, "b", "ops", carried, Sent(ok=True))
    assert claim(database, "a", "ops", "three") == []


def test_one_who_was_killed_while_sending_is_followed_by_the_same_name(cli, database, owed, channels, monkeypatch):
    channels()
    cli("alerts", "--send")
    (lost,) = claim(database, "a", "ops", "one")
    assert claim(database, "a", "ops", "two") == []
    monkeypatch.setattr(database, "_now", lambda: make_later(database))
    (found,) = claim(database, "a", "ops", "two")
    assert (found.digest, found.again, found.opened) == ("one", True, lost.opened)


def make_later(_database):
    from tests.conftest import NOW

    return NOW + timedelta(minutes=16)


def test_sending_is_for_who_sees_everything_and_of_everything(cli, database, owed):
    make.add(database, "users", email="vera@example.com", name="Vera", role="finance")
    assert cli("alerts", "--send", "--as", "vera@example.com")[0] == 1
    assert cli("alerts", "--as", "vera@example.com")[0] == 0
    code, _, err = cli("alerts", "--send", "--site", "HQ")
    assert code == 2
    assert "leave --as-of and the filters out" in err
    assert cli("alerts", "--send", "--as-of", date(2026, 1, 1))[0] == 2


def test_settings_that_cannot_be_meant_are_told(cli, owed, channels):
    channels(rules="[thresholds]\nsuspention_days = 3")
    code, _, err = cli("alerts")
    assert code == 1
    assert "there is no threshold suspention_days; write one of suspension_days" in err
    channels(rules='[rules]\noff = ["R03"]')
    assert "0 warning" in cli("alerts")[1]
