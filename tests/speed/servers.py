"""The servers that are compared: the app on a ledger, its floor on constants, and the floor with Streamlit's own defaults."""

import os
import subprocess
import sys
import threading
from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.loops import in_a_thread
from tests.postgres import free_port
from tests.speed.client import Session

ROOT = Path(__file__).parents[2]
PATHS = ("", "sites", "balances", "payments", "calls", "risk", "what-if", "reconcile", "import", "admin")
NAMES = {path: path.capitalize().replace("Risk", "Service risk") or "Overview" for path in PATHS}
DEFAULTS = {"STREAMLIT_RUNNER_POST_SCRIPT_GC": "true", "DUEWATCH_BENCH_UNTAMED": "1"}


@dataclass(frozen=True, slots=True)
class Server:
    """A server on this machine. Its processor time does not depend on who else is busy, the clock does."""

    url: str
    process: psutil.Process

    def processor_ms(self) -> float:
        """What it has spent so far."""
        spent = self.process.cpu_times()
        return (spent.user + spent.system) * 1000

    def memory_mb(self) -> float:
        """What it holds."""
        return self.process.memory_info().rss / 2**20


@contextmanager
def served(script: str, **environment: str) -> Generator[Server]:
    """`streamlit run` on a script of this repository, from the line in which it says that it answers."""
    port = free_port()
    command = [sys.executable, "-u", "-m", "streamlit", "run", script, "--server.port", str(port)]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    values = os.environ | {"PYTHONPATH": path, "STREAMLIT_SECRETS_FILES": str(ROOT / "build" / "none.toml")}
    with subprocess.Popen(
        command, cwd=ROOT, env=values | environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        said = []
        for line in process.stdout:
            said.append(line)
            if "URL:" in line:
                break
        else:
            raise RuntimeError("the server did not start:\n" + "".join(said))
        drain = threading.Thread(target=said.extend, args=(process.stdout,), daemon=True)
        drain.start()
        try:
            yield Server(f"http://localhost:{port}", psutil.Process(process.pid))
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:  # its readers may be busy with something that nobody waits for any more
                process.kill()
                process.wait()
            drain.join(timeout=20)


def app(address: str) -> AbstractContextManager[Server]:
    """The app on the ledger at `address`."""
    return served("dashboard.py", DATABASE_URL=address)


def floor(recordings: Path, **environment: str) -> AbstractContextManager[Server]:
    """Its floor; with DEFAULTS as Streamlit comes."""
    return served("tests/speed/floor.py", RECORDINGS=str(recordings), **environment)


def record(address: str, recordings: Path, regions: list[str], paths: Sequence[str] = PATHS) -> None:
    """Keep each page as constants: unfiltered, and for each of `regions` alone."""
    recordings.mkdir(parents=True, exist_ok=True)
    with served("tests/speed/recording.py", DATABASE_URL=address, RECORDINGS=str(recordings)) as server:
        visit(server, regions, paths)


def visit(server: Server, regions: list[str], paths: Sequence[str] = PATHS) -> None:
    """Open every page, unfiltered and for each of `regions` alone."""
    in_a_thread(_visit(server, regions, paths))


async def _visit(server: Server, regions: list[str], paths: Sequence[str]) -> None:
    for path in paths:
        async with Session(server.url) as session:
            await session.open(path)
            for region in [*([name] for name in regions), []]:
                await session.choose("region", region)
