"""manage.py what-if: figures worked out by hand, and what is said of a scenario that cannot be played."""

import json
from datetime import date

import pytest

from data_access.commands.policies import add_policy
from data_access.scope import Scope
from domain.policies import FeeBase, LateFeeTerms, Policy, SuspensionDays
from tests import factories as make

DAY = ("--as-of", "2026-03-13")


def usd(amount):
    return {"currency": "USD", "amount": amount}


@pytest.fixture
def ledger(database):
    """HQ owes Lumina 400.00 since 2 March and 100.00 due 20 March; a fee is 10.00, suspension from 28 days on."""
    where = make.office(database, autopay_method="")
    make.invoice(database, where, "B", date(2026, 2, 9), date(2026, 3, 2), 40_000)
    make.invoice(database, where, "C", date(2026, 3, 9), date(2026, 3, 20), 10_000)
    terms = Policy(
        "Lumina", date(2025, 1, 1), "Terms of service, section 9", currency="USD", suspension=SuspensionDays(28, 30, 35),
        late_fee=LateFeeTerms(FeeBase.PAST_DUE, flat=1_000), posting_days=(("card", 0),),
    )  # fmt: skip
    database.writing("ana", Scope.all_sites(), lambda w: add_policy(w, Scope.all_sites(), 1, terms))
    return where


@pytest.fixture
def scenario(tmp_path):
    """scenario(actions..., currency=...): the path of its file."""

    def written(*actions, **more):
        path = tmp_path / "scenario.json"
        path.write_text(json.dumps({"horizon_days": 30, "actions": actions} | more))
        return path

    return written


def test_a_scenario_beside_paying_nothing(ask, ledger, scenario):
    path = scenario({"kind": "pay", "what": "minimum", "method": "card"})
    result = ask("what-if", path, *DAY, "--days", "0,8")
    assert (result["as_of"], result["currency"]) == ("2026-03-13", "USD")
    assert [entry["day"] for entry in result["days"]] == ["2026-03-13", "2026-03-21", "2026-04-12"]
    first, late, last = result["days"]
    assert first["baseline"]["outstanding"] == usd("500.00")
    assert first["scenario"]["outstanding"] == usd("100.00")
    assert first["difference"]["d1_30"] == usd("-400.00")
    # C is late from the 21st on: a fee, the more so of B.
    assert (late["baseline"]["late_fees"], late["scenario"]["late_fees"]) == (usd("10.00"), usd("10.00"))
    # B's window is from 30 March on, C's from 17 April.
    assert (last["baseline"]["accounts_at_risk"], last["difference"]["sites_at_risk"]) == (1, -1)
    assert last["scenario"]["cash_out"] == usd("400.00")
    (site,) = result["sites"]
    assert (site["site"], site["difference"]["overdue"]) == ("HQ", usd("-400.00"))
    (account,) = result["accounts"]
    assert account["account_number"] == "••••00"
    assert account["outstanding"] == {"before": usd("500.00"), "after": usd("100.00")}
    assert account["stops"] == {"before": "2026-03-30", "after": None}
    (bill,) = result["bills"]
    assert (bill["invoice_number"], bill["open"]["after"], bill["first_paid"]["after"]) == (
        "B",
        usd("0.00"),
        "2026-03-13",
    )


def test_as_text(cli, ledger, scenario):
    path = scenario({"kind": "pay", "what": "amount", "amount": "150.00"}, currency="USD")
    code, out, err = cli("what-if", path, *DAY, "--reveal")
    assert (code, err) == (0, "")
    assert "2026-03-13   +0       350.00  -150.00" in out
    assert "A-100" in out
    assert "without the scenario nobody pays, and autopay draws" in out
    code, out, _ = cli("what-if", scenario(), *DAY)
    assert "no account changes" in out


def test_an_action_on_nothing_is_told(cli, ledger, scenario):
    path = scenario({"kind": "pay", "what": "all", "selection": {"sites": ["NOPE"]}})
    code, _, err = cli("what-if", path, *DAY)
    assert (code, err) == (0, "note: actions[0] does nothing: there is no account in its selection here\n")


def test_the_template_is_played(cli, ledger, tmp_path):
    code, out, _ = cli("what-if", "--template")
    assert code == 0
    path = tmp_path / "t.json"
    path.write_text(out)
    assert cli("what-if", path, *DAY)[0] == 0


@pytest.mark.parametrize(
    ("arguments", "text", "code", "said"),
    [
        ((), None, 2, "what-if needs a SCENARIO.json (or --template)"),
        (("none.json",), None, 1, "none.json cannot be read: No such file or directory"),
        (("x.json",), "{", 1, "x.json is not JSON: Expecting property name"),
        (("x.json",), '{"actions": [{"kind": "pay"}]}', 1, "x.json: actions[0].what: pay needs it"),
        (("x.json",), '{"currency": "GBP"}', 0, ""),
        (("x.json", "--days", "soon"), "{}", 2, "'soon' are not days from today such as 0,30,60"),
    ],
)
def test_what_cannot_be_played_is_said(cli, ledger, tmp_path, monkeypatch, arguments, text, code, said):
    monkeypatch.chdir(tmp_path)
    if text is not None:
        (tmp_path / "x.json").write_text(text)
    done, _, err = cli("what-if", *arguments, *DAY)
    assert (done, said in err) == (code, True)


def test_of_several_currencies_one_is_named(cli, database, ledger, scenario):
    make.account(database, ledger["site_id"], make.vendor(database, "Halden"), "H", currency="EUR")
    code, _, err = cli("what-if", scenario(), *DAY)
    assert (code, "these accounts have EUR and USD; name one by" in err) == (1, True)
    assert cli("what-if", scenario(), *DAY, "--currency", "USD")[0] == 0
