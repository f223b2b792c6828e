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
    """The database moves a payment's counter itself, and when it was matched last; a line's is moved by whoever matches."""
    differs = "IS DISTINCT FROM" if connection.dialect.name == "postgresql" else "IS NOT"
    for table, column, known in (("payments", "payment_id", "d.matched_at"), ("bank_lines", "bank_line_id", "s.last")):
        statement = (
            f"SELECT d.id, d.amount, d.matched, CAST(coalesce(s.live, 0) AS bigint) AS live, {known} AS known, s.last "  # noqa: S608
            f"FROM {table} d LEFT JOIN (SELECT {column} AS document_id, {_LIVE} AS live, max(decided_at) AS last "
            f"FROM matches GROUP BY {column}) s ON s.document_id = d.id WHERE d.matched <> coalesce(s.live, 0) "
            f"OR d.matched > abs(d.amount) OR {known} {differs} s.last ORDER BY d.id"
        )
        for row in connection.execute(text(statement)):
            if row.matched != row.live or row.matched > abs(row.amount):
                yield f"{table} {row.id} of {row.amount}: matched is {row.matched}, its live matches sum to {row.live}"
            if row.known != row.last:
                yield f"{table} {row.id}: matched_at is {row.known}, its last match was decided at {row.last}"
    statement = (
        "SELECT d.bank_line_id, count(*) AS n FROM bank_line_decisions d LEFT JOIN bank_line_decisions b "
        "ON b.undoes_id = d.id WHERE d.undoes_id IS NULL AND b.id IS NULL GROUP BY d.bank_line_id HAVING count(*) > 1"
    )
    for row in connection.execute(text(statement)):
        yield f"bank line {row.bank_line_id}: {row.n} explanations stand; take back all but one"
