"""Checks L1 to L6: amounts, counters, allocations, corrections."""

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, text

from data_access.verification.edits import posted_rows_stand
from data_access.verification.guards import guards_stand

_LIVE = "coalesce(sum(CASE WHEN x.reverses_id IS NULL THEN x.amount ELSE -x.amount END), 0)"

_OF_AN_ACCOUNT = (
    *("invoices", "charges", "payments", "allocations", "disputes", "calls", "notices", "matches", "usage"),
    *("vendor_statements", "vendor_statement_lines", "dispute_events"),
)


def positive_amounts(connection: Connection) -> Iterator[str]:
    """L1."""
    for table in ("invoices", "payments", "allocations", "disputes"):
        for row in connection.execute(text(f"SELECT id, amount FROM {table} WHERE amount <= 0")):  # noqa: S608
            yield f"{table} {row.id}: amount {row.amount} is not positive"


def counters_in_range(connection: Connection) -> Iterator[str]:
    """L2."""
    for table, counter in (("invoices", "settled"), ("payments", "allocated")):
        statement = f"SELECT id, amount, {counter} AS counter FROM {table} WHERE {counter} < 0 OR {counter} > amount"  # noqa: S608
        for row in connection.execute(text(statement)):
            yield f"{table} {row.id}: {counter} {row.counter} is outside 0 to {row.amount}"
    yield from _past_days_in_range(connection)


def _past_days_in_range(connection: Connection) -> Iterator[str]:
    """Only a document that something was taken back from can have had too much on a day that is past."""
    for table, column in (
        ("payments", "payment_id"),
        ("invoices", "credit_note_id"),
        ("invoices", "invoice_id"),
        ("payments", "refund_id"),
    ):
        statement = (
            "SELECT d.id, d.amount, s.applied_on, s.live FROM (SELECT x.account_id, x."  # noqa: S608
            f"{column} AS document_id, x.applied_on, sum({_LIVE}) OVER (PARTITION BY x.account_id, x.{column} "
            f"ORDER BY x.applied_on) AS live FROM allocations x WHERE x.{column} IN "
            f"(SELECT {column} FROM allocations WHERE reverses_id IS NOT NULL) "
            f"GROUP BY x.account_id, x.{column}, x.applied_on) s JOIN {table} d "
            "ON d.account_id = s.account_id AND d.id = s.document_id WHERE s.live > d.amount ORDER BY d.id, s.applied_on"
        )
        for row in connection.execute(text(statement)):
            yield f"{table} {row.id}: {row.live} of {row.amount} were applied as of {row.applied_on}"


def counters_are_sums(connection: Connection) -> Iterator[str]:
    """L3: each counter equals the sum of its live allocations, and each document knows their first and last day."""
    for table, counter, kind, column in (
        ("invoices", "settled", "invoice", "invoice_id"),
        ("invoices", "settled", "credit_note", "credit_note_id"),
        ("payments", "allocated", "payment", "payment_id"),
        ("payments", "allocated", "refund", "refund_id"),
    ):
        since, until = "min(x.applied_on)", "max(x.applied_on)"
        statement = (
            f"SELECT d.id, d.{counter} AS counter, {_LIVE} AS live, d.applied_from, d.applied_until, {since} AS since, "  # noqa: S608
            f"{until} AS until FROM {table} d LEFT JOIN allocations x ON x.account_id = d.account_id AND x.{column} = d.id "
            f"WHERE d.kind = '{kind}' GROUP BY d.account_id, d.id "
            f"HAVING d.{counter} <> {_LIVE} OR d.applied_from IS DISTINCT FROM {since} OR d.applied_until IS DISTINCT FROM {until}"
        )
        for row in connection.execute(text(statement)):
            if row.counter != row.live:
                yield f"{table} {row.id} ({kind}): {counter} is {row.counter}, its live allocations sum to {row.live}"
            else:
                yield (
                    f"{table} {row.id} ({kind}): it was applied from {row.applied_from} until {row.applied_until}, "
                    f"its allocations are of {row.since} until {row.until}"
                )
    yield from _known_as_disputed(connection)


def _known_as_disputed(connection: Connection) -> Iterator[str]:
    statement = (
        "SELECT d.id, i.number FROM disputes d JOIN invoices i ON i.account_id = d.account_id AND i.id = d.invoice_id "
        "WHERE i.ever_disputed <> 1 ORDER BY d.id"
    )
    for row in connection.execute(text(statement)):
        yield f"bill {row.number}: dispute {row.id} names it, and it is not known as disputed"


