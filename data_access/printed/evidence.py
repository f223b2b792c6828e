"""The evidence of a payment as a document, and what is missing in it."""

from collections.abc import Iterator

from data_access.printed.document import Document, Section, Table
from data_access.printed.words import day, moment, money
from data_access.queries.calls import CallRow
from data_access.queries.evidence import Evidence
from domain.audit_words import sentence
from domain.contacts import NumberStanding
from domain.masking import masked, masked_within
from domain.parsing.phones import spaced_phone

_VERIFIED = {"yes": "yes", "no": "no", "unknown": "not known"}
NO_BANK = "No line of a bank statement is matched to it."


def evidence_document(evidence: Evidence, number: str | None = None) -> Document:
    """`number`: the whole account number, for somebody who may see it and was told in the audit trail."""
    payment, code = evidence.detail.payment, evidence.detail.payment.currency
    return Document(
        title=f"Payment of {money(payment.amount, code)}",
        subtitle=f"Evidence as of {day(evidence.as_of)}: {payment.vendor}, {payment.site_name}",
        sections=[
            Section("What is missing", lines=list(gaps(evidence)) or ["Nothing: every step is on record."]),
            _payment(evidence, number),
            *_call(evidence),
            _bills(evidence),
            _bank(evidence),
            _trail(evidence),
        ],
        footer=f"Duewatch, payment {payment.id}, as of {evidence.as_of.isoformat()}",
    )


def gaps(evidence: Evidence) -> Iterator[str]:
    """What a reader of the evidence will ask for."""
    payment, call = evidence.detail.payment, evidence.detail.call
    if not payment.confirmation_number:
        yield "The vendor's confirmation number was not noted."
    if payment.reversed_on is not None:
        yield f"The payment came back on {day(payment.reversed_on)}."
    elif payment.posted_on is None:
        yield "The payment is pending: neither vendor nor bank has shown it."
    if call is None:
        yield "No call is on record for it."
    elif evidence.number is None:
        yield "The number of the call was not noted."
    elif evidence.number.standing != NumberStanding.VERIFIED:
        yield f"The number rung was {_standing(evidence)}."
    if payment.unapplied:
        yield f"{money(payment.unapplied, payment.currency)} of it is applied to no bill."
    if not evidence.bank:
        yield NO_BANK


def _payment(evidence: Evidence, number: str | None) -> Section:
    payment, account = evidence.detail.payment, evidence.account
    return Section(
        "The payment",
        [
            ("Amount", money(payment.amount, payment.currency)),
            ("Paid on", day(payment.paid_on)),
            ("How", " by ".join(filter(None, (payment.method, payment.channel)))),
            ("Confirmation number", payment.confirmation_number),
            ("Status", payment.status),
            ("Posted on", day(payment.posted_on) if payment.posted_on else ""),
            ("Came back on", day(payment.reversed_on) if payment.reversed_on else ""),
            ("Note", masked_within(payment.note, account.account_number)),
            ("Vendor", account.vendor),
            ("Account", number or masked(account.account_number)),
            ("Site", f"{account.site_name} ({account.site}), {account.service_type or 'service'}"),
        ],
    )


def _call(evidence: Evidence) -> Iterator[Section]:
    call = evidence.detail.call
    if call is None:
        return
    yield Section(
        "The call",
        [
            ("Started", moment(call.started_at, call.timezone)),
            ("Direction", "we called" if call.direction == "outbound" else "they called"),
            ("Number", spaced_phone(call.number)),
            ("The number was", _standing(evidence)),
            ("Number checked", _checked(evidence)),
            ("Vendor's agent", call.agent),
            ("Our caller", call.caller),
            ("Caller verified", _VERIFIED.get(call.caller_verified, call.caller_verified)),
            ("Outcome", call.outcome),
            ("Confirmation number", call.confirmation_number),
            ("Notes", _notes(call)),
        ],
    )


def _notes(call: CallRow) -> str:
    return masked_within(call.notes, call.account_number)


def _standing(evidence: Evidence) -> str:
    stood = evidence.number
    if stood is None:
        return ""
    what = f"a look-alike of {spaced_phone(stood.like)}" if stood.like else stood.standing
    if stood.standing == NumberStanding.UNKNOWN:
        what = "not in the directory"
    return f"{what} when the call was logged" if stood.then else f"{what} as of {day(evidence.as_of)}"


def _checked(evidence: Evidence) -> str:
    contact = evidence.number.contact if evidence.number else None
    if contact is None or contact.verified_at is None:
        return ""
    return f"{contact.verified_in}, {day(contact.verified_at.date())}, {contact.verified_by}"


def _bills(evidence: Evidence) -> Section:
    payment, applied = evidence.detail.payment, evidence.detail.applied
    if not applied:
        return Section("Bills paid", lines=["The payment is applied to no bill."])
    rows = [
        [part.target_name or part.target, day(part.due_on) if part.due_on else "", day(part.applied_on)]
        + [money(part.amount, payment.currency)]
        for part in applied
    ]
    rows.append(["Total", "", "", money(sum(part.amount for part in applied), payment.currency)])
    return Section("Bills paid", table=Table(("Bill", "Due", "Applied on", "Amount"), rows, right=(3,), totals=1))


def _bank(evidence: Evidence) -> Section:
    if not evidence.bank:
        return Section("The bank", lines=[NO_BANK])
    rows = [
        [day(line.booked_on), line.text, money(line.amount, line.currency)]
        if line.booked_on
        else ["matched", "told to who sees every site", money(line.amount, line.currency)]
        for line in evidence.bank
    ]
    return Section("The bank", table=Table(("Booked on", "Text", "Amount"), rows, right=(2,)))


def _trail(evidence: Evidence) -> Section:
    rows = [[str(e.seq), f"{e.at:%Y-%m-%d %H:%M:%S}", e.actor, sentence(e.told)] for e in evidence.events]
    return Section(
        "Audit trail",
        table=Table(("Event", "When, UTC", "Who", "What"), rows) if rows else None,
        lines=[] if rows else ["No event is on record: the payment came with an import."],
        small=[f"{event.seq}: {event.hash}" for event in evidence.events],
    )
