"""Scenarios by name: saved, changed, renamed, copied and deleted by the person who owns them. They never touch the ledger."""

import json
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.database import Writing
from data_access.free_text import card_number_in
from data_access.queries.scenarios import Saved, opened
from data_access.schema import scenarios
from data_access.scope import Scope
from domain.card_numbers import refusal
from domain.what_if.actions import Scenario
from domain.what_if.scenario_data import scenario_as_data

LONGEST_NAME = 60
_BYTES = 16  # 22 letters
_TAKEN = "you have a scenario {name!r} already; choose another name, or save over it"
_NONE = "there is no scenario of yours behind this link; it was deleted, or it belongs to somebody else: save a copy"


@dataclass(frozen=True, slots=True)
class Computed:
    """On which day and which data a scenario was computed last."""

    as_of: date
    data_version: str = ""


def save(writing: Writing, scope: Scope, scenario: Scenario, computed: Computed) -> Saved:
    """Keep a new scenario of the actor; its link is new. Raises LedgerRefusedError."""
    _check(writing, scope, scenario)
    link = secrets.token_urlsafe(_BYTES)
    row = (
        {"link": link, "name": scenario.name, "owner": writing.actor}
        | _contents(scenario, computed)
        | {"created_at": writing.at, "updated_at": writing.at}
    )
    with _once(scenario.name):
        new_id = writing.connection.execute(insert(scenarios).returning(scenarios.c.id), [row]).scalar_one()
    writing.record("create", scenarios.name, new_id, after=_told(scenario))
    return _own(writing, scope, link)


def change(writing: Writing, scope: Scope, link: str, scenario: Scenario, computed: Computed) -> Saved:
    """Let the scenario behind `link` say this from now on, its name included. Raises NotFoundError, LedgerRefusedError."""
    was = _own(writing, scope, link)
    _check(writing, scope, scenario)
    values = {"name": scenario.name, **_contents(scenario, computed), "updated_at": writing.at}
    with _once(scenario.name):
        writing.connection.execute(update(scenarios).where(scenarios.c.id == was.id).values(**values))
    writing.record("update", scenarios.name, was.id, before=_told(was.scenario), after=_told(scenario))
    return _own(writing, scope, link)


def rename(writing: Writing, scope: Scope, link: str, name: str) -> Saved:
    """Call it otherwise. Raises NotFoundError, LedgerRefusedError."""
    was = _own(writing, scope, link)
    return change(writing, scope, link, replace(was.scenario, name=name), Computed(was.as_of, was.data_version))


def copy(writing: Writing, scope: Scope, link: str, name: str) -> Saved:
    """A scenario of the actor's own with what they may see of the one behind `link`. Raises NotFoundError."""
    found = opened(writing.connection, scope, link, writing.actor)
    if found is None:
        raise NotFoundError("there is no scenario behind this link; it was deleted")
    return save(writing, scope, replace(found.scenario, name=name), Computed(found.as_of, found.data_version))


def delete(writing: Writing, scope: Scope, link: str) -> None:
    """Close the link; the row stays, for the trail. Raises NotFoundError."""
    was = _own(writing, scope, link)
    writing.connection.execute(update(scenarios).where(scenarios.c.id == was.id).values(deleted_at=writing.at))
    writing.record("delete", scenarios.name, was.id, before=_told(was.scenario))


def _own(writing: Writing, scope: Scope, link: str) -> Saved:
    """The actor's scenario behind `link`; its row is held until the commit."""
    s = scenarios.c
    mine = select(s.id).where(s.link == link, s.owner == writing.actor, s.deleted_at.is_(None)).with_for_update()
    if writing.connection.scalar(mine) is None:
        raise NotFoundError(_NONE)
    found = opened(writing.connection, scope, link, writing.actor)
    if found is None:
        raise NotFoundError(_NONE)
    return found


@contextmanager
def _once(name: str) -> Generator[None]:
    """A name is taken once, whoever saves at the same moment: the database says so."""
    try:
        yield
    except IntegrityError as error:
        raise LedgerRefusedError(_TAKEN.format(name=name)) from error


def _check(writing: Writing, scope: Scope, scenario: Scenario) -> None:
    name = scenario.name
    if not name or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise LedgerRefusedError(f"the name of a scenario is one line of 1 to {LONGEST_NAME} characters, not {name!r}")
    if last_two := card_number_in(writing.connection, scope, name):
        raise LedgerRefusedError(f"name: {refusal(last_two)}")


def _contents(scenario: Scenario, computed: Computed) -> dict[str, object]:
    data = json.dumps(scenario_as_data(scenario), sort_keys=True, ensure_ascii=False)
    return {"actions": data, "as_of": computed.as_of, "data_version": computed.data_version}


def _told(scenario: Scenario) -> dict[str, object]:
    """By value and not as one text, in which a row of ids could be taken for a card number."""
    return scenario_as_data(scenario)
