"""The charts of the Payments page: paid over time, where it went, on time or late. A click narrows the table below."""

import streamlit as st

from data_access.queries.late_ranking import LateRanking
from ui import payment_findings, payment_words, reads, section, sparklines, wording
from ui.charts import months, punctuality, ranking
from ui.formats import escape, percent
from ui.payment_narrowing import AT, LATE, PART, STEP, TURN, to_rows
from ui.payment_story import Story
from ui.tables import Column, report

LATE_ROWS, RANKED = 8, 7


def chart_key(name: str, by: str) -> str:
    """A chart's key; it changes when what was chosen is cleared elsewhere, so that no bar stays marked."""
    return f"payments-{name}-{by}-{st.session_state.get(TURN, 0)}"


def over_time(story: Story, split: str) -> None:
    """What was paid by month or year, split by method or channel."""
    shown = story.shown
    amounts: dict[str, dict[str, int]] = {}
    for row in reads.filtered("payments_by_month", story.viewer, shown.filters, split=split):
        by_month = amounts.setdefault(row.key, {})
        by_month[row.month] = by_month.get(row.month, 0) + shown.minor(row.net, row.currency)
    keys = {payment_words.named(split, key): key for key in amounts}
    parts = {name: story.by_step(amounts[key]) for name, key in keys.items()}
    kinds = months.leading(parts)
    section.finding(
        escape(payment_findings.paid_mostly_by(kinds)),
        f"Payments net of returns by {story.step}, {shown.unit}, {story.stretch}",
        sparklines.kinds([escape(kind) for kind in kinds]),
    )
    key = chart_key("months", split)

    def narrow() -> None:
        both = section.picked_both(key)
        part = f"{split}:{keys.get(both[1], both[1])}" if both else None
        story.here.put({STEP: both[0] if both else None, PART: part})

    section.chart(months.stacked(story.steps, kinds, shown.currency), key, f"Payments over time by {split}", narrow)


def ranked(story: Story, by: str) -> None:
    """Where the money went."""
    found = story.ranking(by, RANKED)
    bars = [ranking.Bar(row.key, row.name, story.shown.sum_of(row.amounts)) for row in found.first]
    whole = story.shown.sum_of(found.sums)
    verb = "takes" if by == "site" else "was paid"
    title = (
        f"All of it went to {bars[0].name}"
        if found.number == 1
        else f"{wording.leader(bars[0].name, bars[0].amount, whole, verb, by)} of what was paid"
    )
    section.finding(escape(title), f"Payments net of returns by {by}, {story.shown.unit}, {story.stretch}")
    key = chart_key("ranking", by)

    def narrow() -> None:
        picked = section.picked(key)
        story.here.put({AT: f"{by}:{picked}" if picked else None})

    section.chart(ranking.bars(bars, story.shown.currency, of=(found.number, whole)), key, f"Payments by {by}", narrow)


def on_time(story: Story, groups: LateRanking) -> None:
    """Bills on time, late, and still unpaid by the month or year in which they fell due."""
    rows = story.punctuality("month")
    bills, late = sum(row.bills for row in rows), sum(row.late for row in rows)
    worst = (groups.first[0].name, groups.first[0].late) if len(groups.late) > 1 else None
    section.finding(
        escape(payment_findings.on_time(bills, late, worst)),
        f"Bills by the {story.step} of their due day, {story.stretch}",
        [sparklines.category(*key) for key in (("early", "On time"), ("late", "Late"), ("unpaid", "Late and unpaid"))],
    )
    key = chart_key("on-time", "month")

    def narrow() -> None:
        step = section.picked(key)
        story.here.put({**to_rows(LATE), STEP: step} if step else {STEP: None})

    counts = [story.by_step({row.key: getattr(row, name) for row in rows}) for name in ("bills", "late", "unpaid")]
    figure = punctuality.shares(story.steps, *counts)
    section.chart(figure, key, "Bills paid on time, late, and not at all", narrow)


def latest(story: Story, by: str, groups: LateRanking) -> None:
    """Who was late most often."""
    late = [row for row in groups.first if row.late]
    section.finding(
        payment_findings.late_spread(groups.late, by),
        f"Late bills of those that fell due, {story.stretch}",
    )
    if not late:
        return
    at = story.here.opening(AT, to_rows(LATE))
    report(
        "late-groups",
        [
            Column(
                by.capitalize(),
                [f"[{escape(row.name)}]({at(f'{by}:{row.key}')})" for row in late],
            ),
            Column("", [sparklines.bar(row.late, late[0].late, "", width=72) for row in late]),
            Column("Late", [f"**{row.late:,}**" for row in late], right=True),
            Column("Of", [f"{row.bills:,}" for row in late], right=True),
            Column("Share", [percent(row.late, row.bills) for row in late], right=True),
            Column("Unpaid", [f"{row.unpaid:,}" if row.unpaid else "–" for row in late], right=True),
        ],
        f"Late bills by {by}",
    )
