"""A browser's side of the websocket without the browser: it opens pages, moves widgets and says how long a run took."""

import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

PATIENCE_S = 120
_ENDED = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class RunFailedError(Exception):
    """A run ended otherwise than well, or drew what only a failure draws."""


@dataclass
class Run:
    """One run as it arrived: milliseconds from the request to its end, messages, bytes."""

    ms: float
    messages: int
    size: int


@dataclass
class Session:
    """One session with the server at `url`, to be used in `async with`; pages are told apart by their path."""

    url: str
    path: str = ""
    query: str = ""
    widgets: dict[str, WidgetState] = field(default_factory=dict)
    _ids: dict[str, str] = field(default_factory=dict)
    _pages: dict[str, str] = field(default_factory=dict)
    _kept: list[set[str]] = field(default_factory=list)  # hashes of what the browser would still hold
    _socket: ClientConnection | None = None

    async def __aenter__(self) -> Self:
        host = urlsplit(self.url).netloc
        self._socket = await connect(
            f"ws://{host}/_stcore/stream",
            subprotocols=["streamlit"],
            max_size=None,
            compression=None,
            open_timeout=PATIENCE_S,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def open(self, path: str, query: str = "") -> Run:
        """Go to a page. A session's first run has no name for it but its path, as in a browser."""
        self.path, self.query = path, query
        return await self.rerun()

    async def choose(self, key: str, values: list[str]) -> Run:
        """Choose `values` in the pills or list with that key."""
        state = WidgetState(id=self._ids[key])
        state.string_array_value.data.extend(values)
        self.widgets[key] = state
        return await self.rerun()

    async def rerun(self) -> Run:
        """Ask for a run of the page as it stands, and wait for its end."""
        asked = BackMsg()
        request = asked.rerun_script
        request.page_name = "" if self._pages else self.path
        request.page_script_hash = self._pages.get(self.path, "")
        request.query_string = self.query
        request.widget_states.widgets.extend(self.widgets.values())
        request.cached_message_hashes.extend(sorted(set().union(*self._kept[-2:])))
        request.context_info.timezone = "UTC"
        request.context_info.color_scheme = "light"
        began = time.perf_counter()
        await self._socket.send(asked.SerializeToString())
        messages = size = 0
        kept: set[str] = set()
        self._kept.append(kept)
        while True:
            raw = await self._socket.recv()
            messages, size = messages + 1, size + len(raw)
            message = ForwardMsg.FromString(raw)
            kind = message.WhichOneof("type")
            if kind == "script_finished":
                if message.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                if message.script_finished not in _ENDED:
                    raise RunFailedError(f"{self.path or 'the first page'}: {message.script_finished}")
                break
            self._take(message, kind, kept)
        return Run((time.perf_counter() - began) * 1000, messages, size)

    def _take(self, message: ForwardMsg, kind: str, kept: set[str]) -> None:
        if kind == "navigation":
            self._pages = {page.url_pathname: page.page_script_hash for page in message.navigation.app_pages}
            first = message.navigation.app_pages[0]
            self._pages.setdefault("", first.page_script_hash)
        elif kind == "ref_hash":
            kept.add(message.ref_hash)
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            if message.metadata.cacheable:
                kept.add(message.hash)
            element = message.delta.new_element
            what = element.WhichOneof("type")
            if what == "exception" or (what == "alert" and "reference" in element.alert.body):
                raise RunFailedError(f"{self.path}: {element}")
            identity = _identity(getattr(element, what))
            if identity:
                self._ids[identity.split("-", 2)[2]] = identity


def _identity(part: Any) -> str:
    identity = getattr(part, "id", "")
    return identity if isinstance(identity, str) and identity.startswith("$$ID-") else ""
