"""`make bench`: what the product costs on a large ledger, beside what one could have at least, in one run.

Writes docs/benchmarks.md after each section, and says on stderr what it does. A section that fails is named there, the others follow,
and the exit code is 1. `--scale 1` is the tenant of three million bills; `--sqlite` and `--postgresql` name ledgers that are there
already and are only read, else they are made; `--sections` leaves some out.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import text

from data_access.account_risks import judge
from data_access.database import Database
from data_access.folding import fold
from data_access.kept_alerts import keep_as_set
from data_access.migrate import upgrade
from data_access.processes import processes_for
from data_access.queries.dimensions import filter_options
from data_access.scope import Scope
from domain.periods import add_months, month_start
from seed.large.tenant import MONTHS, Tenant
from seed.large.writing import write_large
from tests.postgres import running_server
from tests.speed import sections, servers
from tests.speed.commands import Took, took
from tests.speed.crowd import PAGES, Crowd, crowds
from tests.speed.growth import grown
from tests.speed.imports import imported
from tests.speed.page_reads import in_the_past, pages_asked, ways_of_asking
from tests.speed.painted import ELSEWHERE, painted
from tests.speed.posting import posted
from tests.speed.reads import first_look, reads
from tests.speed.report import Report
from tests.speed.reruns import reruns
from tests.speed.servers import ROOT

DAY = timedelta(days=1)
TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
SECTIONS = ("reads", "pages", "reruns", "browser", "sessions", "exports", "verify", "imports", "posting", "growth")
EXPORTS = ("balances --format xlsx", "open-bills --format csv", "payments --format csv", "month-end --format pdf")


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger to measure; how long it took to fill if this run or one before did it."""

    dialect: str
    address: str
    seed_s: float | None = None

    @property
    def title(self) -> str:
        """The database's own name."""
        return TITLES[self.dialect]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write; 1 when a section failed."""
    asked = _parser().parse_args(arguments)
    report = Report(scale=asked.scale, out=Path(asked.out))
    with tempfile.TemporaryDirectory() as place:
        for dialect in asked.databases.split(","):
            with report.section(TITLES[dialect]), ExitStack() as stack:
                given = asked.sqlite if dialect == "sqlite" else asked.postgresql
                tenant = Tenant(1, asked.today - DAY, asked.scale)
                made_now = made(dialect, tenant, Path(asked.ledgers)) if not given else None
                ledger = stack.enter_context(made_now) if made_now else Ledger(dialect, given)
                measure(report, ledger, Path(place) / dialect, asked)
    if "growth" in asked.sections:
        _growth(report, asked)
    sys.stdout.write(report.text("Benchmarks"))
    return 1 if report.failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.speed.bench", description=__doc__)
    parser.add_argument("--scale", type=float, default=0.1, help="how much of the large tenant (default: 0.1)")
    parser.add_argument("--today", type=date.fromisoformat, default=date.today(), help="the ledger's last day (today)")
    parser.add_argument("--databases", default="sqlite,postgresql", help="which, with commas between")
    parser.add_argument("--sqlite", metavar="URL", help="a large ledger that is there already")
    parser.add_argument("--postgresql", metavar="URL", help="the same on PostgreSQL")
    parser.add_argument("--ledgers", default=str(ROOT / "build" / "bench"), help="where made SQLite ledgers are kept")
    parser.add_argument("--sections", type=_listed, default=SECTIONS, help=f"of {','.join(SECTIONS)}")
    parser.add_argument("--pages", type=_listed, default=servers.PATHS, help="paths, with commas between")
    parser.add_argument("--repeats", type=int, default=12, help="runs of each page")
    parser.add_argument(
        "--sessions", type=_numbers, default=[1, 10, 25, 50], help="how many at once, with commas between"
    )
    parser.add_argument("--seconds", type=float, default=40, help="how long they work at each server")
    parser.add_argument("--painted", type=int, default=3, help="how often each page is painted in a browser")
    parser.add_argument("--import-kinds", type=_listed, default=("invoices", "payments", "calls", "statements"))
    parser.add_argument("--import-lines", type=_numbers, default=[10_000, 40_000], help="how long the files are")
    parser.add_argument("--import-scale", type=float, default=0.02, help="the ledgers that they go into")
    parser.add_argument("--growth", type=_listed, help="scales, smallest first (default: 0.01 to --scale by tens)")
    months = "--growth-months"
    parser.add_argument(months, type=_numbers, default=[1, 6, 60], help="of how many months, smallest first")
    parser.add_argument("--open-bills", type=int, default=1200, help="how many are open in each of them")
    parser.add_argument("--out", default=str(ROOT / "docs" / "benchmarks.md"), help="the page to write")
    return parser


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _numbers(text: str) -> list[int]:
    return [int(each) for each in text.split(",")]


@contextmanager
def made(dialect: str, tenant: Tenant, folder: Path) -> Generator[Ledger]:
    """That tenant, asked on the day after: a file that is kept for the next time, or a database of a server of its own."""
    if dialect == "sqlite":
        folder.mkdir(parents=True, exist_ok=True)
        shorter = f"-{tenant.months}-months" if tenant.months < MONTHS else ""
        path = folder / f"large-{tenant.scale:g}-{tenant.open_bills or 'all'}{shorter}-{tenant.today + DAY}.db"
        seconds = path.with_suffix(".seconds")
        if not path.exists():
            seconds.write_text(str(_fill(f"sqlite:///{path}.part", tenant)))
            Path(f"{path}.part").rename(path)
        database = Database(f"sqlite:///{path}")
        upgrade(database)  # it may be of an earlier revision
        _judge(database)  # and of a day before
        database.close()
        yield Ledger(dialect, f"sqlite:///{path}", float(seconds.read_text()) if seconds.exists() else None)
        return
    with running_server() as server, server.new_database() as address:
        yield Ledger(dialect, address, _fill(address, tenant))


def _fill(address: str, tenant: Tenant) -> float:
    """Seconds that it took."""
    began = time.perf_counter()
    database = Database(address)
    upgrade(database)
    write_large(database, tenant, "operator")
    _judge(database)
    database.close()
    return time.perf_counter() - began


def _judge(database: Database) -> None:
    """As `seed` does: else each page would judge every account. Pages ask for the day that it is."""
    fold(database)
    judge(database, date.today(), processes_for(database))
    keep_as_set(database, date.today(), processes_for(database))


def measure(report: Report, ledger: Ledger, recordings: Path, asked: argparse.Namespace) -> None:
    """All of it on one database."""
    title, address, paths = ledger.title, ledger.address, asked.pages
    database = Database(address)
    with database.reading(Scope.all_sites()) as connection:
        regions = list(filter_options(connection, Scope.all_sites()).regions)[:2]
        if ledger.dialect == "postgresql":
            number, memory = (connection.scalar(text(f"SHOW {name}")) for name in ("server_version", "shared_buffers"))
            report.servers.append(f"PostgreSQL {number.split()[0]} with shared_buffers of {memory}")
    if "reads" in asked.sections:
        with report.section(f"{title}: reads beside SQL"):
            seconds = first_look(database, asked.today)
            sections.raw_reads(report, title, seconds, reads(database, asked.today, min(asked.repeats, 3)))
    ways = ways_of_asking(database)
    database.close()
    if "pages" in asked.sections:
        with report.section(f"{title}: every read of every page"):
            days = [None, in_the_past(asked.today)]
            sections.page_reads(report, title, pages_asked(address, days, min(asked.repeats, 4), paths, ways))
    if {"reruns", "browser", "sessions"} & set(asked.sections):
        with report.section(f"{title}: the floor"):
            between = ELSEWHERE if "browser" in asked.sections else ()
            servers.record(address, recordings, regions, tuple(dict.fromkeys((*paths, *between))))
            _beside_the_floor(report, ledger, recordings, regions, asked)
    if "exports" in asked.sections:
        with report.section(f"{title}: exports"), tempfile.TemporaryDirectory() as place:
            sections.exports(
                report, title, [(each, _exported(each, ledger, Path(place), asked.today)) for each in EXPORTS]
            )
    if "verify" in asked.sections:
        with report.section(f"{title}: verify"):
            sections.keeping(report, title, took(address, "verify"), ledger.seed_s)
    if "imports" in asked.sections:
        with report.section(f"{title}: imports"):
            found = imported(ledger.dialect, asked.import_kinds, asked.import_lines, asked.import_scale)
            sections.imports(report, title, list(found))
    if "posting" in asked.sections:
        with report.section(f"{title}: posting"):
            sections.posting(report, title, posted(ledger.dialect))


def _beside_the_floor(
    report: Report, ledger: Ledger, recordings: Path, regions: list[str], asked: argparse.Namespace
) -> None:
    title, address, paths = ledger.title, ledger.address, asked.pages
    with servers.app(address) as app, servers.floor(recordings) as floor:
        if "reruns" in asked.sections:
            with report.section(f"{title}: reruns"), servers.floor(recordings, **servers.DEFAULTS) as default:
                sections.reruns(report, title, reruns([app, floor, default], regions, asked.repeats, paths))
        if "browser" in asked.sections:
            with report.section(f"{title}: browser"):
                sections.painted(report, title, painted([app, floor], regions, asked.painted, paths))
    for count in asked.sessions if "sessions" in asked.sections else ():
        with report.section(f"{title}: {count} at once"):
            sections.crowds(report, title, count, *_crowds(address, recordings, count, regions, asked))


def _crowds(address: str, recordings: Path, count: int, regions: list[str], asked: argparse.Namespace) -> list[Crowd]:
    """The app and its floor, each in a process that has served nobody else."""
    pages = [path for path in PAGES if path in asked.pages] or asked.pages
    with servers.app(address) as app, servers.floor(recordings) as floor:
        for server in (app, floor):
            servers.visit(server, regions, pages)
        return crowds([app, floor], count, asked.seconds, regions, pages)


def _exported(what: str, ledger: Ledger, place: Path, today: date) -> Took:
    name, _, kind = what.partition(" --format ")
    last = add_months(month_start(today), -1)
    more = ["--month", f"{last:%Y-%m}"] if name == "month-end" else []
    more += ["--from", str(last)] if name == "payments" else []
    return took(ledger.address, "export", name, "--format", kind, *more, "--out", str(place / f"{name}.{kind}"))


def _growth(report: Report, asked: argparse.Namespace) -> None:
    """The same open bills: with more and more months of one organisation, and of larger and larger ones."""
    whole = Tenant(1, asked.today - DAY, asked.scale, asked.open_bills)
    scales = [float(each) for each in asked.growth or ()] or [s for s in (0.01, 0.1, 1.0) if s <= max(asked.scale, 0.1)]
    for what, tenants in (
        ("history", [replace(whole, months=months) for months in asked.growth_months]),
        ("size", [replace(whole, scale=scale) for scale in scales]),
    ):
        with report.section(f"SQLite: growth of {what}"), ExitStack() as stack:
            ledgers = []
            for tenant in tenants:
                which = f"{tenant.months} months at {tenant.scale:g} with {asked.open_bills:,} open bills"
                with report.section(f"SQLite: the ledger of {which}"):
                    ledgers.append(stack.enter_context(made("sqlite", tenant, Path(asked.ledgers))).address)
            sections.growth(report, what, grown(ledgers, min(asked.repeats, 5), asked.pages))


if __name__ == "__main__":
    sys.exit(main())