def lines_make_the_bill(connection: Connection) -> Iterator[str]:
    """L4: an amount that comes from lines is their sum; the open amount is derived, never stored."""
    statement = (
        "SELECT i.id, i.number, CASE i.kind WHEN 'invoice' THEN i.amount ELSE -i.amount END AS billed, "
        "coalesce(s.lines, 0) AS lines FROM invoices i LEFT JOIN "
        "(SELECT account_id, invoice_id, sum(amount) AS lines FROM charges GROUP BY account_id, invoice_id) s "
        "ON s.account_id = i.account_id AND s.invoice_id = i.id WHERE i.amount_from = 'lines' "
        "AND CASE i.kind WHEN 'invoice' THEN i.amount ELSE -i.amount END <> coalesce(s.lines, 0)"
    )
    for row in connection.execute(text(statement)):
        yield f"bill {row.number} (id {row.id}): billed {row.billed}, its lines sum to {row.lines}"


def one_account(connection: Connection) -> Iterator[str]:
    """L5: an allocation joins documents of its own account, of the right kind, on or after their days."""
    for table, column, kind, day in (
        ("payments", "payment_id", "payment", "paid_on"),
        ("payments", "refund_id", "refund", "paid_on"),
        ("invoices", "credit_note_id", "credit_note", "issued_on"),
        ("invoices", "invoice_id", "invoice", "issued_on"),
    ):
        statement = (
            f"SELECT x.id FROM allocations x LEFT JOIN {table} d ON d.id = x.{column} WHERE x.{column} IS NOT NULL "  # noqa: S608
            f"AND (d.id IS NULL OR d.account_id <> x.account_id OR d.kind <> '{kind}' OR d.{day} > x.applied_on)"
        )
        for row in connection.execute(text(statement)):
            yield f"allocation {row.id}: its {column} names no {kind} of the same account dated on or before it"
    for table in _OF_AN_ACCOUNT:
        statement = (
            f"SELECT t.id FROM {table} t LEFT JOIN accounts a ON a.id = t.account_id "  # noqa: S608
            "WHERE a.id IS NULL OR a.site_id <> t.site_id"
        )
        for row in connection.execute(text(statement)):
            yield f"{table} {row.id}: its site is not its account's home site"


def corrections_match(connection: Connection) -> Iterator[str]:
    """L6: each correction repeats what it reverses, and a returned payment has its reversal and nothing applied."""
    statement = (
        "SELECT x.id FROM allocations x LEFT JOIN allocations o ON o.account_id = x.account_id AND o.id = x.reverses_id "
        "WHERE x.reverses_id IS NOT NULL AND (o.id IS NULL OR o.reverses_id IS NOT NULL OR o.amount <> x.amount "
        "OR o.applied_on > x.applied_on OR coalesce(o.payment_id, 0) <> coalesce(x.payment_id, 0) "
        "OR coalesce(o.credit_note_id, 0) <> coalesce(x.credit_note_id, 0) "
        "OR coalesce(o.invoice_id, 0) <> coalesce(x.invoice_id, 0) OR coalesce(o.refund_id, 0) <> coalesce(x.refund_id, 0))"
    )
    for row in connection.execute(text(statement)):
        yield f"allocation {row.id}: it does not repeat the one that it reverses"
    statement = (
        "SELECT p.id, p.status FROM payments p LEFT JOIN payments r "
        "ON r.account_id = p.account_id AND r.reverses_id = p.id WHERE p.kind <> 'reversal' AND ("
        "(r.id IS NULL) <> (p.status IN ('pending', 'posted')) OR (r.id IS NOT NULL AND "
        "(r.amount <> p.amount OR r.paid_on <> p.reversed_on OR p.allocated <> 0)))"
    )
    for row in connection.execute(text(statement)):
        yield f"payment {row.id}: status {row.status} does not agree with its reversal"
    statement = (
        "SELECT c.id FROM invoices c LEFT JOIN invoices i ON i.account_id = c.account_id AND i.id = c.reverses_id "
        "WHERE c.reverses_id IS NOT NULL AND (i.id IS NULL OR i.kind <> 'invoice' OR i.amount <> c.amount)"
    )
    for row in connection.execute(text(statement)):
        yield f"credit note {row.id}: it does not repeat the invoice that it reverses"


def _nothing_was_edited(connection: Connection) -> Iterator[str]:
    yield from corrections_match(connection)
    yield from posted_rows_stand(connection)
    yield from guards_stand(connection)


LEDGER_CHECKS: tuple[tuple[str, str, Callable[[Connection], Iterator[str]]], ...] = (
    ("L1", "amounts are positive", positive_amounts),
    ("L2", "no counter is below 0 or above its amount", counters_in_range),
    ("L3", "each counter equals the sum of its live allocations", counters_are_sums),
    ("L4", "an amount made of lines is their sum", lines_make_the_bill),
    ("L5", "allocations stay within one account", one_account),
    ("L6", "nothing posted was edited, corrections match what they reverse", _nothing_was_edited),
)
