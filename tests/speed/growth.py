"""The same open items with ten and a hundred times the history: what is past must cost nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from data_access.database import Database
from tests.speed.page_reads import Asked, pages_asked


@dataclass(frozen=True, slots=True)
class Grown:
    """The pages of a ledger of so many bills."""

    bills: int
    pages: list[Asked]


def grown(addresses: Sequence[str], repeats: int, paths: Sequence[str]) -> list[Grown]:
    """Ledgers in the order of their size. Each page is asked of all of them in a row, so that they meet the same load."""
    found = []
    for address in addresses:
        database = Database(address)
        with database.reader.connect() as connection:
            bills = connection.exec_driver_sql("SELECT count(*) FROM invoices").scalar_one()
        database.close()
        found.append(Grown(bills, []))
    for path in paths:
        for address, ledger in zip(addresses, found, strict=True):
            [[page]] = pages_asked(address, [None], repeats, [path])
            ledger.pages.append(page)
    return found


def growth_of(found: Sequence[Grown]) -> list[float]:
    """By page: how many times more the processor works for its run at the largest than at the smallest."""
    return [last.processor / first.processor for first, last in zip(found[0].pages, found[-1].pages, strict=True)]
