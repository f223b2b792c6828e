"""init, verify, rebuild, doctor, backup, restore: keeping a ledger."""

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

from data_access.account_risks import count as kept_risks
from data_access.account_risks import judge
from data_access.backups import BackupRefusedError, back_up, restore
from data_access.distribution import DistributionError, distribute, growth_tables
from data_access.health import examine
from data_access.kept_alerts import keep_as_set
from data_access.migrate import upgrade
from data_access.months import rebuild
from data_access.processes import processes_for
from data_access.public_address import examine_address
from data_access.revisions import current_revision
from data_access.secrets_files import auth_section, default_files
from data_access.verification import verify
from domain.sign_in_settings import UnsafeSignInError
from terminal.auditing import anchors_in
from terminal.session import ADMINS, DONE, FOUND, RefusedError, Session


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register the six."""
    parser = commands.add_parser("init", parents=[shared], help="create or upgrade the schema")
    parser.add_argument(
        "--distribute",
        action="store_true",
        help="then spread the ledger over the nodes of PostgreSQL with Citus, by account; decision 28 says what does not run there",
    )
    parser.set_defaults(run=run_init, needs_schema=False, roles=ADMINS)
    parser = commands.add_parser("verify", parents=[shared], help="recompute every rule of the ledger from its rows")
    parser.add_argument(
        "--anchor",
        dest="anchors",
        action="extend",
        default=[],
        type=anchors_in,
        metavar="HEAD",
        help="a head of the trail that was kept elsewhere, or @FILE with one a line; may be given more than once",
    )
    parser.add_argument(
        "--all",
        dest="everything",
        action="store_true",
        help="leave nothing of a large ledger for tomorrow: judge every account anew, compare every index; without it others every day",
    )
    parser.set_defaults(run=run_verify, roles=ADMINS)
    parser = commands.add_parser(
        "rebuild",
        parents=[shared],
        help="make what follows from the ledger's rows anew: the sums of months and open items",
    )
    parser.set_defaults(run=run_rebuild, roles=ADMINS)
    parser = commands.add_parser("doctor", parents=[shared], help="is this installation safe to run?")
    parser.add_argument("--url", metavar="URL", help="ask the dashboard at this address too, as a stranger")
    parser.set_defaults(run=run_doctor, needs_schema=False, roles=ADMINS)
    parser = commands.add_parser("backup", parents=[shared], help="write one consistent copy of the ledger")
    parser.add_argument("file", type=Path)
    parser.set_defaults(run=run_backup, roles=ADMINS)
    parser = commands.add_parser("restore", parents=[shared], help="put a backup in place")
    parser.add_argument("file", type=Path)
    parser.add_argument("--force", action="store_true", help="replace a ledger that is not empty")
    parser.set_defaults(run=run_restore, needs_schema=False, roles=ADMINS)


def run_init(session: Session, args: argparse.Namespace) -> int:
    """Create or upgrade, and distribute where that was asked for."""
    before = current_revision(session.database)
    upgrade(session.database)
    after = current_revision(session.database)
    text = f"schema is at revision {after}" + ("" if before == after else f" (was {before or 'empty'})")
    shown = {"before": before, "revision": after}
    if args.distribute:
        try:
            shown["distributed"] = distribute(session.database)
        except DistributionError as error:
            raise RefusedError(f"{text}; {error}") from error
        text += (
            f"; {len(growth_tables())} tables are distributed by account"
            if shown["distributed"]
            else "; it was distributed already"
        )
    session.show(shown, text)
    return DONE


def run_verify(session: Session, args: argparse.Namespace) -> int:
    """Print each rule with its findings; 1 when anything is broken."""
    processes = processes_for(session.database)
    outcome = verify(session.database, session.today, args.anchors, everything=args.everything, processes=processes)
    lines = []
    for result in outcome.results:
        lines.append(f"{'ok    ' if not result.findings else 'BROKEN'} {result.id}  {result.title}")
        lines.extend(f"         {finding}" for finding in result.findings)
        if result.more:
            lines.append(f"         and {result.more} more")
    lines.extend(f"note      {note}" for note in outcome.notes)
    checks = [asdict(result) | {"ok": not result.findings} for result in outcome.results]
    session.show({"ok": outcome.ok, "checks": checks, "notes": list(outcome.notes)}, "\n".join(lines))
    if not outcome.ok:
        broken = ", ".join(result.id for result in outcome.results if result.findings)
        session.say(f"manage.py: the ledger breaks {broken}")
    return DONE if outcome.ok else FOUND


def run_rebuild(session: Session, _args: argparse.Namespace) -> int:
    """Say how many rows each table has afterwards."""
    counts = rebuild(session.database)
    processes = processes_for(session.database)
    judge(session.database, session.today, processes)
    keep_as_set(session.database, session.today, processes)
    with session.database.reading(session.scope) as connection:
        counts["account_risks"] = kept_risks(connection)
    text = "rebuilt " + ", ".join(f"{table} ({count:,} rows)" for table, count in counts.items())
    session.show({"rows": counts}, text)
    return DONE


def run_doctor(session: Session, args: argparse.Namespace) -> int:
    """Print each look; 1 when one is not fine."""
    try:
        auth = auth_section(default_files())
    except UnsafeSignInError as error:
        auth = error
    findings = list(examine(session.database, auth))
    if args.url:
        findings += examine_address(args.url)
    lines = [
        f"{'ok   ' if f.ok else 'LOOK '} {f.about}: {f.found}" + ("" if f.ok else f"; {f.advice}") for f in findings
    ]
    ok = all(f.ok for f in findings)
    session.show({"ok": ok, "checks": [asdict(f) for f in findings]}, "\n".join(lines))
    if not ok:
        session.say("manage.py: " + "; ".join(f"{f.about}: {f.advice}" for f in findings if not f.ok))
    return DONE if ok else FOUND


def run_backup(session: Session, args: argparse.Namespace) -> int:
    """Back up."""
    try:
        size = back_up(session.database, args.file)
    except BackupRefusedError as error:
        raise RefusedError(str(error)) from error
    session.show({"file": str(args.file), "bytes": size}, f"wrote {args.file} ({size:,} bytes)")
    return DONE


def run_restore(session: Session, args: argparse.Namespace) -> int:
    """Restore."""
    try:
        restore(session.database, args.file, force=args.force)
    except BackupRefusedError as error:
        raise RefusedError(str(error)) from error
    revision = current_revision(session.database)
    session.show({"file": str(args.file), "revision": revision}, f"restored {args.file} (revision {revision})")
    return DONE
