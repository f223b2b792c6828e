"""The audit trail: who changed what, where and when; an event opens in a drawer with what it changed, before and after."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import partial

import streamlit as st

from data_access.queries.trail import TrailFilters, TrailRow, TrailWords, trail_sheet
from data_access.queries.trail_search import is_narrow
from domain.audit_words import changes, sentence, thing
from ui import exports, facts, filter_bar, notices, paging, reads, section, wording
from ui.formats import day, escape, moment
from ui.page_address import Here, number_in
from ui.paging import Ordering
from ui.search_box import search_box
from ui.tables import Column, report
from ui.viewer import Viewer

FIND, PERSON, KIND, THING, EVENT = "trail", "who", "change", "thing", "event"  # address keys
ANYONE, ANY_KIND, ANYTHING = "Anyone", "Any change", "Anything"
HERE = Here("admin", {FIND: "", PERSON: ANYONE, KIND: ANY_KIND, THING: ANYTHING} | paging.OWN)
ORDERS = Ordering({"seq": (int,)}, "-seq")
WIDTH, LONGEST = 720, 60
COUNTED = 1_000  # events; of more it is said that there are more
_DOMAIN = re.compile(r"(?<=\S)@\S+\.\S+")


def draw(viewer: Viewer) -> None:
    """Search, the events newest first, and the one that the address opens."""
    words: TrailWords = reads.plain("trail_words", viewer)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="trail-controls"):
        wanted = _asked(viewer, words)
        st.space("stretch")
        about = _about(viewer, wanted)
        exports.offer(
            "trail", "audit trail", viewer, lambda: reads.plain_sheet(viewer, trail_sheet, wanted=wanted, about=about)
        )
    zone = f"Times in {_zone(viewer)}; site, region and period follow the filters above"
    stretches = paging.Stretches(partial(reads.plain, "found_events", viewer, wanted=wanted))
    found = paging.page("trail", wanted, stretches, ORDERS)
    if is_narrow(wanted):
        _found(viewer, found, stretches, zone)
    else:
        count: int = reads.plain("trail_count", viewer, wanted=wanted, most=COUNTED + 1)
        told = f"{COUNTED:,}+ events" if count > COUNTED else wording.counted(count, "event")
        section.finding(f"{told} in the audit trail", zone)
        if count:
            _table(viewer, found)
            paging.turner(found, _mark, count if count <= COUNTED else None)
        else:
            _nothing("Clear the search or a choice above.")
    _open_if_asked(viewer)


def _asked(viewer: Viewer, words: TrailWords) -> TrailFilters:
    """What this section's own controls and the filter bar ask for."""
    search = search_box("a name, number or note", FIND, 260, label="Find in the trail")
    named = {thing(entity).capitalize(): entity for entity in words.things}
    kinds = {kind.capitalize(): kind for kind in words.kinds}
    person = _choice(PERSON, "Person", ANYONE, words.people, 220)
    kind = _choice(KIND, "Kind of change", ANY_KIND, tuple(kinds), 150)
    what = _choice(THING, "Thing", ANYTHING, tuple(sorted(named)), 150)
    bar = filter_bar.chosen(viewer)
    last = bar.as_of + timedelta(days=1)
    return TrailFilters(
        people=() if person == ANYONE else (person,),
        regions=bar.regions,
        sites=bar.sites,
        kinds=() if kind == ANY_KIND else (kinds[kind],),
        things=() if what == ANYTHING else (named[what],),
        since=_midnight(viewer, bar.since) if bar.since else None,
        until=_midnight(viewer, min(last, bar.until or last)),
        search=search,
    )


def _choice(key: str, name: str, all_of_them: str, options: Sequence[str], width: int) -> str:
    picked = st.selectbox(
        name, [all_of_them, *options], key=key, bind="query-params", label_visibility="collapsed", width=width
    )
    return picked or all_of_them


def _midnight(viewer: Viewer, on: date) -> datetime:
    return datetime.combine(on, time(), tzinfo=viewer.now.tzinfo)


def _zone(viewer: Viewer) -> str:
    return str(viewer.now.tzinfo)


def _about(viewer: Viewer, wanted: TrailFilters) -> tuple[str, ...]:
    """What the search asks for, in words, for the head of a file."""
    lines = [f"Until {wanted.until:%Y-%m-%d %H:%M %Z}"] if wanted.until else []
    if wanted.since:
        lines.insert(0, f"From {wanted.since:%Y-%m-%d %H:%M %Z}")
    for word, values in (
        ("Person", wanted.people),
        ("Region", wanted.regions),
        ("Site", wanted.sites),
        ("Kind of change", wanted.kinds),
        ("Thing", wanted.things),
    ):
        if values:
            lines.append(f"{word}: {', '.join(values)}")
    if wanted.search.strip():
        lines.append(f"Search: {wanted.search.strip()}")
    return (f"Asked for by {viewer.name}", *lines)


