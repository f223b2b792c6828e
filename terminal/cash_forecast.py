"""cash-forecast: what leaves the bank by week, in total or by site, vendor, region or service type; and how good that is."""

import argparse
from typing import Any

from data_access.queries.cash_forecast import CASH_GROUPS, CurrencyForecast, cash_forecasts
from domain.cash_forecast import WEEKS, CashWeek, Source
from terminal.cash_scores import MONTHS, backtest, scores_json, scores_text
from terminal.reads import add_filters, filters_of
from terminal.session import DONE, FOUND, Session
from terminal.shapes import figure, money, table

MOST_WEEKS = 26
SEEDS = range(31, 34)  # looked at only once everything was decided on others


def _weeks(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_WEEKS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of weeks; write one from 1 to {MOST_WEEKS}")
    return int(text)


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register the read."""
    parser = commands.add_parser("cash-forecast", parents=[shared], help="what leaves the bank in the weeks to come")
    add_filters(parser)
    parser.add_argument("--weeks", type=_weeks, default=WEEKS, metavar="N", help=f"how many weeks (default: {WEEKS})")
    parser.add_argument("--by", choices=CASH_GROUPS, help="a table for each site, vendor, region or service type")
    parser.add_argument(
        "--backtest",
        action="store_true",
        help="compare what would have been said of simulated organisations with what then left; some minutes",
    )
    parser.add_argument(
        "--random-seed", type=int, default=SEEDS[0], metavar="N", help="of the first simulation; others follow it"
    )
    parser.add_argument(
        "--plays", type=int, default=len(SEEDS), metavar="N", help=f"simulations (default: {len(SEEDS)})"
    )
    parser.set_defaults(run=run_cash_forecast)


def run_cash_forecast(session: Session, args: argparse.Namespace) -> int:
    """Print the forecast of each currency; or how good it is, FOUND where that is not good enough."""
    if args.backtest:
        until = args.as_of or session.today
        seeds = range(args.random_seed, args.random_seed + args.plays)
        result = scores_json(backtest(seeds, until), until, MONTHS)
        session.show(result, scores_text(result))
        return FOUND if result["missed"] else DONE
    filters = filters_of(args, args.as_of or session.today)
    with session.database.reading(session.scope) as connection:
        found = cash_forecasts(connection, session.scope, filters, args.weeks)
    result = {
        "as_of": filters.as_of.isoformat(),
        "by": args.by,
        "currencies": [_json(one, args.by) for one in found],
    }
    text = "\n\n".join(_text(one, args.by) for one in found) or "no accounts"
    session.show(result, f"{text}\nas of {filters.as_of}; low to high holds four weeks of five")
    return DONE


def _json(one: CurrencyForecast, by: str | None) -> dict[str, Any]:
    told: dict[str, Any] = {
        "currency": one.currency,
        "weeks": [_week_json(week, one.currency) for week in one.forecast.total],
    }
    if by:
        told["groups"] = [
            {"key": key, "name": name, "weeks": [_week_json(week, one.currency) for week in weeks]}
            for key, name, weeks in one.by(by)
        ]
    return told


def _week_json(week: CashWeek, currency: str) -> dict[str, Any]:
    return {
        "first": week.first.isoformat(),
        "last": week.last.isoformat(),
        **{source.value: money(week.by_source[source], currency) for source in Source},
        "amount": money(week.amount, currency),
        "low": money(week.low, currency),
        "high": money(week.high, currency),
    }


def _text(one: CurrencyForecast, by: str | None) -> str:
    rows = [(f"all {one.currency}", week) for week in one.forecast.total]
    if by:
        rows += [(name, week) for _, name, weeks in one.by(by) for week in weeks if week.high]
    columns = [by or "", "from", "to", *(source.value for source in Source), "total", "low", "high"]
    return table(
        columns,
        (
            [name, week.first, week.last]
            + [figure(n, one.currency) for n in (*(week.by_source[source] for source in Source), week.amount)]
            + [figure(n, one.currency) for n in (week.low, week.high)]
            for name, week in rows
        ),
        right=range(3, len(columns)),
    )
