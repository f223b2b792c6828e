"""bills: which bills are there, missing, doubled or still to come, account by account."""

import argparse
from datetime import date
from typing import Any

from data_access.queries.bill_grid import GridRow, bill_grid
from data_access.queries.sheet_parts import PAGE, every
from domain.bill_grid import MARKS, Cell, CellState
from domain.masking import masked
from domain.periods import month_start
from terminal.reads import add_filters, filters_of
from terminal.session import DONE, FOUND, Session
from terminal.shapes import money

_WANTING = (CellState.MISSING, CellState.DOUBLED, CellState.LATE)


def _month(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a month; write YYYY-MM") from None


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register bills."""
    parser = commands.add_parser("bills", parents=[shared], help="the bill grid: there, missing, doubled")
    add_filters(parser)
    parser.add_argument("--month", type=_month, metavar="YYYY-MM", help="this month (default: the one of the day)")
    parser.set_defaults(run=run_bills)


def run_bills(session: Session, args: argparse.Namespace) -> int:
    """Every account's state in the month; exit code 1 where a bill is missing, late or doubled; marks are told."""
    as_of = args.as_of or session.today
    month = args.month or month_start(as_of)
    filters = filters_of(args, as_of)
    with session.database.reading(session.scope) as connection:
        rows = list(
            every(
                lambda mark: bill_grid(connection, session.scope, filters, months=(month,), after=mark, limit=PAGE),
                lambda row: row.mark,
            )
        )
    told = [_json(row, row.cells[0]) for row in rows]
    counts = {state.value: sum(row["state"] == state.value for row in told) for state in CellState}
    lines = [f"bills of {month:%Y-%m}, as of {as_of}: " + ", ".join(f"{n} {word}" for word, n in counts.items() if n)]
    for row in rows:
        cell = row.cells[0]
        if cell.state in _WANTING or cell.marks:
            what = f"expected by {cell.expected_by}" if cell.expected_by else ", ".join(b.number for b in cell.bills)
            lines.append(f"{cell.told}: {row.site} {row.vendor} {masked(row.account_number)}: {what}")
    result = {"as_of": as_of.isoformat(), "month": f"{month:%Y-%m}", "counts": counts, "rows": told}
    session.show(result, "\n".join(lines))
    return FOUND if any(cell.state in _WANTING for row in rows for cell in row.cells) else DONE


def _json(row: GridRow, cell: Cell) -> dict[str, Any]:
    coming = row.coming
    return {
        "account_id": row.account_id,
        "account": masked(row.account_number),
        "vendor": row.vendor,
        "site": row.site,
        "state": cell.state.value,
        "bills": [{"number": b.number, "issued_on": b.issued_on.isoformat()} for b in cell.bills],
        "marks": [{"rule": rule, "what": MARKS[rule][1]} for rule in cell.marks],
        "expected_by": cell.expected_by.isoformat() if cell.expected_by else None,
        "next": coming
        and {
            "expected_by": coming.expected_by.isoformat(),
            "least": money(coming.least, row.currency),
            "most": money(coming.most, row.currency),
        },
    }
