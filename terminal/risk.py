"""risk: what lies ahead of what is open."""

import argparse
from typing import Any

from data_access.queries.outlook import bill_outlooks, outlook_forecasts
from terminal.outlook import evaluation_json, evaluation_text, outlook_json, outlook_table
from terminal.reads import add_filters, filters_of
from terminal.session import DONE, Session


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register `risk`."""
    parser = commands.add_parser("risk", parents=[shared], help="which open bills will be paid late, and when")
    add_filters(parser)
    parser.add_argument(
        "--evaluate",
        action="store_true",
        help="compare what would have been said in the last year with what came of it",
    )
    parser.set_defaults(run=run_risk)


def run_risk(session: Session, args: argparse.Namespace) -> int:
    """Print the outlook of every open bill, or how good it was."""
    filters = filters_of(args, args.as_of or session.today)
    if args.evaluate:
        with session.database.reading(session.scope) as connection:
            result = evaluation_json(outlook_forecasts(connection, session.scope, filters.as_of), filters.as_of)
        session.show(result, evaluation_text(result))
        return DONE
    with session.database.reading(session.scope) as connection:
        rows = bill_outlooks(connection, session.scope, filters)
    result = {"as_of": filters.as_of.isoformat(), "invoices": outlook_json(rows)}
    session.show(result, f"{outlook_table(rows)}\nas of {filters.as_of}")
    return DONE
