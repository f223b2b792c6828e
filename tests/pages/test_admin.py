"""Admin: the list of people, the form behind it, and the health of the installation."""

import json

import pytest
from sqlalchemy import select
from streamlit.testing.v1 import AppTest

from data_access.commands.people import Access, disable, grant
from data_access.queries.people import person_rows
from data_access.schema import audit_log, vendor_policies
from data_access.scope import Scope
from domain.policies import FeeBase
from tests.pages.conftest import findings, texts
from ui import start


@pytest.fixture
def people(database, small_ledger, monkeypatch):
    """Ada, the only admin, Vera at Cologne, and Dan, who was disabled; with a provider set up."""
    monkeypatch.setattr(start, "settings", lambda: {"cookie_secret": "short"})

    def change(command, *asked):
        return database.writing("operator", Scope.all_sites(), lambda writing: command(writing, *asked))

    change(grant, "ada@example.org", Access("admin", "Ada"))
    change(grant, "vera@example.org", Access("viewer", "Vera", ["CGN"], ["Rhine"]))
    change(grant, "dan@example.org", Access("finance"))
    change(disable, "dan@example.org")


@pytest.fixture
def row(database, people):
    """row(email): the person as listed now."""

    def look(email):
        with database.reading(Scope.all_sites()) as connection:
            return next(row for row in person_rows(connection, Scope.all_sites()) if row.person.email == email)

    return look


def _form(row, role):
    from datetime import UTC, datetime

    from data_access.scope import Scope
    from ui import person_form
    from ui.viewer import Viewer

    viewer = Viewer("ada@example.org", role, Scope.all_sites(), datetime(2026, 11, 20, 12, tzinfo=UTC))
    person_form.draw(viewer, row)


def form(row=None, role="admin"):
    """The body of the drawer, which AppTest does not open by itself."""
    page = AppTest.from_function(_form, default_timeout=60, kwargs={"row": row, "role": role}).run()
    assert not page.exception, page.exception[0].message
    return page


def field(kind, label):
    return next(each for each in kind if each.label.startswith(label))


def press(page, label):
    field(page.button, label).click().run()
    assert not page.exception, page.exception[0].message
    return page


def test_people_are_listed_with_what_they_may(people, draw):
    page = draw("admin")
    assert findings(page) == ["Three people, 1 admin"]
    (table,) = page.table
    listed = table.value
    assert [cell.split("](")[0].strip("[").replace("\\", "").replace(":small[]", "") for cell in listed["Person"]] == [
        "Ada",
        "dan@example.org",
        "Vera",
    ]
    assert list(listed["Role"]) == ["Admin", "Finance", "Viewer"]
    assert list(listed["Sees"]) == ["Every site", ":orange[No site]", "Rhine, Cologne Office"]
    assert [("Disabled" in s, "Pending" in s) for s in listed["State"]] == [(False, True), (True, False), (False, True)]


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_without_sign_in_it_says_what_roles_are_good_for(people, draw, monkeypatch):
    monkeypatch.setattr(start, "settings", lambda: None)
    assert "Sign-in is off" in "\n".join(caption.value for caption in draw("admin").caption)


def test_somebody_is_added(row):
    page = form()
    field(page.text_input, "E-mail").set_value("Zoe@Example.org")
    field(page.multiselect, "Sites").set_value(["PUB"])
    field(page.multiselect, "Regions").set_value(["Rhine"])
    press(page, "Save")
    added = row("zoe@example.org")
    assert (added.person.role, added.sites, added.regions) == ("viewer", ("PUB",), ("Rhine",))


