"""Alerts in words and addresses: how severe, about whom, what to open, what happened. Markdown; account numbers masked."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from data_access.queries.alerts import AlertRow
from domain.alerts.catalog import Severity
from domain.alerts.watch import Watch
from domain.masking import masked
from ui import links
from ui.formats import DASH, day, escape, exact_money, short_day
from ui.wording import count

ALERT = "alert"  # address key of the Service risk page
_ISO = re.compile(r"(?<![\w/-])\d{4}-\d{2}-\d{2}(?![\w/-])")  # not within a longer number


@dataclass(frozen=True, slots=True)
class Look:
    """How a severity looks and what several of it are called."""

    icon: str
    colour: str
    many: str


LOOKS = {
    Severity.CRITICAL: Look(":material/error:", "red", "critical"),
    Severity.WARNING: Look(":material/warning:", "orange", "warnings"),
    Severity.NOTE: Look(":material/info:", "gray", "notes"),
}
EVENTS = {
    "opened": "Opened",
    "reopened": "Opened again",
    "changed": "Changed",
    "acknowledged": "Acknowledged",
    "snoozed": "Snoozed",
    "woken": "Back in sight",
    "owned": "Owner",
    "commented": "Comment",
    "closed": "Closed",
    "sent": "Told",
}
# Where the row that an alert is about is opened: the address key beside its account.
_OPENS = {"invoices": ("bill", "the bill"), "payments": ("payment", "the payment")}


def badge(severity: Severity, text: str = "") -> str:
    """Icon, word and colour."""
    look = LOOKS[severity]
    return f":{look.colour}-badge[{look.icon} {text or severity.value}]"


def name(row: AlertRow) -> str:
    """What the address calls an alert."""
    return f"{row.finding.rule} {row.finding.cause}"


def address(row: AlertRow) -> str:
    """Where an alert is opened."""
    return links.address("risk", {ALERT: name(row)})


def subject(row: AlertRow, *, linked: bool = True) -> str:
    """**Pueblo Warehouse** · internet, and the vendor with its masked account below; a contact by its vendor alone."""
    place = row.place
    if not place.site_name:
        return f"**{escape(place.vendor or row.finding.entity)}**"
    site = f"**{escape(place.site_name)}**"
    if linked and row.account_id:
        site = f"[{site}]({links.address('sites', {'account': str(row.account_id)})})"
    number = f" {masked(row.account_number)}" if row.account_number else ""
    return f"{site} · {escape(place.service_type or 'service')}  \n:small[{escape(place.vendor)}{number}]"


def amount(row: AlertRow) -> str:
    """To the cent, a dash where no money is named."""
    found = row.finding
    return DASH if found.amount is None else escape(exact_money(found.amount, found.currency))


def act_by(row: AlertRow, as_of: date) -> str:
    """The last day on which acting helps; red once it is there or past."""
    last = row.finding.act_by
    if last is None:
        return DASH
    said = short_day(last, as_of)
    left = (last - as_of).days
    if left < 0:
        return f":red-badge[{said}]  \n:small[day has passed]"
    return f":red-badge[{said}]  \n:small[today]" if not left else f"{said}  \n:small[{count(left, 'day')} left]"


def standing(row: AlertRow, as_of: date) -> str:
    """Who sees to it, and whether it is known or out of sight."""
    said = [escape(row.owner)] if row.owner else []
    if row.snoozed and row.snoozed_until:
        said.append(f":material/snooze: until {short_day(row.snoozed_until, as_of)}")
    elif row.acknowledged_by:
        said.append(":material/done: known")
    return "  \n".join([said[0], *(f":small[{more}]" for more in said[1:])]) if said else DASH


def condition(row: AlertRow, watch: Watch) -> str:
    """When such an alert opens, with the thresholds that are set: within the suspension days (14)."""

    def filled(match: re.Match[str]) -> str:
        return f"{match[1].replace('_', ' ')} ({getattr(watch.thresholds, match[1])})"

    return escape(re.sub(r"(?:the days of )?`(\w+)`", filled, row.rule.condition))


def told(row: AlertRow, most: int | None = None) -> list[str]:
    """The facts, in order: Bill: B1; days as the page writes them."""
    return [f"{escape(what)}: {escape(days_written(value))}" for what, value in row.finding.facts[:most]]


def days_written(text: str) -> str:
    """2026-12-03 as 3 Dec 2026, wherever it stands; a bill's number that only looks like a day stays."""

    def written(match: re.Match[str]) -> str:
        try:
            return day(date.fromisoformat(match[0]))
        except ValueError:
            return match[0]

    return _ISO.sub(written, text)


def opens(row: AlertRow) -> Sequence[tuple[str, str]]:
    """(what, address) of what an alert is about: its account, and the bill, payment, call or statement."""
    found = row.finding
    account = {"account": str(row.account_id)} if row.account_id else None
    ways = [("the account", links.address("sites", account))] if account else []
    if account and found.entity in _OPENS:
        key, what = _OPENS[found.entity]
        ways.insert(0, (what, links.address("sites", account | {key: str(found.entity_id)})))
    if found.entity == "calls":
        ways.insert(0, ("the call", links.address("calls", {"call": str(found.entity_id)})))
    if found.entity == "vendor_statements":
        address = {"view": "Vendor statements", "vendor-statement": str(found.entity_id)}
        ways.insert(0, ("the vendor's statement", links.address("reconcile", address)))
    return ways


def headline(counted: dict[Severity, int]) -> str:
    """11 critical alerts and 39 warnings; Nothing needs action."""
    parts = [f"{counted[s]:,} {LOOKS[s].many if counted[s] != 1 else s.value}" for s in Severity if counted[s]]
    if not parts:
        return "Nothing needs action"
    return f"{' and '.join([', '.join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]}{_noun(counted)}"


def _noun(counted: dict[Severity, int]) -> str:
    only_critical = counted[Severity.CRITICAL] and not counted[Severity.WARNING] and not counted[Severity.NOTE]
    return (" alert" if counted[Severity.CRITICAL] == 1 else " alerts") if only_critical else ""
