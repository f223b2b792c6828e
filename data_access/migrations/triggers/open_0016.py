"""What the totals of open items are made of, as SQL of both databases, frozen with revision 0016.

A row of open_totals that names an account says what a row of the ledger moved: on which day, at which due day. `fold` turns
such rows into sums by region and sums by vendor, for each month and (without a month) for all months together, and into sums
of each day.
"""

from operator import add

from sqlalchemy import Connection

from data_access.migrations.filling import summed
from data_access.migrations.triggers import months_0014 as months

KEYS = ("month", "day", "due_on", "region", "vendor_id", "service_type", "currency")
MEASURES = ("open_amount", "bills", "flagged", "owed")
COLUMNS = ", ".join(("account_id", "site_id", *KEYS, *MEASURES))

_SIGNED = "CASE WHEN x.reverses_id IS NULL THEN x.amount ELSE -x.amount END"


def _month(dialect: str, day: str) -> str:
    return f"substr({day}, 1, 7)" if dialect == "sqlite" else f"to_char({day}, 'YYYY-MM')"


def _due(dialect: str, terms: str) -> str:
    if dialect == "sqlite":
        return f"coalesce(i.due_on, date(i.issued_on, ({terms}) || ' days'))"
    return f"coalesce(i.due_on, i.issued_on + ({terms})::integer)"


def _row(day: str, due: str, **measures: str) -> str:
    given = ", ".join(f"{measures.get(name, '0')} AS {name}" for name in MEASURES)
    return f"{day} AS day, {due} AS due_on, {given}"


def _missing(number: str) -> str:
    """`number` where the bill names no due day."""
    return f"CASE WHEN i.due_on IS NULL THEN {number} ELSE 0 END"


def bills(dialect: str, source: str, where: str, terms: str = "a.terms_days") -> list[str]:
    """account_id, site_id, day, due_on and measures of each bill and credit note: open, and owed, from its day on."""
    opened = _row("i.issued_on", _due(dialect, terms), open_amount="i.amount", bills="1", flagged=_missing("1"))
    owed = _row("i.issued_on", _no_day(dialect), owed="CASE WHEN i.kind = 'invoice' THEN i.amount ELSE -i.amount END")
    return [
        f"SELECT i.account_id, i.site_id, {opened} FROM {source} i JOIN accounts a ON a.id = i.account_id "
        f"WHERE i.kind = 'invoice' AND {where}",
        f"SELECT i.account_id, i.site_id, {owed} FROM {source} i WHERE {where}",
    ]


def _no_day(dialect: str) -> str:
    return "NULL" if dialect == "sqlite" else "NULL::date"


def money(dialect: str, source: str, where: str) -> list[str]:
    """The same of payments, refunds and what came back: they change what is owed."""
    owed = (
        "CASE WHEN p.kind = 'payment' OR (p.kind = 'reversal' AND o.kind = 'refund') THEN -p.amount ELSE p.amount END"
    )
    row = _row("p.paid_on", _no_day(dialect), owed=owed)
    return [
        f"SELECT p.account_id, p.site_id, {row} FROM {source} p LEFT JOIN payments o ON o.account_id = p.account_id "
        f"AND o.id = p.reverses_id WHERE {where}"
    ]


def uses(dialect: str, source: str, where: str, terms: str = "a.terms_days") -> list[str]:
    """The same of what is applied to bills: less of them is open."""
    row = _row("x.applied_on", _due(dialect, terms), open_amount=f"-({_SIGNED})")
    return [
        f"SELECT x.account_id, x.site_id, {row} FROM {source} x JOIN invoices i ON i.account_id = x.account_id "
        f"AND i.id = x.invoice_id JOIN accounts a ON a.id = x.account_id WHERE {where}"
    ]


