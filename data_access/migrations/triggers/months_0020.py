"""What the totals of months are made of, as SQL of both databases, frozen with revision 0020.

As with revision 0014, and how many bills fell due in a month, of them in time: settled by their due day with money that stayed.
"""

from data_access.migrations.triggers import months_0014 as before

MEASURES = (*before.MEASURES, "fell_due", "in_time")


def _month(dialect: str, day: str) -> str:
    return f"substr({day}, 1, 7)" if dialect == "sqlite" else f"to_char({day}, 'YYYY-MM')"


def _due(dialect: str, terms: str) -> str:
    if dialect == "sqlite":
        return f"coalesce(i.due_on, date(i.issued_on, ({terms}) || ' days'))"
    return f"coalesce(i.due_on, i.issued_on + ({terms})::integer)"


def _after_due(dialect: str, terms: str) -> str:
    """The first day on which a bill is late."""
    due = _due(dialect, terms)
    return f"date({due}, '+1 day')" if dialect == "sqlite" else f"({due} + 1)"


def _row(month: str, **measures: str) -> str:
    return ", ".join([f"{month} AS month", *(f"{measures.get(name, '0')} AS {name}" for name in MEASURES)])


def _only(condition: str, amount: str) -> str:
    return f"CASE WHEN {condition} THEN {amount} ELSE 0 END"


def bills(dialect: str, source: str, where: str, terms: str = "a.terms_days") -> list[str]:
    """account_id, site_id, month and measures of each bill: in the months of its issue and of its due day, and in that in which it is late."""
    issued = _row(
        _month(dialect, "i.issued_on"),
        billed=_only("i.kind = 'invoice'", "i.amount"),
        credited=_only("i.kind = 'credit_note'", "i.amount"),
    )
    due = _row(_month(dialect, _due(dialect, terms)), fell_due="1")
    late = _row(_month(dialect, _after_due(dialect, terms)), late="i.amount", late_bills="1")
    of_account = f"FROM {source} i JOIN accounts a ON a.id = i.account_id WHERE i.kind = 'invoice' AND {where}"
    return [
        f"SELECT i.account_id, i.site_id, {issued} FROM {source} i WHERE {where}",
        f"SELECT i.account_id, i.site_id, {due} {of_account}",
        f"SELECT i.account_id, i.site_id, {late} {of_account}",
    ]


def money(dialect: str, source: str, where: str) -> list[str]:
    """The same of each payment, refund and reversal; a refund that came back is bounced."""
    bounced = "p.kind = 'reversal' AND o.kind = 'refund'"
    row = _row(
        _month(dialect, "p.paid_on"),
        paid=_only("p.kind = 'payment'", "p.amount"),
        refunded=_only("p.kind = 'refund'", "p.amount"),
        returned=_only("p.kind = 'reversal' AND o.kind = 'payment'", "p.amount"),
        bounced=_only(bounced, "p.amount"),
        payments="1",
    )
    return [
        f"SELECT p.account_id, p.site_id, {row} FROM {source} p LEFT JOIN payments o ON o.account_id = p.account_id "
        f"AND o.id = p.reverses_id WHERE {where}"
    ]


def uses(dialect: str, source: str, where: str, terms: str = "a.terms_days") -> list[str]:
    """The same of what is applied to bills: it lessens what is late, from the day on which the bill is."""
    amount = "CASE WHEN x.reverses_id IS NULL THEN -x.amount ELSE x.amount END"
    return [
        f"SELECT x.account_id, x.site_id, {_row(_counts_in(dialect, terms), late=amount)} FROM {source} x "
        "JOIN invoices i ON i.account_id = x.account_id AND i.id = x.invoice_id JOIN accounts a ON a.id = x.account_id "
        f"WHERE {where}"
    ]


def _counts_in(dialect: str, terms: str) -> str:
    """The month from which an allocation makes a late bill less late."""
    after = _after_due(dialect, terms)
    later = f"max(x.applied_on, {after})" if dialect == "sqlite" else f"greatest(x.applied_on, {after})"
    return _month(dialect, later)


