"""export NAME --format csv|xlsx --out FILE: a page's table as a file, with its filters and day written on it."""

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from data_access.exporting import Sheet, as_csv, as_xlsx
from data_access.queries.sheets import SHEETS, sheet_named
from terminal.reads import add_filters, filters_of, iso_day
from terminal.session import DONE, RefusedError, Session

WRITERS: dict[str, Callable[[Sheet], bytes]] = {"csv": as_csv, "xlsx": as_xlsx}


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register export."""
    parser = commands.add_parser("export", parents=[shared], help="write a page's table to a file")
    parser.add_argument("name", choices=tuple(SHEETS), metavar="NAME", help=", ".join(SHEETS))
    parser.add_argument("--format", choices=tuple(WRITERS), default="csv")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    add_filters(parser)
    parser.add_argument("--from", dest="since", type=iso_day, metavar="D", help="from this day")
    parser.add_argument("--to", dest="until", type=iso_day, metavar="D", help="to this day, itself included")
    parser.set_defaults(run=run_export)


def run_export(session: Session, args: argparse.Namespace) -> int:
    """Write the file beside its final place first, so that a broken export leaves no half of one."""
    as_of: date = args.as_of or session.today
    with session.database.reading(session.scope) as connection:
        sheet = sheet_named(connection, session.scope, filters_of(args, as_of), args.name)
    content = WRITERS[args.format](sheet)
    draft = args.out.with_name(args.out.name + ".part")
    try:
        draft.write_bytes(content)
        draft.replace(args.out)
    except OSError as error:
        raise RefusedError(f"cannot write {args.out}: {error.strerror}") from error
    result = {"name": args.name, "format": args.format, "file": str(args.out), "rows": len(sheet.rows)}
    session.show(result, f"wrote {len(sheet.rows)} rows to {args.out}")
    return DONE
