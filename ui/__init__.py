"""The other room that knows Streamlit. A page is a dozen lines on top of it:

    def render(viewer):
        shown = currencies.choose(viewer, filter_bar.chosen(viewer))       # one currency, or converted at dated rates
        rows = shown.merged(reads.aging(viewer, shown.filters, "site"))     # cached by scope, filters, data version
        section.finding(wording.concentration([r.overdue for r in rows], "site"), f"Past due by site, {shown.unit}")
        section.chart(aging.ranking(rows, shown.filters.edges), "key", "alt", on_pick)   # picked("key"), links.follow
        tables.report("key", [Column(...)], "alt")                          # dense, links by links.link
        exports.offer("key", "file name", viewer, build_sheet)              # CSV and XLSX, made on the click

The front door draws the head (title, freshness, filter chips) and catches what a page raises: pages do neither.
"""
