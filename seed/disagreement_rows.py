"""From records to table rows with ids: what vendors' statements say, and what came of disputes."""

from datetime import UTC, datetime, time

from seed.books import Organisation
from seed.rows import Numbers, Row


def disagreement_rows(books: Organisation, number: Numbers) -> dict[str, list[Row]]:
    """Statements by day, the events of a dispute in order."""
    statements = sorted(books.vendor_statements, key=lambda statement: statement.stated_on)
    events = sorted(books.dispute_events, key=lambda event: event.dated)
    lines = [(statement, line) for statement in statements for line in statement.lines]
    for records in (statements, (line for _, line in lines), events):
        number.number(records)
    return {
        "vendor_statements": [
            {
                "id": number(s),
                "account_id": number(s.account),
                "site_id": number(s.account.site),
                "stated_on": s.stated_on,
                "source": s.account.vendor.name,
            }
            for s in statements
        ],
        "vendor_statement_lines": [
            {
                "id": number(line),
                "account_id": number(statement.account),
                "site_id": number(statement.account.site),
                "statement_id": number(statement),
                "kind": line.kind,
                "number": line.number,
                "issued_on": line.issued_on,
                "due_on": line.due_on,
                "amount": line.amount,
                "open_amount": line.open_amount,
            }
            for statement, line in lines
        ],
        "dispute_events": [
            {
                "id": number(event),
                "account_id": number(event.dispute.bill.account),
                "site_id": number(event.dispute.bill.account.site),
                "dispute_id": number(event.dispute),
                "kind": event.kind,
                "dated": event.dated,
                "answer": event.answer,
                "amount": event.amount,
                "credit_note_id": number(event.credit_note),
                "text": event.text,
                "recorded_by": event.recorded_by,
                "recorded_at": datetime.combine(event.dated, time(16, 5), UTC),
            }
            for event in events
        ],
    }
