"""From records to table rows with ids: bank statements, their lines, and the payments that they show."""

from collections import Counter

from seed.books import Organisation
from seed.rows import Numbers, Row

_DECIDED_BY = "seed"


def bank_rows(books: Organisation, number: Numbers) -> dict[str, list[Row]]:
    """Statements open at nothing and close at what their lines add up to."""
    lines = [(statement, line) for statement in books.statements for line in statement.lines]
    number.number(books.statements)
    number.number(line for _, line in lines)
    number.number(books.matches)
    matched: Counter[int] = Counter()
    for match in books.matches:
        matched[number(match.line)] += match.payment.amount * (-1 if match.undoes else 1)
    return {
        "bank_statements": [
            {
                "id": number(s),
                "bank_account": s.bank_account,
                "kind": s.kind,
                "currency": s.currency,
                "period_start": s.period_start,
                "period_end": s.period_end,
                "opening": 0,
                "closing": sum(line.amount for line in s.lines),
                "source": "seed",
                "movements": sum(line.amount for line in s.lines),
                "import_key": f"id:{number(s)}",
            }
            for s in books.statements
        ],
        "bank_lines": [
            {
                "id": number(line),
                "statement_id": number(statement),
                "booked_on": line.booked_on,
                "amount": line.amount,
                "currency": statement.currency,
                "description": line.description,
                "import_key": f"id:{number(line)}",
                "bank_account": statement.bank_account,
                "value_on": line.booked_on,
                "matched": matched[number(line)],
            }
            for statement, line in lines
        ],
        "matches": [
            {
                "id": number(match),
                "account_id": number(match.payment.account),
                "site_id": number(match.payment.account.site),
                "payment_id": number(match.payment),
                "bank_line_id": number(match.line),
                "amount": match.payment.amount,
                "decided_by": _DECIDED_BY,
                "decided_at": match.at,
                "undoes_id": number(match.undoes),
            }
            for match in books.matches
        ],
    }
