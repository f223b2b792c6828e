"""The form of new terms: they begin on a day and are never edited. What they mean is told in words before they are saved."""

from typing import Any

import streamlit as st

from data_access.commands.policies import add_policy
from domain.money import known_currency
from domain.parsing.posting_days import PostingDaysError, read_posting_days
from domain.policies import (
    CountedFrom,
    FeeBase,
    LateFeeTerms,
    PartTerms,
    Policy,
    PolicyError,
    RestoralTerms,
    SuspensionDays,
)
from ui import policies_words, reads
from ui.call_entry import EntryError, amount_of
from ui.formats import day, escape
from ui.viewer import Viewer
from ui.writes import RefusedError, write

DONE = "policies-done"  # session state: what the last click did
WIDTH = 620
_FROM = {CountedFrom.DUE: "Due date", CountedFrom.INVOICE: "Bill's date"}
_BASES = {FeeBase.NONE: "No fee", FeeBase.PAST_DUE: "What is past due", FeeBase.RECURRING: "Recurring charges"}


class _FormError(ValueError):
    """What is typed makes no terms; the text says why."""


def offer(viewer: Viewer) -> None:
    """The button that opens the form."""
    if st.button("Add terms", type="primary", icon=":material/add:", key="policy-add"):
        st.dialog("Add a vendor's terms", position="right", width=WIDTH)(draw)(viewer)


def draw(viewer: Viewer) -> None:
    """The fields, the terms in words, and the button."""
    prefix = f"policy-{st.session_state.get('policy-turn', 0)}-"
    vendors: dict[str, int] = dict(reads.plain("vendor_ids", viewer))
    vendor = st.selectbox("Vendor", list(vendors), index=None, placeholder="Choose the vendor", key=f"{prefix}vendor")
    left, right = st.columns(2)
    with left:
        begins = st.date_input("In force from", value=viewer.today, format="YYYY-MM-DD", key=f"{prefix}from")
    with right:
        currency = _text("Currency of the amounts", f"{prefix}currency", "USD").upper()
    left, right = st.columns(2)
    with left:
        services = ["", *reads.options(viewer).service_types]
        service = st.selectbox(
            "Only for", services, format_func=lambda kind: kind or "every service", key=f"{prefix}service"
        )
    with right:
        source = _text("Source", f"{prefix}source", "Terms of 1 Jan 2026, section 4")
    head = {"vendor": vendor or "", "effective_from": begins or viewer.today, "source": source}
    try:
        policy = _policy(prefix, currency, head | {"service_type": service or ""})
    except (_FormError, PolicyError, PostingDaysError, EntryError) as error:
        st.caption(escape(_sentence(str(error))))
        policy = None
    if policy is not None:
        st.markdown(" ".join(policies_words.sentences(policy)))
    if st.button("Add them", type="primary", icon=":material/check:", key=f"{prefix}save", disabled=policy is None):
        _save(viewer, prefix, vendors, policy)
    refusal = st.session_state.pop(f"{prefix}refused", None)
    if refusal:
        st.error(escape(refusal), icon=":material/error:")


def _policy(prefix: str, currency: str, head: dict[str, Any]) -> Policy:
    """The terms as typed; `head`: whose they are, and from when. Raises what is wrong with them."""
    counted = _choice("Days are counted from", _FROM, f"{prefix}counted")
    days = _days("Suspends after days: earliest, likely, latest", f"{prefix}suspends")
    part = _part(prefix) if days else None
    left, right = st.columns(2)
    with left:
        notice = _whole("Days of warning before", f"{prefix}notice")
    with right:
        disconnects = st.number_input("Given up, days after", min_value=0, value=None, step=1, key=f"{prefix}gives-up")
    months = _whole("Other days for accounts younger than, months", f"{prefix}young-months")
    young = _days("Their days: earliest, likely, latest", f"{prefix}young") if months else None
    fee = _fee(prefix, currency)
    restoral = _restoral(prefix, currency)
    posting = _text("Working days until a payment shows", f"{prefix}posting", "card 0, ach 2, cheque 7")
    calendar = _text("Whose working days", f"{prefix}calendar", "US, GB-SCT; empty: the site's country").upper()
    left, right = st.columns(2)
    with left:
        working = st.checkbox("Acts on working days only", value=True, key=f"{prefix}working")
    with right:
        rolls = st.checkbox("Due dates roll forward", key=f"{prefix}rolls")
    if not head["vendor"]:
        raise _FormError("Choose the vendor")
    return Policy(
        **head,
        currency=currency,
        late_fee=fee,
        notice_days=notice,
        counted_from=counted,
        suspension=days,
        young_months=months,
        young=young,
        part=part,
        disconnection_days=None if disconnects is None else int(disconnects),
        restoral=restoral,
        posting_days=read_posting_days(posting),
        calendar=calendar,
        acts_on_working_days=working,
        due_rolls_forward=rolls,
    )


