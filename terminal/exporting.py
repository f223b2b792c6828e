"""export NAME --format csv|xlsx --out FILE: a page's table as a file, with its filters and day written on it.

export calendar --format ics: what is due, and what was agreed, for a calendar program.
export ledger --format hledger: all of it, as a journal that hledger reads.
export month-end --month YYYY-MM: aging, movements, unmatched, disputes, accruals and how they tie, as PDF or XLSX.
export evidence --payment ID, export call-sheet --account ID and export refund-case --dispute ID: a document to print, as PDF.
"""

import argparse
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from data_access.calendar_file import as_ics
from data_access.exporting import Sheet, TooManyRowsError, as_workbook, as_xlsx, csv_chunks
from data_access.journal_file import journal
from data_access.month_end_sheets import month_end_sheets
from data_access.printed.call_sheet import call_sheet_document
from data_access.printed.document import Document, as_pdf
from data_access.printed.evidence import evidence_document
from data_access.printed.month_end import month_end_document
from data_access.printed.refund_case import refund_case_document
from data_access.queries.calendar import calendar_entries
from data_access.queries.call_sheet import call_sheet
from data_access.queries.evidence import payment_evidence
from data_access.queries.journal import journal_accounts
from data_access.queries.month_end import month_end
from data_access.queries.refund_cases import refund_case
from data_access.queries.sheets import SHEETS, sheet_named
from domain.periods import month_start, shifted
from terminal import revealing
from terminal.reads import add_filters, filters_of, iso_day
from terminal.session import DONE, RefusedError, Session

PDF = "pdf"
WRITERS: dict[str, Callable[[Sheet], bytes | Iterable[bytes]]] = {"csv": csv_chunks, "xlsx": as_xlsx}
CALENDAR, ICS = "calendar", "ics"
LEDGER, HLEDGER = "ledger", "hledger"
MONTH_END, XLSX = "month-end", "xlsx"
_FIRST_YEAR = 1900  # of a pack: it looks back from its month


