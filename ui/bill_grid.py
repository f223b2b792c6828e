"""The bill grid on Balances: accounts by site, twelve months, and what became of each month's bill."""

from functools import partial

from data_access.queries.alerting.audits import JUDGED
from data_access.queries.bill_grid import GridRow, bill_grid_sheet, grid_months
from domain.bill_grid import MARKS, Cell, CellState
from domain.filters import Filters
from domain.masking import masked
from ui import exports, links, notices, paging, reads, section, tables, wording
from ui.formats import DASH, day, escape, whole_money
from ui.viewer import Viewer

# A glyph and a word each: colour is never the only sign.
_GLYPHS = {
    CellState.THERE: "●",
    CellState.DOUBLED: ":violet[**◉2**]",
    CellState.MISSING: ":red[**✕**]",
    CellState.LATE: ":orange[**◔**]",
    CellState.AWAITED: "○",
    CellState.NONE: DASH,
}
_WANTING = (CellState.MISSING, CellState.LATE, CellState.DOUBLED)
TALL = 560


def draw(viewer: Viewer, filters: Filters) -> None:
    """The finding, the key, the grid page by page, and the file."""
    shown = paging.page(
        "bill-grid",
        (viewer.scope, filters),
        partial(reads.filtered, "bill_grid", viewer, filters),
        paging.one_order(str, str, int),
    )
    rows: list[GridRow] = list(shown.rows)
    if not rows:
        notices.nothing_matches()
        return
    wanting = [cell for row in rows for cell in row.cells if cell.state in _WANTING]
    missing = sum(cell.state is CellState.MISSING for cell in wanting)
    marked = [cell for row in rows for cell in row.cells if cell.marks]
    also = f", and {wording.count(len(marked), 'month')} marked" if marked else ""
    alerts = f"; what the alerts find in bills of the last {JUDGED} days is marked" if marked else ""
    section.finding(
        f"{wording.counted(missing, 'bill')} missing{also} on the {wording.count(len(rows), 'account')} shown",
        f"By month of issue, against each account's own rhythm, as known on {day(filters.as_of)}{alerts}",
        [
            *(f"{glyph} {state.value}" for state, glyph in _GLYPHS.items()),
            *(_mark(rule) + f" {told}" for rule, (_, told) in MARKS.items() if any(rule in c.marks for c in marked)),
        ],
    )
    exports.offer("bill-grid", "bill grid", viewer, lambda: reads.sheet(viewer, filters, bill_grid_sheet))
    months = grid_months(filters.as_of)
    columns = [
        tables.Column("Account", [_account(row) for row in rows]),
        *(
            tables.Column(
                f"{month:%b %y}" if month.month == 1 or not index else f"{month:%b}",
                [_cell(row.cells[index]) for row in rows],
            )
            for index, month in enumerate(months)
        ),
        tables.Column("Next by", [f"{row.coming.expected_by:%-d %b}" if row.coming else DASH for row in rows]),
        tables.Column("Usually", [_usual(row) for row in rows], right=True),
    ]
    tables.report("bill-grid", columns, "Accounts with the state of each month's bill", height=TALL, dense=True)
    paging.turner(shown, lambda row: row.mark, words=("Back", "Further"))


def _account(row: GridRow) -> str:
    name = f"{row.site} · {row.vendor} {masked(row.account_number)}"
    return links.link(name, "sites", {"account": str(row.account_id)})


def _cell(cell: Cell) -> str:
    glyph = _GLYPHS[cell.state]
    if not cell.bills:
        return glyph
    # The bill opens over the grid; the title says in words what the glyph shows.
    told = f"{cell.told}: {', '.join(bill.number for bill in cell.bills)}".replace('"', "'")
    opened = links.address("balances", {"view": "Bills", "bill": str(cell.bills[-1].id)})
    marks = "".join(f" :small[{_mark(rule)}]" for rule in cell.marks)
    return f'[{glyph}]({opened} "{escape(told)}"){marks}'


def _mark(rule: str) -> str:
    return f":orange[{MARKS[rule][0]}]"


def _usual(row: GridRow) -> str:
    if row.coming is None:
        return DASH
    least, most = (escape(whole_money(amount, row.currency)) for amount in (row.coming.least, row.coming.most))
    return least if least == most else f"{least} to {most}"
