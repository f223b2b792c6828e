"""seed: filling an empty ledger with a deterministic demo organisation."""

import argparse
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from data_access.account_risks import judge
from data_access.folding import fold
from data_access.kept_alerts import keep_as_set
from data_access.migrate import upgrade
from data_access.processes import processes_for
from seed.large.tenant import ScaleError, Tenant
from seed.large.writing import write_large
from seed.writing import SIZES, NotEmptyError, generate, generate_with_faults, write
from terminal.session import ADMINS, DONE, RefusedError, Session

EARLIEST = date(2000, 1, 1)
LARGE = "large"
_SIZES = "tiny: 3 sites; demo: 24 sites, 30 months; large: 10,000 sites, 50,000 accounts, 60 months, 3 million bills"


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write YYYY-MM-DD") from error
    if day < EARLIEST:
        raise argparse.ArgumentTypeError(f"{text} is before {EARLIEST}")
    return day


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register `seed`."""
    parser = commands.add_parser("seed", parents=[shared], help="fill an empty ledger with a demo organisation")
    parser.add_argument("--size", choices=(*SIZES, LARGE), required=True, help=_SIZES)
    parser.add_argument("--scale", type=float, metavar="X", help="with large: so much of it, such as 0.01 (default: 1)")
    parser.add_argument(
        "--open-bills",
        type=int,
        metavar="N",
        help="with large: so many are open (default: one in 25), whatever the scale",
    )
    parser.add_argument("--random-seed", type=int, default=1, metavar="N", help="another number, another history")
    parser.add_argument("--today", type=_day, metavar="D", help="the day up to which there is history (default: today)")
    parser.add_argument(
        "--if-empty", action="store_true", help="do nothing, and succeed, where there are sites already"
    )
    parser.add_argument(
        "--answers",
        type=Path,
        metavar="FILE",
        help="plant faults and look-alikes for every alert rule as well, and write into FILE what must be found",
    )
    parser.set_defaults(run=run_seed, needs_schema=False, roles=ADMINS)


def run_seed(session: Session, args: argparse.Namespace) -> int:
    """Create the schema where there is none, and write the organisation; refused where there are sites already."""
    today = args.today or session.today
    if args.size != LARGE and (args.scale is not None or args.open_bills is not None):
        raise RefusedError("--scale and --open-bills go with --size large")
    if args.size == LARGE:
        return _run_large(session, args, today)
    upgrade(session.database)
    sheet: dict[str, Any] | None = None
    if args.answers:
        _write(args.answers, "", "a")  # before the rows: a sheet that cannot be written is no use afterwards
        tables, sheet = generate_with_faults(args.size, args.random_seed, today)
    else:
        tables = generate(args.size, args.random_seed, today)
    counts = _written(session, args, lambda: write(session.database, tables, session.actor))
    if counts is None:
        return DONE
    if sheet is not None:
        _write(args.answers, json.dumps(sheet, ensure_ascii=False, indent=2) + "\n", "w")
    return _tell(session, args, today, counts)


def _run_large(session: Session, args: argparse.Namespace, today: date) -> int:
    """The large tenant is made while it is written, a few hundred accounts in memory at a time."""
    if args.answers:
        raise RefusedError("--answers goes with --size tiny or demo: the large tenant has no planted faults")
    try:
        tenant = Tenant(args.random_seed, today, 1.0 if args.scale is None else args.scale, args.open_bills)
    except ScaleError as error:
        raise RefusedError(str(error)) from error
    upgrade(session.database)
    counts = _written(session, args, lambda: write_large(session.database, tenant, session.actor))
    return DONE if counts is None else _tell(session, args, today, counts)


def _written(session: Session, args: argparse.Namespace, work: Callable[[], dict[str, int]]) -> dict[str, int] | None:
    """Rows by table; None where there are sites already and that is no fault."""
    try:
        return work()
    except NotEmptyError as error:
        if args.if_empty:
            session.show({"seeded": False}, "there are sites already; nothing was seeded")
            return None
        raise RefusedError(str(error)) from error


def _tell(session: Session, args: argparse.Namespace, today: date, counts: dict[str, int]) -> int:
    fold(session.database)
    processes = processes_for(session.database)
    judge(session.database, today, processes)
    keep_as_set(session.database, today, processes)
    result = {"size": args.size, "random_seed": args.random_seed, "today": today.isoformat(), "counts": counts}
    text = ", ".join(f"{count:,} {table.replace('_', ' ')}" for table, count in counts.items() if count)
    session.show(result, f"seeded {args.size} up to {today}: {text}")
    return DONE


def _write(path: Path, text: str, mode: str) -> None:
    try:
        with path.open(mode, encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise RefusedError(f"the answer sheet {path} cannot be written: {error.strerror}") from error
