"""Risk in words: severities, stages, reasons, titles. Pure functions; money in minor units with its currency."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from data_access.queries.at_risk import AtRisk
from data_access.queries.risk import AccountRisk
from data_access.queries.risk_rows import RiskRow
from domain.risk import Effect
from domain.risk_reasons import Reason, ReasonKind
from domain.risk_severity import Severity
from ui.formats import escape, exact_money, short_day, whole_money
from ui.wording import count, counted, listed


@dataclass(frozen=True, slots=True)
class Kind:
    """What a severity is called and how it looks: icon, word and colour."""

    title: str
    short: str  # of how many: 3 critical, within 7 days
    icon: str
    colour: str


KINDS = {
    Severity.OFF: Kind("Switched off", "suspended", ":material/error:", "red"),
    Severity.CRITICAL: Kind("Critical, within 7 days", "critical, within 7 days", ":material/error:", "red"),
    Severity.HIGH: Kind("High, 8 to 21 days", "high, 8 to 21 days", ":material/warning:", "orange"),
    Severity.MEDIUM: Kind("Medium, 22 to 45 days", "medium, 22 to 45 days", ":material/schedule:", "yellow"),
    Severity.LOW: Kind("Low, later or never", "low, later or never", ":material/info:", "gray"),
    Severity.CLEAR: Kind("Clear", "clear", ":material/check_circle:", "green"),
}


def badge(severity: Severity, text: str) -> str:
    """Icon, word and colour."""
    return f":{KINDS[severity].colour}-badge[{KINDS[severity].icon} {text}]"


def badges(counts: Mapping[Severity, int]) -> str:
    """How many of each severity."""
    said = [badge(s, f"{counts[s]:,} {KINDS[s].short}") for s in Severity if s in counts and s is not Severity.CLEAR]
    clear = counts.get(Severity.CLEAR)
    return " ".join([*said, *([badge(Severity.CLEAR, f"{count(clear, 'account')} clear")] if clear else [])])


def keeps_on(amounts: Mapping[str, int], what: str) -> str:
    """$3,512 and £462 keep 4 sites on."""
    several = sum(1 for minor in amounts.values() if minor) > 1
    return f"{money(amounts)} {'keep' if several else 'keeps'} {what} on"


def money(amounts: Mapping[str, int]) -> str:
    """$3,512 and £462: each currency by itself, the code that comes first in the alphabet last."""
    parts = [whole_money(minor, currency) for currency, minor in sorted(amounts.items(), reverse=True) if minor]
    return listed(parts, most=4) if parts else "nothing"


def service(entry: AccountRisk | RiskRow) -> str:
    """internet, voice, power; service where nothing is known."""
    return entry.service_type or "service"


def headline(risks: AtRisk) -> str:
    """Pueblo Warehouse loses internet on Monday; 2 more within 7 days."""
    as_of, off, coming, first = risks.as_of, risks.off, risks.first_coming, risks.critical
    near = risks.counts.get(Severity.CRITICAL, 0)
    if first:
        more = f"; {near - 1:,} more within 7 days" if near > 1 else ""
        return f"{first.site_name} loses {service(first)} {_when(first.stops_on, as_of)}{more}"
    if off:
        verb = "is" if off == 1 else "are"
        rest = f"; next is {coming[0].site_name}, {_when(coming[0].stops_on, as_of)}" if coming else ""
        return f"{counted(off, 'service')} {verb} switched off{rest}"
    if coming:
        return f"Nothing stops within 7 days; next is {coming[0].site_name}, {_when(coming[0].stops_on, as_of)}"
    return "No service is about to be switched off"


def _when(stop: date, as_of: date) -> str:
    left = (stop - as_of).days
    if left <= 0:
        return "any day now"
    if left == 1:
        return "tomorrow"
    return f"on {stop:%A}" if left < 7 else f"on {short_day(stop, as_of)}"  # noqa: PLR2004 - a week


def effect(found: Effect) -> str:
    """3 services, 94 people."""
    people = f", {count(found.headcount, 'person', 'people')}" if found.headcount else ""
    return count(found.services, "service") + people if found.services else "no service known"


Address = Callable[[Reason], str]


def reason(
    told: Reason, entry: AccountRisk, as_of: date, bill: Address, call: Address, *, in_full: bool = False
) -> str:
    """One fact as a Markdown sentence; `bill` and `call` give the addresses that it leads to. In full, terms name their source."""
    return _SENTENCES[told.kind](_Telling(told, entry, as_of, bill, call, in_full))


@dataclass(frozen=True, slots=True)
class _Telling:
    told: Reason
    entry: AccountRisk
    as_of: date
    bill_address: Address
    call_address: Address
    in_full: bool

    @property
    def amount(self) -> str:
        return escape(exact_money(self.told.amount or 0, self.entry.currency))

    @property
    def day(self) -> str:
        return short_day(self.told.day, self.as_of) if self.told.day else ""

    @property
    def bill(self) -> str:
        return f"bill [{escape(self.told.number)}]({self.bill_address(self.told)})"

    @property
    def call(self) -> str:
        return f"[call]({self.call_address(self.told)})"


def _notice(t: _Telling) -> str:
    if t.told.detail == "late":
        return f"Late notice of {t.day}, asks {t.amount}"
    verb = {"suspension": ("Switched off", "Suspension"), "disconnection": ("Disconnected", "Disconnection")}
    done, announced = verb[t.told.detail]
    dated = next((n.dated for n in t.entry.risk.notices if n.id == t.told.notice_id), None)
    if dated is not None and t.told.day is not None and t.told.day <= dated:
        return f"{done} on {t.day}, says the vendor's notice"
    of = f" of {short_day(dated, t.as_of)}" if dated else ""
    return f"{announced} announced for {t.day} (notice{of}, {t.amount})"


def _policy(t: _Telling) -> str:
    since = {"due": "due date", "invoice": "invoice date"}[t.told.detail]
    said = f"Terms: suspends about {count(t.told.days or 0, 'day')} after the {since}"
    return f"{said} ({escape(t.entry.policy.source)})" if t.in_full and t.entry.policy else said


_SENTENCES: dict[ReasonKind, Callable[[_Telling], str]] = {
    ReasonKind.NOTICE: _notice,
    ReasonKind.PAST_DUE: lambda t: f"{t.amount} of {t.bill} past due for {count(t.told.days or 0, 'day')}",
    ReasonKind.DUE_WITHIN: lambda t: f"{t.amount} of {t.bill} falls due on {t.day}",
    ReasonKind.DISPUTED: lambda t: f"{t.amount} of {t.bill} in dispute, not counted",
    ReasonKind.POLICY: _policy,
    ReasonKind.YOUNG_ACCOUNT: lambda t: f"A young account until {t.day}: only {count(t.told.days or 0, 'day')}",
    ReasonKind.PART: lambda t: f"{t.amount} as a part payment puts that off by {count(t.told.days or 0, 'day')}",
    ReasonKind.NEVER_SUSPENDS: lambda _: "This vendor does not switch off for unpaid bills",
    ReasonKind.NO_POLICY: lambda _: "The vendor's terms are not known: import them as policies",
    ReasonKind.NOTICE_EXPECTED: lambda t: f"A notice should come by {t.day}, {count(t.told.days or 0, 'day')} ahead",
    ReasonKind.LATE_FEE: lambda t: f"Late fee of {t.amount}",
    ReasonKind.RESTORAL: lambda t: f"{t.amount} on top to be switched on again",
    ReasonKind.PENDING: lambda t: f"{t.amount} on its way for {t.bill}",
    ReasonKind.ON_ACCOUNT: lambda t: f"{t.amount} on account, applied to no bill",
    ReasonKind.PROMISED: lambda t: f"Payment promised on a {t.call} for {t.day}",
    ReasonKind.PROMISE_BROKEN: lambda t: f"Promise of a {t.call} broken since {t.day}",
}
