"""The totals of months, kept by SQLite triggers with every row that moves them; frozen with revision 0014."""

from data_access.migrations.triggers import months_0014 as months

_S = "sqlite"
_OF_THE_BILL = "x.account_id = NEW.account_id AND x.invoice_id = NEW.invoice_id"


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
        "payments_months",
        "AFTER INSERT ON payments",
        [
            months.into_totals(months.totals(_S, months.money(_S, "payments", "p.id = NEW.id"))),
            months.into_payments(months.payment_totals(_S, "payments", "p.id = NEW.id")),
        ],
    ),
    _trigger(
        "allocations_months",
        "AFTER INSERT ON allocations WHEN NEW.invoice_id IS NOT NULL",
        [months.into_totals(months.totals(_S, months.applied(_S, "allocations", "x.id = NEW.id", _OF_THE_BILL)))],
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
