"""Saving how a file is read, under a name; the same name again replaces what it meant."""

import json

from sqlalchemy import insert, select, update

from data_access.commands.refusals import LedgerRefusedError, told_as_refusals
from data_access.commands.shared import for_every_site
from data_access.database import Writing
from data_access.importers.errors import ImportUsageError
from data_access.importers.mappings import LONGEST_NAME, SavedMapping, from_text
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
    named = (table.kind == mapping.kind, table.name == mapping.name)
    row = writing.connection.execute(select(table.id, table.options, table.titles).where(*named).with_for_update())
    found = row.one_or_none()
    if found is None:
        new = {"kind": mapping.kind, "name": mapping.name} | values
        with told_as_refusals():
            new_id = writing.connection.execute(insert(import_mappings).returning(table.id), [new]).scalar_one()
        writing.record("create", import_mappings.name, new_id, after=_told(mapping))
        return new_id
    before = from_text(mapping.kind, mapping.name, found.options, found.titles)
    writing.connection.execute(update(import_mappings).where(table.id == found.id).values(**values))
    writing.record("update", import_mappings.name, found.id, before=_told(before), after=_told(mapping))
    return found.id


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