def closings(dialect: str, where: str, *, sign: str = "-", terms: str = "a.terms_days") -> list[str]:
    """The same of bills that are settled by the end of a day and were not before, or are open again: one bill less or
    more. `where` chooses bills whole, since what settles one is all that was applied to it."""
    by_day = (
        f"SELECT x.account_id, i.site_id, x.invoice_id, i.amount, {_due(dialect, terms)} AS due_on, {_missing('1')} AS missing, "
        f"x.applied_on AS day, sum({_SIGNED}) AS applied FROM allocations x JOIN invoices i "
        "ON i.account_id = x.account_id AND i.id = x.invoice_id JOIN accounts a ON a.id = x.account_id "
        f"WHERE {where} GROUP BY 1, 2, 3, 4, 5, 6, 7"
    )
    settled = (
        "SELECT account_id, site_id, invoice_id, due_on, missing, day, CASE WHEN sum(applied) OVER "
        "(PARTITION BY account_id, invoice_id ORDER BY day) >= amount THEN 1 ELSE 0 END AS settled "
        f"FROM ({by_day}) b"
    )
    changed = (
        "SELECT account_id, site_id, due_on, missing, day, settled - lag(settled, 1, 0) OVER "
        f"(PARTITION BY account_id, invoice_id ORDER BY day) AS changed FROM ({settled}) s"
    )
    row = _row("c.day", "c.due_on", bills=f"{sign}c.changed", flagged=f"{sign}c.changed * c.missing")
    return [f"SELECT c.account_id, c.site_id, {row} FROM ({changed}) c WHERE c.changed <> 0"]


def applied(dialect: str, source: str, new: str, bills_of: str, others: str) -> list[str]:
    """What new allocations change, whatever else was applied to their bills: what settled these then goes, what does comes."""
    return [
        *uses(dialect, source, f"x.invoice_id IS NOT NULL AND {new}"),
        *closings(dialect, bills_of),
        *closings(dialect, f"{bills_of} AND {others}", sign=""),
    ]


# Whether an allocation settles its bill, or opens it again, when nothing is applied to the bill on a later day.
_BY_NOW = (
    f"(SELECT sum({_SIGNED}) FROM allocations x WHERE x.account_id = n.account_id AND x.invoice_id = n.invoice_id)"
)
_SETTLES = (
    "CASE WHEN n.applied >= i.amount THEN 1 ELSE 0 END - CASE WHEN n.applied - n.signed >= i.amount THEN 1 ELSE 0 END"
)


def _newest(source: str, new: str) -> str:
    return (
        f"(SELECT n.account_id, n.site_id, n.invoice_id, n.applied_on, CASE WHEN n.reverses_id IS NULL THEN n.amount "
        f"ELSE -n.amount END AS signed, {_BY_NOW} AS applied FROM {source} n WHERE n.invoice_id IS NOT NULL AND {new}) n "
        "JOIN invoices i ON i.account_id = n.account_id AND i.id = n.invoice_id JOIN accounts a ON a.id = n.account_id"
    )


def applied_last(dialect: str, source: str, new: str) -> list[str]:
    """The same of an allocation that is the newest of its bill, as nearly all are: read from the bill's row alone."""
    settles = f"-({_SETTLES})"
    row = _row(
        "n.applied_on",
        _due(dialect, "a.terms_days"),
        open_amount="-n.signed",
        bills=settles,
        flagged=_missing(settles),
    )
    return [f"SELECT n.account_id, n.site_id, {row} FROM {_newest(source, new)}"]


def late_last(dialect: str, source: str, new: str) -> list[str]:
    """What such an allocation changes in the totals of months: those of months_0014.applied, in one row."""
    after = f"({_due(dialect, 'a.terms_days')} + 1)"
    if dialect == "sqlite":
        after = f"date({_due(dialect, 'a.terms_days')}, '+1 day')"
    later = f"{'max' if dialect == 'sqlite' else 'greatest'}(n.applied_on, {after})"
    given = {"late": "-n.signed", "late_bills": f"-({_SETTLES})"}
    row = ", ".join(f"{given.get(name, '0')} AS {name}" for name in months.MEASURES)
    return [f"SELECT n.account_id, n.site_id, {_month(dialect, later)} AS month, {row} FROM {_newest(source, new)}"]


def earlier(new: str) -> str:
    """Is `new` applied on an earlier day than something else of its bill?"""
    return (
        f"EXISTS (SELECT 1 FROM allocations x WHERE x.account_id = {new}.account_id AND x.invoice_id = {new}.invoice_id "
        f"AND x.applied_on > {new}.applied_on)"
    )


