"""The same open items with ten and a hundred times the history: what is past must cost nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from data_access.database import Database
from tests.speed.reads import READS, Read, reads


@dataclass(frozen=True, slots=True)
class Grown:
    """The reads of a ledger of so many bills."""

    bills: int
    reads: list[Read]


def grown(addresses: Sequence[str], as_of: date, repeats: int) -> list[Grown]:
    """Ledgers in the order of their size."""
    found = []
    for address in addresses:
        database = Database(address)
        with database.reader.connect() as connection:
            bills = connection.exec_driver_sql("SELECT count(*) FROM invoices").scalar_one()
        found.append(Grown(bills, reads(database, as_of, repeats, raw_too=False)))
        database.close()
    return found


def growth_of(found: Sequence[Grown]) -> dict[str, float]:
    """By read: how many times longer it takes at the largest than at the smallest."""
    first, last = found[0].reads, found[-1].reads
    return {name: last[i].ours / first[i].ours for i, name in enumerate(READS)}
