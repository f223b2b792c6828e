"""From records to table rows with ids: calls, data and messages."""

from seed.books import Organisation
from seed.rows import Numbers, Row

_AS_THEY_ARE = ("started_at", "kind", "quantity", "unit", "from_number", "to_number", "billed_s", "disposition")


def usage_rows(books: Organisation, number: Numbers) -> dict[str, list[Row]]:
    """In order of time."""
    records = sorted(books.usage, key=lambda record: record.started_at)
    number.number(records)
    return {
        "usage": [
            {
                "id": number(record),
                "account_id": number(record.service.account),
                "site_id": number(record.service.account.site),
                "service_id": number(record.service),
            }
            | {name: getattr(record, name) for name in _AS_THEY_ARE}
            for record in records
        ]
    }