def _fee(prefix: str, currency: str) -> LateFeeTerms:
    base = _choice("Late fee on", _BASES, f"{prefix}fee-base")
    if base is FeeBase.NONE:
        return LateFeeTerms()
    with st.grid(4, min_column_width=110, gap="small"):
        rate = st.number_input("Rate, %", min_value=0.0, max_value=100.0, step=0.01, key=f"{prefix}fee-rate")
        flat = _amount("Flat", f"{prefix}fee-flat", currency) or 0
        minimum = _amount("At least", f"{prefix}fee-minimum", currency) or 0
        cap = _amount("At most", f"{prefix}fee-cap", currency)
    left, right = st.columns(2)
    with left:
        grace = _whole("Days of grace", f"{prefix}fee-grace")
    with right:
        counted = _choice("Counted from", _FROM, f"{prefix}fee-from")
    return LateFeeTerms(base, round(rate * 100), flat, minimum, cap, grace, counted)


def _part(prefix: str) -> PartTerms | None:
    left, right = st.columns(2)
    with left:
        share = st.number_input(
            "Part payment that puts it off, %", min_value=0.0, max_value=99.99, step=1.0, key=f"{prefix}part-share",
            help="The least part of a bill that keeps the service on for a while. 0: only the whole bill counts",
        )  # fmt: skip
    if not share:
        return None
    with right:
        days = st.number_input("By days", min_value=1, value=30, step=1, key=f"{prefix}part-days")
    return PartTerms(round(share * 100), int(days))


def _restoral(prefix: str, currency: str) -> RestoralTerms:
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    with left:
        fee = _amount("Fee to be switched on", f"{prefix}restoral", currency) or 0
    with middle:
        months = _whole("Months in advance", f"{prefix}advance")
    with right:
        full = st.checkbox("Past due in full", value=True, key=f"{prefix}in-full")
    return RestoralTerms(fee, full, months)


def _days(label: str, key: str) -> SuspensionDays | None:
    text = _text(label, key, "25, 30, 40; empty: it does not suspend")
    if not text:
        return None
    days = [part.strip() for part in text.split(",")]
    if len(days) != 3 or not all(part.isdecimal() for part in days):  # noqa: PLR2004 - earliest, likely, latest
        raise _FormError(f"{text!r} is not three days; write the earliest, the likely and the latest like 25, 30, 40")
    return SuspensionDays(*map(int, days))


def _amount(label: str, key: str, currency: str) -> int | None:
    text = _text(label, key, "0.00")
    if not text:
        return None
    if not known_currency(currency):
        raise _FormError("Terms with amounts name their currency, USD")
    return amount_of(text, currency)


def _whole(label: str, key: str) -> int:
    return int(st.number_input(label, min_value=0, value=0, step=1, key=key))


def _text(label: str, key: str, hint: str) -> str:
    return (st.text_input(label, placeholder=hint, max_chars=300, key=key) or "").strip()


def _choice(label: str, words: dict[Any, str], key: str) -> Any:
    first = next(iter(words))
    return (
        st.segmented_control(
            label, list(words), default=first, required=True, format_func=words.__getitem__, key=key
        )
        or first
    )  # fmt: skip


def _save(viewer: Viewer, prefix: str, vendors: dict[str, int], policy: Policy | None) -> None:
    if policy is None:
        return
    try:
        write(viewer, lambda w: add_policy(w, viewer.scope, vendors[policy.vendor], policy), administers=True)
    except RefusedError as error:
        st.session_state[f"{prefix}refused"] = str(error)
        return
    st.session_state[DONE] = f"New terms of {escape(policy.vendor)} are in force from {day(policy.effective_from)}."
    st.session_state["policy-turn"] = st.session_state.get("policy-turn", 0) + 1
    st.rerun()


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
