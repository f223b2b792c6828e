"""What the totals of accounts are made of, as SQL of both databases, frozen with revision 0018.

They follow from the counters of bills and money that are not used up. No trigger writes them: the moves that triggers write
to open_totals name their account, and belong to these totals too until `fold` adds them up.
"""

MEASURES = ("open_amount", "bills", "flagged", "owed")
KEYS = ("account_id", "site_id", "currency", "due_on")
COLUMNS = ", ".join((*KEYS, *MEASURES))

_LEFT = "i.amount - i.settled"
_UNUSED = "p.allocated < p.amount AND p.reversed_on IS NULL AND p.kind <> 'reversal'"


def every_total(dialect: str) -> str:
    """All of it from the ledger's rows: several of each, to be added up."""
    due, none = "coalesce(i.due_on, date(i.issued_on, a.terms_days || ' days'))", "NULL"
    if dialect == "postgresql":
        due, none = "coalesce(i.due_on, i.issued_on + a.terms_days::integer)", "NULL::date"
    missing = "CASE WHEN i.due_on IS NULL THEN 1 ELSE 0 END"
    where = "a.id AS account_id, a.site_id, a.currency"
    return (
        f"SELECT {where}, {due} AS due_on, {_LEFT} AS open_amount, 1 AS bills, {missing} AS flagged, 0 AS owed "
        "FROM invoices i JOIN accounts a ON a.id = i.account_id WHERE i.settled < i.amount AND i.kind = 'invoice' "
        f"UNION ALL SELECT {where}, {none}, 0, 0, 0, CASE WHEN i.kind = 'invoice' THEN {_LEFT} ELSE -({_LEFT}) END "
        "FROM invoices i JOIN accounts a ON a.id = i.account_id WHERE i.settled < i.amount "
        f"UNION ALL SELECT {where}, {none}, 0, 0, 0, CASE WHEN p.kind = 'refund' THEN p.amount - p.allocated "
        f"ELSE p.allocated - p.amount END FROM payments p JOIN accounts a ON a.id = p.account_id WHERE {_UNUSED}"
    )


def came(source: str) -> str:
    """The moves among the rows of open_totals that `source` holds, at the site where their account is now."""
    measures = ", ".join(f"m.{name}" for name in MEASURES)
    return (
        f"SELECT m.account_id, a.site_id, m.currency, m.due_on, {measures} FROM {source} m "
        "JOIN accounts a ON a.id = m.account_id WHERE m.account_id IS NOT NULL"
    )


def missing(dialect: str) -> str:
    """A SELECT of what is to be added to each total so that it equals the ledger's rows; equal ones are left out."""
    minus = ", ".join((*KEYS, *(f"-{name} AS {name}" for name in MEASURES)))
    rows = (
        f"SELECT {COLUMNS} FROM ({every_total(dialect)}) e UNION ALL SELECT {minus} FROM account_totals "
        f"UNION ALL SELECT {minus} FROM ({came('open_totals')}) c"
    )
    return added_up(rows)


def added_up(rows: str) -> str:
    """One row for each total that is not nothing."""
    sums = ", ".join(f"CAST(sum({name}) AS bigint) AS {name}" for name in MEASURES)
    some = " OR ".join(f"sum({name}) <> 0" for name in MEASURES)
    return f"SELECT {', '.join(KEYS)}, {sums} FROM ({rows}) r GROUP BY {', '.join(KEYS)} HAVING {some}"


def filled(dialect: str) -> str:
    """The statement that makes, or mends, all of it."""
    return f"INSERT INTO account_totals ({COLUMNS}) {missing(dialect)}"
