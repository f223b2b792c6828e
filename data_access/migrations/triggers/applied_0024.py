"""The first and the last day on which something was applied, as SQL of both databases, frozen with revision 0024."""

# table, kind, and the column of allocations that names such a document
DOCUMENTS = (
    ("invoices", "invoice", "invoice_id"),
    ("invoices", "credit_note", "credit_note_id"),
    ("payments", "payment", "payment_id"),
    ("payments", "refund", "refund_id"),
)

# From the rows that are there. A row that takes another back counts on its own day, as the other does on its.
FILLED = [
    f"UPDATE {table} SET (applied_from, applied_until) = (SELECT min(x.applied_on), max(x.applied_on) FROM allocations x "
    f"WHERE x.account_id = {table}.account_id AND x.{column} = {table}.id) WHERE kind = '{kind}'"
    for table, kind, column in DOCUMENTS
]
