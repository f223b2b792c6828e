"""Sites: the list, one site, or one account, with bills, payments, calls, services and disputes in one place."""

from dataclasses import replace
from functools import partial

import streamlit as st

from data_access.queries.accounts import AccountRow
from domain.filters import Filters
from ui import (
    account_picture,
    alerts_summary,
    currencies,
    denials,
    details,
    exports,
    filter_bar,
    links,
    notices,
    page_address,
    paging,
    place_sections,
    quick_check,
    reads,
    section,
    site_list,
    site_picture,
)
from ui import window as windows
from ui.currencies import SWITCH, Shown
from ui.filter_bar import SITE
from ui.formats import day, escape
from ui.ledger_tables import account_name
from ui.page_address import Here
from ui.place import Place
from ui.place_sections import TAB
from ui.search_box import search_box
from ui.viewer import Viewer

ACCOUNT, ORDER, FIND = "account", "order", "q"  # address keys
LIST = Here("sites", {ORDER: site_list.USUAL, **dict.fromkeys((FIND, SWITCH), ""), **paging.OWN})
ONE = Here("sites", dict.fromkeys((ACCOUNT, TAB, SWITCH, place_sections.FIND), "") | paging.OWN)


def render(viewer: Viewer) -> None:
    """?account=ID shows an account; exactly one site in the filters shows that site; else the list."""
    filters = filter_bar.chosen(viewer)
    account = _account(viewer, filters)
    if account is not None:
        _one_account(viewer, filters, account)
    elif len(filters.sites) == 1:
        _one_site(viewer, filters)
    else:
        _list(viewer, filters)


def _account(viewer: Viewer, filters: Filters) -> AccountRow | None:
    """The account that the address asks for; one outside the filters is closed, and that is said."""
    if ACCOUNT not in st.query_params:
        return None
    wanted = page_address.number_in(ACCOUNT)
    found = reads.filtered("account_rows", viewer, filters, account_id=wanted) if wanted else []
    if not found:
        denials.not_found(viewer, ACCOUNT, wanted)
        st.toast("The account of the address is not in these filters, so it was closed.", icon=":material/link_off:")
        del st.query_params[ACCOUNT]
        return None
    return found[0]


def _one_account(viewer: Viewer, filters: Filters, account: AccountRow) -> None:
    site = filter_bar.site_name(viewer, account.site)
    name = account_name(account.vendor, account.account_number, account.site)
    _head(name, links.link(site, "sites", {SITE: filter_bar.site_label(viewer, account.site)}))
    own = replace(
        filters,
        sites=(account.site,),
        vendors=(account.vendor,),
        regions=(),
        service_types=(),
        currencies=(account.currency,),
    )
    place = Place(viewer, Shown(account.currency, own), ONE, name, account.id)
    account_picture.draw(place, account)
    alerts_summary.draw(viewer, own, account_id=account.id)
    place_sections.draw(place)
    details.open_if_asked(viewer, ONE, filters.as_of)


def _one_site(viewer: Viewer, filters: Filters) -> None:
    found = reads.filtered("site_rows", viewer, replace(filters, search=""))
    if not found:
        notices.nothing_matches()
        return
    site = found[0]
    _head(site.name)
    shown = currencies.choose(viewer, filters)
    place = Place(viewer, shown, ONE, site.name)
    site_picture.draw(place, site)
    alerts_summary.draw(viewer, filters, site=site.code)
    quick_check.draw(viewer, shown.filters, shown.currency)
    place_sections.draw(place)
    details.open_if_asked(viewer, ONE, filters.as_of)


def _head(name: str, *above: str) -> None:
    """The way back, and the name of what is shown."""
    with st.container(gap=None):
        st.markdown(":small[" + " / ".join((links.link("All sites", "sites", {SITE: None}), *above)) + "]")
        st.header(escape(name), anchor=False)


def _list(viewer: Viewer, filters: Filters) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        order = st.selectbox(
            "Order", list(site_list.ORDERS), key=ORDER, bind="query-params", label_visibility="collapsed", width=170
        )
        search = search_box("a site, city or cost center", FIND, 280)
        filters = replace(filters, search=search)
        shown = currencies.choose(viewer, replace(filters, search=""))
        shown = replace(shown, filters=replace(shown.filters, search=filters.search))
        stretch = windows.lively(viewer, replace(shown.filters, search=""))
        found = site_list.listed(viewer, shown, filters.currencies, stretch, order or site_list.USUAL)
        st.space("stretch")
        exports.offer(
            "sites",
            "sites",
            viewer,
            lambda: site_list.sheet(viewer, found, shown, filters.currencies, stretch),
        )
    if not found.codes:
        notices.nothing_matches()
        return
    among = replace(stretch, sites=found.codes) if search else stretch
    most_billed = partial(reads.filtered, "spend_ranking", viewer, among, by="site", limit=1, weights=shown.weights)
    section.finding(
        escape(site_list.finding(found, most_billed, shown)),
        f"Balances on {day(filters.as_of)}, billed {windows.in_words(stretch)}, {shown.unit}",
        section.aging_key(filters.edges),
    )
    page = paging.page("sites", (shown.filters, order), paging.listed(found.codes, str), paging.one_order(str))
    opening = links.opening("sites", SITE, paging.AFRESH)
    labels = filter_bar.site_labels(viewer, page.rows)
    site_list.report(
        site_list.told(viewer, page.rows, shown, filters.currencies, stretch),
        shown.unweighed(max(found.overdue, default=0)),
        shown,
        lambda code: opening(labels[code]),
    )
    paging.turner(page, lambda code: (code,), len(found.codes), ("Before", "After"))
    quick_check.draw(viewer, shown.filters, shown.currency)
    if not found.outstanding and not most_billed().first:
        windows.quiet(viewer, stretch, "sites", "bills or balances")
