"""Admin, Vendor terms: what each vendor does when it is not paid, in words, with source and days; and adding new terms."""

from collections.abc import Sequence

import streamlit as st

from data_access.queries.terms_sheet import terms_sheet
from domain.policies import Policy
from ui import exports, filter_bar, notices, policies_form, policies_words, reads, section, wording
from ui.formats import day, escape
from ui.viewer import Viewer


def draw(viewer: Viewer) -> None:
    """By vendor, the terms in force first; those that ended or have not begun behind an expander."""
    found: dict[str, list[Policy]] = reads.plain("policies", viewer)
    filters = filter_bar.chosen(viewer)
    done = st.session_state.pop(policies_form.DONE, None)
    if done:
        st.success(done, icon=":material/check_circle:")
    count = sum(len(terms) for terms in found.values())
    with st.container(horizontal=True, vertical_alignment="center"):
        section.finding(
            f"Terms of {wording.count(len(found), 'vendor')}" if found else "No vendor's terms are known",
            f"{wording.counted(count, 'set', 'sets')} of terms; never edited: new ones begin on their day, "
            f"exceptions come before the rule. As of {day(viewer.today)}",
        )
        st.space("stretch")
        exports.offer("terms", "vendor terms", viewer, lambda: reads.sheet(viewer, filters, terms_sheet))
        policies_form.offer(viewer)
    if not found:
        notices.empty(
            "No terms yet", "Import them, or add those of the first vendor: risk is judged from them.",
            ":material/policy:",
        )  # fmt: skip
    for vendor, terms in found.items():
        if not filters.vendors or vendor in filters.vendors:
            _vendor(viewer, vendor, terms)


def _vendor(viewer: Viewer, vendor: str, terms: Sequence[Policy]) -> None:
    today = viewer.today
    now = [policy for policy in terms if policy.applies_to(policy.service_type, policy.currency, today)]
    # Of several for the same accounts the one that began last counts.
    counts = {(p.service_type, p.currency): p for p in reversed(now)}
    in_force = sorted(counts.values(), key=lambda p: (p.service_type, p.currency))
    others = [policy for policy in terms if policy not in in_force]
    with st.container(border=True, key=f"terms-{terms[0].id}"):
        st.subheader(escape(vendor), anchor=False)
        for policy in in_force:
            _one(policy)
        if not in_force:
            st.caption("None is in force today.")
        if others:
            with st.expander(
                f"{wording.counted(len(others), 'earlier or later set', 'earlier or later sets')} of terms"
            ):
                for policy in others:
                    _one(policy)


def _one(policy: Policy) -> None:
    st.markdown(f"**For {escape(policies_words.exception(policy))}**, {policies_words.holds(policy)}")
    st.markdown(" ".join(policies_words.sentences(policy)))
    st.caption(f"Source: {escape(policy.source)}")
