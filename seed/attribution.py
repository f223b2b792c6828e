"""Where each row came from: an imported file, the seed's own batch, or somebody who typed it in lately."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from seed.bank_rows import bank_rows
from seed.books import Batch, Organisation, Reject
from seed.disagreement_rows import disagreement_rows
from seed.ledger_rows import ledger_rows
from seed.records import BankLine, Bill, StatedLine, Statement, UsageRecord, VendorStatement
from seed.rows import Numbers, Row, people_rows, reference_rows, terms_rows
from seed.usage_rows import usage_rows

SOURCE = _ACTOR = "seed"
TYPED_IN_DAYS = 30
_LEDGER = ("invoices", "charges", "calls", "payments", "allocations", "reversals", "disputes", "notices")
_MORE = ("usage", "vendor_statement_lines")  # imported like the ledger's rows
_TABLES: dict[type, str] = {
    Bill: "invoices",
    Statement: "bank_statements",
    BankLine: "bank_lines",
    VendorStatement: "vendor_statements",
    StatedLine: "vendor_statement_lines",
    UsageRecord: "usage",
}
_COUNTED = {"invoices": "invoices", "edi": "charges", "bank": "bank_lines", "usage": "usage"}  # rows of a file, by kind
_COUNTED |= {"statements": "vendor_statement_lines"}


@dataclass(frozen=True, slots=True)
class Tables:
    """`rows` by table, in insert order ("reversals" go into payments); `typed_in`: those that no batch brought."""

    rows: dict[str, list[Row]]
    typed_in: list[tuple[str, Row]]
    number: Numbers = field(default_factory=Numbers)  # what each record became


def _is_typed_in(table: str, row: Row, since: date) -> bool:
    """Calls, payments by telephone, disputes and notices of the last weeks."""
    match table:
        case "calls":
            return row["started_at"].date() >= since
        case "payments":
            return row["call_id"] is not None and row["paid_on"] >= since
        case "disputes":
            return row["opened_on"] >= since
        case "notices":
            return row["dated"] >= since
    return False


def fingerprint(rows: dict[str, list[Row]]) -> str:
    """SHA-256 of all rows as canonical JSON: equal for equal arguments."""
    text = json.dumps(rows, sort_keys=True, ensure_ascii=False, default=lambda value: value.isoformat())
    return hashlib.sha256(text.encode()).hexdigest()


def tables_of(books: Organisation, *, size: str, random_seed: int, today: date) -> Tables:
    """All rows of `books`, attributed: to the imported files it names, to the seed batch, or to people."""
    number = Numbers()
    rows = reference_rows(books, number) | terms_rows(books, number)
    rows |= ledger_rows(books, number) | people_rows(books, number)
    rows |= disagreement_rows(books, number) | usage_rows(books, number)
    if books.statements:
        rows |= bank_rows(books, number)
    digest = fingerprint(rows)
    came_in = {
        (_TABLES[type(record)], number(record)): n
        for n, batch in enumerate(books.batches, 2)
        for record in batch.brought
    }
    kinds = {n: batch.kind for n, batch in enumerate(books.batches, 2)}
    typed_in: list[tuple[str, Row]] = []
    brought = Counter[int]()
    for name in (*_LEDGER, *_MORE):
        table = "payments" if name == "reversals" else name
        for row in rows[name]:
            if _is_typed_in(table, row, today - timedelta(days=TYPED_IN_DAYS)):
                row |= {"batch_id": None, "source": None, "external_id": None, "import_key": None}
                typed_in.append((table, row))
                continue
            batch_id = came_in.get((table, row["id"]), 1)
            if table == "charges":
                of_bill = came_in.get(("invoices", row["invoice_id"]), 1)
                batch_id = of_bill if kinds.get(of_bill) == "edi" else 1
            external_id = f"{table}-{row['id']}"
            row |= {
                "batch_id": batch_id,
                "source": SOURCE,
                "external_id": external_id,
                "import_key": f"id:{external_id}",
            }
            brought[batch_id] += batch_id == 1 or _COUNTED[kinds[batch_id]] == table
    for table in ("bank_statements", "vendor_statements", "bank_lines"):
        for row in rows.get(table, []):
            batch_id = came_in.get((table, row["id"]))
            if table == "bank_lines":
                brought[batch_id or 0] += 1
            else:
                row["batch_id"] = batch_id
    batches = [_batch_row(1, Batch("seed", SOURCE, f"{size} {random_seed} {today}", ()), digest, brought[1])]
    rejects: list[Row] = []
    for n, batch in enumerate(books.batches, 2):
        of_file = hashlib.sha256(f"{batch.file_name} {digest}".encode()).hexdigest()
        batches.append(_batch_row(n, batch, of_file, brought[n]))
        rejects += [_reject_row(n, reject) for reject in batch.rejects]
    for n, row in enumerate(rejects, 1):
        row["id"] = n
    for row, batch in zip(batches, [None, *books.batches], strict=True):
        day = batch.imported_on if batch and batch.imported_on else today
        row["imported_at"] = datetime.combine(day, time(6, 10), UTC)
    return Tables({"import_batches": batches, "import_rejects": rejects} | rows, typed_in, number)


def _batch_row(number: int, batch: Batch, digest: str, added: int) -> Row:
    return {
        "id": number,
        "kind": batch.kind,
        "source": batch.source,
        "file_name": batch.file_name,
        "sha256": digest,
        "rows_read": added + batch.duplicate + len(batch.rejects),
        "added": added,
        "duplicate": batch.duplicate,
        "rejected": len(batch.rejects),
        "actor": _ACTOR,
    }


def _reject_row(batch_id: int, reject: Reject) -> Row:
    return {
        "batch_id": batch_id,
        "line": reject.line,
        "column_name": reject.column,
        "value": reject.value,
        "reason": reject.reason,
        "row_text": json.dumps({"row": reject.row_text}),
        "actor": _ACTOR,
    }