def test_role_and_grants_are_changed(database, row):
    page = form(row("vera@example.org"))
    page.get("button_group")[0].set_value("finance")
    field(page.multiselect, "Sites").set_value(["PUB"])
    field(page.multiselect, "Regions").set_value([])
    field(page.text_input, "Name").set_value("Vera Rubin")
    press(page, "Save")
    changed = row("vera@example.org")
    assert (changed.person.name, changed.person.role, changed.sites, changed.regions) == (
        ("Vera Rubin", "finance", ("PUB",), ())
    )
    with database.reading(Scope.all_sites()) as connection:
        event = connection.execute(select(audit_log).order_by(audit_log.c.seq.desc()).limit(1)).one()
    assert (event.actor, event.action) == ("ada@example.org", "grant")
    assert (json.loads(event.before)["role"], json.loads(event.after)["role"]) == ("viewer", "finance")


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_an_admin_needs_no_grants_and_the_last_one_stays(row):
    page = form(row("ada@example.org"))
    assert not page.multiselect
    press(page, "Disable")
    assert "last admin" in page.error[0].value
    assert row("ada@example.org").person.disabled is False


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_disabled_and_enabled(row):
    press(form(row("vera@example.org")), "Disable")
    assert row("vera@example.org").person.disabled is True
    press(form(row("vera@example.org")), "Enable")
    assert row("vera@example.org").person.disabled is False


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_what_is_refused_is_said_and_the_form_stays(row):
    page = form()
    field(page.text_input, "E-mail").set_value("nonsense")
    press(page, "Save")
    assert "no e-mail address" in page.error[0].value
    assert field(page.text_input, "E-mail").value == "nonsense"


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", ["viewer", "finance"])
def test_a_form_in_the_wrong_hands_changes_nothing(database, row, role):
    page = press(form(row("vera@example.org"), role), "Disable")
    assert "administrators" in page.error[0].value
    assert row("vera@example.org").person.disabled is False
    with database.reading(Scope.all_sites()) as connection:
        event = connection.execute(select(audit_log).order_by(audit_log.c.seq.desc()).limit(1)).one()
    assert (event.action, json.loads(event.after)["what"]) == ("deny", "a change of people")


def test_health_says_what_to_do(people, draw):
    page = draw("admin", section="Health")
    looks = page.table[0].value
    found = dict(zip(looks["Check"], zip(looks["State"], looks["What to do"], strict=True), strict=True))
    state, advice = found["cookie secret"]
    assert ("Look" in state, "token\\_hex" in advice) == (True, True)
    assert found["schema"][1] == ""
    assert "Look" in looks["State"].iloc[0]  # those that need one come first
    assert "need a look" in findings(page)[0]
    assert "People" not in texts(page)


# Vendor terms


def _terms(role):
    from datetime import UTC, datetime

    from data_access.scope import Scope
    from ui import policies_form
    from ui.viewer import Viewer

    policies_form.draw(Viewer("ada", role, Scope.all_sites(), datetime(2026, 11, 20, 12, tzinfo=UTC)))


def terms_form(role="admin"):
    page = AppTest.from_function(_terms, default_timeout=60, kwargs={"role": role}).run()
    assert not page.exception, page.exception[0].message
    page.selectbox(key="policy-0-vendor").set_value("Lumina")
    page.text_input(key="policy-0-currency").set_value("usd")
    page.text_input(key="policy-0-source").set_value("Terms, section 4")
    page.text_input(key="policy-0-suspends").set_value("25, 30, 40")
    return page.run()


def kept(database):
    with database.reading(Scope.all_sites()) as connection:
        return connection.execute(select(vendor_policies)).all()


def test_terms_are_told_in_words_before_they_are_added(database, small_ledger, draw):
    page = terms_form()
    assert "suspends the service 25 to 40 days, usually 30, after the due date" in texts(page)
    page.text_input(key="policy-0-suspends").set_value("40, 30").run()
    assert "write the earliest, the likely and the latest" in page.caption[-1].value
    assert page.button(key="policy-0-save").disabled
    page.text_input(key="policy-0-suspends").set_value("25, 30, 40").run()
    page.session_state["policy-0-fee-base"] = FeeBase.PAST_DUE
    page.run()
    page.number_input(key="policy-0-fee-rate").set_value(1.5)
    page.text_input(key="policy-0-fee-minimum").set_value("5.00").run()
    page.number_input(key="policy-0-part-share").set_value(50.0).run()
    assert "puts that off by 30 days, once" in texts(page)
    page.number_input(key="policy-0-part-days").set_value(14).run()
    page.button(key="policy-0-save").click().run()
    assert not page.exception
    (row,) = kept(database)
    assert (row.part_basis_points, row.part_days) == (5_000, 14)
    assert (row.suspends_likely, row.fee_basis_points, row.fee_minimum, row.currency) == (30, 150, 500, "USD")
    listed = draw("admin", section="Vendor terms")
    assert findings(listed) == ["Terms of 1 vendor"]
    assert "1.5% of what is past due, at least \\$5.00" in texts(listed)
    assert "A part payment of at least 50% of a bill puts that off by 14 days" in texts(listed)
    assert "Terms, section 4" in "\n".join(caption.value for caption in listed.caption)


def test_terms_of_the_same_day_and_of_somebody_else_are_refused(database, small_ledger):
    press(terms_form(), "Add them")
    again = press(terms_form(), "Add them")
    assert "has terms from 2026-11-20 already" in again.error[0].value
    refused = press(terms_form("finance"), "Add them")
    assert "administrators" in refused.error[0].value
    assert len(kept(database)) == 1
