"""Files to import, of any length, for accounts of the large tenant: each row new, in an order that no index has."""

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import text

from data_access.database import Database
from data_access.scope import Scope

_FIRST = date(2021, 12, 1)
_DAYS = 1800
Row = Sequence[Any]


def _accounts(database: Database) -> list[Any]:
    statement = "SELECT v.name AS vendor, a.account_number AS number, a.id FROM accounts a JOIN vendors v ON v.id = a.vendor_id ORDER BY a.id"
    with database.reading(Scope.all_sites()) as connection:
        return list(connection.execute(text(statement)))


def _file(head: str, row: Callable[[Random, int, Any], Row]) -> Callable[[Database, Path, int], None]:
    def make(database: Database, path: Path, lines: int) -> None:
        accounts, rng = _accounts(database), Random(f"{head}/{lines}")
        _write(path, head, (row(rng, number, rng.choice(accounts)) for number in range(lines)))

    return make


def _write(path: Path, head: str, rows: Iterator[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(head.split())
        writer.writerows(rows)


def _day(rng: Random) -> date:
    return _FIRST + timedelta(days=rng.randrange(_DAYS))


def _amount(rng: Random) -> str:
    return f"{rng.randrange(1_000, 90_000) / 100:.2f}"


def _invoice(rng: Random, number: int, account: Any) -> Row:
    issued = _day(rng)
    return (account.vendor, account.number, f"N{number:08d}", issued, _amount(rng), issued + timedelta(days=21))


def _payment(rng: Random, number: int, account: Any) -> Row:
    return (account.vendor, account.number, _day(rng), _amount(rng), "ach", "online", f"P{number:08d}")


def _call(rng: Random, number: int, account: Any) -> Row:
    at = f"{_day(rng)} {rng.randrange(8, 18):02d}:{rng.randrange(60):02d}"
    return (
        account.vendor,
        account.number,
        at,
        "+1 415 555 0132",
        60 + number % 900,
        "Tasha",
        "Ana",
        "question",
        "answered",
    )


def _statement(rng: Random, number: int, account: Any) -> Row:
    issued = _day(rng)
    return (account.vendor, account.number, date(2026, 11, 30), f"N{number:08d}", issued, _amount(rng))


def _charge(rng: Random, number: int, account: Any) -> Row:
    return (
        account.vendor,
        account.number,
        f"L{number // 3:08d}",
        number % 3 + 1,
        "recurring",
        "Line rental",
        _amount(rng),
        _day(rng),
    )


def _usage(rng: Random, number: int, account: Any) -> Row:
    at = f"{_day(rng)} {rng.randrange(24):02d}:{rng.randrange(60):02d}"
    return (
        account.vendor,
        account.number,
        at,
        "voice",
        "+14155550132",
        f"+1415556{number % 10_000:04d}",
        30 + number % 600,
        "s",
    )


def _bank(_database: Database, path: Path, lines: int) -> None:
    rng = Random(lines)
    rows = (
        ("OPERATING-X", "USD", _day(rng), f"-{_amount(rng)}", "Lumina", f"Bill {number}", f"B{number:09d}")
        for number in range(lines)
    )
    _write(path, "bank_account currency booked_on amount counterparty description external_id", rows)


FILES: dict[str, Callable[[Database, Path, int], None]] = {
    "invoices": _file("vendor account_number invoice_number issued_on amount due_on", _invoice),
    "payments": _file("vendor account_number paid_on amount method channel confirmation_number", _payment),
    "calls": _file("vendor account_number started_at number duration_s agent caller purpose outcome", _call),
    "statements": _file("vendor account_number statement_on invoice_number issued_on open_amount", _statement),
    "charges": _file("vendor account_number invoice_number line type description amount issued_on", _charge),
    "usage": _file("vendor account_number started_at kind from_number to_number quantity unit", _usage),
    "bank": _bank,
}
