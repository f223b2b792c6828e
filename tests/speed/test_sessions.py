"""A session that is over leaves nothing behind: what it held is collected, its files are gone."""

import asyncio
from pathlib import Path

import pytest

from tests.loops import in_a_thread
from tests.speed.client import Session
from tests.speed.servers import Server, served

SCRIPT = """import gc, os, weakref
from pathlib import Path
import streamlit as st
from data_access.exporting import Sheet, as_csv
from ui import making
place = Path(os.environ["PLACE"])
class Held:
    pass
if not (place / "folder").exists():
    st.session_state["held"] = Held()
    weakref.finalize(st.session_state["held"], (place / "collected").touch).atexit = False
    making.desk().start("rows", (), lambda: Sheet("Rows", (), ("A",), [[1]]), as_csv).future.result(20)
    (place / "folder").write_text(str(making.desk().folder))
gc.collect()
"""


@pytest.mark.slow
def test_a_session_that_is_over_leaves_nothing(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    with served(str(script), PLACE=str(tmp_path), STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL="1") as server:
        in_a_thread(_come_and_go(server, tmp_path))


async def _come_and_go(server: Server, place: Path) -> None:
    async with Session(server.url) as session:
        await session.open("")
        folder = Path((place / "folder").read_text())
        assert len(list(folder.iterdir())) == 1
    async with asyncio.timeout(60):
        while folder.exists() or not (place / "collected").exists():
            async with Session(server.url) as another:  # who comes later makes the server look
                await another.open("")
