"""The directory of payment contacts: proposed, verified, reported, retired. A number is never edited.

The first number of a vendor may be verified by whoever proposed it, every further one only by somebody else; and none
that looks like a known one is ever verified.
"""

from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Row, insert, select, update

from data_access.commands.refusals import LedgerRefusedError, NotFoundError, told_as_refusals
from data_access.commands.shared import for_every_site, held_vendor
from data_access.database import Writing
from data_access.schema import payment_contacts, vendors
from data_access.scope import Scope, require
from domain.contacts import ContactState
from domain.parsing.phones import read_phone
from domain.phone_numbers import doubts, parse


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """A contact as proposed. address: a telephone number, as written in `country`, or an https address.

    found_in: where it was found. replaces_id: the contact that it takes the place of once it is verified.
    """

    vendor_id: int
    kind: str
    address: str
    label: str = ""
    country: str = ""
    hours: str = ""
    timezone: str = ""
    menu_path: str = ""
    asks_for: str = ""
    found_in: str = ""
    replaces_id: int | None = None


def propose_contact(writing: Writing, scope: Scope, draft: ContactDraft) -> int:
    """Insert the contact, unverified; returns its id."""
    for_every_site(scope, "add a payment contact")
    name = held_vendor(writing, draft.vendor_id)
    address = read_address(draft.kind, draft.address, draft.country)
    same = writing.connection.execute(
        select(payment_contacts).where(
            payment_contacts.c.vendor_id == draft.vendor_id,
            payment_contacts.c.kind == draft.kind,
            payment_contacts.c.address == address,
        )
    ).one_or_none()
    if same is not None:
        raise LedgerRefusedError(f"{address} is a contact of {name} already ({same.state})")
    if draft.replaces_id is not None:
        replaced = _held(writing, draft.replaces_id)
        if (replaced.vendor_id, replaced.kind) != (draft.vendor_id, draft.kind):
            raise LedgerRefusedError(f"contact {draft.replaces_id} is not a {draft.kind} contact of {name}")
    values = asdict(draft) | {"address": address, "proposed_by": writing.actor, "proposed_at": writing.at}
    with told_as_refusals():
        new_id = writing.connection.execute(
            insert(payment_contacts).returning(payment_contacts.c.id), [values]
        ).scalar_one()
    writing.record("propose", "payment_contacts", new_id, after=values)
    return new_id


def verify_contact(writing: Writing, scope: Scope, contact_id: int, verified_in: str) -> None:
    """Mark the contact as checked against `verified_in` (a printed bill, the portal, a contract) by the actor.

    What it replaces is retired with it.
    """
    for_every_site(scope, "verify a payment contact")
    contact = _held(writing, contact_id)
    if contact.state != ContactState.UNVERIFIED:
        raise LedgerRefusedError(f"contact {contact_id} is {contact.state}; only an unverified one can be verified")
    if not verified_in.strip():
        raise LedgerRefusedError("say what the contact was checked against: a printed bill, the portal, a contract")
    _refuse_doubtful(writing, contact)
    if contact.proposed_by == writing.actor and _needs_second_person(writing, contact):
        raise LedgerRefusedError(
            f"{contact.address} changes how this vendor is paid, and {contact.proposed_by} proposed it; "
            "somebody else must verify it"
        )
    after = {"state": "verified", "verified_in": verified_in, "verified_by": writing.actor, "verified_at": writing.at}
    _change(writing, contact, "verify", after)
    if contact.replaces_id is not None:
        replaced = _held(writing, contact.replaces_id)
        if replaced.state != ContactState.RETIRED:
            _end(writing, replaced, ContactState.RETIRED, f"replaced by {contact.address}")


def report_contact(writing: Writing, scope: Scope, contact_id: int, because: str) -> None:
    """Somebody suspects it: nobody pays through it until it is cleared. Anybody may."""
    require(scope)
    contact = _known(writing, contact_id)
    if contact.state in (ContactState.REPORTED, ContactState.RETIRED):
        raise LedgerRefusedError(f"contact {contact_id} is {contact.state} already")
    _end(writing, contact, ContactState.REPORTED, because)


