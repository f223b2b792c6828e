"""Check M1: what of a payment and of a bank line is matched, from the matches; and one explanation a line."""

from collections.abc import Iterator

from sqlalchemy import Connection, text

from domain.masking import masked_bank_account
from domain.money import to_decimal

_LIVE = "sum(CASE WHEN undoes_id IS NULL THEN amount ELSE -amount END)"


def statements_off(connection: Connection) -> Iterator[str]:
    """Statements that do not add up: the bank's or the file's difference, which breaks no rule of the ledger."""
    off = "opening + movements - closing"
    statement = f"SELECT id, bank_account, currency, {off} AS off FROM bank_statements WHERE {off} <> 0 ORDER BY id"  # noqa: S608
    for row in connection.execute(text(statement)):
        amount = f"{to_decimal(row.off, row.currency):,f} {row.currency}"
        yield f"statement {row.id} of {masked_bank_account(row.bank_account)} does not add up, by {amount}: opening + movements - closing"


def matched_is_sum(connection: Connection) -> Iterator[str]:
    """The database moves a payment's counter itself; a line's is moved by whoever matches."""
    for table, column in (("payments", "payment_id"), ("bank_lines", "bank_line_id")):
        statement = (
            f"SELECT d.id, d.amount, d.matched, CAST(coalesce(s.live, 0) AS bigint) AS live FROM {table} d LEFT JOIN "  # noqa: S608
            f"(SELECT {column} AS document_id, {_LIVE} AS live FROM matches GROUP BY {column}) s "
            "ON s.document_id = d.id WHERE d.matched <> coalesce(s.live, 0) OR d.matched > abs(d.amount) ORDER BY d.id"
        )
        for row in connection.execute(text(statement)):
            yield f"{table} {row.id} of {row.amount}: matched is {row.matched}, its live matches sum to {row.live}"
    last = "SELECT payment_id, max(decided_at) AS decided_at FROM matches GROUP BY payment_id"
    differs = f"{{}} IS {'DISTINCT FROM' if connection.dialect.name == 'postgresql' else 'NOT'} {{}}"
    statement = (
        f"SELECT p.id, p.matched_at, m.decided_at FROM payments p LEFT JOIN ({last}) m ON m.payment_id = p.id "  # noqa: S608
        f"WHERE {differs.format('p.matched_at', 'm.decided_at')} ORDER BY p.id"
    )
    for row in connection.execute(text(statement)):
        yield f"payments {row.id}: matched_at is {row.matched_at}, its last match was decided at {row.decided_at}"
    statement = (
        "SELECT d.bank_line_id, count(*) AS n FROM bank_line_decisions d LEFT JOIN bank_line_decisions b "
        "ON b.undoes_id = d.id WHERE d.undoes_id IS NULL AND b.id IS NULL GROUP BY d.bank_line_id HAVING count(*) > 1"
    )
    for row in connection.execute(text(statement)):
        yield f"bank line {row.bank_line_id}: {row.n} explanations stand; take back all but one"
