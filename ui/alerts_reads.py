"""Alerts as a viewer sees them now; a settings file that cannot be used is told where the alerts would stand."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from data_access.alert_settings import AlertSettingsError, alert_watch
from data_access.commands.alerts import Target
from data_access.queries.alert_pages import Standing
from data_access.queries.alerts import AlertRow
from domain.alerts.watch import Watch
from domain.filters import Filters
from ui import judging, notices, reads
from ui.formats import escape
from ui.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Alerts:
    """How many there are and the worst of them; the others are read when they are shown."""

    standing: Standing
    watch: Watch
    viewer: Viewer
    filters: Filters

    @property
    def as_of(self) -> date:
        """The day shown."""
        return self.filters.as_of

    @property
    def today(self) -> date:
        """The day on which people act."""
        return self.viewer.today

    @property
    def is_now(self) -> bool:
        """People act on the alerts of today, not on those of another day."""
        return self.as_of == self.today

    def target(self, row: AlertRow) -> Target:
        """An alert as the commands take it."""
        return Target(row.finding.key, self.today, self.watch)

    def waiting(self, severities: Sequence[str], rules: Sequence[str]) -> Callable[..., Sequence[AlertRow]]:
        """What brings a page of those that nobody snoozed."""
        return partial(self._read, "waiting_alerts", severities=tuple(severities), rules=tuple(rules))

    def owned(self) -> Sequence[AlertRow]:
        """The viewer's own."""
        found: Sequence[AlertRow] = self._read("owned_alerts", owner=self.viewer.name)
        return found

    def snoozed(self) -> Sequence[AlertRow]:
        """Those out of sight."""
        found: Sequence[AlertRow] = self._read("snoozed_alerts")
        return found

    def closed(self) -> Sequence[AlertRow]:
        """The last one first."""
        found: Sequence[AlertRow] = self._read("closed_alerts")
        return found

    def named(self, rule: str, cause: str) -> AlertRow | None:
        """One of them, or of those closed lately."""
        found: AlertRow | None = self._read("named_alert", rule=rule, cause=cause)
        return found

    def _read(self, name: str, **arguments: Any) -> Any:
        return reads.filtered(name, self.viewer, self.filters, watch=self.watch, today=self.today, **arguments)


def alerts(viewer: Viewer, filters: Filters) -> Alerts | None:
    """None, and said so on the page, where the settings cannot be used, or while the rules are asked about everybody for a day of the past."""
    try:
        watch = alert_watch()
    except AlertSettingsError as error:
        notices.problem("The alerts' settings cannot be used", escape(str(error)))
        return None
    asked = {"watch": watch, "today": viewer.today}
    found: Standing = reads.filtered("alerts", viewer, filters, hasty=True, **asked)
    if found.unjudged:
        if judging.alerts_wait(viewer, filters.as_of, watch.thresholds):
            return None
        found = reads.filtered("alerts", viewer, filters, **asked)  # nobody could judge them beside the page
    judging.after_alerts(viewer, found, filters.as_of)
    return Alerts(found, watch, viewer, filters)
