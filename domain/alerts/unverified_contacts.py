"""R25: a payment contact that nobody has verified for too long."""

from dataclasses import dataclass
from datetime import date

from domain.alerts.findings import Finding
from domain.alerts.thresholds import Thresholds
from domain.contacts import ContactState
from domain.periods import shifted


@dataclass(frozen=True, slots=True)
class DirectoryEntry:
    """A payment contact as known on the day."""

    id: int
    vendor_id: int
    kind: str
    address: str
    state: ContactState
    proposed_on: date
    verified_on: date | None = None


def unverified_too_long(entry: DirectoryEntry, as_of: date, thresholds: Thresholds) -> Finding | None:
    """R25. What was reported or retired is not for paying, and needs no check."""
    if entry.state is ContactState.UNVERIFIED:
        crossed, told = shifted(entry.proposed_on, thresholds.unverified_days + 1), ("waits since", entry.proposed_on)
    elif entry.state is ContactState.VERIFIED and entry.verified_on is not None:
        crossed = shifted(entry.verified_on, thresholds.reverify_days + 1)
        told = ("last verified on", entry.verified_on)
    else:
        return None
    if as_of < crossed:
        return None
    return Finding(
        "R25",
        f"payment_contacts:{entry.id}",
        crossed,
        "payment_contacts",
        entry.id,
        vendor_id=entry.vendor_id,
        facts=((entry.kind, entry.address), (told[0], told[1].isoformat())),
    )
