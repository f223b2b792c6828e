"""The headline numbers of the Payments page, each leading to its rows."""

import streamlit as st

from domain.filters import Filters
from ui import payment_findings, payment_words, reads, section, wording
from ui import window as windows
from ui.formats import change_money, day, figure_money, percent
from ui.payment_narrowing import LATE, PAID, UNAPPLIED, to_rows
from ui.payment_story import Story, sums_of

CAME_BACK, PENDING = "Came back", "Pending"


def draw(story: Story) -> None:
    """Paid, on time, came back, pending, unapplied."""
    with st.grid(5, min_column_width=150):
        _paid(story)
        _on_time(story)
        _of_status(story, CAME_BACK, "were returned or voided by", "none")
        _of_status(story, PENDING, "had not posted by", "everything posted")
        _unapplied(story)


def _paid(story: Story) -> None:
    shown, earlier = story.shown, story.earlier()
    by_month = story.totals("month")
    net = story.by_step(sums_of(shown, by_month, "net"))
    before = 0
    if earlier is not None:
        before = sum(sums_of(shown, reads.payment_totals(story.viewer, earlier, "currency"), "net").values())
    change = sum(net) - before if earlier is not None else 0
    number = wording.count(sum(row.count for row in by_month), "payment")
    section.tile(
        "paid",
        "Paid",
        figure_money(sum(net), shown.currency),
        change=change_money(change, shown.currency) if change else None,
        better=None,
        compared="vs before" if change else number,
        values=net,
        alt=f"Paid by {story.step}, {shown.unit}, {story.stretch}",
        note=f"{number} less refunds and returns, each on its own day" + _against(earlier),
    )


def _against(earlier: Filters | None) -> str:
    return f"; before: {windows.in_words(earlier)}" if earlier else ""


def _on_time(story: Story) -> None:
    rows, earlier = story.punctuality("month"), story.earlier()
    bills, late = sum(row.bills for row in rows), sum(row.late for row in rows)
    points = None
    if earlier is not None:
        then = reads.filtered("punctuality", story.viewer, earlier, by="month")
        whole = sum(row.bills for row in then)
        points = payment_findings.change_in_points(
            (bills - late, bills), (whole - sum(row.late for row in then), whole)
        )
    section.tile(
        "on-time",
        "Bills paid on time",
        percent(bills - late, bills) if bills else "–",
        change=f"{points} pts" if points else None,
        better=points > 0 if points else None,
        compared="vs before" if points else _leads(story, late, "late bill", to_rows(LATE), "none late"),
        values=[100 * row.on_time / row.bills for row in rows if row.bills],
        alt=f"Share of bills paid on time by month, {story.stretch}",
        note="Of the bills that fell due: settled in full by their due day, by money that stayed" + _against(earlier),
    )


def _leads(story: Story, number: int, one: str, changes: dict[str, str | None], none: str) -> str:
    return story.here.link(f"{wording.count(number, one)} →", changes) if number else none


def _of_status(story: Story, choice: str, became: str, none: str) -> None:
    shown = story.shown
    rows = [row for row in story.totals("status") if row.key in payment_words.STATUS_CHOICES[choice]]
    section.tile(
        choice.lower().replace(" ", "-"),
        choice,
        figure_money(sum(sums_of(shown, rows, "paid").values()), shown.currency),
        change=None,
        better=None,
        compared=_leads(story, sum(row.count for row in rows), "payment", to_rows(PAID, choice), none),
        values=story.by_step(sums_of(shown, story.totals("month"), "returned")) if choice == CAME_BACK else [],
        alt=f"Returned by {story.step}, {shown.unit}, {story.stretch}" if choice == CAME_BACK else "",
        note=f"Payments of this period that {became} {day(shown.filters.as_of)}",
    )


def _unapplied(story: Story) -> None:
    shown = story.shown
    rows = reads.aging(story.viewer, shown.filters, "currency")
    left = -sum(shown.minor(row.unapplied, row.currency) for row in rows)
    items = len(reads.filtered("unapplied_rows", story.viewer, shown.filters))
    section.tile(
        "unapplied",
        "Unapplied",
        figure_money(left, shown.currency),
        change=None,
        better=None,
        compared=_leads(story, items, "item", to_rows(UNAPPLIED), "everything applied"),
        values=[],
        alt="",
        note=f"Payments and credit notes of any age not applied to a bill on {day(shown.filters.as_of)}",
    )
