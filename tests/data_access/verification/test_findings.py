"""D3: a kept finding that the rules do not make, or make otherwise, is found; so is one that is gone."""

from datetime import date

import pytest
from sqlalchemy import delete, insert, select, update

from data_access.alert_marks import begin_anew
from data_access.folding import fold
from data_access.kept_alerts import keep
from data_access.schema import accounts, alert_findings, alert_judged
from data_access.scope import Scope
from data_access.verification import findings, verify
from domain.alerts.thresholds import Thresholds
from seed.writing import generate_with_faults, write
from tests import factories as make

TODAY = date(2026, 11, 20)
ALL, USUAL = Scope.all_sites(), Thresholds()
ADVICE = "`python manage.py rebuild` makes it anew"
KEPT = alert_findings.c


@pytest.fixture(scope="module")
def planted(shared_database):
    """A ledger in which every rule finds something, judged once."""
    tables, _ = generate_with_faults("tiny", 1, TODAY)
    write(shared_database, tables, "operator")
    fold(shared_database)
    keep(shared_database, TODAY, USUAL)
    return shared_database


@pytest.fixture
def lies(planted):
    """lies(statement): written past the rules; judged anew afterwards."""

    def run(statement):
        with planted.writer.begin() as connection:  # the owner's right alone
            assert connection.execute(statement).rowcount  # an INSERT may not tell how many

    yield run
    with planted.writer.begin() as connection:
        begin_anew(connection)
    keep(planted, TODAY, USUAL)
    assert off(planted) == []


def off(database):
    with database.reading(ALL) as connection:
        return list(findings.findings_stand(connection, connection.scalars(select(accounts.c.id)).all()))


def one(database, rule):
    """A kept finding of this rule."""
    with database.reading(ALL) as connection:
        return connection.execute(select(alert_findings).where(KEPT.rule == rule).order_by(KEPT.id)).first()


def test_what_was_judged_stands(planted):
    assert off(planted) == []
    result = next(result for result in verify(planted, TODAY).results if result.id == "D3")
    assert result.findings == ()


def test_a_finding_that_is_gone(planted, lies):
    row = one(planted, "R03")
    lies(delete(alert_findings).where(KEPT.id == row.id))
    assert off(planted) == [f"alert_findings: R03 {row.cause} of account_id {row.account_id} is missing; {ADVICE}"]


def test_a_finding_that_nobody_made(planted, lies):
    row = one(planted, "R03")
    lies(insert(alert_findings).values(row._asdict() | {"id": 987_654, "cause": "invented"}))
    invented = f"R03 invented of account_id {row.account_id}"
    assert off(planted) == [f"alert_findings: {invented} is kept, the rules do not find it; {ADVICE}"]


@pytest.mark.parametrize(
    ("rule", "name", "lie"),
    [
        ("R03", "facts", '[["what", "nothing to see"]]'),
        ("R03", "amount", 1),
        ("R04", "last_day", date(2027, 1, 1)),
        ("R23", "severity", 99),
        ("R19", "since", date(2020, 1, 1)),
    ],
)
def test_a_finding_that_says_something_else(planted, lies, rule, name, lie):
    row = one(planted, rule)
    lies(update(alert_findings).where(KEPT.id == row.id).values({name: lie}))
    which = f"{name} of {rule} {row.cause} of account_id {row.account_id}"
    assert off(planted) == [f"alert_findings: {which} is {lie}, found now {getattr(row, name)}; {ADVICE}"]


def test_an_account_that_nobody_ever_judged(planted, lies):
    """A read would take it to have nothing: no mark, and nothing kept."""
    account_id = one(planted, "R03").account_id
    lies(delete(alert_judged).where(alert_judged.c.account_id == account_id))
    assert f"alert_judged: account_id {account_id} is missing, and is not marked to be judged; {ADVICE}" in off(planted)


def test_what_reads_do_not_rely_on_is_no_lie(planted, lies):
    """An account with a mark is judged by each read; one judged by other grounds makes them judge everything."""
    row = one(planted, "R03")
    make.add(planted, "notices", **_where(row), kind="late", dated=TODAY)
    lies(delete(alert_findings).where(KEPT.id == row.id))
    assert off(planted) == []
    other = one(planted, "R04")
    lies(update(alert_judged).where(alert_judged.c.account_id == other.account_id).values(grounds="others"))
    lies(delete(alert_findings).where(KEPT.id == other.id))
    assert off(planted) == []


def test_what_was_kept_for_yesterday_is_held_against_yesterday(planted, lies):
    row = one(planted, "R03")
    lies(delete(alert_findings).where(KEPT.id == row.id))
    found = next(result.findings for result in verify(planted, date(2026, 12, 20)).results if result.id == "D3")
    assert found == (f"alert_findings: R03 {row.cause} of account_id {row.account_id} is missing; {ADVICE}",)


def _where(row):
    return {"account_id": row.account_id, "site_id": row.site_id}
