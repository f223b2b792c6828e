"""Where each row came from: an imported file, the seed's own batch, or somebody who typed it in lately."""

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from seed.bank_rows import bank_rows
from seed.books import Batch, Organisation, Reject
from seed.ledger_rows import ledger_rows
from seed.rows import Numbers, Row, people_rows, reference_rows, terms_rows

SOURCE = _ACTOR = "seed"
TYPED_IN_DAYS = 30
_LEDGER = ("invoices", "charges", "calls", "payments", "allocations", "reversals", "disputes", "notices")


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
    if books.statements:
        rows |= bank_rows(books, number)
    digest = fingerprint(rows)
    file_batch = {number(bill): n for n, batch in enumerate(books.batches, 2) for bill in batch.bills}
    typed_in: list[tuple[str, Row]] = []
    brought = Counter[int]()
    for name in _LEDGER:
        table = "payments" if name == "reversals" else name
        for row in rows[name]:
            if _is_typed_in(table, row, today - timedelta(days=TYPED_IN_DAYS)):
                row |= {"batch_id": None, "source": None, "external_id": None, "import_key": None}
                typed_in.append((table, row))
                continue
            batch_id = file_batch.get(row["id"], 1) if table == "invoices" else 1
            external_id = f"{table}-{row['id']}"
            row |= {
                "batch_id": batch_id,
                "source": SOURCE,
                "external_id": external_id,
                "import_key": f"id:{external_id}",
            }
            brought[batch_id] += 1
    batches = [_batch_row(1, Batch("seed", SOURCE, f"{size} {random_seed} {today}", [], []), digest, brought[1])]
    rejects: list[Row] = []
    for n, batch in enumerate(books.batches, 2):
        of_file = hashlib.sha256(f"{batch.file_name} {digest}".encode()).hexdigest()
        batches.append(_batch_row(n, batch, of_file, brought[n]))
        rejects += [_reject_row(n, reject) for reject in batch.rejects]
    for n, row in enumerate(rejects, 1):
        row["id"] = n
    for row in batches:
        row["imported_at"] = datetime.combine(today, time(6, 10), UTC)
    return Tables({"import_batches": batches, "import_rejects": rejects} | rows, typed_in, number)


def _batch_row(number: int, batch: Batch, digest: str, added: int) -> Row:
    return {
        "id": number,
        "kind": batch.kind,
        "source": batch.source,
        "file_name": batch.file_name,
        "sha256": digest,
        "rows_read": added + len(batch.rejects),
        "added": added,
        "duplicate": 0,
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