def moved(
    dialect: str,
    moves: list[str],
    *,
    sign: str = "",
    region: str = "s.region",
    vendor: str = "a.vendor_id",
    service: str = "a.service_type",
    at: str = "m.site_id",
    marked: bool = True,
    grouped: bool = True,
) -> str:
    """A SELECT of rows for open_totals; `region`, `vendor` and `service` are what they are counted under."""
    own = "m.account_id, m.site_id" if marked else "NULL AS account_id, NULL AS site_id"
    month = _month(dialect, "m.day")
    keys = f"{month} AS month, m.day, m.due_on, {region} AS region, {vendor} AS vendor_id, {service} AS service_type, a.currency"
    values = ", ".join(
        f"CAST({sign}sum(m.{name}) AS bigint) AS {name}" if grouped else f"{sign}m.{name} AS {name}"
        for name in MEASURES
    )
    # OLD and NEW are constants, which are not grouped by.
    by = [each for each in (region, vendor, service) if not each.startswith(("OLD.", "NEW."))]
    by = [*(["m.account_id", "m.site_id"] if marked else []), "m.day", "m.due_on", *by, "a.currency"]
    return (
        f"SELECT {own}, {keys}, {values} FROM ({' UNION ALL '.join(moves)}) m JOIN accounts a ON a.id = m.account_id "
        f"JOIN sites s ON s.id = {at}{' GROUP BY ' + ', '.join(by) if grouped else ''}"
    )


def into(select: str) -> str:
    """The statement that keeps what `moved` selects."""
    return f"INSERT INTO open_totals ({COLUMNS}) {select}"


def every_move(dialect: str) -> str:
    """All moves, from all rows."""
    everything = [
        *bills(dialect, "invoices", "1 = 1"),
        *money(dialect, "payments", "1 = 1"),
        *uses(dialect, "allocations", "1 = 1"),
        *closings(dialect, "1 = 1"),
    ]
    return moved(dialect, everything, marked=False)


def spread(moves: str) -> str:
    """Each of `moves` as the sums that it belongs to: by region and by vendor, of its month and of all months; of its day."""
    keys = (
        "CASE WHEN l.whole = 0 THEN f.month END AS month, NULL AS day, f.due_on, CASE WHEN l.place = 1 THEN f.region END "
        "AS region, CASE WHEN l.place = 0 THEN f.vendor_id END AS vendor_id, CASE WHEN l.place = 0 THEN f.service_type END "
        "AS service_type, f.currency"
    )
    levels = " UNION ALL ".join(f"SELECT {place} AS place, {whole} AS whole" for place in (0, 1) for whole in (0, 1))
    named = "month, due_on, region, vendor_id, service_type, currency"
    by_month = f"SELECT {named}, {', '.join(f'sum({name}) AS {name}' for name in MEASURES)} FROM moves GROUP BY {named}"
    given = ", ".join(f"f.{name}" for name in MEASURES)
    of_day = "f.month, f.day, f.due_on, NULL AS region, NULL AS vendor_id, NULL AS service_type, f.currency"
    return (
        f"SELECT * FROM (WITH moves AS ({moves}) SELECT {of_day}, {given} FROM moves f UNION ALL "
        f"SELECT {keys}, {given} FROM ({by_month}) f CROSS JOIN ({levels}) l) r"
    )


def every_sum(dialect: str) -> str:
    """All sums, from all rows: several of each, to be added up."""
    return spread(every_move(dialect))


