"""Saving how a file is read, under a name; the same name again replaces what it meant. And deleting it."""

import json
from typing import Any

from sqlalchemy import insert, select, update

from data_access.commands.refusals import LedgerRefusedError, NotFoundError, told_as_refusals
from data_access.commands.shared import for_every_site
from data_access.database import Writing
from data_access.importers.errors import ImportUsageError
from data_access.importers.mappings import DELETED, LONGEST_NAME, SavedMapping, from_text
from data_access.importers.options import Options, check_options, kind_named
from data_access.schema import import_mappings
from data_access.scope import Scope
from domain.card_numbers import card_numbers, refusal
from domain.masking import masked_values


def save_mapping(writing: Writing, scope: Scope, mapping: SavedMapping) -> int:
    """Keep `mapping` by its kind and name; returns its id. Raises LedgerRefusedError."""
    for_every_site(scope, "save a mapping")
    _check(scope, mapping)
    table = import_mappings.c
    values = {
        "options": json.dumps(mapping.told(), sort_keys=True, ensure_ascii=False),
        "titles": json.dumps(mapping.titles, ensure_ascii=False),
        "saved_by": writing.actor,
        "saved_at": writing.at,
    }
    found = _held(writing, mapping.kind, mapping.name)
    if found is None:
        new = {"kind": mapping.kind, "name": mapping.name} | values
        with told_as_refusals():
            new_id = writing.connection.execute(insert(import_mappings).returning(table.id), [new]).scalar_one()
        writing.record("create", import_mappings.name, new_id, after=_told(mapping))
        return new_id
    writing.connection.execute(update(import_mappings).where(table.id == found.id).values(**values))
    if found.options == DELETED:
        writing.record("create", import_mappings.name, found.id, after=_told(mapping))
    else:
        before = from_text(mapping.kind, mapping.name, found.options, found.titles)
        writing.record("update", import_mappings.name, found.id, before=_told(before), after=_told(mapping))
    return found.id


def delete_mapping(writing: Writing, scope: Scope, kind: str, name: str) -> None:
    """Forget what is saved by this name. The row stays, empty, since the application may delete none of this table."""
    for_every_site(scope, "delete a mapping")
    found = _held(writing, kind, name)
    if found is None or found.options == DELETED:
        raise NotFoundError(f"there is no mapping {name!r} of {kind}")
    before = from_text(kind, name, found.options, found.titles)
    values = {"options": DELETED, "titles": "[]", "saved_by": writing.actor, "saved_at": writing.at}
    writing.connection.execute(update(import_mappings).where(import_mappings.c.id == found.id).values(**values))
    writing.record("delete", import_mappings.name, found.id, before=_told(before))


def _held(writing: Writing, kind: str, name: str) -> Any:
    table = import_mappings.c
    statement = select(table.id, table.options, table.titles).where(table.kind == kind, table.name == name)
    return writing.connection.execute(statement.with_for_update()).one_or_none()


def _told(mapping: SavedMapping) -> dict[str, object]:
    told = mapping.told()
    told["constants"] = masked_values(mapping.constants)
    return {"kind": mapping.kind, "name": mapping.name} | told


def _check(scope: Scope, mapping: SavedMapping) -> None:
    name = mapping.name
    if not name or name != name.strip() or len(name) > LONGEST_NAME or not name.isprintable():
        raise LedgerRefusedError(f"the name of a mapping is one line of 1 to {LONGEST_NAME} characters, not {name!r}")
    for text in (name, *mapping.columns.values(), *mapping.constants.values()):
        if found := card_numbers(text):
            raise LedgerRefusedError(refusal(found[0].last_two))
    try:
        check_options(kind_named(mapping.kind), mapping.applied(Options(scope=scope)))
    except ImportUsageError as error:
        raise LedgerRefusedError(str(error)) from error
