"""balances, aging, payments, spend."""

import argparse
from datetime import date, timedelta
from typing import Any

from data_access.queries.balances import AGING_GROUPS, aging
from data_access.queries.dimensions import currencies_in
from data_access.queries.payment_totals import PAYMENT_GROUPS, payment_totals
from data_access.queries.spend import SPEND_GROUPS, spend
from domain.aging import EdgesError, add_up, bucket_labels, check_edges
from domain.filters import Basis, Filters
from terminal import revealing
from terminal.session import DONE, Session
from terminal.shapes import aging_json, figure, money, named, only, payment_json, spend_json, table


def iso_day(text: str) -> date:
    """A day in ISO form, for argparse."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write YYYY-MM-DD") from None


def _edges(text: str) -> tuple[int, ...]:
    try:
        return check_edges([int(part) for part in text.split(",")])
    except (EdgesError, ValueError):
        raise argparse.ArgumentTypeError(f"{text!r} are not bucket edges; write rising days such as 30,60,90") from None


def add_filters(parser: argparse.ArgumentParser) -> None:
    """The filter bar as options; each may be given more than once."""
    for option, dest, what in (
        ("--region", "regions", "region name"),
        ("--site", "sites", "site code"),
        ("--vendor", "vendors", "vendor name"),
        ("--service-type", "service_types", "service type"),
        ("--currency", "currencies", "ISO 4217 code"),
    ):
        parser.add_argument(option, dest=dest, action="append", default=[], metavar="X", help=f"only this {what}")
    parser.add_argument("--as-of", type=iso_day, metavar="D", help="as of this day (default: today)")


def filters_of(args: argparse.Namespace, as_of: date) -> Filters:
    """The options of add_filters (and of the command, where it has them) as a value."""
    until = getattr(args, "until", None)
    return Filters(
        as_of=as_of,
        regions=tuple(args.regions),
        sites=tuple(args.sites),
        vendors=tuple(args.vendors),
        service_types=tuple(args.service_types),
        currencies=tuple(args.currencies),
        since=getattr(args, "since", None),
        until=None if until in (None, date.max) else until + timedelta(days=1),
        basis=Basis(getattr(args, "basis", "due")),
        edges=getattr(args, "edges", (30, 60, 90)),
    )


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register the four reads. The total of a flow is money with its counts; the total of an aging is a row."""
    for name in ("balances", "aging"):
        parser = commands.add_parser(name, parents=[shared], help="what is owed, by how late it is")
        add_filters(parser)
        parser.add_argument("--by", choices=AGING_GROUPS, default="site")
        revealing.add_option(parser)
        parser.add_argument("--basis", choices=[b.value for b in Basis], default="due")
        parser.add_argument(
            "--edges", type=_edges, default=(30, 60, 90), help="bucket edges in days (default: 30,60,90)"
        )
        parser.set_defaults(run=run_aging)
    for name, groups, default, run, what in (
        ("payments", PAYMENT_GROUPS, "method", run_payments, "money out, net of refunds and returns"),
        ("spend", SPEND_GROUPS, "site", run_spend, "what was billed, net of credit notes"),
    ):
        parser = commands.add_parser(name, parents=[shared], help=what)
        add_filters(parser)
        parser.add_argument("--from", dest="since", type=iso_day, metavar="D", help="from this day")
        parser.add_argument("--to", dest="until", type=iso_day, metavar="D", help="to this day, itself included")
        parser.add_argument("--by", choices=groups, default=default)
        revealing.add_option(parser)
        parser.set_defaults(run=run)


