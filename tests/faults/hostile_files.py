"""Hostile files with their truth: each row knows what it says, or that it must not be taken, and whose fault that is.

Written without the importer's code, so that the two can disagree.
"""

import csv
import io
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from random import Random

import xlsxwriter

COLUMNS = (
    "vendor",
    "account_number",
    "invoice_number",
    "amount",
    "issued_on",
    "currency",
    "type",
    "description",
    "external_id",
)
VENDORS = ("Lumina", "Blue; Fibre, Ltd", "Télécom «Nord»")
ACCOUNTS = ("A-1", "0042", "=A1")
TYPES = ("recurring", "usage", "tax", "fee", "credit")

# Texts that are no value of their column, in any convention.
BAD = {
    "amount": (
        "NaN", "1e5", "--5", "12.345.67", "1,2,3", "١٢", "$", "(5", "5)", "0x10", "Infinity", "1 2 3", "12.3.4", "€$5", "9" * 16, "=1+1",
        "twelve", "½", "-", "+", "12%", "#REF!", "5-5", "1'23", "-(5)", "XQZ 5", "５", "12..5", ",", "1\x002", "5 USD EUR", "nil", "1_000",
    ),
    "issued_on": (
        "2024-02-30", "2024-13-01", "0000-00-00", "99999", "yesterday", "2024-1", "1969-12-31", "2101-01-01", "2024-01-01T25:00", "12/2024",
        "١/١/٢٠٢٤", "2024-01-01T10:00:00Z", "20241301", "-1", "2024--01-01", "32/13/2024", "2024-01-01-01", "Januember 3 2024", "29 Feb 2023",
    ),
    "currency": ("US", "USDD", "XQZ", "$", "123", "dollars"),
    "invoice_number": ("", "I" * 65, "A\x00B", "A\x1bB", "A\nB"),
    "type": ("nonsense", "tax!fee", "recurring usage"),
    "external_id": ("E" * 201, "E\x07"),
    "vendor": ("", "V" * 201, "\x7f"),
    "account_number": ("A\x01", "N" * 65),
}  # fmt: skip


@dataclass
class Truth:
    """One row of a file. bad: the column at fault ('' the whole row); cents and day are what it says otherwise."""

    cells: dict[str, str]
    cents: int = 0
    day: date = date(2024, 1, 1)
    bad: str | None = None
    line: int = 0
    shape: str = "row"


@dataclass
class HostileFile:
    """`content` with its rows; `refused`: it can be read in two ways, so all of it must be refused."""

    content: bytes
    rows: list[Truth]
    refused: bool
    style: dict[str, str] = field(default_factory=dict)


def amount_text(random: Random, cents: int, mark: str, *, whole: bool) -> str:
    """`cents` as some program writes it: with `mark` as its decimal mark, or as `whole` units in groups of thousands."""
    group = {".": ",", ",": "."}[mark]
    if not whole:
        group = random.choice([group, "", " ", "'", "\u202f"])
    units, rest = divmod(abs(cents), 100)
    text = f"{units:,}".replace(",", group) + ("" if whole else f"{mark}{rest:02}")
    text = random.choice(["{}", "{}", "€{}", "{} EUR", "€ {}"]).format(text)
    if cents < 0:
        text = random.choice(["-{}", "({})", "{}-", "−{}", "- {}"]).format(text)
    return text


def day_text(random: Random, day: date, order: str) -> str:
    """`day` in the order of its file."""
    forms = {
        "dmy": ["%d/%m/%Y", "%d.%m.%Y", "%d-%m-%Y"],
        "mdy": ["%m/%d/%Y", "%m-%d-%Y"],
        "iso": ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d %b %Y", "%b %d, %Y", "%Y-%m-%dT00:00:00", "%Y-%m-%d 13:45"],
    }[order]
    return day.strftime(random.choice(forms))