def add_commands(commands: Any, shared: argparse.ArgumentParser) -> None:
    """Register export."""
    parser = commands.add_parser("export", parents=[shared], help="write a page's table to a file")
    names = (*SHEETS, *DOCUMENTS, CALENDAR, LEDGER, MONTH_END)
    parser.add_argument("name", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument(
        "--format",
        choices=(*WRITERS, PDF, ICS, HLEDGER),
        help="csv, xlsx; of a document pdf; of the calendar ics; of the ledger hledger",
    )
    parser.add_argument("--payment", type=int, metavar="ID", help="of evidence: the payment")
    parser.add_argument("--account", type=int, metavar="ID", help="of a call sheet: the account")
    parser.add_argument("--dispute", type=int, metavar="ID", help="of a refund case: the dispute of a late fee")
    revealing.add_option(parser, "of a document or the ledger: ")
    parser.add_argument(
        "--assert", dest="asserted", action="store_true", help="of the ledger: what each account holds at 13 month ends"
    )
    parser.add_argument(
        "--month", type=_month, metavar="YYYY-MM", help="of the month-end pack (default: the last whole one)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    add_filters(parser)
    parser.add_argument("--from", dest="since", type=iso_day, metavar="D", help="from this day")
    parser.add_argument("--to", dest="until", type=iso_day, metavar="D", help="to this day, itself included")
    parser.set_defaults(run=run_export)


def run_export(session: Session, args: argparse.Namespace) -> int:
    """Write the file beside its final place first, so that a broken export leaves no half of one."""
    if args.name in DOCUMENTS:
        return _print(session, args)
    if args.name == LEDGER:
        return _keep_books(session, args)
    if args.name == MONTH_END:
        return _close_month(session, args)
    if args.format in (PDF, HLEDGER) and args.name != CALENDAR:
        raise RefusedError(f"{args.name} is a table; export it as csv or xlsx")
    as_of: date = args.as_of or session.today
    kind = args.format or (ICS if args.name == CALENDAR else "csv")
    if (kind == ICS) != (args.name == CALENDAR):
        raise RefusedError(f"{args.name} cannot be written as {kind}; the calendar is ics, everything else csv or xlsx")
    with session.database.reading(session.scope) as connection:
        if kind == ICS:
            entries = calendar_entries(connection, session.scope, filters_of(args, as_of))
            content: bytes | Iterable[bytes] = as_ics(entries, as_of)
            rows, what = len(entries), "entries"
        else:
            sheet = sheet_named(connection, session.scope, filters_of(args, as_of), args.name)
            try:
                content, rows, what = WRITERS[kind](sheet), len(sheet.rows), "rows"
            except TooManyRowsError as error:
                raise RefusedError(str(error)) from error
    write_file(args.out, content)
    result = {"name": args.name, "format": kind, "file": str(args.out), "rows": rows}
    session.show(result, f"wrote {rows} {what} to {args.out}")
    return DONE


def _keep_books(session: Session, args: argparse.Namespace) -> int:
    if args.format not in (None, HLEDGER):
        raise RefusedError(f"the ledger is a journal; export it as {HLEDGER}")
    if args.since:
        raise RefusedError(
            "a journal begins with the first movement, or its balances would not be whole; leave --from out"
        )
    filters = replace(filters_of(args, args.until or args.as_of or session.today), until=None)
    numbers = None
    if args.reveal:
        with session.database.reading(session.scope) as connection:
            ids = [account.id for account in journal_accounts(connection, session.scope, filters)]
        numbers = revealing.revealed(session, ids, "export ledger")
    with session.database.reading(session.scope) as connection:
        lines = journal(connection, session.scope, filters, numbers=numbers, asserted=args.asserted)
        write_file(args.out, (f"{line}\n".encode() for line in lines))
    session.show({"name": LEDGER, "format": HLEDGER, "file": str(args.out)}, f"wrote {args.out}")
    return DONE


def _month(text: str) -> date:
    try:
        month = date.fromisoformat(f"{text}-01")
        if month.year >= _FIRST_YEAR:
            return month
        raise ValueError
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a month; write YYYY-MM") from None


def _close_month(session: Session, args: argparse.Namespace) -> int:
    kind = args.format or PDF
    if kind not in (PDF, XLSX):
        raise RefusedError(f"a month-end pack cannot be written as {kind}; write it as pdf or xlsx")
    if args.since or args.until or args.as_of:
        raise RefusedError(
            "a month-end pack is of a month; say which by --month YYYY-MM and leave --from, --to and --as-of out"
        )
    month = args.month or shifted(month_start(session.today), -1)
    if month > session.today:
        raise RefusedError(f"{month:%Y-%m} has not begun; write a month that has")
    made_at = datetime.combine(session.today, datetime.now().astimezone().timetz())
    filters = filters_of(args, session.today)
    with session.database.reading(session.scope) as connection:
        pack = month_end(connection, session.scope, filters, month=month, today=session.today)
    made = as_pdf(month_end_document(pack, made_at)) if kind == PDF else as_workbook(month_end_sheets(pack, made_at))
    write_file(args.out, made)
    result = {"name": MONTH_END, "format": kind, "file": str(args.out), "month": f"{month:%Y-%m}"}
    session.show(result | {"as_of": pack.as_of.isoformat()}, f"wrote {args.out}, as of {pack.as_of}")
    return DONE


def _print(session: Session, args: argparse.Namespace) -> int:
    if args.format not in (None, PDF):
        raise RefusedError(f"{args.name} is a document; export it as pdf")
    account_id, document = DOCUMENTS[args.name](session, args)
    number = revealing.revealed(session, [account_id], f"export {args.name}")[account_id] if args.reveal else None
    write_file(args.out, as_pdf(document(number)))
    session.show({"name": args.name, "format": PDF, "file": str(args.out)}, f"wrote {args.out}")
    return DONE


def _evidence(session: Session, args: argparse.Namespace) -> tuple[int, Callable[[str | None], Document]]:
    if args.payment is None:
        raise RefusedError("say which payment: --payment ID")
    as_of: date = args.as_of or session.today
    with session.database.reading(session.scope) as connection:
        found = payment_evidence(connection, session.scope, payment_id=args.payment, as_of=as_of)
    if found is None:
        raise RefusedError(f"there is no payment {args.payment} on {as_of}")
    return found.account.id, lambda number: evidence_document(found, number)


def _call_sheet(session: Session, args: argparse.Namespace) -> tuple[int, Callable[[str | None], Document]]:
    if args.account is None:
        raise RefusedError("say which account: --account ID")
    now = datetime.combine(args.as_of or session.today, datetime.now().astimezone().timetz())
    with session.database.reading(session.scope) as connection:
        found = call_sheet(connection, session.scope, args.account, as_of=now.date())
    if found is None:
        raise RefusedError(f"there is no account {args.account}")
    return found.account.id, lambda number: call_sheet_document(found, now, number)


def _refund_case(session: Session, args: argparse.Namespace) -> tuple[int, Callable[[str | None], Document]]:
    if args.dispute is None:
        raise RefusedError("say which dispute: --dispute ID")
    as_of: date = args.as_of or session.today
    with session.database.reading(session.scope) as connection:
        found = refund_case(connection, session.scope, dispute_id=args.dispute, as_of=as_of)
    if found is None:
        raise RefusedError(f"there is no dispute {args.dispute} of a late fee on {as_of}; `disputes` lists them")
    return found.account.id, lambda number: refund_case_document(found, number)


DOCUMENTS = {"evidence": _evidence, "call-sheet": _call_sheet, "refund-case": _refund_case}


def write_file(target: Path, content: bytes | Iterable[bytes]) -> None:
    """Beside its final place first; raises RefusedError where it cannot be written."""
    draft = target.with_name(target.name + ".part")
    try:
        with draft.open("wb") as file:
            file.writelines([content] if isinstance(content, bytes) else content)
        draft.replace(target)
    except OSError as error:
        raise RefusedError(f"cannot write {target}: {error.strerror}") from error
    finally:
        with suppress(OSError):
            draft.unlink(missing_ok=True)
