"""Account numbers on the terminal: masked, unless somebody who may see them asks with --reveal, which is audited."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from data_access.commands.reveals import MAY_REVEAL, reveal_numbers
from data_access.queries.outlook import BillOutlook
from data_access.queries.payment_totals import PaymentTotal
from data_access.queries.people import person_by_email
from data_access.queries.risk import AccountRisk
from data_access.queries.spend import SpendRow
from data_access.queries.usage import UsageTotal
from data_access.scope import Scope
from domain.aging import AgingRow
from domain.masking import ACCOUNT_NUMBER, masked
from domain.what_if.changes import AccountChange
from terminal.session import OPERATOR, RefusedError, Session

A = TypeVar("A", AccountChange, AccountRisk, BillOutlook)
R = TypeVar("R", AgingRow, PaymentTotal, SpendRow, UsageTotal)
BY_ACCOUNT = "account"


def add_option(parser: argparse.ArgumentParser, where: str = "with --by account: ") -> None:
    """--reveal, for reads that name accounts; `where` says when, if not always."""
    parser.add_argument(
        "--reveal",
        action="store_true",
        help=f"{where}whole account numbers; each is told in the audit trail",
    )


def named(session: Session, args: argparse.Namespace, rows: Sequence[A], command: str) -> list[A]:
    """Rows of accounts as they may be printed: by masked numbers, or by whole ones on --reveal."""
    ids = sorted({row.account_id for row in rows})
    numbers = revealed(session, ids, command) if args.reveal else {}
    return [replace(row, account_number=numbers.get(row.account_id) or masked(row.account_number)) for row in rows]


def numbered(session: Session, args: argparse.Namespace, accounts: Mapping[int, str], command: str) -> dict[int, str]:
    """By account: its number as it may be printed. accounts: {id: whole number}."""
    numbers = revealed(session, sorted(accounts), command) if args.reveal else {}
    return {account_id: numbers.get(account_id) or masked(number) for account_id, number in accounts.items()}


def shown(session: Session, args: argparse.Namespace, rows: Sequence[R], command: str) -> list[R]:
    """The rows as they may be printed: those of accounts named by their masked number, or the whole one on --reveal."""
    if args.by != BY_ACCOUNT:
        return list(rows)
    ids = [int(row.labels["account_id"]) for row in rows]
    numbers = revealed(session, ids, command) if args.reveal else {}
    return [_named(row, numbers.get(account_id)) for row, account_id in zip(rows, ids, strict=True)]


def _named(row: R, number: str | None) -> R:
    text = number or masked(row.labels[ACCOUNT_NUMBER])
    return replace(row, key=text, name=text, labels=row.labels | {ACCOUNT_NUMBER: text})


def revealed(session: Session, ids: Sequence[int], command: str) -> dict[int, str]:
    """{account id: its whole number}, told in the audit trail; RefusedError for somebody who may not see it."""
    if not _may_reveal(session):
        raise RefusedError("only somebody with the role finance or admin may see whole account numbers")
    if not ids:
        return {}
    return session.database.writing(
        session.actor,
        session.scope,
        lambda writing: reveal_numbers(writing, session.scope, ids, f"terminal, {command}"),
    )


def _may_reveal(session: Session) -> bool:
    if session.actor == OPERATOR:
        return True
    with session.database.reading(Scope.all_sites()) as connection:
        person = person_by_email(connection, session.actor)
    return person is not None and person.role in MAY_REVEAL
