"""One open bank line after the other: its best partners with score and reasons, a match by hand, what else it may be."""

from collections.abc import Sequence
from operator import attrgetter

import streamlit as st

from data_access.commands.bank_line_decisions import explain_line
from data_access.commands.matches import accept
from data_access.queries.bank_lines import BankLineRow
from data_access.queries.matched_lines import PaymentBrief
from domain.masking import masked_bank_account
from domain.matching.proposals import Explained, Explanation, Proposal, Proposals
from ui import facts, links, notices, paging, reads, reconcile_acts, reconcile_by_hand, section, wording
from ui import reconcile_words as words
from ui.formats import day, escape, exact_money, plain_amount
from ui.ledger_tables import TALL
from ui.page_address import Here, number_in
from ui.tables import Column, report
from ui.viewer import Viewer

VIEW, LINE = "view", "line"  # address keys
HERE = Here("reconcile", {VIEW: "Three legs", LINE: ""} | paging.OWN)
PARTNERS = 3
LONGEST_NOTE = 200


def draw(viewer: Viewer, lines: Sequence[BankLineRow], found: Proposals) -> None:
    """The line that the address names, else the first; the queue below it."""
    best = _suggestions(found)
    looks = {each.line_id: each for each in found.explained}
    queue = sorted(lines, key=lambda line: _order(line, best, looks))
    suggested = sum(1 for line in queue if line.id in best)
    section.finding(
        f"{wording.counted(len(queue), 'bank line')} {'needs' if len(queue) == 1 else 'need'} a decision, "
        f"{suggested:,} with a suggestion",
        "Below the bar nothing is matched by itself: the likeliest first, then what looks like no payment",
    )
    if not queue:
        notices.empty("No other line is open", "What is left is certain: match it above.", ":material/task_alt:")
        return
    wanted = number_in(LINE)
    at = next((i for i, line in enumerate(queue) if line.id == wanted), 0)
    _one(viewer, queue, at, best.get(queue[at].id, []), looks.get(queue[at].id))
    _queue(queue, best, looks)


def _suggestions(found: Proposals) -> dict[int, list[Proposal]]:
    best: dict[int, list[Proposal]] = {}
    for proposal in sorted(found.matches, key=lambda each: (-each.score, each.rank, each.parts[0].payment_id)):
        if not proposal.automatic:
            for line_id in proposal.line_ids:
                best.setdefault(line_id, []).append(proposal)
    return best


def _order(line: BankLineRow, best: dict[int, list[Proposal]], looks: dict[int, Explained]) -> tuple[int, ...]:
    score = best[line.id][0].score if line.id in best else 0
    return (-score, line.id not in looks, line.amount > 0, line.booked_on.toordinal(), line.id)


def _one(
    viewer: Viewer, queue: Sequence[BankLineRow], at: int, partners: Sequence[Proposal], looks: Explained | None
) -> None:
    line = queue[at]
    following = queue[(at + 1) % len(queue)].id if len(queue) > 1 else None
    shown = partners[:PARTNERS]
    ids = tuple(sorted({each for proposal in shown for each in proposal.payment_ids}))
    briefs = reads.plain("payments_in_brief", viewer, ids=ids)
    with st.container(border=True, key="line"):
        with st.container(horizontal=True, vertical_alignment="center"):
            left = f", {exact_money(line.left, line.currency)} open" if line.matched else ""
            st.header(
                f"{escape(exact_money(line.amount, line.currency) + left)} on {day(line.booked_on)}", anchor=False
            )
            st.space("stretch")
            st.caption(f"{at + 1:,} of {len(queue):,}", width="content")
            st.button(
                "Next", icon=":material/skip_next:", key="line-next", shortcut="N", disabled=following is None,
                on_click=_go, args=(following,),
            )  # fmt: skip
        numbers = [each.account_number for each in briefs.values()]
        facts.draw(
            [
                ("The bank says", words.line_text(line, numbers)),
                ("Bank account", escape(masked_bank_account(line.bank_account))),
                ("Open for", wording.count(line.age, "day")),
            ]
        )
        for rank, proposal in enumerate(shown):
            _partner(viewer, line, proposal, briefs, following, first=rank == 0)
        if not shown:
            st.caption("No payment suits it by amount, day and words." if line.amount < 0 else "Money in.")
        if viewer.may_write():
            with st.container(horizontal=True, key="line-ways"):
                if line.amount < 0:
                    reconcile_by_hand.draw(viewer, line, lambda: _go(following))
                _explain(viewer, line, looks, following)


