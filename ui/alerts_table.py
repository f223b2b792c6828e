"""Alerts as a table, page by page: how severe, about whom, by when, who sees to it, and what to do next."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache
from textwrap import wrap

from data_access.queries.alerts import AlertRow
from domain.alerts.lifecycle import urgency
from ui import alerts_words, call_links, paging
from ui.formats import escape, short_day
from ui.kept_columns import columns_of
from ui.tables import Column, report
from ui.viewer import Viewer

PAGE_ROWS, STEP_WIDTH = 12, 46  # characters a line


def draw_waiting(
    viewer: Viewer, fetch: Callable[..., Sequence[AlertRow]], number: int, question: object, as_of: date
) -> None:
    """A page of `number` alerts, read for it alone."""
    shown = paging.page("alerts", question, fetch, paging.one_order(int, date, int, str, str), PAGE_ROWS)
    _draw(viewer, shown.rows, as_of, closed=False)
    paging.turner(shown, lambda row: urgency(row.finding), number, ("Before", "Next"))


def draw(viewer: Viewer, rows: Sequence[AlertRow], question: object, as_of: date, *, closed: bool) -> None:
    """`rows` in their order, those that `question` asks for; `closed` ones say why instead of what to do."""
    fetch = paging.listed(rows, alerts_words.name)
    shown = paging.page("alerts", question, fetch, paging.one_order(str), PAGE_ROWS)
    _draw(viewer, shown.rows, as_of, closed=closed)
    paging.turner(shown, lambda row: (alerts_words.name(row),), len(rows), ("Before", "Next"))


def _draw(viewer: Viewer, page: Sequence[AlertRow], as_of: date, *, closed: bool) -> None:
    columns = columns_of(_closed, page, as_of) if closed else columns_of(_waiting, page, as_of, viewer.may_write())
    report("rows-alerts", columns, "Alerts, the most urgent first", dense=True)


def _told(page: Sequence[AlertRow]) -> list[Column]:
    return [
        Column("Alert", [_alert(row) for row in page]),
        Column("Account", [alerts_words.subject(row) for row in page]),
        Column("Amount", [f"**{alerts_words.amount(row)}**" for row in page], right=True),
    ]


def _closed(page: Sequence[AlertRow], as_of: date) -> list[Column]:
    return [
        *_told(page),
        Column("Closed", [short_day(row.closed_on, as_of) if row.closed_on else "" for row in page]),
        Column("Because", [_small(row.closed_because) for row in page]),
    ]


def _waiting(page: Sequence[AlertRow], as_of: date, may_write: bool) -> list[Column]:
    columns = [
        *_told(page),
        Column("Act by", [alerts_words.act_by(row, as_of) for row in page]),
        Column("Since", [short_day(row.finding.since, as_of) for row in page]),
        Column("Owner", [alerts_words.standing(row, as_of) for row in page]),
        Column("Next step", [_small(row.rule.next_step) for row in page]),
    ]
    if may_write:
        columns.append(Column("", [call_links.ways(row.account_id) for row in page]))
    return columns


def _alert(row: AlertRow) -> str:
    """The title leads to the alert; below it the rule and the first fact."""
    fact = alerts_words.told(row, 1)
    below = " · ".join([row.rule.id, *fact])
    return f"{alerts_words.badge(row.rule.severity)} [{escape(row.rule.title)}]({alerts_words.address(row)})  \n:small[{below}]"


@lru_cache(maxsize=256)  # the next steps of the rules, at each run
def _small(text: str) -> str:
    return "  \n".join(f":small[{escape(line)}]" for line in wrap(text, STEP_WIDTH))
