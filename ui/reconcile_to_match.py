"""What is to be matched: what is certain in one go, the other bank lines one after the other."""

from collections.abc import Sequence

import streamlit as st

from data_access.commands.matches import accept_many
from data_access.queries.bank_lines import BankLineRow
from data_access.queries.matched_lines import PaymentBrief
from domain.matching.proposals import AUTO, Proposal, Proposals
from ui import filter_bar, links, notices, reads, reconcile_acts, reconcile_line, section, wording
from ui import reconcile_words as words
from ui.formats import day, escape, exact_money
from ui.reconcile_statements import import_words
from ui.tables import Column, report
from ui.viewer import Viewer

MOST_LINES, SHOWN = 100_000, 8
CERTAIN_PX = 640  # of all of them, which then scroll
ALL_CERTAIN = "certain-all"


def draw(viewer: Viewer) -> None:
    """Proposals at the bar with one button for all, then the lines that somebody has to look at."""
    if not reconcile_acts.may_see(viewer):
        return
    as_of = filter_bar.chosen(viewer).as_of
    found: Proposals = reads.plain("match_proposals", viewer, as_of=as_of)
    of_the_day: list[BankLineRow] = reads.plain("open_bank_lines", viewer, as_of=as_of, limit=MOST_LINES)
    lines = [line for line in of_the_day if line.open_now]
    if since := len(of_the_day) - len(lines):
        verb = "was" if since == 1 else "were"
        st.caption(f"{wording.counted(since, 'bank line')} that {verb} open on {day(as_of)} {verb} decided since")
    if not lines:
        _nothing(viewer)
        return
    by_id = {line.id: line for line in lines}
    certain = [each for each in found.matches if each.automatic and by_id.keys() >= set(each.line_ids)]
    if certain:
        _certain(viewer, certain, by_id)
    made = {line for each in certain for line in each.line_ids}
    reconcile_line.draw(viewer, [line for line in lines if line.id not in made], found)


def _nothing(viewer: Viewer) -> None:
    if reads.plain("statement_rows", viewer, as_of=filter_bar.chosen(viewer).as_of):
        notices.empty("Every bank line is matched or explained", "Nothing is left to do.", ":material/task_alt:")
        return
    notices.empty("No bank statement is imported yet", import_words(viewer), ":material/account_balance:")
    if viewer.may_write():
        st.markdown(links.link("Import a bank statement →", "import", {"kind": "bank"}))


def _certain(viewer: Viewer, certain: Sequence[Proposal], lines: dict[int, BankLineRow]) -> None:
    number = len(certain)
    with st.container(horizontal=True, vertical_alignment="center"):
        section.finding(
            f"{wording.counted(number, 'match', 'matches')} {'is' if number == 1 else 'are'} certain",
            f"Score {AUTO} or more of 1,000, it is told whose payment it is, and nothing else comes near",
        )
        if viewer.may_write():
            _bulk(viewer, certain)
    shown = certain if st.session_state.get(ALL_CERTAIN) else certain[:SHOWN]
    ids = tuple(sorted({each for proposal in shown for each in proposal.payment_ids}))
    briefs = reads.plain("payments_in_brief", viewer, ids=ids)
    numbers = {each: [briefs[p].account_number for p in each.payment_ids if p in briefs] for each in shown}
    report(
        "stack-certain",
        [
            Column("Booked", [f"{lines[each.line_ids[0]].booked_on:%Y-%m-%d}" for each in shown]),
            Column(
                "Bank line, score and why",
                [f"{_text(each, lines, numbers[each])}  \n:small[{_why(each)}]" for each in shown],
            ),
            Column("Amount", [_amount(each, lines) for each in shown], right=True),
            Column("Payment", ["; ".join(_payment(briefs, p) for p in each.payment_ids) for each in shown]),
        ],
        "Matches that are certain",
        height=CERTAIN_PX if shown is certain else None,
    )
    if len(certain) > SHOWN:
        st.checkbox(f"Show all {number:,}", key=ALL_CERTAIN)


def _payment(briefs: dict[int, PaymentBrief], payment_id: int) -> str:
    brief = briefs.get(payment_id)
    if brief is None:
        return f"payment {payment_id}"
    name = f"{words.payment_name(brief)}, {day(brief.paid_on)}"
    return links.link(name, "reconcile", {"leg": str(payment_id)})


def _text(proposal: Proposal, lines: dict[int, BankLineRow], numbers: Sequence[str]) -> str:
    more = f" and {len(proposal.line_ids) - 1} more" if len(proposal.line_ids) > 1 else ""
    return words.line_text(lines[proposal.line_ids[0]], numbers) + more


def _why(proposal: Proposal) -> str:
    return f"**{proposal.score:,}**: {words.reasons(proposal.reasons)}"


def _amount(proposal: Proposal, lines: dict[int, BankLineRow]) -> str:
    return escape(exact_money(sum(part.amount for part in proposal.parts), lines[proposal.line_ids[0]].currency))


def _bulk(viewer: Viewer, certain: Sequence[Proposal]) -> None:
    payments = {each for proposal in certain for each in proposal.payment_ids}
    lines = {each for proposal in certain for each in proposal.line_ids}
    what = f"{wording.count(len(lines), 'bank line')} with {wording.count(len(payments), 'payment')}"
    with st.popover(f"Match {len(certain):,} at the bar", icon=":material/done_all:", type="primary", key="bulk"):
        st.markdown(
            f"This matches {what}. All of them are made, or none. No amount of a bill or payment changes; each match is "
            "kept with its score and reasons under your name, and can be undone."
        )
        if st.button(f"Match {what}", type="primary", key="bulk-accept"):
            chosen = tuple(certain)
            reconcile_acts.matched(
                viewer,
                lambda writing: accept_many(writing, viewer.scope, chosen),
                f"Matched {what}.",
            )
            st.rerun()