def by_month(dialect: str) -> str:
    """KEYS and measures of each month, by region and by vendor, and of each day: each move counted once in each way.

    What is owed has no due day: few sums, which are made first.
    """
    opened, *owed = bills(dialect, "invoices", "1 = 1")
    owed += money(dialect, "payments", "1 = 1")
    due = [opened, *uses(dialect, "allocations", "1 = 1"), *closings(dialect, "1 = 1")]
    sums = ", ".join(f"CAST(sum({name}) AS bigint) AS {name}" for name in MEASURES)
    moves = f"{moved(dialect, due, marked=False, grouped=False)} UNION ALL {moved(dialect, owed, marked=False)}"
    no_day, no_vendor = "CAST(NULL AS date)", "CAST(NULL AS bigint)"
    return (
        f"SELECT * FROM (WITH moves AS MATERIALIZED ({moves}) SELECT month, {no_day} AS day, due_on, region, "
        f"{no_vendor} AS vendor_id, NULL AS service_type, currency, {sums} FROM moves "
        "GROUP BY month, due_on, region, currency "
        f"UNION ALL SELECT month, {no_day}, due_on, NULL, vendor_id, service_type, currency, {sums} FROM moves "
        "GROUP BY month, due_on, vendor_id, service_type, currency "
        f"UNION ALL SELECT month, day, due_on, NULL, {no_vendor}, NULL, currency, {sums} FROM moves "
        "GROUP BY month, day, due_on, currency) r"
    )


def fill_sqlite(connection: Connection) -> None:
    """Make all of it in an empty table, without sorting all moves at once."""
    sums = summed(connection, by_month("sqlite"), len(KEYS))
    for (_, day, *rest), values in list(sums.items()):
        if day is None:
            whole = (None, None, *rest)
            sums[whole] = tuple(map(add, sums[whole], values)) if whole in sums else values
    columns = (*KEYS, *MEASURES)
    statement = f"INSERT INTO open_totals ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"
    rows = [(*key, *values) for key, values in sums.items() if any(values)]
    if rows:
        connection.exec_driver_sql(statement, rows)


def filled(dialect: str) -> str:
    """The statement that makes all of it in an empty table."""
    keys = ", ".join(KEYS)
    sums = ", ".join(f"CAST(sum({name}) AS bigint)" for name in MEASURES)
    some = " OR ".join(f"sum({name}) <> 0" for name in MEASURES)
    every = f"FROM ({every_sum(dialect)}) r GROUP BY {keys} HAVING {some}"
    return f"INSERT INTO open_totals ({keys}, {', '.join(MEASURES)}) SELECT {keys}, {sums} {every}"


def moved_site(dialect: str, table: str) -> list[str]:
    """A row of `table` went along with its account: out of the old site's region, into the new one's."""
    made = {"invoices": bills, "payments": money, "allocations": uses}[table]
    name = {"invoices": "i", "payments": "p", "allocations": "x"}[table]
    moves = made(dialect, table, f"{name}.id = NEW.id")
    if table == "invoices":
        moves += closings(dialect, "x.account_id = NEW.account_id AND x.invoice_id = NEW.id")
    return [into(moved(dialect, moves, sign=sign, at=f"{row}.site_id")) for sign, row in (("-", "OLD"), ("", "NEW"))]


def account_changed(dialect: str) -> list[str]:
    """An account got another vendor, service type or terms: all its history is counted under those, at its old site."""
    found = []
    for sign, row in (("-", "OLD"), ("", "NEW")):
        terms = f"{row}.terms_days"
        moves = [
            *bills(dialect, "invoices", "i.account_id = NEW.id", terms),
            *money(dialect, "payments", "p.account_id = NEW.id"),
            *uses(dialect, "allocations", "x.account_id = NEW.id", terms),
            *closings(dialect, "x.account_id = NEW.id", terms=terms),
        ]
        vendor, service = f"{row}.vendor_id", f"{row}.service_type"
        found.append(into(moved(dialect, moves, sign=sign, vendor=vendor, service=service, at="OLD.site_id")))
    return found


def region_changed(dialect: str) -> list[str]:
    """A site is in another region: all its history is."""
    found = []
    for sign, row in (("-", "OLD"), ("", "NEW")):
        moves = [
            *bills(dialect, "invoices", "i.site_id = NEW.id"),
            *money(dialect, "payments", "p.site_id = NEW.id"),
            *uses(dialect, "allocations", "i.site_id = NEW.id"),
            *closings(dialect, "i.site_id = NEW.id"),
        ]
        found.append(into(moved(dialect, moves, sign=sign, region=f"{row}.region")))
    return found