def generate(seed: int) -> HostileFile:
    """The file of that number."""
    random = Random(seed)
    mark, order = random.choice(".,"), random.choice(["dmy", "mdy", "iso"])
    whole = random.random() < 0.08
    rows = [_row(random, seed, number, mark, order, whole=whole) for number in range(random.randint(1, 12))]
    sound = [
        row
        for row in rows
        if row.bad in (None, "amount", "currency", "type", "external_id", "invoice_number", "vendor", "account_number")
    ]
    dated = [row.day for row in sound if row.shape == "row"]
    unsure_day = (
        order != "iso" and any(day.day != day.month for day in dated) and not any(day.day > 12 for day in dated)
    )
    priced = [row for row in rows if row.shape == "row" and row.bad != "amount" and not row.cells["amount"].isdigit()]
    unsure_amount = (
        whole
        and any(1000 <= abs(row.cents) // 100 < 1_000_000 for row in priced)
        and not any(abs(row.cents) // 100 >= 1_000_000 for row in priced)
    )
    content = _workbook(random, rows) if random.random() < 0.08 else _text(random, rows)
    return HostileFile(content, rows, unsure_day or unsure_amount, {"mark": mark, "order": order, "whole": str(whole)})


def _row(random: Random, seed: int, number: int, mark: str, order: str, *, whole: bool) -> Truth:
    cents = random.choice([1, 99, 100, 1250, 123_456, -1250, -99_999, random.randint(-(10**9), 10**9), 10**12 + 1])
    if whole:
        cents = (cents // 100 or 1) * 100
    day = date(2020, 1, 1) + timedelta(random.randint(0, 1800))
    if random.random() < 0.3:
        day = day.replace(day=random.randint(1, 12))
    cells = {
        "vendor": random.choice(["  Lumina ", *VENDORS]),
        "account_number": random.choice(ACCOUNTS),
        "invoice_number": f"INV-{seed}-{number}",
        "amount": amount_text(random, cents, mark, whole=whole),
        "issued_on": day_text(random, day, order),
        "currency": random.choice(["EUR", "eur", ""]),
        "type": random.choice([*TYPES, "", "ONE-TIME", "Late fee"]),
        "description": random.choice(["", "Calls", 'a "b" c', "two\nlines", "x" * 900, "'=1+1", "Total", "é" * 20]),
        "external_id": f"E-{seed}-{number}",
    }
    truth = Truth(cells, cents, day)
    dice = random.random()
    if dice < 0.45:
        truth.bad = random.choice(list(BAD))
        cells[truth.bad] = random.choice(BAD[truth.bad])
    elif dice < 0.5:
        truth.bad, truth.shape = "", random.choice(["short", "long", "quote"])
    return truth


def _text(random: Random, rows: list[Truth]) -> bytes:
    delimiter = random.choice(",;\t|")
    end = random.choice(["\n", "\r\n"])
    order = random.sample(COLUMNS, len(COLUMNS))
    out = io.StringIO()
    lines = 0

    def put(cells: list[str], *, quote_all: bool = False) -> None:
        nonlocal lines
        row = io.StringIO()
        csv.writer(
            row, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
        ).writerow(cells)
        out.write(row.getvalue())
        lines += row.getvalue().count("\n")

    for _ in range(random.choice([0, 0, 0, 1, 3])):
        put([random.choice(["Statement of account", "", "Printed 31.01.2024"])])
    names = [random.choice([name, name.upper(), name.replace("_", " "), f" {name} "]) for name in order]
    put(names)
    for row in rows:
        if random.random() < 0.05:
            put([""] * len(order))
        if random.random() < 0.04:
            put(names)
        cells = [row.cells[name] for name in order]
        row.line = lines + 1
        if row.shape == "short":
            cells = cells[: random.randint(2, len(cells) - 1)]
        elif row.shape == "long":
            cells = [*cells, "more"]
        if row.shape == "quote":
            out.write(f'"un"closed{delimiter}' + delimiter.join("x" for _ in cells[1:]) + end)
            lines += 1
        else:
            put(cells, quote_all=random.random() < 0.2)
    if random.random() < 0.2:
        put(["Total" if name == "vendor" else "1" if name == "amount" else "" for name in order])
    text = out.getvalue()
    for encoding in random.sample(["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le"], 5):
        try:
            return text.encode(encoding)
        except UnicodeEncodeError:
            continue
    raise AssertionError("UTF-8 encodes everything")


def _workbook(random: Random, rows: list[Truth]) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(random.choice(["Bills", "Sheet 1"]))
    start = random.choice([0, 0, 2])
    order = random.sample(COLUMNS, len(COLUMNS))
    for index, name in enumerate(order):
        sheet.write_string(start, index, name)
    for number, row in enumerate(rows, start=start + 1):
        row.line = number + 1
        row.shape = "row"
        if row.bad == "":  # a sheet's rows are never ragged
            row.bad = "vendor"
            row.cells["vendor"] = ""
        for index, name in enumerate(order):
            # A workbook cannot hold control characters; it writes them as _x0001_.
            text = row.cells[name]
            if any((character < " " and character not in "\n\t") or character == "\x7f" for character in text):
                text = row.cells[name] = "" if name in ("vendor", "invoice_number") else "V" * 300
            sheet.write_string(number, index, text)
    book.close()
    return out.getvalue()


def damaged(seed: int, folder: Path) -> bytes:
    """A sound file with some of its bytes changed, lost, doubled or swapped."""
    random = Random(seed)
    content = bytearray(generate(seed).content)
    for _ in range(random.randint(1, 6)):
        at = random.randrange(len(content) + 1)
        length = random.choice([1, 1, 2, 7, 100])
        change = random.choice(["flip", "lose", "insert", "double", "cut", "zero"])
        if change == "flip" and at < len(content):
            content[at] ^= 1 << random.randrange(8)
        elif change == "lose":
            del content[at : at + length]
        elif change == "insert":
            content[at:at] = random.choice(
                [
                    b'"',
                    b"\n",
                    b"\r",
                    b"\0",
                    b"\xff",
                    b",",
                    b";",
                    b"\t",
                    b"\xef\xbb\xbf",
                    bytes(random.randrange(256) for _ in range(length)),
                ]
            )
        elif change == "double":
            content[at:at] = content[at : at + length * 50]
        elif change == "cut" and random.random() < 0.3:
            del content[at:]
        elif change == "zero":
            content[at : at + length] = bytes(min(length, max(len(content) - at, 0)))
    return bytes(content)
