"""The totals of months with bills in time, kept by SQLite triggers with every row that moves them; frozen with revision 0020."""

from data_access.migrations.triggers import months_0020 as months
from data_access.migrations.triggers import open_0016 as items
from data_access.migrations.triggers import sqlite_0014, sqlite_0016

_S = "sqlite"
_OF_THE_BILL = "x.account_id = NEW.account_id AND x.invoice_id = NEW.invoice_id"
_NEW, _OTHERS = "x.id = NEW.id", "x.id <> NEW.id"
_AMONG = f"(NEW.reverses_id IS NOT NULL OR {items.earlier('NEW')})"


def _trigger(name: str, when: str, statements: list[str]) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {'; '.join(statements)}; END"


def _moves(table: str) -> str:
    when = f"AFTER UPDATE OF site_id ON {table} WHEN OLD.site_id <> NEW.site_id"
    return _trigger(f"{table}_months_move", when, months.moved_site(_S, table))


CREATE = [
    _trigger(
        "invoices_months",
        "AFTER INSERT ON invoices",
        [months.into_totals(months.totals(_S, months.bills(_S, "invoices", "i.id = NEW.id")))],
    ),
    _trigger(
        "allocations_months",
        f"AFTER INSERT ON allocations WHEN NEW.invoice_id IS NOT NULL AND NOT {_AMONG}",
        [
            months.into_totals(months.totals(_S, months.applied_last(_S, "allocations", "n.id = NEW.id"))),
            items.into(items.moved(_S, items.applied_last(_S, "allocations", "n.id = NEW.id"), grouped=False)),
        ],
    ),
    _trigger(
        "allocations_months_among",
        f"AFTER INSERT ON allocations WHEN NEW.invoice_id IS NOT NULL AND {_AMONG}",
        [
            months.into_totals(months.totals(_S, months.applied(_S, "allocations", _NEW, _OF_THE_BILL, _OTHERS))),
            items.into(items.moved(_S, items.applied(_S, "allocations", _NEW, _OF_THE_BILL, _OTHERS))),
        ],
    ),
    *(_moves(table) for table in ("invoices", "payments", "allocations")),
    _trigger(
        "accounts_months",
        "AFTER UPDATE OF vendor_id, service_type, terms_days ON accounts WHEN OLD.vendor_id <> NEW.vendor_id "
        "OR OLD.service_type <> NEW.service_type OR OLD.terms_days <> NEW.terms_days",
        months.account_changed(_S),
    ),
    _trigger(
        "sites_months", "AFTER UPDATE OF region ON sites WHEN OLD.region <> NEW.region", months.region_changed(_S)
    ),
]

DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
_NAMES = {statement.split()[2] for statement in CREATE}
_KNOWN = {s.split()[2]: s for revision in (sqlite_0014, sqlite_0016) for s in revision.CREATE}
RESTORED = [statement for name, statement in _KNOWN.items() if name in _NAMES]
