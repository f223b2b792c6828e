"""Audit events in words: what was done as a sentence, and what it changed field by field."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from domain.money import Money, known_currency

NOTHING = "–"
_MONEY = frozenset({"amount", "allocated", "settled", "monthly_charge"})
_THINGS = {
    "import_batches": "import",
    "audit_log": "audit trail",
    "fx_rates": "exchange rate",
    "users": "person",
    "invoices": "bill",
    "calendar_tokens": "calendar link",
    "import_mappings": "mapping of columns",
    "matches": "match",
    "match_aliases": "words of bank lines",
    "bank_line_decisions": "explanation of a bank line",
}
_DONE = {
    "record": "Recorded",
    "create": "Added",
    "fill": "Filled in blanks of",
    "open": "Opened",
    "close": "Closed",
    "grant": "Granted",
    "revoke": "Revoked",
    "update": "Changed",
    "delete": "Removed",
}
_PLACE = frozenset({"account_id", "site_id"})  # of what is new they stand beside the event
_FIELDS = {"account_id": "account", "site_id": "site", "vendor_id": "vendor", "batch_id": "import", "call_id": "call"}


@dataclass(frozen=True, slots=True)
class Event:
    """What there is to tell of an event. `account` names its account, number masked; `currency` is that account's."""

    action: str
    entity: str
    entity_id: int | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    account: str = ""
    currency: str = ""

    def value(self, name: str) -> Any:
        """A value after the event, or before it where it was not touched."""
        for values in (self.after, self.before):
            if values and values.get(name) not in (None, ""):
                return values[name]
        return ""


def thing(entity: str) -> str:
    """What people call a row of this table: payment, bill, import."""
    return _THINGS.get(entity) or entity.replace("_", " ").removesuffix("s")


def field_name(name: str) -> str:
    """What people call a column."""
    return _FIELDS.get(name, name.replace("_", " ")).capitalize()


def sentence(event: Event) -> str:
    """What was done, in a line."""
    told = _SENTENCES.get((event.action, event.entity)) or _SENTENCES.get((event.action, ""))
    return told(event) if told else _plainly(event)


def changes(event: Event) -> list[tuple[str, str, str]]:
    """(field, before, after) of each field that the event changed; of what is new every field that has a value."""
    before, after = event.before or {}, event.after or {}
    # What was there and is not told again was not touched, unless nothing of it is left.
    names = before if event.after is None else after
    if event.before is None:
        names = [name for name in names if name not in _PLACE]
    changed = [name for name in sorted(names, key=_order) if before.get(name) != after.get(name)]
    said = [(field_name(name), _said(event, name, before), _said(event, name, after)) for name in changed]
    return [row for row in said if row[1] != row[2]]


def _order(name: str) -> tuple[bool, str]:
    """Ids last: they say little to people."""
    return name.endswith("_id"), name


def _said(event: Event, name: str, values: Mapping[str, Any]) -> str:
    value = values.get(name)
    if name in _MONEY and isinstance(value, int) and known_currency(event.currency):
        return _money(event, value)
    if name == "account_id" and event.account and value is not None:
        return event.account
    if isinstance(value, bool):
        return "yes" if value else "no"
    return NOTHING if value is None else _flat(value) or NOTHING


def _flat(value: object) -> str:
    """Lists with commas, and what they are made of with semicolons."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_flat(each)}" for key, each in value.items())
    if isinstance(value, list):
        between = "; " if any(isinstance(each, Mapping) for each in value) else ", "
        return between.join(map(_flat, value))
    return str(value)


def _money(event: Event, minor: int) -> str:
    return f"{event.currency} {Money(minor, event.currency).decimal:,}"


def _amount(event: Event) -> str:
    minor = event.value("amount")
    return _money(event, minor) if isinstance(minor, int) and known_currency(event.currency) else "an amount"


def _plainly(event: Event) -> str:
    done = _DONE.get(event.action) or event.action.replace("_", " ").capitalize()
    name = event.value("name") or event.value("email") or event.value("code") or event.entity_id or ""
    return f"{done}{':' if event.action not in _DONE else ''} {thing(event.entity)} {name}".rstrip()


def _with(text: str, more: object) -> str:
    return f"{text}: {more}" if more else text


def _import(event: Event) -> str:
    value = event.value
    counts = [f"{value(name) or 0:,} {word}" for name, word in (("added", "added"), ("rejected", "rejected"))]
    return f"Imported {value('kind')} from {value('file') or value('file_name')}: {', '.join(counts)}"


def _sent(event: Event) -> str:
    number, host = event.value("number"), event.value("host") or "an address"
    if failed := event.value("failed"):
        return f"Did not send the head of the trail ({number}): {failed}"
    return f"Sent the head of the trail ({number}) to {host}"


def _applied(event: Event) -> str:
    return f"Applied {_amount(event)} of a {'credit note' if event.entity == 'invoices' else 'payment'} to a bill"


def _denied(event: Event) -> str:
    reason = event.value("reason") or event.value("why") or event.value("what") or event.value("page")
    return _with("Was refused", reason or f"{thing(event.entity)} {event.entity_id or ''}".strip())


def _granted(event: Event) -> str:
    return f"Gave {event.value('email') or 'somebody'} the role {event.value('role') or 'they have'}"


_SENTENCES: dict[tuple[str, str], Callable[[Event], str]] = {
    ("record", "payments"): lambda e: f"Recorded a payment of {_amount(e)}",
    ("post", "payments"): lambda e: f"Marked a payment as posted on {e.value('posted_on')}",
    ("return", "payments"): lambda e: _with(f"Recorded that a payment of {_amount(e)} came back", e.value("note")),
    ("allocate", ""): _applied,
    ("take back", ""): lambda e: f"Took {_amount(e)} back from a bill",
    ("log", "calls"): lambda e: _with("Logged a call", e.value("outcome") or e.value("purpose")),
    ("amend", "calls"): lambda e: _with("Corrected a call", e.value("outcome") or e.value("purpose")),
    ("open", "disputes"): lambda e: _with(f"Disputed {_amount(e)}", e.value("reason")),
    ("close", "disputes"): lambda e: _with("Closed a dispute", e.value("outcome")),
    ("create", "accounts"): lambda _: "Added an account",
    ("import", "import_batches"): _import,
    ("seed", ""): lambda _: "Filled the ledger with a demo organisation",
    ("grant", "users"): _granted,
    ("reveal", ""): lambda e: _with("Was shown the whole account number", e.value("where")),
    ("send", "audit_log"): _sent,
    ("deny", ""): _denied,
    ("create", "calendar_tokens"): lambda _: "Made a calendar link",
    ("revoke", "calendar_tokens"): lambda _: "Revoked a calendar link",
    ("fetch", "calendar_tokens"): lambda _: "Fetched the calendar, first time that day",
}
