"""The call sheet as a document: what somebody needs at hand while ringing a vendor."""

from collections.abc import Iterator
from datetime import datetime

from data_access.printed.document import Document, Section, Table
from data_access.printed.words import day, moment, money
from data_access.queries.call_sheet import CallSheet
from data_access.queries.contacts import ContactRow
from data_access.queries.local_days import zone_named
from domain.call_questions import at_hand, questions
from domain.contacts import ContactState
from domain.line_words import opening
from domain.masking import masked, masked_within
from domain.parsing.phones import spaced_phone
from domain.risk import Stage


def call_sheet_document(sheet: CallSheet, now: datetime, number: str | None = None) -> Document:
    """`now` is aware, in the zone of who prints; `number`: the whole account number, for who may see it."""
    account, code = sheet.account, sheet.account.currency
    return Document(
        title=f"Call sheet: {account.vendor}",
        subtitle=f"{account.site_name} ({account.site}), {account.service_type or 'service'}, "
        f"account {number or masked(account.account_number)}, as of {day(now.date())}",
        sections=[
            Section("Whom to ring", list(_numbers(sheet, now)), lines=list(_warnings(sheet))),
            Section("What is owed", list(_owed(sheet)), table=_bills(sheet)),
            Section("What to ask", lines=questions(sheet.facts, lambda minor: money(minor, code), day) or ["Nothing."]),
            Section("At hand", lines=at_hand(sheet.facts, lambda minor: money(minor, code), day)),
            Section("Last calls", table=_calls(sheet), lines=[] if sheet.calls else ["None yet."]),
            Section("Noted while talking", [(name, "_" * 60) for name in _TO_NOTE]),
        ],
        footer=f"Duewatch, call sheet of account {account.id}, as of {now.date().isoformat()}",
    )


NOTE_SHOWN, CALLS_SHOWN = 70, 4
_TO_NOTE = ("Agent", "Confirmation number", "Amount and bills", "Promised for", "Follow up on")


def _numbers(sheet: CallSheet, now: datetime) -> Iterator[tuple[str, str]]:
    for contact in sheet.verified:
        yield "Verified number", f"{spaced_phone(contact.address)}  {contact.label}".strip()
        yield "", _open(sheet, contact, now)
        yield "Hours", " ".join(filter(None, (contact.hours, contact.timezone)))
        yield "Menu", contact.menu_path
        yield "Verified", _checked(contact)


def _open(sheet: CallSheet, contact: ContactRow, now: datetime) -> str:
    others = (("at the site", zone_named(sheet.account.timezone)), ("here", now.tzinfo))
    return f"When printed: {opening(contact.hours, contact.timezone, now, others)[1]}"


def _checked(contact: ContactRow) -> str:
    when = day(contact.verified_at.date()) if contact.verified_at else ""
    return ", ".join(filter(None, (contact.verified_in, when, contact.verified_by)))


def _warnings(sheet: CallSheet) -> Iterator[str]:
    if not sheet.verified:
        yield f"Nobody has verified a number of {sheet.account.vendor}: do not pay by telephone until one is."
    for contact in sheet.contacts:
        if contact.kind == "phone" and contact.state != ContactState.VERIFIED:
            yield f"Not for paying: {spaced_phone(contact.address)} ({contact.state})"


def _owed(sheet: CallSheet) -> Iterator[tuple[str, str]]:
    code = sheet.account.currency
    yield "Balance", money(sheet.balance, code)
    yield "Past due, undisputed", money(sheet.overdue, code) if sheet.overdue else ""
    yield "Disputed", money(sheet.disputed, code) if sheet.disputed else ""
    yield "Paid, not applied", money(sheet.unapplied, code) if sheet.unapplied else ""
    entry = sheet.risk
    if entry is None or entry.risk.firm.window is None:
        return
    firm = entry.risk.firm
    keeps = money(firm.keep_on + firm.restoral, code)
    if firm.stage is Stage.SUSPENDED:
        yield "To be switched on", keeps
        return
    yield "Service stops", f"{day(entry.risk.firm.window.likely)} (likely); {keeps} keeps it on"
    yield "Pay by", ", ".join(f"{method} {day(last)}" for method, last in entry.risk.pay_by if last)


def _bills(sheet: CallSheet) -> Table | None:
    code = sheet.account.currency
    rows = [
        [bill.number, bill.billing_period, day(bill.due_on), f"{bill.days_late} d" if bill.days_late else ""]
        + [money(bill.open_amount, code), money(bill.disputed, code) if bill.disputed else ""]
        for bill in sheet.bills
    ]
    return Table(("Bill", "Period", "Due", "Late", "Open", "Disputed"), rows, right=(3, 4, 5)) if rows else None


def _calls(sheet: CallSheet) -> Table | None:
    rows = [
        [
            moment(call.started_at, call.timezone),
            call.outcome or call.purpose,
            call.agent,
            call.confirmation_number,
            f"promised for {day(call.promised_on)}" if call.promised_on else "",
            masked_within(call.notes, call.account_number)[:NOTE_SHOWN],
        ]
        for call in sheet.calls[:CALLS_SHOWN]
    ]
    head = ("When", "Came of it", "Agent", "Confirmation", "Promise", "Notes")
    return Table(head, rows) if rows else None
