"""export NAME --format csv|xlsx --out FILE: a page's table as a file, with its filters and day written on it.

export calendar --format ics: what is due, and what was agreed, for a calendar program.
"""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from data_access.calendar_file import as_ics
from data_access.exporting import Sheet, as_csv, as_xlsx
from data_access.queries.calendar import calendar_entries
from data_access.queries.sheets import SHEETS, sheet_named
from terminal.reads import add_filters, filters_of, iso_day
from terminal.session import DONE, RefusedError, Session

WRITERS: dict[str, Callable[[Sheet], bytes]] = {"csv": as_csv, "xlsx": as_xlsx}
CALENDAR, ICS = "calendar", "ics"


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register export."""
    parser = commands.add_parser("export", parents=[shared], help="write a page's table to a file")
    parser.add_argument("name", choices=(*SHEETS, CALENDAR), metavar="NAME", help=", ".join((*SHEETS, CALENDAR)))
    parser.add_argument("--format", choices=(*WRITERS, ICS), help="default: csv; of the calendar ics")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    add_filters(parser)
    parser.add_argument("--from", dest="since", type=iso_day, metavar="D", help="from this day")
    parser.add_argument("--to", dest="until", type=iso_day, metavar="D", help="to this day, itself included")
    parser.set_defaults(run=run_export)


def run_export(session: Session, args: argparse.Namespace) -> int:
    """Write the file beside its final place first, so that a broken export leaves no half of one."""
    as_of: date = args.as_of or session.today
    kind = args.format or (ICS if args.name == CALENDAR else "csv")
    if (kind == ICS) != (args.name == CALENDAR):
        raise RefusedError(f"{args.name} cannot be written as {kind}; the calendar is ics, everything else csv or xlsx")
    with session.database.reading(session.scope) as connection:
        if kind == ICS:
            entries = calendar_entries(connection, session.scope, filters_of(args, as_of))
            content, rows, what = as_ics(entries, as_of), len(entries), "entries"
        else:
            sheet = sheet_named(connection, session.scope, filters_of(args, as_of), args.name)
            content, rows, what = WRITERS[kind](sheet), len(sheet.rows), "rows"
    draft = args.out.with_name(args.out.name + ".part")
    try:
        draft.write_bytes(content)
        draft.replace(args.out)
    except OSError as error:
        raise RefusedError(f"cannot write {args.out}: {error.strerror}") from error
    result = {"name": args.name, "format": kind, "file": str(args.out), "rows": rows}
    session.show(result, f"wrote {rows} {what} to {args.out}")
    return DONE
