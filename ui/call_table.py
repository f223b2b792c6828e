"""Calls as a table, newest first, in the local time of their site."""

from collections.abc import Sequence
from datetime import datetime

from data_access.queries.calls import CallRow
from domain.filters import Filters
from domain.masking import masked_within
from ui import call_links, call_words, links
from ui.formats import day, escape, exact_money, short_day
from ui.paging import Ordering
from ui.tables import Column, report

NOTE_SHOWN = 60  # characters
ORDERS = Ordering({"started_at": (datetime, int)}, "-started_at")


def draw(
    key: str,
    rows: Sequence[CallRow],
    filters: Filters,
    current: int | None = None,
    *,
    of_one_account: bool = False,
    started: str = "Started",
) -> None:
    """Calls as a report, each date a link to its call; `current` is open already. Of one account, notes take its place.

    started: the head of the first column.
    """

    opened = links.opening("calls", call_links.CALL, call_links.here())

    def when(call: CallRow) -> str:
        local = day(call_words.local_date(call.started_at, call.timezone))
        head = f"**{local}**" if call.id == current else f"[**{local}**]({opened(call.id)})"
        return f"{head}  \n:small[{call_words.clock(call.started_at, call.timezone)}{call_words.NO_BREAK}{call_words.direction_icon(call.direction)}]"

    def two(upper: str, lower: str) -> str:
        return f"{upper}  \n:small[{lower}]" if lower else upper

    report(
        key,
        [
            Column(started, [when(call) for call in rows]),
            *([] if of_one_account else [Column("Account", [account(call) for call in rows])]),
            Column("Purpose", [two(escape(call.purpose) or "–", escape(call.billing_period)) for call in rows]),
            Column(
                "Outcome",
                [two(call_words.outcome_badge(call.outcome), escape(call.confirmation_number)) for call in rows],
            ),
            Column("Agent", [two(escape(call.agent) or "–", call_words.phone(call.number)) for call in rows]),
            Column(
                "Caller",
                [two(escape(call.caller) or "–", call_words.verified_words(call.caller_verified)) for call in rows],
            ),
            Column("Next", [_next(call, filters) for call in rows]),
            *([Column("Notes", [_notes(call) for call in rows])] if of_one_account else []),
            Column("Paid", [_paid(call) for call in rows], right=True),
        ],
        "Calls",
        dense=True,
    )


def _notes(call: CallRow) -> str:
    notes = masked_within(call.notes, call.account_number)
    return f":small[{escape(notes[:NOTE_SHOWN])}{'…' if len(notes) > NOTE_SHOWN else ''}]" if notes else ""


def _next(call: CallRow, filters: Filters) -> str:
    promised = f"Promised {short_day(call.promised_on, filters.as_of)}" if call.promised_on else ""
    follow_up = f"Follow up {short_day(call.follow_up_on, filters.as_of)}" if call.follow_up_on else ""
    return "  \n".join(f":small[{text}]" for text in (promised, follow_up) if text)


def _paid(call: CallRow) -> str:
    paid = f"**{escape(exact_money(call.paid, call.currency))}**" if call.paid else "–"
    if call.returned:
        back = f":small[:red[{escape(exact_money(call.returned, call.currency))} returned]]"
        return f"{paid}  \n{back}" if call.paid else back
    return paid


def account(call: CallRow) -> str:
    """The cell that names a call's account."""
    return call_words.account_lines(call.site_name, call.service_type, call.vendor, call.account_number)
