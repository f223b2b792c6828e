"""Account numbers on the terminal: masked for everybody, whole for those who may see them and ask, which is audited."""

import json
import re

import pytest

from tests import factories as make
from tests.terminal.conftest import TODAY

NUMBER, YEN = "4415-0098-7731", "JP 55 1200 9931"
DAY = ("--as-of", str(TODAY))
HASH = re.compile(r"\b[0-9a-f]{64}\b")


@pytest.fixture
def ledger(database):
    """Two accounts with a bill and a payment each, at two sites; ids by number. People of each role, who see the first."""
    near, far = make.site(database), make.site(database, "BR")
    ids = {}
    for number, site, vendor, currency in ((NUMBER, near, "Lumina", "USD"), (YEN, far, "Halden", "JPY")):
        ids[number] = make.account(database, site, make.vendor(database, vendor), number, currency=currency)
        place = {"account_id": ids[number], "site_id": site}
        make.invoice(database, place, f"B-{site}", TODAY, None, 5000)
        make.payment(database, place, TODAY, 700)
    for role in ("viewer", "finance", "admin"):
        person = make.add(database, "users", email=f"{role}@example.com", name=role, role=role)
        make.add(database, "grants", user_id=person, site_id=near)
    return ids


def reveals(ask):
    return [(event["person"], event["account"]) for event in ask("audit", "--kind", "reveal")["events"]]


@pytest.mark.parametrize("command", ["balances", "aging", "payments", "spend"])
def test_reads_by_account_are_masked_and_keep_a_key_for_scripts(cli, ask, ledger, command):
    result = ask(command, "--by", "account")
    rows = {row["account_id"]: row for row in result["rows"]}
    assert {key: (row["key"], row["name"], row["account_number"]) for key, row in rows.items()} == {
        ledger[NUMBER]: ("••••7731",) * 3,
        ledger[YEN]: ("••••9931",) * 3,
    }
    assert rows[ledger[NUMBER]]["vendor"] == "Lumina"
    _, out, _ = cli(command, "--by", "account")
    assert "••••7731 Lumina" in out
    for text in (json.dumps(result, ensure_ascii=False), out):
        assert NUMBER not in text
        assert "4415" not in text
    assert reveals(ask) == []


def test_the_operator_reveals_and_it_is_told(ask, cli, ledger):
    rows = ask("balances", "--by", "account", "--reveal", *DAY)["rows"]
    assert {(row["key"], row["account_number"]) for row in rows} == {(NUMBER, NUMBER), (YEN, YEN)}
    assert sorted(reveals(ask)) == [("operator", "Halden ••••9931"), ("operator", "Lumina ••••7731")]
    assert f"{NUMBER} Lumina" in cli("spend", "--by", "account", "--reveal")[1]
    assert len(reveals(ask)) == 4
    # Where no number is printed, none is told of.
    ask("balances", "--by", "site", "--reveal", *DAY)
    assert len(reveals(ask)) == 4


@pytest.mark.parametrize("role", ["finance", "admin"])
def test_who_may_reveal_does_so_within_their_scope(ask, ledger, role):
    rows = ask("payments", "--by", "account", "--reveal", "--as", f"{role}@example.com")["rows"]
    assert [row["key"] for row in rows if row["key"] == NUMBER] == [NUMBER]
    assert len(rows) == (1 if role == "finance" else 2)
    assert {person for person, _ in reveals(ask)} == {f"{role}@example.com"}


def test_a_viewer_does_not(cli, ask, ledger):
    code, out, err = cli("balances", "--by", "account", "--reveal", "--as", "viewer@example.com")
    assert (code, out) == (1, "")
    assert err == "manage.py: only somebody with the role finance or admin may see whole account numbers\n"
    masked = ask("balances", "--by", "account", "--as", "viewer@example.com", *DAY)["rows"]
    assert [row["key"] for row in masked] == ["••••7731"]
    assert reveals(ask) == []


def test_an_import_tells_no_number(cli, ledger, tmp_path):
    path = tmp_path / "bills.csv"
    path.write_text("vendor,account_number,invoice_number,issued_on,amount\nLumina,4415-0098-7713,B,2026-01-05,1.00\n")
    for arguments in ((), ("--json",)):
        code, out, err = cli("import", "invoices", path, *arguments)
        assert code == 1
        assert "••••7713" in err
        assert "4415" not in out + err


def test_the_trail_tells_no_number(cli, ledger, tmp_path):
    path = tmp_path / "accounts.csv"
    path.write_text("vendor,account_number,site,currency\nLumina,8800-1122-3344,HQ,USD\n")
    assert cli("import", "accounts", path)[0] == 0
    for arguments in ((), ("--json",)):
        _, out, _ = cli("audit", *arguments)
        assert "••••3344" in out
        assert "8800" not in HASH.sub("", out)  # one may hold these digits by chance
