"""disputes: what is withheld, the days left of each window, and what the vendor answered."""

import argparse
from dataclasses import asdict
from typing import Any

from data_access.queries.disputes import DisputeCase, dispute_cases
from domain.masking import masked
from terminal.reads import add_filters, filters_of
from terminal.session import DONE, Session
from terminal.shapes import money, table


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register disputes."""
    parser = commands.add_parser("disputes", parents=[shared], help="disputes, and the days left to press them")
    add_filters(parser)
    parser.set_defaults(run=run_disputes)


def run_disputes(session: Session, args: argparse.Namespace) -> int:
    """Open ones first, the window that closes first at the top."""
    as_of = args.as_of or session.today
    with session.database.reading(session.scope) as connection:
        rows = dispute_cases(connection, session.scope, filters_of(args, as_of))
    text = table(
        ["id", "site", "vendor", "bill", "opened", "days left", "answer", "withheld", "outcome"],
        (
            [
                *(str(row.id), row.site, row.vendor, row.number, row.opened_on.isoformat()),
                *("" if row.closed_on else str(row.days_left), row.answer),
                *(f"{money(row.withheld, row.currency)['amount']} {row.currency}", row.outcome),
            ]
            for row in rows
        ),
        right=(5, 7),
    )
    session.show({"as_of": as_of.isoformat(), "rows": [_json(row) for row in rows]}, text)
    return DONE


def _json(row: DisputeCase) -> dict[str, Any]:
    def iso(values: dict[str, Any]) -> dict[str, Any]:
        return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()}

    told = iso(asdict(row)) | {
        "account_number": masked(row.account_number),
        "amount": money(row.amount, row.currency),
        "credited": money(row.credited, row.currency),
        "withheld": money(row.withheld, row.currency),
        "answer": row.answer,
    }
    amounts = [e.amount and money(e.amount, row.currency) for e in row.events]
    told["events"] = [iso(asdict(e)) | {"amount": n} for e, n in zip(row.events, amounts, strict=True)]
    return told
