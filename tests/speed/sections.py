"""The sections of the report: what was measured as a table, and the bars that it is held against."""

from collections.abc import Sequence

from tests.speed.commands import Took
from tests.speed.crowd import Crowd
from tests.speed.growth import Grown, growth_of
from tests.speed.imports import Imported
from tests.speed.page_reads import EVERYTHING, FEW_SITES, MANY_SITES, Asked
from tests.speed.painted import Painted
from tests.speed.posting import Posted
from tests.speed.reads import Read
from tests.speed.report import Bar, Report
from tests.speed.reruns import Rerun
from tests.speed.servers import NAMES

TOLD_FROM = 10  # milliseconds: what costs less is not told read by read


def raw_reads(report: Report, title: str, first_look_s: float, found: Sequence[Read]) -> None:
    """The product's reads beside SQL. first_look_s: what judging the day in the past took, once."""
    report.table(
        f"{title}: reads beside SQL",
        "Milliseconds on the clock, the quickest of some, warm, unfiltered: the product's read, the same as of a day seven months "
        "before, the plain SQL with the ledger's indexes, and without any. Held against the indexed SQL is the quicker of the two. "
        f"The risk of that day is judged once, beside the first page of it, and kept: {first_look_s:.1f} s (0.0 where it was kept before).",
        ("read", "ours", "in the past", "indexed SQL", "naive SQL"),
        [(each.name, each.ours, each.past, each.indexed, each.naive) for each in found],
    )
    ours, naive = (sum(getattr(each, kind) for each in found) for kind in ("ours", "naive"))
    indexed = sum(min(each.indexed, each.naive) for each in found)
    report.bars += [
        Bar(f"{title}: reads together against naive SQL", ours / naive, 1 / 100),
        Bar(f"{title}: reads together against indexed SQL", ours / indexed, 1 / 20),
        Bar(f"{title}: slowest of these reads, ms", max(each.ours for each in found), 50.0),
        Bar(f"{title}: slowest of these reads of a day in the past, ms", max(each.past for each in found), 150.0),
    ]


def page_reads(report: Report, title: str, found: Sequence[Sequence[Asked]]) -> None:
    """Every read of every page."""
    report.table(
        f"{title}: every read of every page",
        "Milliseconds, the quickest of some: the page's run with nothing kept on the clock, its reads together, and the slowest one of "
        "them (SQLite: of the processor; PostgreSQL: on the clock); today, and as of a day seven months before. Unfiltered, filtered "
        f"by the first region, vendor or service type, and of viewers of {FEW_SITES} and {MANY_SITES} sites.",
        ("page", "of", "run", "reads", "slowest", "", "past run", "reads", "slowest", ""),
        [
            (
                *(NAMES[now.path], now.ask.name),
                *(now.run, now.together, now.slowest, now.name),
                *(then.run, then.together, then.slowest, then.name),
            )
            for now, then in found
        ],
    )
    slow = [
        (NAMES[now.path], now.ask.name, name, now.reads.get(name, ""), then.reads.get(name, ""))
        for now, then in found
        for name in dict.fromkeys((*now.reads, *then.reads))
        if max(now.reads.get(name, 0.0), then.reads.get(name, 0.0)) >= TOLD_FROM
    ]
    report.table(
        f"{title}: each read of {TOLD_FROM} ms and more",
        "The same, read by read. What a page asks twice is numbered.",
        ("page", "of", "read", "today", "past"),
        slow,
    )
    for path in dict.fromkeys(now.path for now, _ in found):
        name = NAMES[path]
        for which, days in (("", [each for each in found if each[0].ask is EVERYTHING]), (" however asked for", found)):
            of_page = [each for each in days if each[0].path == path]
            now, then = (max(each[index].slowest for each in of_page) for index in (0, 1))
            report.bars += [
                Bar(f"{title}: slowest read of {name}{which}, ms", now, 50.0),
                Bar(f"{title}: slowest read of {name}{which} in the past, ms", then, 150.0),
            ]


def reruns(report: Report, title: str, found: Sequence[Sequence[Rerun]]) -> None:
    """Reruns at the websocket, of the app, its floor and Streamlit's default floor."""
    report.table(
        f"{title}: a rerun at the websocket",
        "Medians of milliseconds from the choice of another region to the run's last message, and means of processor time; the same "
        "for the floor, and for the floor with Streamlit's own defaults; kilobytes sent by the app and the floor. The reads are cached.",
        (
            "page",
            "clock",
            "floor",
            "default",
            "processor",
            "floor",
            "default",
            "kB",
            "floor",
            "clock ratio",
            "processor ratio",
        ),
        [
            (NAMES[app.path], app.clock, floor.clock, default.clock, app.processor, floor.processor, default.processor)
            + (app.size / 1024, floor.size / 1024, app.clock / floor.clock, app.processor / floor.processor)
            for app, floor, default in found
        ],
    )
    for app, floor, default in found:
        report.bars += [
            Bar(f"{title}: rerun of {NAMES[app.path]} against the floor", app.clock / floor.clock, 1.5),
            Bar(f"{title}: rerun of {NAMES[app.path]} against the default", app.clock / default.clock, 0.5),
        ]