def run_aging(session: Session, args: argparse.Namespace) -> int:
    """Print the aging."""
    filters = filters_of(args, args.as_of or session.today)
    with session.database.reading(session.scope) as connection:
        rows = aging(connection, session.scope, filters, args.by)
        currencies = currencies_in(connection, session.scope, filters)
    rows = revealing.shown(session, args, rows, "balances")
    totals = add_up(rows, currencies, filters.edges)
    total_rows = [aging_json(row, filters.edges) for row in totals]
    result = {
        "as_of": filters.as_of.isoformat(),
        "basis": filters.basis.value,
        "by": args.by,
        "rows": [aging_json(row, filters.edges) for row in rows],
        "total": only(total_rows),
        "totals": total_rows,
    }
    columns = [
        args.by,
        "cur",
        *bucket_labels(filters.edges, filters.basis),
        "unapplied",
        "outstanding",
        "disputed",
        "bills",
    ]
    text = table(
        columns,
        (
            [named(row), row.currency]
            + [figure(n, row.currency) for n in (*row.buckets, row.unapplied, row.outstanding, row.disputed)]
            + [row.open_count]
            for row in [*rows, *totals]
        ),
        right=range(2, len(columns)),
    )
    session.show(result, f"{text}\nas of {filters.as_of}, by {filters.basis.value} date")
    return DONE


def run_payments(session: Session, args: argparse.Namespace) -> int:
    """Print payment totals."""
    filters = filters_of(args, args.as_of or args.until or date.max)
    with session.database.reading(session.scope) as connection:
        rows = payment_totals(connection, session.scope, filters, args.by)
    rows = revealing.shown(session, args, rows, "payments")
    totals = [
        money(sum(r.net for r in mine), currency)
        | {
            "paid": money(sum(r.paid for r in mine), currency),
            "refunded": money(sum(r.refunded for r in mine), currency),
            "returned": money(sum(r.returned for r in mine), currency),
            "count": sum(r.count for r in mine),
        }
        for currency, mine in _by_currency(rows)
    ]
    result = _flow(session, args, "paid_on", [payment_json(row) for row in rows], totals)
    text = table(
        [args.by, "cur", "paid", "refunded", "returned", "net", "count"],
        (
            [named(r), r.currency, *(figure(n, r.currency) for n in (r.paid, r.refunded, r.returned, r.net)), r.count]
            for r in rows
        ),
        right=range(2, 7),
    )
    session.show(result, f"{text}\n{_total_line(totals)}")
    return DONE


def run_spend(session: Session, args: argparse.Namespace) -> int:
    """Print what was billed."""
    filters = filters_of(args, args.as_of or args.until or date.max)
    with session.database.reading(session.scope) as connection:
        rows = spend(connection, session.scope, filters, args.by)
    rows = revealing.shown(session, args, rows, "spend")
    totals = [
        money(sum(r.amount for r in mine), currency) | {"bills": sum(r.bills for r in mine)}
        for currency, mine in _by_currency(rows)
    ]
    result = _flow(session, args, "issued_on", [spend_json(row) for row in rows], totals)
    text = table(
        [args.by, "cur", "amount", "bills"],
        ([named(r), r.currency, figure(r.amount, r.currency), r.bills] for r in rows),
        right=(2, 3),
    )
    session.show(result, f"{text}\n{_total_line(totals)}")
    return DONE


def _by_currency(rows: list[Any]) -> list[tuple[str, list[Any]]]:
    return [(c, [row for row in rows if row.currency == c]) for c in sorted({row.currency for row in rows})]


def _flow(
    session: Session, args: argparse.Namespace, basis: str, rows: list[dict[str, Any]], totals: list[Any]
) -> dict[str, Any]:
    return {
        "as_of": (args.as_of or args.until or session.today).isoformat(),
        "from": args.since.isoformat() if args.since else None,
        "to": args.until.isoformat() if args.until else None,
        "basis": basis,
        "by": args.by,
        "rows": rows,
        "total": only(totals),
        "totals": totals,
    }


def _total_line(totals: list[Any]) -> str:
    sums = " and ".join(f"{t['currency']} {t['amount']}" for t in totals)
    return f"total {sums}" if sums else "nothing"
