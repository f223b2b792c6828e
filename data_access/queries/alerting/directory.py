"""The directory of payment contacts as known on a day, for R13 and R25. Contacts belong to no site: any scope sees all."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from data_access.queries.alerting.subjects import Evidence
from data_access.schema import payment_contacts
from domain.alerts.findings import Finding
from domain.alerts.payments_seen import Listing
from domain.alerts.unverified_contacts import DirectoryEntry, unverified_too_long
from domain.contacts import ContactState, worst


def contact_findings(evidence: Evidence) -> Iterator[Finding]:
    """R25."""
    for entry, _ in _entries(evidence):
        if (finding := unverified_too_long(entry, evidence.as_of, evidence.thresholds)) is not None:
            yield finding


def numbers_known(evidence: Evidence) -> dict[str, Listing]:
    """By number; what any vendor's entry warns of is warned of."""
    found: dict[str, list[tuple[DirectoryEntry, date | None]]] = {}
    for entry, ended_on in _entries(evidence):
        if entry.kind == "phone":
            found.setdefault(entry.address.partition(";")[0], []).append((entry, ended_on))
    listings = {}
    for number, entries in found.items():
        state = worst(entry.state for entry, _ in entries)
        entry, ended_on = next(pair for pair in entries if pair[0].state is state)
        listings[number] = Listing(state, entry.verified_on, ended_on)
    return listings


def _entries(evidence: Evidence) -> Iterator[tuple[DirectoryEntry, date | None]]:
    """Each with the day on which it ended. What was proposed, verified or ended later has not happened yet."""
    as_of = evidence.as_of
    for row in evidence.connection.execute(select(payment_contacts).order_by(payment_contacts.c.id)):
        if row.proposed_at.date() > as_of:
            continue
        verified_on = row.verified_at.date() if row.verified_at and row.verified_at.date() <= as_of else None
        ended_on = row.ended_at.date() if row.ended_at and row.ended_at.date() <= as_of else None
        state = ContactState.VERIFIED if verified_on else ContactState.UNVERIFIED
        if ended_on:
            state = ContactState(row.state)
        yield (
            DirectoryEntry(row.id, row.vendor_id, row.kind, row.address, state, row.proposed_at.date(), verified_on),
            ended_on,
        )
