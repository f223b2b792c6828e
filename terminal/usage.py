"""usage: calls, data and messages, summed."""

import argparse
from datetime import date
from typing import Any

from data_access.queries.usage import USAGE_GROUPS, UsageTotal, usage_totals
from terminal import revealing
from terminal.reads import add_filters, filters_of, iso_day
from terminal.session import DONE, Session
from terminal.shapes import figure, money, table


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register usage."""
    parser = commands.add_parser("usage", parents=[shared], help="what was used: calls, data, messages")
    add_filters(parser)
    parser.add_argument("--from", dest="since", type=iso_day, metavar="D", help="from this day")
    parser.add_argument("--to", dest="until", type=iso_day, metavar="D", help="to this day, itself included")
    parser.add_argument("--by", choices=USAGE_GROUPS, default="site")
    revealing.add_option(parser)
    parser.set_defaults(run=run_usage)


def run_usage(session: Session, args: argparse.Namespace) -> int:
    """Print usage."""
    filters = filters_of(args, args.as_of or args.until or date.max)
    if filters.as_of == date.max:
        filters = filters_of(args, session.today)
    with session.database.reading(session.scope) as connection:
        rows = usage_totals(connection, session.scope, filters, args.by)
    rows = revealing.shown(session, args, rows, "usage")
    result = {"as_of": filters.as_of.isoformat(), "by": args.by, "rows": [_as_json(row) for row in rows]}
    columns = [args.by, "kind", "records", "quantity", "unit", "minutes billed", "cur", "cost"]
    text = table(
        columns,
        (
            [
                row.name,
                row.kind,
                f"{row.records:,}",
                f"{row.quantity:,}",
                row.unit,
                f"{row.billed_s / 60:,.1f}",
                row.currency,
                "" if row.cost is None else figure(row.cost, row.currency),
            ]
            for row in rows
        ),
        right=(2, 3, 5, 7),
    )
    session.show(result, text if rows else "nothing was used")
    return DONE


def _as_json(row: UsageTotal) -> dict[str, Any]:
    counts = {name: getattr(row, name) for name in ("key", "name", "kind", "unit", "records", "quantity", "billed_s")}
    account = {"account_id": int(row.labels["account_id"])} if "account_id" in row.labels else {}
    return counts | account | {"cost": None if row.cost is None else money(row.cost, row.currency)}
