"""The totals of open items, kept by SQLite triggers with every row that moves them; frozen with revision 0016.

The totals of months get a cheaper trigger for an allocation that is the newest of its bill.
"""

from data_access.migrations.triggers import months_0014 as months
from data_access.migrations.triggers import open_0016 as items
from data_access.migrations.triggers import sqlite_0014 as before

_S = "sqlite"
_OF_THE_BILL = "x.account_id = NEW.account_id AND x.invoice_id = NEW.invoice_id"
_NEW, _OTHERS = "x.id = NEW.id", "x.id <> NEW.id"


def _trigger(name: str, when: str, statements: list[str]) -> str:
    return f"CREATE TRIGGER {name} {when} BEGIN {'; '.join(statements)}; END"


def _moves(table: str) -> str:
    when = f"AFTER UPDATE OF site_id ON {table} WHEN OLD.site_id <> NEW.site_id"
    return _trigger(f"{table}_open_move", when, items.moved_site(_S, table))


_AFTER_OTHERS = f"AFTER INSERT ON allocations WHEN NEW.invoice_id IS NOT NULL AND NOT {items.earlier('NEW')}"
_AMONG_OTHERS = f"AFTER INSERT ON allocations WHEN NEW.invoice_id IS NOT NULL AND {items.earlier('NEW')}"

REPLACED = ["DROP TRIGGER allocations_months"]
CREATE = [
    _trigger(
        "invoices_open",
        "AFTER INSERT ON invoices",
        [items.into(items.moved(_S, items.bills(_S, "invoices", "i.id = NEW.id"), grouped=False))],
    ),
    _trigger(
        "payments_open",
        "AFTER INSERT ON payments",
        [items.into(items.moved(_S, items.money(_S, "payments", "p.id = NEW.id"), grouped=False))],
    ),
    _trigger(
        "allocations_months",
        _AFTER_OTHERS,
        [
            months.into_totals(months.totals(_S, items.late_last(_S, "allocations", "n.id = NEW.id"))),
            items.into(items.moved(_S, items.applied_last(_S, "allocations", "n.id = NEW.id"), grouped=False)),
        ],
    ),
    _trigger(
        "allocations_months_among",
        _AMONG_OTHERS,
        [
            months.into_totals(months.totals(_S, months.applied(_S, "allocations", _NEW, _OF_THE_BILL))),
            items.into(items.moved(_S, items.applied(_S, "allocations", _NEW, _OF_THE_BILL, _OTHERS))),
        ],
    ),
    *(_moves(table) for table in ("invoices", "payments", "allocations")),
    _trigger(
        "accounts_open",
        "AFTER UPDATE OF vendor_id, service_type, terms_days ON accounts WHEN OLD.vendor_id <> NEW.vendor_id "
        "OR OLD.service_type <> NEW.service_type OR OLD.terms_days <> NEW.terms_days",
        items.account_changed(_S),
    ),
    _trigger("sites_open", "AFTER UPDATE OF region ON sites WHEN OLD.region <> NEW.region", items.region_changed(_S)),
]

DROP = [f"DROP TRIGGER {statement.split()[2]}" for statement in CREATE]
RESTORED = [statement for statement in before.CREATE if statement.startswith("CREATE TRIGGER allocations_months AFTER")]
