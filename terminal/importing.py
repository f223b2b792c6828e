"""import KIND FILE: good rows land in one transaction, bad ones are listed with line, column, value and reason."""

import argparse
import sys
from pathlib import Path
from typing import Any

from data_access.commands.import_mappings import delete_mapping, save_mapping
from data_access.commands.refusals import LedgerRefusedError, NotFoundError
from data_access.importers.batches import accept, preview
from data_access.importers.errors import ImportRefusedError, ImportUsageError
from data_access.importers.inspection import inspect
from data_access.importers.kinds import COLUMNS, KINDS
from data_access.importers.mappings import of_options
from data_access.importers.options import DEFAULT_SOURCE, Options, parse_maps
from data_access.importers.report import Report
from data_access.queries.import_mappings import mapping_rows
from domain.parsing.amounts import Mark
from domain.parsing.dates import Order
from terminal.session import DONE, FOUND, USAGE, WRITERS, RefusedError, Session

_LISTED = 20
_LONG = 20_000  # rows, from which on progress is shown


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register import."""
    parser = commands.add_parser("import", parents=[shared], help="read a CSV, XLSX or bank statement into the ledger")
    parser.add_argument("kind", choices=tuple(KINDS), metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("file", type=Path, nargs="?", metavar="FILE")
    # A template needs no ledger, so asking for one is the same as needing none.
    parser.add_argument(
        "--template", dest="needs_schema", action="store_false", help="print the columns that KIND takes"
    )
    parser.add_argument(
        "--map", dest="maps", action="append", default=[], metavar="FIELD=COLUMN", help="or FIELD==TEXT"
    )
    parser.add_argument(
        "--source", default=DEFAULT_SOURCE, metavar="NAME", help="whose files these are; rows repeat within one"
    )
    parser.add_argument("--date-order", choices=[order.value for order in Order])
    parser.add_argument("--decimal", choices=[mark.value for mark in Mark], help="the decimal mark")
    parser.add_argument("--sheet", default="", metavar="NAME")
    parser.add_argument(
        "--create-missing", action="store_true", help="make the sites, vendors and accounts that it names"
    )
    parser.add_argument("--allocate", choices=("oldest", "none"), default="none", help="payments without a bill")
    parser.add_argument("--paid", action="store_true", help="each bill was paid in full on its day")
    parser.add_argument("--accept-envelope", action="store_true", help="edi: take a file whose counts are wrong")
    parser.add_argument("--reversed-signs", action="store_true", help="bank: what was spent is positive in the file")
    parser.add_argument("--mapping", default="", metavar="NAME", help="read it as what was saved by this name")
    parser.add_argument("--delete-mapping", default="", metavar="NAME", help="forget what was saved by this name")
    parser.add_argument("--save-mapping", default="", metavar="NAME", help="once it is in, save how it was read")
    parser.add_argument("--dry-run", action="store_true", help="do everything and write nothing")
    parser.set_defaults(run=run_import, roles=WRITERS)


def run_import(session: Session, args: argparse.Namespace) -> int:
    """0 when every row was taken or known, 1 when some were rejected or the file was refused, 2 for bad usage."""
    if not args.needs_schema:
        return _show_template(session, args.kind)
    if args.delete_mapping:
        return _delete(session, args)
    try:
        if args.save_mapping and args.dry_run:
            raise ImportUsageError("--dry-run writes nothing, so --save-mapping cannot save; leave one out")
        if args.file is None:
            raise ImportUsageError("import needs a FILE (or --template)")
        report = _run(session, args)
    except ImportUsageError as error:
        session.say(f"manage.py: {error}")
        return USAGE
    except ImportRefusedError as error:
        raise RefusedError(str(error)) from error
    except LedgerRefusedError as error:
        raise RefusedError(f"the file is imported, but not how it was read: {error}") from error
    session.show(report.as_json(), _summary(report))
    for finding in report.findings:
        session.say(f"note: {finding}")
    if not report.rejected:
        return DONE
    for reject in report.rejects[:_LISTED]:
        session.say(
            f"line {reject.line}: {f'{reject.column} {reject.value!r}: ' if reject.column else ''}{reject.reason}"
        )
    more = report.rejected - min(_LISTED, len(report.rejects))
    session.say(
        f"manage.py: {report.rejected:,} of {report.read:,} rows were rejected"
        + (f" ({more:,} not listed)" if more else "")
    )
    return FOUND


def _run(session: Session, args: argparse.Namespace) -> Report:
    columns, constants = parse_maps(KINDS[args.kind], args.maps)
    options = Options(
        scope=session.scope,
        columns=columns,
        constants=constants,
        source=args.source,
        date_order=Order(args.date_order) if args.date_order else None,
        decimal=Mark(args.decimal) if args.decimal else None,
        sheet=args.sheet,
        create_missing=args.create_missing,
        allocate_oldest=args.allocate == "oldest",
        paid=args.paid,
        accept_envelope=args.accept_envelope,
        reversed_signs=args.reversed_signs,
    )
    if args.mapping:
        options = _as_saved(session, args, options)
    progress = _Progress()
    if args.dry_run:
        return preview(session.database, args.kind, args.file, options, progress=progress)
    report = accept(session.database, session.actor, args.kind, args.file, options, progress=progress)
    if args.save_mapping:
        _save(session, args, options)
    return report


def _as_saved(session: Session, args: argparse.Namespace, options: Options) -> Options:
    with session.database.reading(session.scope) as connection:
        saved = {mapping.name: mapping for mapping in mapping_rows(connection, session.scope, args.kind)}
    if args.mapping not in saved:
        raise ImportUsageError(
            f"--mapping {args.mapping!r} is not saved for {args.kind}; there {'is' if len(saved) == 1 else 'are'}: "
            f"{', '.join(saved) or 'none'}"
        )
    return saved[args.mapping].applied(options)


def _delete(session: Session, args: argparse.Namespace) -> int:
    if args.file or args.mapping or args.save_mapping:
        session.say("manage.py: --delete-mapping imports nothing; leave the file and other mappings out")
        return USAGE
    kind, name = args.kind, args.delete_mapping
    try:
        session.database.writing(
            session.actor, session.scope, lambda writing: delete_mapping(writing, session.scope, kind, name)
        )
    except (LedgerRefusedError, NotFoundError) as error:
        raise RefusedError(str(error)) from error
    session.show({"kind": kind, "deleted": name}, f"deleted mapping {name} of {kind}")
    return DONE


def _save(session: Session, args: argparse.Namespace, options: Options) -> None:
    """Known again by the column names that are seen before anything is told of the file."""
    try:
        titles = inspect(args.kind, args.file, Options(scope=session.scope)).titles
    except ImportRefusedError:
        titles = ()
    mapping = of_options(args.kind, args.save_mapping, options, titles)
    session.database.writing(
        session.actor, session.scope, lambda writing: save_mapping(writing, session.scope, mapping)
    )
    session.say(f"saved as mapping {args.save_mapping} of {args.kind}")


class _Progress:
    """Tenths of a long import, on stderr."""

    def __init__(self) -> None:
        self._shown = 0

    def __call__(self, done: int, total: int) -> None:
        tenth = 10 * done // total if total >= 2 * _LONG else 0
        if tenth > self._shown:
            self._shown = tenth
            print(f"importing: {tenth * 10}%", file=sys.stderr, flush=True)


def _show_template(session: Session, kind: str) -> int:
    fields = [{"name": field.name, "needed": field.needed} for field in KINDS[kind].fields]
    result = {"kind": kind, "columns": fields, "either": list(KINDS[kind].either)}
    session.show(result, ",".join(COLUMNS[kind]))
    return DONE


def _summary(report: Report) -> str:
    made = ", ".join(
        f"{count:,} {name}"
        for name in ("sites", "vendors", "accounts", "bills", "payments", "allocations")
        if (count := getattr(report.created, name))
    )
    lines = [
        f"{'would import' if report.dry_run else 'imported'} {report.kind} from {report.file}: {report.read:,} rows read, "
        f"{report.added:,} added, {report.duplicate:,} there already, {report.rejected:,} rejected"
    ]
    if made:
        lines.append(f"{'would make' if report.dry_run else 'made'} {made}")
    if report.changed:
        lines.append(f"{report.changed:,} of the rows filled blanks or moved a payment on")
    lines.extend(f"skipped line {skip['line']}: {skip['reason']}" for skip in report.skipped[:_LISTED])
    if len(report.skipped) > _LISTED:
        lines.append(f"and {len(report.skipped) - _LISTED:,} more skipped lines")
    return "\n".join(lines)
