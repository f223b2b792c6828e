"""The filter bar as a value: parsed once, handed to every read.

Empty tuples mean "all". Periods are half-open in code: `since` is the first day, `until` the first day after.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Basis(StrEnum):
    """What an age is counted from."""

    DUE = "due"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is shown. `as_of` is required: the clock belongs to the caller.

    regions: region names; sites: site codes; vendors: vendor names; service_types, currencies: codes;
    methods: payment methods; search: free text over names and numbers; accounts: a few by id, for reads that go batch by batch.
    """

    as_of: date
    regions: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    service_types: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    basis: Basis = Basis.DUE
    edges: tuple[int, ...] = field(default=(30, 60, 90))
    search: str = ""
    accounts: tuple[int, ...] = ()
