"""Every command with --as: nothing of another site on standard output, on standard error, or in a file it writes."""

import json

import pytest
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from data_access.queries.sheets import SHEETS
from terminal.front import main
from tests import factories as make
from tests.canaries import CANARIES, seen_in
from tests.leaks.conftest import SCOPES

READS = [
    *(("balances", "--by", by) for by in ("site", "vendor", "account", "region", "currency")),
    ("aging", "--basis", "invoice", "--as-of", "2026-10-31"),
    *(("payments", "--by", by) for by in ("site", "vendor", "account", "method", "month")),
    *(("spend", "--by", by) for by in ("site", "vendor", "account", "month")),
    ("risk", "--as-of", "2026-10-31"),
    ("alerts",),
    *(("usage", "--by", by) for by in ("site", "account", "month", "kind")),
    ("alerts", "--site", "LDSQX7B"),
    ("statements",),
    ("plan", "--as-of", "2026-11-20", "--currency", "USD", "--cash", "100", "--weeks", "4", "--expected"),
    ("cash-forecast", "--as-of", "2026-11-20", "--by", "site"),
    ("bills",),
    ("disputes",),
    ("disputes", "--site", "LDSQX7B"),
    ("balances", "--site", "LDSQX7B"),
    ("balances", "--region", "Central Europe qx7c"),
    ("spend", "--site", "HAMQX7C", "--by", "account"),
]
FOR_THE_OPERATOR = [
    ("verify",),
    ("rebuild",),
    ("backup", "{folder}/x.bak"),
    ("restore", "{folder}/none.bak"),
    ("init",),
    ("alerts", "--send"),
    ("match",),
]


@pytest.fixture(scope="module")
def person(marked, site_ids):
    """The e-mail address of somebody with grants for the sites: a viewer on one database, finance on the other.

    So each role meets each database, and each of the scopes meets both.
    """
    turn = list(SCOPES.values()).index(site_ids) + (marked.database.dialect == "sqlite")
    role = ("viewer", "finance")[turn % 2]
    email = f"{role}-{'-'.join(map(str, site_ids)) or 'none'}@example.org"
    user_id = make.add(marked.database, "users", email=email, name="Somebody", role=role)
    for site_id in site_ids:
        make.add(marked.database, "grants", user_id=user_id, site_id=site_id)
    return email


@pytest.fixture
def run(marked, monkeypatch, capsys):
    """run(*arguments): (exit code, all that was printed)."""
    monkeypatch.setenv("DATABASE_URL", marked.database.url.render_as_string(hide_password=False))

    def call(*arguments):
        capsys.readouterr()
        code = main(list(arguments))
        printed = capsys.readouterr()
        return code, printed.out + printed.err

    return call


@pytest.mark.parametrize("command", READS, ids=" ".join)
def test_a_read_prints_nothing_of_another_site(run, person, own, command):
    typed = {canary for canary in CANARIES.values() if any(canary in word.lower() for word in command)}
    more = (
        ("--json",) if person.startswith("finance") else ()
    )  # what a reader sees hangs on the grants, not on the role
    code, printed = run(*command, *more, "--as", person)
    assert code == 0, printed
    assert seen_in(printed) <= own | typed


def test_a_scenario_prints_nothing_of_another_site(run, person, own, tmp_path):
    scenario = tmp_path / "scenario.json"
    actions = [{"kind": "pay", "what": "all"}, {"kind": "new_bill", "amount": "1.00"}]
    seen = set()
    for currency, more in (("USD", ()), ("GBP", ("--json",)), ("EUR", ("--json",))):
        scenario.write_text(json.dumps({"currency": currency, "actions": actions}))
        code, printed = run("what-if", str(scenario), *more, "--as", person)
        assert code == 0, printed
        seen |= seen_in(printed)
    assert seen == own


@pytest.mark.parametrize("name", sorted(SHEETS))
def test_an_export_writes_nothing_of_another_site(run, person, own, tmp_path, name):
    target = tmp_path / "out.csv"
    code, printed = run("export", name, "--format", "csv", "--out", str(target), "--as", person)
    assert code == 0, printed
    assert seen_in(printed + target.read_text("utf-8-sig")) <= own


