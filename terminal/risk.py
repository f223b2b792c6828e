"""risk: which service goes off next, when, and what keeps it on; which bills will be paid late."""

import argparse
from collections import Counter
from datetime import date
from typing import Any

from data_access.queries.outlook import bill_outlooks, outlook_forecasts
from data_access.queries.risk import AccountRisk, account_risks
from data_access.queries.site_risk import SiteRisk, site_risks
from domain.risk import Effect, Outlook, Stage
from domain.risk_reasons import Reason
from domain.suspension import Window
from terminal.outlook import evaluation_json, evaluation_text, outlook_json, outlook_table
from terminal.reads import add_filters, filters_of
from terminal.revealing import add_option, named
from terminal.session import DONE, FOUND, Session
from terminal.shapes import figure, money, table
from terminal.suspension_scores import backtest, scores_json, scores_text


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register the read."""
    parser = commands.add_parser("risk", parents=[shared], help="which service goes off next, and what keeps it on")
    add_filters(parser)
    add_option(parser, "")
    measured = parser.add_mutually_exclusive_group()
    measured.add_argument(
        "--evaluate",
        action="store_true",
        help="compare what would have been said in the last year of payments with what came of it",
    )
    measured.add_argument(
        "--backtest",
        action="store_true",
        help="compare the suspension windows said of simulated accounts with what their vendors then did",
    )
    parser.add_argument("--random-seed", type=int, default=1, metavar="N", help="another number, another simulation")
    parser.set_defaults(run=run_risk)


def run_risk(session: Session, args: argparse.Namespace) -> int:
    """Print every account with something unsettled, the worst first, and every open bill; or how good either was."""
    if args.backtest:
        return _run_backtest(session, args)
    filters = filters_of(args, args.as_of or session.today)
    if args.evaluate:
        with session.database.reading(session.scope) as connection:
            result = evaluation_json(outlook_forecasts(connection, session.scope, filters.as_of), filters.as_of)
        session.show(result, evaluation_text(result))
        return DONE
    with session.database.reading(session.scope) as connection:
        found = account_risks(connection, session.scope, filters)
        bills = bill_outlooks(connection, session.scope, filters)
    found, bills = (named(session, args, rows, "risk") for rows in (found, bills))
    result = {
        "as_of": filters.as_of.isoformat(),
        "accounts": [_account_json(entry) for entry in found],
        "sites": [_site_json(site) for site in site_risks(found)],
        "invoices": outlook_json(bills),
    }
    columns = ["stage", "site", "vendor", "account", "stops", "days", "cur", "to keep on", "past due", "pay by card"]
    text = table(
        columns,
        (
            [
                entry.risk.firm.stage.word,
                entry.site,
                entry.vendor,
                entry.account_number,
                entry.risk.firm.window.likely if entry.risk.firm.window else "-",
                "-" if entry.risk.firm.days_left is None else entry.risk.firm.days_left,
                entry.currency,
                figure(entry.risk.firm.keep_on, entry.currency),
                figure(entry.risk.firm.past_due, entry.currency),
                dict(entry.risk.pay_by).get("card") or "-",
            ]
            for entry in found
        ),
        right=(5, 7, 8),
    )
    stages = Counter(entry.risk.firm.stage for entry in found)
    counts = ", ".join(f"{stages[stage]} {stage.word}" for stage in reversed(Stage) if stages[stage])
    ahead = f"\n\n{outlook_table(bills)}" if bills else ""
    session.show(result, f"{text}\nas of {filters.as_of}: {counts or 'nothing is open'}{ahead}")
    return DONE


def _run_backtest(session: Session, args: argparse.Namespace) -> int:
    """A simulation of its own, which touches no ledger; FOUND when it is not good enough."""
    until = args.as_of or session.today
    result = scores_json(backtest(args.random_seed, until), args.random_seed, until)
    session.show(result, scores_text(result))
    return FOUND if result["missed"] else DONE


def _account_json(entry: AccountRisk) -> dict[str, Any]:
    risk, policy = entry.risk, entry.policy
    names = ("vendor", "account_id", "account_number", "site", "site_name", "region", "service_type", "currency")
    effect = risk.effect
    return {
        **{name: getattr(entry, name) for name in names},
        **_outlook_json(risk.firm, entry.currency),
        "restoral": money(risk.firm.restoral, entry.currency),
        "open": money(entry.open_amount, entry.currency),
        "disputed": money(risk.disputed, entry.currency),
        "late_fee": money(risk.fee.amount, entry.currency) | {"since": _iso(risk.fee.since)},
        "pay_by": {method: _iso(day) for method, day in risk.pay_by},
        "effect": _effect_json(effect),
        "policy": policy and {"source": policy.source, "effective_from": policy.effective_from.isoformat()},
        "reasons": [_reason_json(reason, entry.currency) for reason in entry.reasons],
        "provisional": _outlook_json(risk.provisional, entry.currency),
    }


def _site_json(site: SiteRisk) -> dict[str, Any]:
    """What its accounts come to; keep_on has one amount a currency."""
    return {
        "site": site.site,
        "site_name": site.name,
        "region": site.region,
        "stage": site.stage.word,
        "likely": _iso(site.likely),
        "days_left": site.days_left,
        "keep_on": [money(minor, currency) for currency, minor in site.keep_on.items()],
        "accounts_at_risk": len(site.threatened),
        "effect": _effect_json(site.effect),
    }


def _effect_json(effect: Effect) -> dict[str, int]:
    return {"services": effect.services, "criticality": effect.criticality, "headcount": effect.headcount}


def _outlook_json(outlook: Outlook, currency: str) -> dict[str, Any]:
    return {
        "stage": outlook.stage.word,
        "suspension": _window_json(outlook.window),
        "days_left": outlook.days_left,
        "keep_on": money(outlook.keep_on, currency),
        "past_due": money(outlook.past_due, currency),
    }


def _window_json(window: Window | None) -> dict[str, str] | None:
    if window is None:
        return None
    return {name: getattr(window, name).isoformat() for name in ("earliest", "likely", "latest")}


def _reason_json(reason: Reason, currency: str) -> dict[str, Any]:
    """What a kind of fact does not fill is left out."""
    told: dict[str, Any] = {"kind": reason.kind.value, "detail": reason.detail, "bill": reason.number}
    told |= {"amount": None if reason.amount is None else money(reason.amount, currency), "day": _iso(reason.day)}
    names = ("days", "bill_id", "notice_id", "policy_id", "call_id")
    told |= {name: getattr(reason, name) for name in names}
    return {name: value for name, value in told.items() if value not in (None, "")}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
