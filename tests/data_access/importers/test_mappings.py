"""Saved mappings: kept by name, replaced by the same name, found again by the column names of the next file."""

import json

import pytest

from data_access.commands.import_mappings import delete_mapping, save_mapping
from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.importers.mappings import of_options
from data_access.queries.import_mappings import mapping_rows
from data_access.scope import Scope
from domain.parsing.dates import Order
from tests.data_access.importers.statement_files import CSV_MAPS

EVERY = Scope.all_sites()
TITLES = ("Account", "Date", "Debit", "Credit", "Text")


def _save(importer, scope=EVERY, name="First Bank", kind="bank", maps=CSV_MAPS, **values):
    mapping = of_options(kind, name, importer.options(kind, list(maps), **values), TITLES)
    importer.database.writing("ana", scope, lambda writing: save_mapping(writing, scope, mapping))
    return mapping


def _saved(importer, scope=EVERY, kind="bank"):
    with importer.database.reading(scope) as connection:
        return mapping_rows(connection, scope, kind)


def test_a_mapping_is_kept_replaced_and_audited(importer, check):
    first = _save(importer, sheet="May")
    assert _saved(importer) == [first]
    assert _saved(importer, kind="invoices") == []
    second = _save(importer, date_order=Order.DMY, reversed_signs=True)
    assert _saved(importer) == [second]
    trail = importer.table("audit_log", "action", "actor", entity="import_mappings")
    assert trail == [("create", "ana"), ("update", "ana")]
    check()


def test_the_trail_masks_the_account_that_a_mapping_names(importer):
    _save(importer, maps=("bank_account==55501234",))
    (after,) = importer.table("audit_log", "after", entity="import_mappings")
    assert "55501234" not in after
    assert json.loads(after)["constants"] == {"bank_account": "••••1234"}
    assert _saved(importer)[0].constants == {"bank_account": "55501234"}


def _delete(importer, scope=EVERY, name="First Bank"):
    importer.database.writing("bo", scope, lambda writing: delete_mapping(writing, scope, "bank", name))


def test_a_mapping_is_deleted_and_its_name_is_free(importer, check):
    _save(importer, maps=("bank_account==55501234",))
    kept = _save(importer, name="Second Bank")
    with pytest.raises(LedgerRefusedError, match="only somebody who sees every site may delete a mapping"):
        _delete(importer, Scope.of({1}))
    _delete(importer)
    assert _saved(importer) == [kept]
    assert not any("5550" in text for text in importer.table("import_mappings", "options"))
    for name in ("First Bank", "Third Bank"):
        with pytest.raises(NotFoundError, match=f"there is no mapping '{name}' of bank"):
            _delete(importer, name=name)
    again = _save(importer)
    assert _saved(importer) == [again, kept]
    trail = importer.table("audit_log", "action", "actor", entity="import_mappings")
    assert trail == [("create", "ana"), ("create", "ana"), ("delete", "bo"), ("create", "ana")]
    (_, _, before, _) = importer.table("audit_log", "before", entity="import_mappings")
    assert json.loads(before)["constants"] == {"bank_account": "••••1234"}
    check()


def test_who_sees_some_sites_neither_reads_nor_saves_mappings(importer):
    _save(importer)
    assert _saved(importer, Scope.of({1})) == []
    with pytest.raises(LedgerRefusedError, match="only somebody who sees every site may save a mapping"):
        _save(importer, Scope.of({1}), name="Other")


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_a_name_or_a_text_that_cannot_be_kept_is_refused(importer):
    for name in ("", " a", "a\nb", "x" * 61):
        with pytest.raises(LedgerRefusedError, match="1 to 60 characters"):
            _save(importer, name=name)
    for values in ({"name": "Card 4111111111111111"}, {"maps": ("bank_account==4111 1111 1111 1111",)}):
        with pytest.raises(LedgerRefusedError, match="payment card"):
            _save(importer, **values)
    with pytest.raises(LedgerRefusedError, match="is for bank"):
        _save(importer, kind="invoices", maps=(), reversed_signs=True)
    assert importer.count("import_mappings") == 0


@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
def test_it_fits_files_with_its_column_names_and_gives_way_to_what_is_told(importer):
    mapping = _save(importer, date_order=Order.DMY)
    assert mapping.fits(["text", "CREDIT", "Debit", "Date", "Account", ""])
    assert not mapping.fits(["Text", "Credit", "Debit", "Date"])
    assert not of_options("bank", "x", importer.options("bank"), ()).fits(())
    told = mapping.applied(importer.options("bank", ["currency==EUR", "debit==1"], date_order=Order.MDY))
    assert told.constants == {"currency": "EUR", "debit": "1"}
    assert (told.columns["credit"], "debit" in told.columns, told.date_order) == ("Credit", False, Order.MDY)
