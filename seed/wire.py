"""Which bills came by wire: one vendor sends its bills as 811, a file a month."""

from datetime import date, timedelta

from domain.periods import add_months
from seed.books import Batch, Organisation

_VENDOR, MONTHS = "halvorsen", 6


def wire_bills(books: Organisation, today: date) -> None:
    """Name the files that brought the vendor's bills of the last months."""
    first = add_months(today.replace(day=1), 1 - MONTHS)
    for start in (add_months(first, n) for n in range(MONTHS)):
        end = add_months(start, 1)
        bills = [b for b in books.bills if b.account.vendor.slug == _VENDOR and start <= b.issued_on < end]
        bills = [bill for bill in bills if bill.kind == "invoice"]
        if bills:
            came = max(bill.issued_on for bill in bills) + timedelta(days=1)
            name = f"HALVORSEN-811-{start:%Y%m}.x12"
            books.batches.append(Batch("edi", bills[0].account.vendor.name, name, bills, imported_on=min(came, today)))