def closings(dialect: str, where: str, *, sign: str = "-", terms: str = "a.terms_days") -> list[str]:
    """The same of bills that are settled by the end of a month and were not before, or are open again: one late bill less
    or more. `where` chooses bills whole, since what settles one is all that was applied to it."""
    amount = "CASE WHEN x.reverses_id IS NULL THEN x.amount ELSE -x.amount END"
    by_month = (
        f"SELECT x.account_id, i.site_id, x.invoice_id, i.amount, {_counts_in(dialect, terms)} AS month, "
        f"sum({amount}) AS applied FROM allocations x JOIN invoices i ON i.account_id = x.account_id "
        "AND i.id = x.invoice_id JOIN accounts a ON a.id = x.account_id "
        f"WHERE {where} GROUP BY 1, 2, 3, 4, 5"
    )
    settled = (
        "SELECT account_id, site_id, invoice_id, month, CASE WHEN sum(applied) OVER (PARTITION BY account_id, invoice_id "
        f"ORDER BY month) >= amount THEN 1 ELSE 0 END AS settled FROM ({by_month}) b"
    )
    changed = (
        "SELECT account_id, site_id, month, settled - lag(settled, 1, 0) OVER (PARTITION BY account_id, invoice_id "
        f"ORDER BY month) AS changed FROM ({settled}) s"
    )
    row = _row("c.month", late_bills=f"{sign}c.changed")
    return [f"SELECT c.account_id, c.site_id, {row} FROM ({changed}) c WHERE c.changed <> 0"]


def in_time(dialect: str, where: str, *, sign: str = "", terms: str = "a.terms_days") -> list[str]:
    """The same of bills that are settled by their due day with what was not taken back later: in the month of that day."""
    due = _due(dialect, terms)
    amount = (
        f"CASE WHEN x.reverses_id IS NULL AND x.applied_on <= {due} THEN x.amount "
        f"WHEN o.applied_on <= {due} THEN -x.amount ELSE 0 END"
    )
    settled = (
        f"SELECT x.account_id, i.site_id, x.invoice_id, i.amount, {due} AS due_on FROM allocations x JOIN invoices i "
        "ON i.account_id = x.account_id AND i.id = x.invoice_id JOIN accounts a ON a.id = x.account_id "
        "LEFT JOIN allocations o ON o.account_id = x.account_id AND o.id = x.reverses_id "
        f"WHERE {where} GROUP BY 1, 2, 3, 4, 5 HAVING sum({amount}) >= i.amount"
    )
    return [
        f"SELECT c.account_id, c.site_id, {_row(_month(dialect, 'c.due_on'), in_time=f'{sign}1')} FROM ({settled}) c"
    ]


def applied(dialect: str, source: str, new: str, bills_of: str, others: str) -> list[str]:
    """What new allocations change, whatever else was applied to their bills: `new` chooses them, `bills_of` all of those bills."""
    return [
        *uses(dialect, source, f"x.invoice_id IS NOT NULL AND {new}"),
        *closings(dialect, bills_of),
        *closings(dialect, f"{bills_of} AND {others}", sign=""),
        *in_time(dialect, bills_of),
        *in_time(dialect, f"{bills_of} AND {others}", sign="-"),
    ]


_BY_NOW = (
    "(SELECT sum(CASE WHEN x.reverses_id IS NULL THEN x.amount ELSE -x.amount END) FROM allocations x "
    "WHERE x.account_id = n.account_id AND x.invoice_id = n.invoice_id)"
)
_SETTLES = "CASE WHEN n.applied >= i.amount AND n.applied - n.amount < i.amount THEN 1 ELSE 0 END"


def applied_last(dialect: str, source: str, new: str) -> list[str]:
    """The same of an allocation that takes nothing back and is the newest of its bill: read from the bill's row alone."""
    due, after = _due(dialect, "a.terms_days"), _after_due(dialect, "a.terms_days")
    later = f"{'max' if dialect == 'sqlite' else 'greatest'}(n.applied_on, {after})"
    newest = (
        f"(SELECT n.account_id, n.site_id, n.invoice_id, n.applied_on, n.amount, {_BY_NOW} AS applied FROM {source} n "
        f"WHERE n.invoice_id IS NOT NULL AND {new}) n JOIN invoices i ON i.account_id = n.account_id "
        "AND i.id = n.invoice_id JOIN accounts a ON a.id = n.account_id"
    )
    late = _row(_month(dialect, later), late="-n.amount", late_bills=f"-({_SETTLES})")
    punctual = _row(_month(dialect, due), in_time="1")
    return [
        f"SELECT n.account_id, n.site_id, {late} FROM {newest}",
        f"SELECT n.account_id, n.site_id, {punctual} FROM {newest} WHERE n.applied_on <= {due} AND {_SETTLES} = 1",
    ]


def _sums(dialect: str, names: tuple[str, ...], sign: str) -> str:
    kind = "INTEGER" if dialect == "sqlite" else "bigint"
    return ", ".join(f"CAST({sign}sum(m.{name}) AS {kind}) AS {name}" for name in names)