def test_a_calendar_file_holds_nothing_of_another_site(run, person, own, tmp_path):
    target = tmp_path / "out.ics"
    code, printed = run("export", "calendar", "--out", str(target), "--as-of", "2026-11-20", "--as", person)
    assert code == 0, printed
    assert seen_in(printed + unfolded(target.read_bytes())) <= own


def test_a_journal_holds_nothing_of_another_site(run, person, own, tmp_path):
    target = tmp_path / "out.journal"
    code, printed = run("export", "ledger", "--assert", "--out", str(target), "--to", "2026-11-20", "--as", person)
    assert code == 0, printed
    assert seen_in(printed + target.read_text()) <= own
    assert seen_in(target.read_text()) == own


@pytest.mark.parametrize("kind", ["pdf", "xlsx"])
def test_a_month_end_pack_holds_nothing_of_another_site(run, person, own, tmp_path, kind):
    target = tmp_path / f"out.{kind}"
    options = ("--month", "2026-11", "--format", kind, "--out", str(target))
    code, printed = run("export", "month-end", *options, "--as", person)
    assert code == 0, printed
    if kind == "pdf":
        text = "".join(page.extract_text() for page in PdfReader(target).pages)
    else:
        book = CalamineWorkbook.from_path(target)
        text = repr([book.get_sheet_by_name(name).to_python() for name in book.sheet_names])
    assert seen_in(printed + text) == own


def unfolded(written):
    """A line is broken anywhere, also within a canary."""
    return written.replace(b"\r\n ", b"").decode()


@pytest.mark.parametrize(
    ("name", "option", "table"),
    [
        ("evidence", "--payment", "payments"),
        ("call-sheet", "--account", "accounts"),
        ("refund-case", "--dispute", "late_fees"),
    ],
)
def test_a_document_is_written_of_an_own_site_only(run, person, marked, site_ids, own, tmp_path, name, option, table):
    target = tmp_path / "out.pdf"
    for row in [row for row in marked.rows[table] if row.get("kind", "payment") in ("payment", "late_fee")][::3]:
        target.unlink(missing_ok=True)
        code, printed = run("export", name, option, str(row["id"]), "--out", str(target), "--as", person)
        assert seen_in(printed) <= own
        assert (code == 0) == target.exists() == (row["site_id"] in site_ids), printed
        if code == 0:
            assert seen_in("".join(page.extract_text() for page in PdfReader(target).pages)) <= own


@pytest.mark.parametrize("command", FOR_THE_OPERATOR, ids=lambda command: command[0])
def test_what_concerns_every_site_is_refused(run, person, tmp_path, command):
    code, printed = run(*(word.format(folder=tmp_path) for word in command), "--as", person)
    assert code == 1
    assert seen_in(printed) == set()


def test_an_import_into_another_site_is_refused_row_by_row(run, marked, person, site_ids, own, tmp_path):
    """Its messages suggest near names: only such as may be seen."""
    accounts = marked.rows["accounts"]
    vendors = {row["id"]: row["name"] for row in marked.rows["vendors"]}
    lines = [f"{vendors[a['vendor_id']]},{a['account_number'][:-1]},N-{a['id']},2026-11-01,10.00" for a in accounts]
    lines += [f"{vendors[a['vendor_id']]},{a['account_number']},N-{a['id']},2026-11-01,10.00" for a in accounts]
    file = tmp_path / "bills.csv"
    file.write_text("vendor,account_number,invoice_number,issued_on,amount\n" + "\n".join(lines) + "\n")
    _, printed = run("import", "invoices", str(file), "--dry-run", "--as", person)
    typed = {canary for a in accounts for canary in CANARIES.values() if a["account_number"].endswith(canary)}
    hints = [line.partition("did you mean")[2] for line in printed.splitlines()]
    assert seen_in("\n".join(hints)) <= own
    assert seen_in(printed) <= own | typed


def test_a_canary_would_be_seen(run, marked):
    code, printed = run("balances", "--by", "site")
    assert code == 0
    assert seen_in(printed) == set(CANARIES.values())
