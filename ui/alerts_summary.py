"""What needs action, in a few lines, for pages that are about something else."""

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from data_access.queries.alerts import AlertRow
from domain.filters import Filters
from ui import alerts_reads, alerts_words, call_links, links, section, wording
from ui.formats import day, escape, short_day
from ui.tables import Column, report
from ui.viewer import Viewer


def draw(viewer: Viewer, filters: Filters, *, account_id: int | None = None, site: str | None = None) -> None:
    """The most urgent alerts in the filters, of one account or one site, and the way to all of them. Of one, none is nothing."""
    if site is not None:
        filters = replace(filters, sites=(site,), regions=())
    if account_id is not None:
        filters = replace(filters, accounts=(account_id,))
    found = alerts_reads.alerts(viewer, filters)
    if found is None:
        return
    rows, number = found.standing.worst, found.standing.number()
    if not rows:
        if account_id is None and site is None:
            st.markdown(f":green-badge[:material/check_circle: Nothing needs action] on {day(filters.as_of)}")
        return
    with st.container(border=True, key="needs-action"):
        section.finding(
            f"Needs action: {alerts_words.headline(found.standing.counts)}",
            f"The most urgent first, {day(filters.as_of)}; an alert closes by itself when its cause is gone",
        )
        _table(viewer, rows, filters, of_one=account_id is not None)
        more = f"All {wording.count(number, 'alert')} →" if number > len(rows) else "All alerts →"
        st.markdown(links.link(more, "risk"))


def _table(viewer: Viewer, rows: Sequence[AlertRow], filters: Filters, *, of_one: bool) -> None:
    as_of = filters.as_of
    columns = [
        Column("Alert", [_alert(row) for row in rows]),
        *([] if of_one else [Column("Account", [alerts_words.subject(row) for row in rows])]),
        Column("Act by", [alerts_words.act_by(row, as_of) for row in rows]),
        Column("Since", [short_day(row.finding.since, as_of) for row in rows]),
        Column("Owner", [alerts_words.standing(row, as_of) for row in rows]),
        Column("Amount", [f"**{alerts_words.amount(row)}**" for row in rows], right=True),
    ]
    if viewer.may_write():
        columns.append(Column("", [call_links.ways(row.account_id) for row in rows]))
    report("rows-needs-action", columns, "The most urgent alerts", dense=True)


def _alert(row: AlertRow) -> str:
    fact = f"  \n:small[{alerts_words.told(row, 1)[0]}]" if row.finding.facts else ""
    title = f"[{escape(row.rule.title)}]({alerts_words.address(row)})"
    return f"{alerts_words.badge(row.rule.severity)} {title}{fact}"