def _partner(
    viewer: Viewer,
    line: BankLineRow,
    proposal: Proposal,
    briefs: dict[int, PaymentBrief],
    following: int | None,
    *,
    first: bool,
) -> None:
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        key=f"partner-{proposal.parts[0].payment_id}-{proposal.score}-{len(proposal.parts)}",
    ):
        with st.container(gap="xxsmall"):
            for part in proposal.parts:
                if part.line_id == line.id and part.payment_id in briefs:
                    brief = briefs[part.payment_id]
                    st.markdown(links.link(words.payment_at_length(brief), "reconcile", {"leg": str(brief.id)}))
            others = len(proposal.line_ids) - 1
            with_others = f", with {wording.count(others, 'other line')}" if others else ""
            st.markdown(f"**{proposal.score:,}** of 1,000{with_others}: :small[{words.reasons(proposal.reasons)}]")
        if viewer.may_write():
            st.button(
                "Accept", icon=":material/check:", key=f"accept-{'-'.join(map(str, proposal.payment_ids))}-{'-'.join(map(str, proposal.line_ids))}",
                type="primary" if first else "secondary", shortcut="A" if first else None,
                on_click=_accept, args=(viewer, proposal, following),
            )  # fmt: skip


def _accept(viewer: Viewer, proposal: Proposal, following: int | None) -> None:
    what = wording.count(len(proposal.payment_ids), "payment")
    if reconcile_acts.matched(
        viewer, lambda writing: accept(writing, viewer.scope, proposal), f"Matched with {what}; the next line follows."
    ):
        _go(following)


def _explain(viewer: Viewer, line: BankLineRow, looks: Explained | None, following: int | None) -> None:
    if looks is not None:
        why = "as lines like it were before" if looks.learned else "by its words"
        st.button(
            f"Explain as {looks.reason.value}", icon=":material/label:", key="explain-quick", shortcut="E",
            help=f"Suggested {why}", on_click=_explained, args=(viewer, line.id, looks.reason, "", following),
        )  # fmt: skip
    with st.popover("Not a vendor payment", icon=":material/block:", key="explain"):
        reason = st.selectbox(
            "What it is", [each.value for each in Explanation], key=f"explain-reason-{line.id}",
            index=list(Explanation).index(looks.reason) if looks else 0,
        )  # fmt: skip
        note = st.text_input("Note", key=f"explain-note-{line.id}", max_chars=LONGEST_NOTE) or ""
        st.caption("Lines of this bank account with the same words are then suggested as the same.")
        if st.button("Explain it", type="primary", key="explain-it"):
            _explained(viewer, line.id, Explanation(reason), note, following)
            st.rerun()


def _explained(viewer: Viewer, line_id: int, reason: Explanation, note: str, following: int | None) -> None:
    if reconcile_acts.explained(
        viewer,
        line_id,
        lambda writing: explain_line(writing, viewer.scope, line_id, reason, note),
        f"The line is explained as {reason.value}; the next line follows.",
    ):
        _go(following)


def _go(line_id: int | None) -> None:
    HERE.put({LINE: str(line_id) if line_id else None})


def _queue(queue: Sequence[BankLineRow], best: dict[int, list[Proposal]], looks: dict[int, Explained]) -> None:
    fetch = paging.listed(queue, attrgetter("id"))
    found = paging.page("queue", tuple(line.id for line in queue), fetch, paging.one_order(int))
    rows: Sequence[BankLineRow] = found.rows
    opened = HERE.opening(LINE, {VIEW: "To match"})
    report(
        "queue",
        [
            Column(
                "Booked",
                [f"[{line.booked_on:%Y-%m-%d}]({opened(line.id)})" for line in rows],
            ),
            Column("What the bank says", [words.line_text(line) for line in rows]),
            Column("Suggestion", [_best(line, best, looks) for line in rows]),
            Column("Days", [f"{line.age:,}" for line in rows], right=True),
            Column("", [line.currency for line in rows]),
            Column(
                "Open",
                [plain_amount(line.left if line.amount > 0 else -line.left, line.currency) for line in rows],
                right=True,
            ),
        ],
        "Bank lines that need a decision",
        height=TALL,
        dense=True,
    )
    paging.turner(found, lambda line: (line.id,), len(queue), ("Before", "After"))


def _best(line: BankLineRow, best: dict[int, list[Proposal]], looks: dict[int, Explained]) -> str:
    if line.id in best:
        return f"{wording.count(len(best[line.id]), 'partner')}, best {best[line.id][0].score:,}"
    return f"looks like {looks[line.id].reason.value}" if line.id in looks else ":gray[none]"
