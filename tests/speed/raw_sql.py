"""The questions of the Overview as one would ask them in SQL, over the bills and payments themselves."""

from datetime import date

_OPEN = "SUM(i.amount - i.settled)"
_BILLS = "FROM invoices i {naive} JOIN accounts a ON a.id = i.account_id JOIN sites s ON s.id = i.site_id"
_MONTH = {"sqlite": "substr({0}, 1, 7)", "postgresql": "to_char({0}, 'YYYY-MM')"}
_AGE = {"sqlite": "(julianday(:as_of) - julianday(i.due_on))", "postgresql": "(CAST(:as_of AS date) - i.due_on)"}


def statements(dialect: str, as_of: date, since: date, naive: bool) -> dict[str, tuple[str, ...]]:
    """The statements behind each read of `reads.READS`; `naive` ones are kept from the indexes."""
    billed, paid = (_MONTH[dialect].format(column) for column in ("i.issued_on", "p.paid_on"))
    age = _AGE[dialect]
    asked = {
        "total outstanding": (f"SELECT a.currency, {_OPEN} {_BILLS} WHERE i.settled < i.amount GROUP BY 1",),
        "aging buckets": (
            f"SELECT a.currency, CASE WHEN {age} <= 0 THEN 0 WHEN {age} <= 30 THEN 1 WHEN {age} <= 60 THEN 2 "
            f"WHEN {age} <= 90 THEN 3 ELSE 4 END, {_OPEN} {_BILLS} WHERE i.settled < i.amount GROUP BY 1, 2",
        ),
        "top 20 sites": (
            f"SELECT s.code, a.currency, {_OPEN} {_BILLS} WHERE i.settled < i.amount AND i.due_on < :as_of "
            "GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 20",
        ),
        "billed and paid, 24 months": (
            f"SELECT {billed}, a.currency, SUM(i.amount) {_BILLS} WHERE i.issued_on >= :since GROUP BY 1, 2",
            f"SELECT {paid}, a.currency, SUM(p.amount) FROM payments p {{naive}} JOIN accounts a ON a.id = p.account_id "
            "WHERE p.paid_on >= :since AND p.kind <> 'reversal' GROUP BY 1, 2",
        ),
        "payments by method, 24 months": (
            "SELECT p.method, a.currency, COUNT(*), SUM(p.amount) FROM payments p {naive} JOIN accounts a "
            "ON a.id = p.account_id WHERE p.paid_on >= :since AND p.kind <> 'reversal' GROUP BY 1, 2",
        ),
        "a page of overdue bills": (
            f"SELECT i.id, i.number, i.due_on, s.name, i.amount - i.settled {_BILLS} "
            "WHERE i.settled < i.amount AND i.due_on < :as_of ORDER BY i.due_on, i.id LIMIT 50",
        ),
        "accounts at risk": (
            f"SELECT a.id, s.name, {_OPEN}, MIN(i.due_on) {_BILLS} WHERE i.settled < i.amount AND i.due_on < :as_of "
            f"GROUP BY 1, 2 HAVING MAX({age}) > 30 ORDER BY 4, 1",
        ),
    }
    hint = "NOT INDEXED" if naive and dialect == "sqlite" else ""
    values = {":as_of": f"'{as_of}'", ":since": f"'{since}'"}
    return {name: tuple(_filled(text, hint, values) for text in texts) for name, texts in asked.items()}


def _filled(text: str, hint: str, values: dict[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text.format(naive=hint)
