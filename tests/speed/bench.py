"""`make bench`: what the product costs on a large ledger, beside what one could have at least, in one run.

Writes docs/benchmarks.md. `--scale 1` is the tenant of three million bills; `--sqlite` and `--postgresql` name ledgers that are there
already, else they are made.
"""

import argparse
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from pathlib import Path

from data_access.database import Database
from data_access.migrate import upgrade
from data_access.queries.dimensions import filter_options
from data_access.scope import Scope
from seed.large.tenant import Tenant
from seed.large.writing import write_large
from tests.postgres import running_server
from tests.speed import servers
from tests.speed.crowd import PAGES, crowd
from tests.speed.growth import Grown, grown, growth_of
from tests.speed.painted import Painted, painted
from tests.speed.reads import reads
from tests.speed.report import Bar, Report
from tests.speed.reruns import Rerun, reruns
from tests.speed.servers import NAMES, ROOT

TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write."""
    asked = _parser().parse_args(arguments)
    report = Report()
    with ExitStack() as stack, tempfile.TemporaryDirectory() as place:
        for dialect in asked.databases.split(","):
            given = asked.sqlite if dialect == "sqlite" else asked.postgresql
            address = given or stack.enter_context(made(dialect, asked.scale, asked.today, Path(asked.ledgers)))
            measure(report, dialect, address, Path(place) / dialect, asked)
    if asked.growth:
        scales = [float(scale) for scale in asked.growth.split(",")]
        with ExitStack() as stack:
            ledgers = [
                stack.enter_context(made("sqlite", scale, asked.today, Path(asked.ledgers), asked.open_bills))
                for scale in scales
            ]
            _growth(report, grown(ledgers, asked.today, asked.repeats))
    sys.stdout.write(_written(report, asked))
    return 0


def _written(report: Report, asked: argparse.Namespace) -> str:
    """The page as far as it is measured: a long run that is cut short has left something."""
    text = report.text("Benchmarks", asked.scale)
    Path(asked.out).write_text(text)
    return text


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.speed.bench", description=__doc__)
    parser.add_argument("--scale", type=float, default=0.1, help="how much of the large tenant (default: 0.1)")
    parser.add_argument("--today", type=date.fromisoformat, default=date.today(), help="the ledger's last day (today)")
    parser.add_argument("--databases", default="sqlite,postgresql", help="which, with commas between")
    parser.add_argument("--sqlite", metavar="URL", help="a large ledger that is there already")
    parser.add_argument("--postgresql", metavar="URL", help="the same on PostgreSQL")
    parser.add_argument("--ledgers", default=str(ROOT / "build" / "bench"), help="where made SQLite ledgers are kept")
    parser.add_argument("--repeats", type=int, default=12, help="runs of each page")
    parser.add_argument("--sessions", default="1,10,25,50", help="how many at once, with commas between")
    parser.add_argument("--seconds", type=float, default=20, help="how long they work")
    parser.add_argument(
        "--browser", type=int, default=5, help="how often each page is painted in a browser; 0: not at all"
    )
    parser.add_argument(
        "--growth", default="0.01,0.1", help="scales with the same open bills, smallest first; empty: none"
    )
    parser.add_argument("--open-bills", type=int, default=1200, help="how many are open there")
    parser.add_argument("--pages", default=",".join(servers.PATHS), help="paths, with commas between")
    parser.add_argument("--out", default=str(ROOT / "docs" / "benchmarks.md"), help="the page to write")
    return parser


@contextmanager
def made(dialect: str, scale: float, today: date, folder: Path, open_bills: int | None = None) -> Generator[str]:
    """The large tenant at that scale: a file that is kept for the next time, or a database of a server of its own."""
    if dialect == "sqlite":
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"large-{scale:g}-{open_bills or 'all'}-{today}.db"
        if not path.exists():
            _fill(f"sqlite:///{path}.part", scale, today, open_bills)
            Path(f"{path}.part").rename(path)
        yield f"sqlite:///{path}"
        return
    with running_server() as server, server.new_database() as address:
        _fill(address, scale, today)
        yield address


def _fill(address: str, scale: float, today: date, open_bills: int | None = None) -> None:
    database = Database(address)
    upgrade(database)
    write_large(database, Tenant(1, today - timedelta(days=1), scale, open_bills), "operator")
    database.close()


def measure(report: Report, dialect: str, address: str, recordings: Path, asked: argparse.Namespace) -> None:
    """All of it on one database."""
    title = TITLES[dialect]
    database = Database(address)
    with database.reading(Scope.all_sites()) as connection:
        regions = list(filter_options(connection, Scope.all_sites()).regions)[:2]
    _reads(report, title, database, asked.today, asked.repeats)
    database.close()
    _written(report, asked)
    paths = tuple(asked.pages.split(","))
    servers.record(address, recordings, regions, paths)
    with (
        servers.app(address) as app,
        servers.floor(recordings) as floor,
        servers.floor(recordings, **servers.DEFAULTS) as default,
    ):
        _reruns(report, title, reruns([app, floor, default], regions, asked.repeats, paths))
        _written(report, asked)
        if asked.browser:
            _painted(report, title, painted([app, floor], regions, asked.browser, paths))
    for count in map(int, filter(None, asked.sessions.split(","))):
        _written(report, asked)
        _crowds(report, title, address, recordings, count, regions, asked)


def _reads(report: Report, title: str, database: Database, as_of: date, repeats: int) -> None:
    found = reads(database, as_of, min(repeats, 3))
    report.table(
        f"{title}: reads",
        "Milliseconds on the clock, the quickest of some, warm, unfiltered: the product's read, the same as of a day seven months "
        "before, the plain SQL with the ledger's indexes, and without any.",
        ("read", "ours", "in the past", "indexed SQL", "naive SQL"),
        [(each.name, each.ours, each.past, each.indexed, each.naive) for each in found],
    )
    ours, indexed, naive = (sum(getattr(each, kind) for each in found) for kind in ("ours", "indexed", "naive"))
    report.bars += [
        Bar(f"{title}: reads together against naive SQL", ours / naive, 1 / 100),
        Bar(f"{title}: reads together against indexed SQL", ours / indexed, 1 / 20),
        Bar(f"{title}: slowest read, ms", max(each.ours for each in found), 50.0),
        Bar(f"{title}: slowest read of a day in the past, ms", max(each.past for each in found), 150.0),
    ]


def _reruns(report: Report, title: str, found: list[list[Rerun]]) -> None:
    rows = []
    for app, floor, default in found:
        rows.append(
            (NAMES[app.path], app.clock, floor.clock, default.clock, app.processor, floor.processor, default.processor)
        )
        rows[-1] += (app.clock / floor.clock, app.processor / floor.processor)
    report.table(
        f"{title}: a rerun at the websocket",
        "Medians of milliseconds from the choice of another region to the run's last message, and means of processor time; the same "
        "for the floor, and for the floor with Streamlit's own defaults. The reads are cached.",
        ("page", "clock", "floor", "default", "processor", "floor", "default", "clock ratio", "processor ratio"),
        rows,
    )
    for app, floor, default in found:
        report.bars += [
            Bar(f"{title}: rerun of {NAMES[app.path]} against the floor", app.clock / floor.clock, 1.5),
            Bar(f"{title}: rerun of {NAMES[app.path]} against the default", app.clock / default.clock, 0.5),
        ]


def _painted(report: Report, title: str, found: list[list[Painted]]) -> None:
    rows = [
        (
            NAMES[app.path],
            app.warm,
            floor.warm,
            app.change,
            floor.change,
            app.warm / floor.warm,
            app.change / floor.change,
        )
        for app, floor in found
    ]
    report.table(
        f"{title}: in a browser",
        "Medians of milliseconds from the click to the page's last change: going to a page that was open before, and choosing another "
        "region there.",
        ("page", "warm", "floor", "change", "floor", "warm ratio", "change ratio"),
        rows,
    )
    for name, *_, warm, change in rows:
        report.bars += [
            Bar(f"{title}: {name} warm in a browser against the floor", warm, 1.1),
            Bar(f"{title}: a filter change of {name} in a browser against the floor", change, 1.2),
        ]


def _growth(report: Report, found: list[Grown]) -> None:
    report.table(
        "SQLite: growth",
        "Milliseconds of each read, with the same number of open bills and more and more history.",
        ("read", *(f"{each.bills:,} bills" for each in found), "ratio"),
        [
            (name, *(each.reads[index].ours for each in found), ratio)
            for index, (name, ratio) in enumerate(growth_of(found).items())
        ],
    )
    worst = max(growth_of(found).values())
    report.bars.append(Bar("SQLite: growth of the read that grows most", worst, 1.3))


def _crowds(
    report: Report,
    title: str,
    address: str,
    recordings: Path,
    count: int,
    regions: list[str],
    asked: argparse.Namespace,
) -> None:
    """The app, then its floor, each in a process that has served nobody else."""
    met = []
    pages = [path for path in PAGES if path in asked.pages.split(",")] or asked.pages.split(",")
    for server in (servers.app(address), servers.floor(recordings)):
        with server as running:
            servers.visit(running, regions, pages)
            met.append(crowd(running, count, asked.seconds, regions, pages))
    app, floor = met
    kinds = ("acts", "p50", "p95", "processor", "memory_mb")
    report.table(
        f"{title}: {count} at once",
        "Each acts every one to five seconds, on pages whose reads are cached. Milliseconds; the processor's an act; memory in MB at the end.",
        ("", "acts", "p50", "p95", "processor", "memory"),
        [(name, *(getattr(each, kind) for kind in kinds)) for name, each in (("app", app), ("floor", floor))],
    )
    if count == 25:
        report.bars += [
            Bar(f"{title}: p50 of 25 at once against the floor", app.p50 / floor.p50, 1.3),
            Bar(f"{title}: p95 of 25 at once against the floor", app.p95 / floor.p95, 1.5),
            Bar(f"{title}: memory at 25 against the floor", app.memory_mb / floor.memory_mb, 1.6),
        ]


if __name__ == "__main__":
    sys.exit(main())
