"""R11 and R12: promises that were not kept, and follow-ups that nobody made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from domain.alerts.findings import Finding
from domain.alerts.subject import Subject
from domain.periods import shifted
from domain.promises import Standing


@dataclass(frozen=True, slots=True)
class CallEnd:
    """What a call left to do, and where that stands; owed: what is open and undisputed on the account."""

    call_id: int
    promised_on: date | None
    promise: Standing | None
    follow_up_on: date | None
    follow_up: Standing | None
    purpose: str = ""
    agent: str = ""
    owed: int = 0


def call_findings(subject: Subject, end: CallEnd) -> Iterator[Finding]:
    """A promise to pay what is no longer owed is not broken."""
    told = [(name, text) for name, text in (("call about", end.purpose), ("agent", end.agent)) if text]
    if end.promise is Standing.OVERDUE and end.promised_on is not None and end.owed > 0:
        facts = (("promised for", end.promised_on.isoformat()), *told, ("open", subject.money(end.owed)))
        since = shifted(end.promised_on, 1)
        yield subject.finding("R11", "calls", end.call_id, since, amount=end.owed, facts=facts)
    if end.follow_up is Standing.OVERDUE and end.follow_up_on is not None:
        facts = (("follow-up was for", end.follow_up_on.isoformat()), *told)
        yield subject.finding("R12", "calls", end.call_id, shifted(end.follow_up_on, 1), facts=facts)
