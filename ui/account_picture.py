"""One account: particulars, balance tiles, and what happened on it."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from data_access.queries.accounts import AccountRow
from data_access.queries.activity import Activity
from data_access.queries.payments import PaymentRow
from domain.aging import AgingRow
from domain.filters import Filters
from domain.periods import month_ends
from ui import (
    account_number,
    call_links,
    call_words,
    details,
    facts,
    notices,
    payment_words,
    positions,
    reads,
    section,
    wording,
)
from ui import window as windows
from ui.charts import timeline
from ui.charts.timeline import Event
from ui.formats import change_money, day, escape, exact_money, figure_money, short_day
from ui.links import follow
from ui.place import Place
from ui.place_sections import TAB, UNAPPLIED
from ui.viewer import Viewer

MARKS = 400  # of one kind; thirteen months of one account have far fewer


def draw(place: Place, account: AccountRow) -> None:
    """Everything above the tables of an account."""
    _particulars(place.viewer, account)
    found = reads.aging(place.viewer, place.always, "account")
    nothing = AgingRow("", "", account.currency, (0,) * (len(place.filters.edges) + 2))
    row = next((row for row in found if row.labels["account_id"] == str(account.id)), nothing)
    _tiles(place, account, row)
    _timeline(place, account)


def _particulars(viewer: Viewer, account: AccountRow) -> None:
    made_up = account.account_number == account.site  # by an import whose file had no account numbers
    pays = payment_words.method_name(account.autopay_method) if account.autopay_method else "no"
    if account.autopay_method and account.autopay_expires_on:
        pays += f", expires {day(account.autopay_expires_on)}"
    facts.draw(
        [
            ("Vendor", escape(account.vendor)),
            ("Account", "" if made_up else lambda: account_number.draw(viewer, account, "account page")),
            ("Service", escape(account.service_type)),
            ("Currency", account.currency),
            ("Terms", wording.count(account.terms_days, "day")),
            ("Autopay", escape(pays)),
            ("Opened", day(account.opened_on) if account.opened_on else ""),
            ("Closed", day(account.closed_on) if account.closed_on else ""),
        ],
        columns=7,
    )


def _tiles(place: Place, account: AccountRow, row: AgingRow) -> None:
    code, as_of = account.currency, place.filters.as_of
    days = month_ends(as_of, positions.MONTHS)
    key = str(account.id)
    owed = positions.outstanding_by_group(place.viewer, place.shown, "account", days).get(key, [0] * len(days))
    late = positions.overdue_by_group(place.viewer, place.shown, "account", days).get(key, [0] * len(days))
    before = f"vs {days[-2]:%-d %b}"
    with st.grid(4, min_column_width=150):
        for name, label, values in (("outstanding", "Outstanding", owed), ("past-due", "Past due", late)):
            change = values[-1] - values[-2]
            section.tile(
                name,
                label,
                figure_money(values[-1], code),
                change=change_money(change, code) if change else None,
                better=change < 0 if change else None,
                compared=before if change else f"unchanged {before}",
                values=values,
                alt=f"{label} at the last {len(days)} month ends, {code}",
            )
        section.tile(
            "unapplied",
            "Unapplied",
            figure_money(-row.unapplied, code),
            change=None,
            better=None,
            compared=place.here.link("not yet on a bill →", {TAB: UNAPPLIED})
            if row.unapplied
            else "everything is applied",
            values=[],
            alt="",
        )
        last = _last_payment(place)
        section.tile(
            "last-payment",
            "Last payment",
            figure_money(last.amount, code) if last else "–",
            change=None,
            better=None,
            compared=f"[{payment_words.how(last)}, {short_day(last.paid_on, as_of)}]({place.payment(last.id)})"
            if last
            else "none yet",
            values=[],
            alt="",
        )


def _last_payment(place: Place) -> PaymentRow | None:
    """The newest payment that still counts."""
    rows: Sequence[PaymentRow] = place.read("payment_rows", place.always, limit=20)
    return next((row for row in rows if row.kind == "payment" and row.reversed_on is None), None)


def _timeline(place: Place, account: AccountRow) -> None:
    """Bills, payments and calls of the period, or of the thirteen months up to what happened last."""
    filters = windows.recent(place.filters)
    span: Activity = reads.filtered("activity", place.viewer, place.always, account_id=account.id)
    if span.last and filters.since and span.last < filters.since and place.filters == place.always:
        filters = windows.recent(replace(place.always, as_of=span.last))
    marks = _marks(place, account, filters)
    bills = [mark for mark in marks if mark.kind == "bill"]
    paid = [mark for mark in marks if mark.kind == "payment"]
    calls = [mark for mark in marks if mark.kind == "call"]
    section.finding(
        f"{wording.counted(len(bills), 'bill')}, {wording.count(len(paid), 'payment')} and "
        f"{wording.count(len(calls), 'call')}",
        f"Each mark is one of them, {windows.in_words(filters)}; a click opens it",
    )
    if not marks:
        notices.empty("Nothing happened in this period", "Choose another period above.", ":material/event_busy:")
        return

    def open_mark() -> None:
        kind, _, key = str(section.picked("account-timeline") or "").partition(":")
        if kind == "call":
            follow("calls", {call_links.CALL: key})
        elif kind:
            place.here.put({**details.CLOSED, kind: key})

    figure = timeline.events(marks, min(filters.as_of, place.filters.as_of))
    section.chart(figure, "account-timeline", "Bills, payments and calls over time", open_mark)


def _marks(place: Place, account: AccountRow, filters: Filters) -> list[Event]:
    code, marks = account.currency, []
    for bill in place.read("bill_rows", filters, limit=MARKS):
        kind = "Bill" if bill.kind == "invoice" else "Credit note"
        text = f"{kind} {bill.label}, {exact_money(bill.amount, code)}, {day(bill.issued_on)}"
        marks.append(Event("bill", "Bills", bill.issued_on, text, f"{details.BILL}:{bill.id}"))
    for payment in place.read("payment_rows", filters, limit=MARKS):
        back = payment.kind == "reversal"
        word = (
            "Returned" if back else "Refund" if payment.kind == "refund" else payment_words.method_name(payment.method)
        )
        text = f"{word} {exact_money(payment.amount, code)}, {day(payment.paid_on)}"
        marks.append(
            Event(
                "returned" if back else "payment", "Payments", payment.paid_on, text, f"{details.PAYMENT}:{payment.id}"
            )
        )
    for call in place.read("call_rows", filters, limit=MARKS):
        text = f"Call, {call.outcome or call.purpose}, {call_words.started(call)}"
        marks.append(
            Event("call", "Calls", call_words.local_date(call.started_at, call.timezone), text, f"call:{call.id}")
        )
    return marks
