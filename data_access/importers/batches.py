"""An import from end to end: read, decide, and write it all in one transaction. The API of the page and the terminal."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, insert, text
from sqlalchemy.exc import IntegrityError

from data_access.collection import collecting_rarely
from data_access.database import Database, Writing
from data_access.folding import fold_many
from data_access.importers.bulk import insert_rows
from data_access.importers.card_guard import CardGuard
from data_access.importers.columns import Source, match_columns, wanted_columns
from data_access.importers.context import Context, Planner
from data_access.importers.conventions import learn
from data_access.importers.directory import Directory
from data_access.importers.errors import ImportRefusedError
from data_access.importers.existing import batches
from data_access.importers.fields import Kind
from data_access.importers.landing import Landing
from data_access.importers.options import Options, check_options, kind_named
from data_access.importers.planners import PLANNERS
from data_access.importers.reading.limits import Limits
from data_access.importers.reading.table import Table, read_table
from data_access.importers.report import Report
from data_access.importers.rows import RowReader
from data_access.importers.tally import Tally, visible
from data_access.kept_sums import SUMS
from data_access.schema import import_batches, import_rejects
from domain.masking import ACCOUNT_NUMBERS

# (rows done, rows to do): every row is decided, then written.
Progress = Callable[[int, int], None]

_ROWS_AT_ONCE = 2_000
_IMPORT_LOCK = 0x44756579
_TRIES = 4


def preview(
    database: Database,
    kind: str,
    path: Path,
    options: Options,
    *,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> Report:
    """What `accept` would do, without writing anything or keeping anybody waiting. Raises ImportRefusedError."""
    with (
        collecting_rarely(),
        _Import(kind, path, options, progress, limits) as planned,
        database.reading(options.scope) as connection,
    ):
        planned.plan(connection, locking=False)
        return planned.report(dry_run=True)


def accept(
    database: Database,
    actor: str,
    kind: str,
    path: Path,
    options: Options,
    *,
    progress: Progress | None = None,
    limits: Limits | None = None,
) -> Report:
    """Import a file: its good rows land in one transaction, its bad ones are kept with their reasons.

    Raises ImportRefusedError (and writes nothing) when the file as a whole cannot be read for certain.
    """
    with collecting_rarely(), _Import(kind, path, options, progress, limits) as planned:
        for left in reversed(range(_TRIES)):
            try:
                report = database.writing(actor, options.scope, planned.run)
                fold_many(database)
                database.gather_statistics(planned.inserted | dict.fromkeys(SUMS, planned.inserted.total()))
                return report
            except IntegrityError as error:
                # Somebody else changed what the plan rested on: decide again on what is there now.
                if not left:
                    reason = str(error.orig).splitlines()[0]
                    raise ImportRefusedError(
                        f"{planned.name}: the ledger refused the batch ({reason}); nothing was written. Try again"
                    ) from error
    raise AssertionError("unreachable")


class _Import:
    """One file, read once; planned as often as its transaction is tried."""

    def __init__(
        self, kind: str, path: Path, options: Options, progress: Progress | None, limits: Limits | None
    ) -> None:
        self._kind: Kind = kind_named(kind)
        check_options(self._kind, options)
        self._options = options
        self._progress = progress or (lambda _done, _total: None)
        self.name = visible(options.file_name or path.name)
        self._table: Table = read_table(path, wanted_columns(self._kind, options), options.sheet, limits, self.name)
        try:
            self._sources: list[Source] = match_columns(self._kind, options, self._table.columns)
            self._reader = RowReader(self._sources, learn(self._table, self._sources, options), self._kind.needs)
        except ImportRefusedError:
            self._table.close()
            raise
        self._tally = self._new_tally()
        self._planner: Planner
        self._context: Context
        self.inserted: Counter[str] = Counter()  # rows by table

    def __enter__(self) -> "_Import":
        return self

    def __exit__(self, *_: object) -> None:
        self._table.close()

    def plan(self, connection: Connection, *, locking: bool) -> None:
        """Decide every row."""
        options = self._options
        self._tally = self._new_tally()
        directory = Directory(connection, options.scope, create=options.create_missing)
        self._context = Context(connection, self._table, self._reader, options, directory, self._tally, locking)
        self._planner = PLANNERS[self._kind.name](self._context)
        guard = CardGuard(self._context, self._kind)
        done = 0
        for rows in batches(self._reader.rows(self._table), _ROWS_AT_ONCE):
            for row in rows:
                row.problem = row.problem or guard.problem(row)
                if row.problem is not None:
                    self._tally.reject(row, row.problem)
            self._planner.take([row for row in rows if row.problem is None])
            done += len(rows)
            self._progress(done, 2 * self._table.row_count)
        if guard.taken_out:
            self._tally.findings.append(
                f"{guard.taken_out} texts hold what looks like a payment card number: kept without it"
            )
        self._planner.finish()
        created = self._tally.created
        for name, newcomers in zip(("sites", "vendors", "accounts"), directory.newcomers(), strict=True):
            setattr(created, name, getattr(created, name) + len(newcomers))

    def run(self, writing: Writing) -> Report:
        """Decide and write, in the transaction of `writing`."""
        if writing.connection.dialect.name == "postgresql":
            # Imports queue, so that two of the same file cannot both find its rows missing.
            writing.connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _IMPORT_LOCK})
        self.plan(writing.connection, locking=True)
        report = self.report(dry_run=False)
        total = self._table.row_count
        done = total

        def written(count: int) -> None:
            nonlocal done
            done = min(done + count, 2 * total)
            self._progress(done, 2 * total)

        landing = Landing(writing, self._context.directory, report.source, written)
        report.batch_id = landing.batch_id = self._batch(writing, report)
        landing.create_names()
        self._planner.write(landing)
        self.inserted = landing.inserted
        self._keep_rejects(writing, landing.batch_id)
        after = {"kind": report.kind, "source": report.source, "file": report.file, "sha256": report.sha256}
        if self._options.accept_envelope:
            after["accept_envelope"] = "; ".join(report.findings)
        counts = {name: getattr(report, name) for name in ("read", "added", "duplicate", "rejected", "changed")}
        writing.record("import", "import_batches", report.batch_id, after=after | counts)
        self._progress(2 * total, 2 * total)
        return report

    def report(self, *, dry_run: bool) -> Report:
        """What was decided."""
        table = self._table
        report = Report(self._kind.name, self.name, self._options.source.strip(), table.sha256, dry_run)
        report.skipped = [skip | {"reason": visible(str(skip["reason"]))} for skip in table.skipped]
        given = tuple(f"--map {name}==" for name in self._options.constants)
        report.findings = [
            visible(finding, 500) for finding in table.findings if not any(advice in finding for advice in given)
        ]
        report.documents = [{name: visible(text) for name, text in bill.items()} for bill in table.documents]
        report.columns = {source.field.name: source.title for source in self._sources}
        return self._tally.fill(report)

    def _new_tally(self) -> Tally:
        fields = ((source.index, source.field.name) for source in self._sources)
        numbers = {index: name for index, name in fields if name in ACCOUNT_NUMBERS and index is not None}
        return Tally(self._table.columns, numbers)

    def _batch(self, writing: Writing, report: Report) -> int:
        row = {
            "kind": report.kind,
            "source": report.source,
            "file_name": report.file,
            "sha256": report.sha256,
            "rows_read": report.read,
            "added": report.added,
            "duplicate": report.duplicate,
            "rejected": report.rejected,
            "options": self._options.as_text(),
            "actor": writing.actor,
            "imported_at": writing.at,
        }
        return writing.connection.execute(insert(import_batches).returning(import_batches.c.id), [row]).scalar_one()

    def _keep_rejects(self, writing: Writing, batch_id: int) -> None:
        for chunk in self._tally.rejects.chunks():
            rows = [
                {
                    "batch_id": batch_id,
                    "line": reject.line,
                    "column_name": reject.column,
                    "value": reject.value,
                    "reason": reject.reason,
                    "row_text": row_text,
                    "actor": writing.actor,
                }
                for reject, row_text in chunk
            ]
            insert_rows(writing.connection, import_rejects, rows)