def totals(
    dialect: str,
    moves: list[str],
    *,
    sign: str = "",
    region: str = "s.region",
    vendor: str = "a.vendor_id",
    service: str = "a.service_type",
    at: str = "m.site_id",
    marked: bool = True,
) -> str:
    """A SELECT of rows for month_totals; `region`, `vendor` and `service` are what they are counted under."""
    own = "m.account_id, s.id AS site_id" if marked else "NULL AS account_id, NULL AS site_id"
    keys = f"m.month, {region} AS region, {vendor} AS vendor_id, {service} AS service_type, a.currency"
    grouped = ", ".join(
        dict.fromkeys(
            [
                *(["m.account_id", "s.id"] if marked else []),
                "m.month",
                *_columns(region, vendor, service),
                "a.currency",
            ]
        )
    )
    return (
        f"SELECT {own}, {keys}, {_sums(dialect, MEASURES, sign)} FROM ({' UNION ALL '.join(moves)}) m "
        f"JOIN accounts a ON a.id = m.account_id JOIN sites s ON s.id = {at} GROUP BY {grouped}"
    )


def _columns(*expressions: str) -> list[str]:
    """OLD and NEW are constants, which are not grouped by."""
    return [each for each in expressions if not each.startswith(("OLD.", "NEW."))]


TOTAL_COLUMNS = ", ".join(
    ("account_id", "site_id", "month", "region", "vendor_id", "service_type", "currency", *MEASURES)
)


def into_totals(select: str) -> str:
    """The statement that keeps what `totals` selects."""
    return f"INSERT INTO month_totals ({TOTAL_COLUMNS}) {select}"


def every_total(dialect: str) -> str:
    """month_totals as it is from all rows."""
    moves = [
        *bills(dialect, "invoices", "1 = 1"),
        *money(dialect, "payments", "1 = 1"),
        *uses(dialect, "allocations", "1 = 1"),
        *closings(dialect, "1 = 1"),
        *in_time(dialect, "1 = 1"),
    ]
    return totals(dialect, moves, marked=False)


def moved_site(dialect: str, table: str) -> list[str]:
    """A row of `table` went along with its account: out of the old site's region, into the new one's."""
    made = {"invoices": bills, "payments": money, "allocations": uses}[table]
    name = {"invoices": "i", "payments": "p", "allocations": "x"}[table]
    moves = made(dialect, table, f"{name}.id = NEW.id")
    if table == "invoices":
        own = "x.account_id = NEW.account_id AND x.invoice_id = NEW.id"
        moves += [*closings(dialect, own), *in_time(dialect, own)]
    found = [
        into_totals(totals(dialect, moves, sign=sign, at=f"{row}.site_id")) for sign, row in (("-", "OLD"), ("", "NEW"))
    ]
    if table == "payments":
        found += [
            before.into_payments(before.payment_totals(dialect, table, "p.id = NEW.id", sign=sign, at=f"{row}.site_id"))
            for sign, row in (("-", "OLD"), ("", "NEW"))
        ]
    return found


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
            *in_time(dialect, "x.account_id = NEW.id", terms=terms),
        ]
        found.append(
            into_totals(
                totals(
                    dialect,
                    moves,
                    sign=sign,
                    vendor=f"{row}.vendor_id",
                    service=f"{row}.service_type",
                    at="OLD.site_id",
                )
            )
        )
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
            *in_time(dialect, "i.site_id = NEW.id"),
        ]
        found.append(into_totals(totals(dialect, moves, sign=sign, region=f"{row}.region")))
        found.append(
            before.into_payments(
                before.payment_totals(dialect, "payments", "p.site_id = NEW.id", sign=sign, region=f"{row}.region")
            )
        )
    return found


def filled(dialect: str) -> list[str]:
    """The statements that count what is new here for all rows, and then have one row of each total again."""
    keys = "month, region, vendor_id, service_type, currency"
    due = f"SELECT i.account_id, i.site_id, {_row(_month(dialect, _due(dialect, 'a.terms_days')), fell_due='1')} "
    every_bill = f"{due} FROM invoices i JOIN accounts a ON a.id = i.account_id WHERE i.kind = 'invoice'"
    counted = totals(dialect, [every_bill, *in_time(dialect, "1 = 1")], marked=False)
    measures = ", ".join(MEASURES)
    sums = ", ".join(f"CAST(sum({name}) AS bigint)" for name in MEASURES)
    some = " OR ".join(f"sum({name}) <> 0" for name in MEASURES)
    if dialect == "postgresql":  # who migrates may be refused temporary tables
        together = f"WITH gone AS (DELETE FROM month_totals RETURNING *) INSERT INTO month_totals ({keys}, {measures})"
        return [into_totals(counted), f"{together} SELECT {keys}, {sums} FROM gone GROUP BY {keys} HAVING {some}"]
    return [
        into_totals(counted),
        "CREATE TEMPORARY TABLE folded AS SELECT id FROM month_totals",
        f"INSERT INTO month_totals ({keys}, {measures}) SELECT {keys}, {sums} FROM month_totals GROUP BY {keys} HAVING {some}",
        "DELETE FROM month_totals WHERE id IN (SELECT id FROM folded)",
        "DROP TABLE folded",
    ]
