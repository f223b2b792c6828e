"""Calls: moments from local times, numbers in E.164, each once."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from tests.data_access.importers.conftest import Importer, reasons

HEADER = (
    "vendor,account_number,started_at,number,direction,duration_s,agent,caller,caller_verified,purpose,billing_period,"
    "outcome,confirmation_number,promised_on,follow_up_on,notes,external_id\n"
)


@pytest.fixture
def known(importer: Importer) -> Importer:
    importer.accept("sites", "code,name,country,timezone\nLON,London,GB,Europe/London\nDEN,Denver,US,America/Denver\n")
    importer.accept("accounts", "vendor,account_number,site\nLumina,A-1,LON\nLumina,A-2,DEN\n", create_missing=True)
    return importer


def call(account: str = "A-1", started: str = "2024-06-01 12:00", rest: str = ",,,,,,,,,,,,,") -> str:
    return f"Lumina,{account},{started},{rest}\n"


def test_lands_in_utc_by_the_sites_clock(known: Importer, check: Callable[[], None]) -> None:
    text = call(
        rest='020 7946 0018,out,0:03:25,Ann,Bob,Y,dispute,2024-05,promised,OK-1,2024-06-10,2024-06-12,"one\ntwo",C-1'
    )
    text += call("A-2", rest="(303) 555-0100,Incoming,205,,,,,,,,,,,")
    assert known.accept("calls", HEADER + text).added == 2
    assert known.table("calls", "started_at", "number", "direction", "duration_s", "caller_verified") == [
        (datetime(2024, 6, 1, 11, 0, tzinfo=UTC), "+442079460018", "outbound", 205, "yes"),
        (datetime(2024, 6, 1, 18, 0, tzinfo=UTC), "+13035550100", "inbound", 205, "unknown"),
    ]
    assert known.table(
        "calls", "notes", "promised_on", "follow_up_on", "confirmation_number", id=known.table("calls", "id")[0]
    ) == [("one\ntwo", date(2024, 6, 10), date(2024, 6, 12), "OK-1")]
    check()


def test_the_same_moment_written_otherwise_is_the_same_call(known: Importer, check: Callable[[], None]) -> None:
    known.accept("calls", HEADER + call(rest="020 7946 0018,,,,,,,,,,,,,"))
    again = known.accept(
        "calls", HEADER + call(started="2024-06-01T11:00:00Z", rest="+44 20 7946 0018,outbound,,,,unknown,,,,,,,,")
    )
    assert (again.added, again.duplicate) == (0, 1)
    twins = known.accept("calls", HEADER + call(rest="020 7946 0018,,,,,,,,,,,,,") * 2)
    assert (twins.added, twins.duplicate) == (1, 1)
    check()


def test_an_id_with_other_content_is_refused(known: Importer) -> None:
    known.accept("calls", HEADER + call(rest=",,,,,,,,promised,,,,,C-1"))
    report = known.accept("calls", HEADER + call(rest=",,,,,,,,refused,,,,,C-1"))
    assert reasons(report)[0][1:] == (
        "outcome", "refused", "id 'C-1' is in the ledger with another outcome: 'promised' there, 'refused' here"
    )  # fmt: skip


REFUSED = [
    (call(started="2024-06-01"), "started_at", "has no time of day"),
    (call(started="2024-03-31 01:30"), "started_at", "happened never in Europe/London"),
    (call(started="2024-10-27 01:30"), "started_at", "happened twice in Europe/London"),
    (call(rest=",,,,,,,,,,2024-05-01,,,"), "promised_on", "is before the call"),
    (call(rest=",sideways,,,,,,,,,,,,"), "direction", "none of outbound, inbound"),
    (call(rest=",,-5,,,,,,,,,,,"), "duration_s", "not a whole number"),
    (call(rest=",,9999999,,,,,,,,,,,"), "duration_s", "is more than"),
    (call(rest=",,,,,perhaps,,,,,,,,"), "caller_verified", "none of yes, no, unknown"),
]


def test_what_cannot_be_is_rejected_alone(known: Importer, check: Callable[[], None]) -> None:
    good = call()
    report = known.accept("calls", HEADER + good + "".join(text for text, _, _ in REFUSED))
    assert (report.added, report.rejected) == (1, len(REFUSED))
    at_line = 3
    for reject, (text, column, reason) in zip(report.rejects, REFUSED, strict=True):
        assert (reject.line, reject.column) == (at_line, column)
        assert re.search(reason, reject.reason), reject.reason
        at_line += text.count("\n")
    assert sorted(known.table("import_rejects", "line", "column_name", "value", "reason")) == reasons(report)
    check()