def painted(report: Report, title: str, found: Sequence[Sequence[Painted]]) -> None:
    """Times to painted in a browser."""
    rows = [
        (NAMES[app.path], app.warm, floor.warm, app.change, floor.change)
        + (app.warm / floor.warm, app.change / floor.change)
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


def crowds(report: Report, title: str, count: int, app: Crowd, floor: Crowd) -> None:
    """So many sessions at once."""
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


def exports(report: Report, title: str, found: Sequence[tuple[str, Took]]) -> None:
    """Files from a terminal."""
    report.table(
        f"{title}: exports",
        "manage.py export in a process of its own: seconds on the clock, of its processor, and the most memory in MB.",
        ("what", "clock", "processor", "memory"),
        [(name, each.clock, each.processor, each.mb) for name, each in found],
    )


def keeping(report: Report, title: str, verify: Took, seed_s: float | None) -> None:
    """Filling and verifying the ledger."""
    rows = [("verify", verify.clock, verify.processor, verify.mb)]
    if seed_s is not None:
        rows.append(("seed", seed_s, "", ""))
        report.bars.append(Bar(f"{title}: seed, s", seed_s, 600.0))
    report.bars.append(Bar(f"{title}: verify, s", verify.clock, 180.0))
    report.table(
        f"{title}: seed and verify",
        "Seconds on the clock, of the process's processor, and the most memory in MB.",
        ("what", "clock", "processor", "memory"),
        rows,
    )


def imports(report: Report, title: str, found: Sequence[Imported]) -> None:
    """Imports beside executemany or COPY."""
    report.table(
        f"{title}: imports",
        "Processor seconds of an import with all checks (process, reading child, server), of the same rows by executemany or COPY into the "
        "ledger's own tables, and into bare ones; most memory in MB.",
        ("kind", "lines", "import", "ledger", "ratio", "bare", "ratio", "memory"),
        [
            (
                each.kind,
                each.lines,
                each.whole,
                each.ledger,
                each.whole / each.ledger,
                each.bare,
                each.whole / each.bare,
            )
            + (each.took["rss"],)
            for each in found
        ],
    )
    for kind in dict.fromkeys(each.kind for each in found):
        of_kind = sorted((each for each in found if each.kind == kind), key=lambda each: each.lines)
        first, last = of_kind[0], of_kind[-1]
        report.bars.append(Bar(f"{title}: import of {kind} against the bare write", last.whole / last.ledger, 6.0))
        if first is not last:
            grown = last.took["rss"] / first.took["rss"]
            report.bars.append(Bar(f"{title}: memory of {last.lines:,} {kind} against {first.lines:,}", grown, 1.2))


def posting(report: Report, title: str, found: Sequence[Posted]) -> None:
    """One payment with what is kept beside the ledger and without."""
    report.table(
        f"{title}: posting one payment",
        "Milliseconds of the processor (process and server), medians, with the sums, marks and days that are kept beside the ledger and without; "
        "and what adding up the sums takes afterwards, a payment.",
        ("how", "with", "without", "ratio", "later"),
        [(each.how, each.there, each.without, each.there / each.without, each.later) for each in found],
    )
    report.bars += [
        Bar(f"{title}: posting {each.how} against none kept", each.there / each.without, 1.5) for each in found
    ]


GROWTH = {
    "history": "the same number of open bills and more and more months of the same organisation",
    "size": "the same number of open bills and more and more sites, accounts and history",
}


def growth(report: Report, what: str, found: Sequence[Grown]) -> None:
    """Pages of more and more history with the same open bills; `what` grows: one of GROWTH."""
    ratios = growth_of(found)
    report.table(
        f"SQLite: growth of {what}",
        f"Milliseconds of the processor for each page's run with nothing kept, the mean of some, with {GROWTH[what]}.",
        ("page", *(f"{each.bills:,} bills" for each in found), "ratio"),
        [
            (NAMES[page.path], *(each.pages[number].processor for each in found), ratios[number])
            for number, page in enumerate(found[0].pages)
        ],
    )
    report.bars += [
        Bar(f"SQLite: {NAMES[page.path]} with the growth of {what}", ratio, 1.3)
        for page, ratio in zip(found[0].pages, ratios, strict=True)
    ]
