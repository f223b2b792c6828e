"""The front door of manage.py: parse, open the database, run one command, turn refusals into exit codes."""

import argparse
import logging
import sys
from collections.abc import Sequence
from functools import cache

from data_access.address import database_address, read_address
from data_access.commands.denials import deny
from data_access.database import Database
from data_access.engines import DatabaseAddressError
from data_access.failures import DATABASE_FAILURES, reason_of
from data_access.logs import guard_logs
from data_access.revisions import current_revision, head_revision
from terminal import (
    alert_scores,
    alerts,
    auditing,
    bills,
    care,
    cash_forecast,
    cash_plan,
    disputes,
    exporting,
    importing,
    match_scores,
    matching,
    people,
    plan_scores,
    reads,
    risk,
    seeding,
    statements,
    usage,
    what_if,
)
from terminal.session import EVERYONE, FOUND, USAGE, DeniedError, RefusedError, Session, local_today, scope_for

# Each module adds its commands: a parser with `run` (Session, args -> exit code), `needs_schema`, and `roles` where
# not everybody may run it.
MODULES = (
    care,
    seeding,
    importing,
    reads,
    risk,
    alerts,
    alert_scores,
    exporting,
    people,
    auditing,
    statements,
    matching,
    match_scores,
    usage,
    bills,
    disputes,
    what_if,
    cash_forecast,
    cash_plan,
    plan_scores,
)

log = logging.getLogger("duewatch")


@cache
def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(prog="manage.py", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", dest="command")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="print JSON")
    shared.add_argument(
        "--as", dest="as_user", metavar="EMAIL", help="see and act as this user (default: the operator)"
    )
    for module in MODULES:
        module.add_commands(commands, shared)
    return parser


def main(argv: Sequence[str]) -> int:
    """Run one command; 0 done, 1 something was found or refused, 2 bad usage."""
    guard_logs()
    args = build_parser().parse_args(argv)
    try:
        database = Database(database_address(), read_address=read_address())
    except DatabaseAddressError as error:
        print(f"manage.py: {error}", file=sys.stderr)
        return USAGE
    try:
        if getattr(args, "needs_schema", True):
            _require_schema(database)
        scope, actor = scope_for(database, args.as_user, args.command, getattr(args, "roles", EVERYONE))
        return args.run(Session(database, scope, actor, local_today(), args.json), args)
    except RefusedError as error:
        print(f"manage.py: {error}", file=sys.stderr)
        if isinstance(error, DeniedError):
            _tell(database, error)
        return FOUND
    except DATABASE_FAILURES as error:
        log.debug("database error", exc_info=True)
        print(f"manage.py: the database refused or did not answer: {reason_of(error)}", file=sys.stderr)
        return FOUND
    except BrokenPipeError:
        sys.stderr.close()
        return FOUND
    finally:
        database.close()


def _tell(database: Database, error: DeniedError) -> None:
    try:
        deny(database, error.denial)
    except DATABASE_FAILURES as failure:
        print(f"manage.py: the audit trail did not take the denial: {reason_of(failure)}", file=sys.stderr)


def _require_schema(database: Database) -> None:
    found, wanted = current_revision(database), head_revision()
    if found is None:
        raise RefusedError("this database has no ledger yet; run `python manage.py init`")
    if found != wanted:
        raise RefusedError(
            f"this database is at revision {found}, this program at {wanted}; run `python manage.py init`"
        )
