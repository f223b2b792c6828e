"""The month-end pack: chosen on the page, made in a thread, and offered when it is there."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime

import streamlit as st

from data_access.address import database_address
from data_access.database import Database
from data_access.exporting import as_workbook
from data_access.failures import DATABASE_FAILURES, kind_of
from data_access.month_end_sheets import month_end_sheets
from data_access.printed.document import as_pdf
from data_access.printed.month_end import month_end_document
from data_access.queries.month_end import MonthEnd, month_end
from domain.filters import Filters
from domain.periods import add_months, month_start
from ui import denials, exports, notices, printed, reads, sign_in
from ui.viewer import Viewer

MONTHS_OFFERED = 24
RUNNING = "month-end-running"
WRITERS: dict[str, tuple[Callable[[MonthEnd, datetime], bytes], str]] = {
    "PDF": (lambda pack, made_at: as_pdf(month_end_document(pack, made_at)), printed.PDF),
    "XLSX": (lambda pack, made_at: as_workbook(month_end_sheets(pack, made_at)), exports.XLSX),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is made, and for whom: somebody whose scope or filters changed is offered nothing made before."""

    viewer: Viewer
    filters: Filters
    month: date
    kind: str

    @property
    def key(self) -> tuple[object, ...]:
        """What decides the file."""
        return self.viewer.name, self.viewer.scope, self.filters, self.month, self.kind


@dataclass(slots=True)
class Making:
    """A pack that is being made, or was; `step` is what its thread does now."""

    wanted: Wanted
    step: list[tuple[float, str]] = field(default_factory=lambda: [(0.1, "Reading the ledger")])
    future: Future[bytes] = field(default_factory=Future)


def offer(viewer: Viewer, filters: Filters) -> None:
    """The button that opens the choice."""
    with st.popover("Month-end pack", icon=":material/inventory:", key="month-end"):
        st.fragment(_choose)(viewer, filters)


def _choose(viewer: Viewer, filters: Filters) -> None:
    this_month = month_start(viewer.today)
    months = [add_months(this_month, -back) for back in range(MONTHS_OFFERED)]
    month = st.selectbox("Month", months, index=1, format_func=lambda first: f"{first:%B %Y}", key="month-end-month")
    kind = st.segmented_control("As", list(WRITERS), default="PDF", required=True, key="month-end-kind") or "PDF"
    st.caption("Aging, movements, unmatched, disputes and accruals, and how they tie; with the filters of this page.")
    wanted = Wanted(viewer, filters, month, kind)
    if st.button("Make the pack", type="primary", key="month-end-make", width="stretch"):
        st.session_state[RUNNING] = start(wanted)
    making: Making | None = st.session_state.get(RUNNING)
    if making is not None and making.wanted.key == wanted.key:
        _hand_out(making)


def start(wanted: Wanted) -> Making:
    """Make it in a thread, so that the page stays free."""
    database = reads.open_database(database_address())
    making = Making(wanted)
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="month-end")
    making.future = executor.submit(_make, database, making)
    executor.shutdown(wait=False)
    return making


def _make(database: Database, making: Making) -> bytes:
    wanted = making.wanted
    viewer = wanted.viewer
    with database.reading(viewer.scope) as connection:
        pack = month_end(connection, viewer.scope, wanted.filters, month=wanted.month, today=viewer.today)
    making.step[0] = (0.6, f"Writing the {wanted.kind}")
    return WRITERS[wanted.kind][0](pack, viewer.now)


def _hand_out(making: Making) -> None:
    """Progress until it is made, then the download."""
    bar = st.progress(*making.step[0])
    while not making.future.done():
        try:
            making.future.exception(timeout=0.2)
        except TimeoutError:
            bar.progress(*making.step[0])
    bar.empty()
    error = making.future.exception()
    if isinstance(error, DATABASE_FAILURES):
        notices.problem("The pack was not made", f"The database did not answer: {kind_of(error)}. Try again.")
        return
    made = making.future.result()  # anything else is a fault of ours, told as one
    wanted = making.wanted
    st.download_button(
        f"{wanted.month:%B %Y}, {wanted.kind}",
        data=lambda: content(wanted, made),
        file_name=exports.file_name(f"month-end {wanted.month:%Y-%m}", wanted.viewer, wanted.kind.lower()),
        mime=WRITERS[wanted.kind][1],
        icon=":material/download:",
        key="month-end-download",
        on_click="ignore",
        width="stretch",
    )


def content(wanted: Wanted, made: bytes) -> bytes:
    """The file; raises PermissionError for somebody whose access changed since it was made."""
    if not sign_in.is_still(wanted.viewer):
        denials.tell(wanted.viewer, "month-end pack", "access changed since the page was drawn")
        raise PermissionError("access changed since the page was drawn")
    return made