def retire_contact(writing: Writing, scope: Scope, contact_id: int, because: str) -> None:
    """It is no longer used, for good."""
    for_every_site(scope, "retire a payment contact")
    contact = _held(writing, contact_id)
    if contact.state == ContactState.RETIRED:
        raise LedgerRefusedError(f"contact {contact_id} was retired already")
    _end(writing, contact, ContactState.RETIRED, because)


def clear_report(writing: Writing, scope: Scope, contact_id: int) -> None:
    """A reported contact turned out to be right: it has to be verified anew. That it once was is not forgotten."""
    for_every_site(scope, "clear a report")
    contact = _held(writing, contact_id)
    if contact.state != ContactState.REPORTED:
        raise LedgerRefusedError(f"contact {contact_id} is {contact.state}; only a reported one can be cleared")
    after = {"state": "unverified", "ended_by": "", "ended_at": None, "ended_because": ""}
    _change(writing, contact, "clear", after)


def read_address(kind: str, text: str, country: str) -> str:
    """A number in E.164 or an https address; raises LedgerRefusedError for anything else."""
    if kind == "phone":
        number = read_phone(text.strip(), country)
        if parse(number) is None:
            raise LedgerRefusedError(
                f"{text!r} is not a telephone number; write it with its country code, +1 800 555 0142"
            )
        return number
    parts = urlsplit(text.strip())
    if kind != "portal" or parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        raise LedgerRefusedError(
            f"{text!r} is not the address of a portal; write it in full, https://pay.vendor.example"
        )
    return text.strip()


def _refuse_doubtful(writing: Writing, contact: Row[Any]) -> None:
    if contact.kind != "phone":
        return
    known = writing.connection.execute(
        select(payment_contacts.c.address, vendors.c.name)
        .join(vendors, vendors.c.id == payment_contacts.c.vendor_id)
        .where(payment_contacts.c.kind == "phone", payment_contacts.c.state != ContactState.UNVERIFIED)
    )
    owners = {row.address: row.name for row in known}
    for finding in doubts(contact.address, owners):
        whose = next((f" ({finding.like}, {name})" for a, name in owners.items() if a.startswith(finding.like)), "")
        raise LedgerRefusedError(
            f"{contact.address} {finding.doubt}{whose if finding.like else ''}: it is not verified. "
            "Ring the vendor on a verified number and ask; if in doubt, report the contact"
        )


def _needs_second_person(writing: Writing, contact: Row[Any]) -> bool:
    if contact.replaces_id is not None:
        return True
    other = select(payment_contacts.c.id).where(
        payment_contacts.c.vendor_id == contact.vendor_id,
        payment_contacts.c.kind == contact.kind,
        payment_contacts.c.id != contact.id,
        payment_contacts.c.verified_at.is_not(None),
    )
    return writing.connection.execute(other.limit(1)).first() is not None


def _known(writing: Writing, contact_id: int) -> Row[Any]:
    row = writing.connection.execute(select(payment_contacts).where(payment_contacts.c.id == contact_id)).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no payment contact {contact_id}")
    return row


def _held(writing: Writing, contact_id: int) -> Row[Any]:
    """The contact; it and its vendor are held until the commit."""
    held_vendor(writing, _known(writing, contact_id).vendor_id)
    return _known(writing, contact_id)


def _end(writing: Writing, contact: Row[Any], state: ContactState, because: str) -> None:
    if not because.strip():
        raise LedgerRefusedError("say why, in a few words")
    action = "report" if state is ContactState.REPORTED else "retire"
    ended = {"ended_by": writing.actor, "ended_at": writing.at, "ended_because": because}
    _change(writing, contact, action, {"state": state.value} | ended)


def _change(writing: Writing, contact: Row[Any], action: str, after: dict[str, Any]) -> None:
    with told_as_refusals():
        writing.connection.execute(update(payment_contacts).where(payment_contacts.c.id == contact.id).values(**after))
    before = {name: contact._mapping[name] for name in after}
    writing.record(action, "payment_contacts", contact.id, before=before, after=after)
