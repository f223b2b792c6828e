"""From records to table rows with ids: bank statements, their lines, and what was decided about them."""

from collections import Counter

from seed.books import Organisation
from seed.rows import Numbers, Row


def bank_rows(books: Organisation, number: Numbers) -> dict[str, list[Row]]:
    """What a statement does not say is what its lines add up to."""
    lines = [(statement, line) for statement in books.statements for line in statement.lines]
    number.number(books.statements)
    number.number(line for _, line in lines)
    number.number(books.matches)
    matched: Counter[int | None] = Counter()
    for match in books.matches:
        matched[number(match.line)] += match.of_it * (-1 if match.undoes else 1)
    accounts = {id(line): statement.bank_account for statement, line in lines}
    rows: dict[str, list[Row]] = {"bank_statements": [], "bank_lines": []}
    for s in books.statements:
        sum_of_lines = sum(line.amount for line in s.lines)
        movements = sum_of_lines if s.movements is None else s.movements
        rows["bank_statements"].append(
            {
                "id": number(s),
                "bank_account": s.bank_account,
                "kind": s.kind,
                "currency": s.currency,
                "period_start": s.period_start,
                "period_end": s.period_end,
                "opening": s.opening,
                "closing": sum_of_lines if s.closing is None else s.closing,
                "source": "seed",
                "movements": movements,
                "import_key": f"id:{number(s)}",
            }
        )
    for statement, line in lines:
        rows["bank_lines"].append(
            {
                "id": number(line),
                "statement_id": number(statement),
                "booked_on": line.booked_on,
                "amount": line.amount,
                "currency": statement.currency,
                "reference": line.reference,
                "description": line.description,
                "import_key": f"id:{number(line)}",
                "bank_account": statement.bank_account,
                "value_on": line.booked_on,
                "counterparty": line.counterparty,
                "matched": matched[number(line)],
            }
        )
    return rows | {
        "matches": [
            {
                "id": number(match),
                "account_id": number(match.payment.account),
                "site_id": number(match.payment.account.site),
                "payment_id": number(match.payment),
                "bank_line_id": number(match.line),
                "amount": match.of_it,
                "score": match.score,
                "decided_by": match.by,
                "decided_at": match.at,
                "undoes_id": number(match.undoes),
                "reasons": match.reasons,
            }
            for match in books.matches
        ],
        "bank_line_decisions": [
            {
                "bank_line_id": number(decision.line),
                "reason": decision.reason,
                "note": decision.note,
                "decided_by": decision.by,
                "decided_at": decision.at,
            }
            for decision in books.decisions
        ],
        "match_aliases": [
            {
                "bank_account": accounts[id(decision.line)],
                "words": decision.learned,
                "reason": decision.reason,
                "bank_line_id": number(decision.line),
                "decided_by": decision.by,
                "decided_at": decision.at,
            }
            for decision in books.decisions
            if decision.learned
        ],
    }
