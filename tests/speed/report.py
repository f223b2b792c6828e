"""What was measured, as tables in Markdown, and each bar as held or missed."""

import os
import platform
import sys
import time
import traceback
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import psutil

LIBRARIES = ("streamlit", "plotly", "pandas", "sqlalchemy", "psycopg", "pysqlite3")


@dataclass(frozen=True, slots=True)
class Bar:
    """Something that the product promises: `value` at most `most`."""

    what: str
    value: float
    most: float

    def line(self) -> str:
        """As a row of the table of bars."""
        said = "held" if self.value <= self.most else "**missed**"
        return f"| {self.what} | {figure(self.value)} | {figure(self.most)} | {said} |"


@dataclass
class Report:
    """Sections in the order in which they were measured; written to `out` after each, so that a run cut short has left something."""

    bars: list[Bar] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    scale: float = 1.0
    servers: list[str] = field(default_factory=list)  # databases that are servers, and how they are set up
    out: Path | None = None

    @contextmanager
    def section(self, title: str) -> Generator[None]:
        """What is measured in the block. Should it fail, the page says so and the next section follows."""
        began = time.perf_counter()
        _say(f"{title} ...")
        try:
            yield
        except Exception as error:
            _say(traceback.format_exc())
            self.failed.append(title)
            self.sections.append(f"## {title}\n\nThis section failed: {type(error).__name__}.")
        _say(f"{title}: {time.perf_counter() - began:.0f} s")
        if self.out is not None:
            self.out.write_text(self.text("Benchmarks"))

    def table(self, title: str, note: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Add a section: what it is, how it was measured, and the figures."""
        lines = [f"## {title}", "", note, "", row(heads), row(["---"] + ["---:"] * (len(heads) - 1))]
        self.sections.append("\n".join([*lines, *(row(map(figure, each)) for each in rows)]))

    def text(self, title: str) -> str:
        """The whole page."""
        bars = [row(("bar", "measured", "at most", "")), row(("---", "---:", "---:", "---"))]
        held = sum(bar.value <= bar.most for bar in self.bars)
        head = f"{held} of {len(self.bars)} bars held. Ratios are of one run, in which both sides met the same load."
        if self.failed:
            head += f" **Failed: {', '.join(self.failed)}.**"
        parts = [
            f"# {title}",
            machine(self.scale, self.servers),
            head,
            "\n".join(bars + [bar.line() for bar in self.bars]),
        ]
        return "\n\n".join([*parts, *self.sections]) + "\n"


def _say(what: str) -> None:
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")


def machine(scale: float, servers: Sequence[str] = ()) -> str:
    """What it was measured on: nothing that names the machine."""
    memory = psutil.virtual_memory().total / 2**30
    libraries = ", ".join([*(f"{name} {version(name)}" for name in LIBRARIES), *servers])
    return (
        f"The large tenant at scale {scale:g}; {os.cpu_count()} cores, {memory:.0f} GB of memory, load "
        f"{os.getloadavg()[0]:.1f} at the end; Python {platform.python_version()}, {libraries}."
    )


def row(cells: Sequence[object]) -> str:
    """One line of a table."""
    return "| " + " | ".join(map(str, cells)) + " |"


def figure(value: object) -> str:
    """A number with as many digits as it can carry."""
    if not isinstance(value, float):
        return f"{value:,}" if isinstance(value, int) else str(value)
    if abs(value) < 0.1:
        return f"{value:.2g}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"
