"""what-if: a scenario beside what comes if nobody pays, day by day, and what it changes."""

import argparse
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from data_access.queries.dimensions import currencies_in
from data_access.queries.what_if import start
from domain.what_if.actions import Scenario, ScenarioError
from domain.what_if.changes import account_changes, bill_changes
from domain.what_if.chosen import lacking
from domain.what_if.projection import project
from domain.what_if.scenario_data import scenario_as_data, scenario_from
from domain.what_if.template import template
from terminal.reads import add_filters, filters_of
from terminal.revealing import add_option, named
from terminal.session import DONE, USAGE, RefusedError, Session
from terminal.what_if_shapes import account_json, bill_json, changes_table, day_json, days_table, site_json

_TOLD = (0, 7, 14, 30, 60, 90, 120, 150)


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register the read."""
    parser = commands.add_parser("what-if", parents=[shared], help="what a scenario comes to, beside paying nothing")
    parser.add_argument("scenario", type=Path, nargs="?", metavar="SCENARIO.json", help="what is done; see --template")
    # A template needs no ledger, so asking for one is the same as needing none.
    parser.add_argument("--template", dest="needs_schema", action="store_false", help="print a scenario to begin with")
    parser.add_argument(
        "--days", type=_days, metavar="N,N", help="days to tell (default: 0,7,14,30,60,... and the last)"
    )
    add_filters(parser)
    add_option(parser, "")
    parser.set_defaults(run=run_what_if)


def run_what_if(session: Session, args: argparse.Namespace) -> int:
    """Play the scenario and print it."""
    if not args.needs_schema:
        print(json.dumps(scenario_as_data(template(session.today)), ensure_ascii=False, indent=2))
        return DONE
    if args.scenario is None:
        session.say("manage.py: what-if needs a SCENARIO.json (or --template)")
        return USAGE
    scenario = _read(args.scenario)
    filters = filters_of(args, args.as_of or session.today)
    with session.database.reading(session.scope) as connection:
        currency = _currency(scenario, currencies_in(connection, session.scope, filters))
        until = filters.as_of + timedelta(days=scenario.horizon_days)
        begin = start(connection, session.scope, filters, currency, until)
    try:
        baseline, other = project(begin, replace(scenario, actions=())), project(begin, scenario)
    except ScenarioError as error:
        raise RefusedError(f"{args.scenario}: {error}") from error
    accounts = named(session, args, account_changes(begin, baseline, other), "what-if")
    days = sorted({day for day in (*(args.days or _TOLD), scenario.horizon_days) if day <= scenario.horizon_days})
    result = {
        "as_of": filters.as_of.isoformat(),
        "currency": currency,
        "scenario": scenario_as_data(scenario),
        "days": [day_json(baseline, other, day) for day in days],
        "sites": [site_json(baseline, other, index) for index in range(len(other.sites))],
        "accounts": [account_json(change, currency) for change in accounts],
        "bills": [bill_json(change, currency) for change in bill_changes(begin, baseline, other)],
    }
    changed = changes_table(accounts, currency) if accounts else "no account changes"
    basis = f"{currency}, as of {filters.as_of}; without the scenario nobody pays, and autopay draws"
    session.show(result, f"{days_table(baseline, other, days)}\n{basis}\n\n{changed}")
    for index, lack in lacking(begin, scenario).items():
        session.say(f"note: actions[{index}] does nothing: there is no {lack} in its selection here")
    return DONE


def _days(text: str) -> tuple[int, ...]:
    try:
        days = tuple(int(part) for part in text.split(","))
    except ValueError:
        days = (-1,)
    if min(days) < 0:
        raise argparse.ArgumentTypeError(f"{text!r} are not days from today such as 0,30,60")
    return days


def _read(path: Path) -> Scenario:
    try:
        return scenario_from(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise RefusedError(f"{path} cannot be read: {error.strerror or error}") from error
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise RefusedError(f"{path} is not JSON: {error}") from error
    except ScenarioError as error:
        raise RefusedError(f"{path}: {error}") from error


def _currency(scenario: Scenario, there: list[str]) -> str:
    """Of the scenario, else the only one of the accounts."""
    if scenario.currency:
        return scenario.currency
    if len(there) != 1:
        known = " and ".join(there) or "none"
        raise RefusedError(f'these accounts have {known}; name one by "currency" in the scenario, or by --currency')
    return there[0]