def _found(viewer: Viewer, found: paging.Page, stretches: paging.Stretches, zone: str) -> None:
    """What a search finds, a stretch of the trail at a time."""
    whole = not found.earlier and not found.more and stretches.until is None
    told = f"{wording.counted(len(found.rows), 'event')} in the audit trail"
    section.finding(told if whole else "Events found", zone)
    if found.rows:
        _table(viewer, found)
    else:
        _nothing("None in this stretch of the trail." if stretches.until else "Clear the search or a choice above.")
    paging.turner(found, _mark)
    if stretches.until and stretches.last.back_to:
        at = moment(stretches.last.back_to, _zone(viewer))
        paging.search_on(found, stretches, f"Looked at events back to number {stretches.until[0]:,}, {at}")


def _nothing(what_to_do: str) -> None:
    notices.empty("No event matches", what_to_do, ":material/filter_alt_off:")


def _mark(row: TrailRow) -> tuple[int]:
    return (row.seq,)


def _table(viewer: Viewer, found: paging.Page) -> None:
    rows: Sequence[TrailRow] = found.rows
    zone, event = _zone(viewer), HERE.opening(EVENT)
    report(
        "rows-trail",
        [
            Column(
                found.head(HERE.address, "When", "seq"),
                [f"[{escape(moment(row.at, zone))}]({event(row.seq)})" for row in rows],
            ),
            Column("Who", [_said(row.actor) for row in rows]),
            Column("What", [_said(_cut(sentence(row.told))) for row in rows]),
            Column("Account", [escape(row.account) for row in rows]),
            Column("Where", [escape(row.site_name) for row in rows]),
            Column("No.", [f"{row.seq:,}" for row in rows], right=True),
        ],
        "Events of the audit trail",
        dense=True,
    )


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _said(text: str) -> str:
    """Text as it stands; the domain of an address fades, and by that no link is made of it."""
    return _DOMAIN.sub(lambda domain: f":gray[{domain[0]}]", escape(text))


def _open_if_asked(viewer: Viewer) -> None:
    if EVENT not in st.query_params:
        return
    wanted = number_in(EVENT)
    row: TrailRow | None = reads.plain("trail_event", viewer, seq=wanted) if wanted else None
    if row is None:
        st.toast("There is no such event in the audit trail.", icon=":material/link_off:")
        return
    opened = st.dialog(f"Event {row.seq:,}", position="right", width=WIDTH, on_dismiss=lambda: HERE.put({EVENT: None}))
    opened(draw_event)(viewer, row)


def draw_event(viewer: Viewer, row: TrailRow) -> None:
    """Who, when and where; what it changed; and what holds it in its place."""
    st.markdown(f"**{_said(sentence(row.told))}**")
    facts.draw(
        [
            ("When", escape(moment(row.at, _zone(viewer)))),
            ("When, UTC", f"{day(row.at.date())}, {row.at:%H:%M:%S}"),
            ("Who", _said(row.actor)),
            ("Kind", escape(row.action)),
            ("Thing", escape(f"{thing(row.entity)} {row.entity_id or ''}".rstrip())),
            ("Where", escape(row.site_name)),
            ("Account", escape(row.account)),
        ]
    )
    changed = changes(row.told)
    if not changed:
        st.caption("It names no field.")
    elif row.before is None or row.after is None:
        gone = row.after is None
        values = [was if gone else now for _, was, now in changed]
        _fields(changed, [Column("Was" if gone else "Value", [_said(value) for value in values])])
    else:
        was = [f":gray[{escape(old)}]" for _, old, _ in changed]
        now = [f"**{escape(new)}**" for _, _, new in changed]
        _fields(changed, [Column("Before", was), Column("After", now)])
    st.caption("What holds the event in its place: its own hash covers all of it and the hash of the event before.")
    st.code(f"{row.seq}  {row.hash}\nbefore  {row.prev_hash}", language=None)


def _fields(changed: Sequence[tuple[str, str, str]], columns: Sequence[Column]) -> None:
    report("event", [Column("Field", [escape(name) for name, _, _ in changed]), *columns], "What the event changed")
