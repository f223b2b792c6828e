"""Alerts as a viewer sees them now; a settings file that cannot be used is told where the alerts would stand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from data_access.alert_settings import AlertSettingsError, alert_watch
from data_access.commands.alerts import Target
from data_access.queries.alerts import AlertRow, Standing
from domain.alerts.watch import Watch
from domain.filters import Filters
from ui import notices, reads
from ui.formats import escape
from ui.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Alerts:
    """What is open, the most urgent first, and what was closed lately."""

    standing: Standing
    watch: Watch
    as_of: date
    today: date

    @property
    def open(self) -> Sequence[AlertRow]:
        """The most urgent first, snoozed ones too."""
        return self.standing.open

    @property
    def closed(self) -> Sequence[AlertRow]:
        """The last one first."""
        return self.standing.closed

    @property
    def is_now(self) -> bool:
        """People act on the alerts of today, not on those of another day."""
        return self.as_of == self.today

    def target(self, row: AlertRow) -> Target:
        """An alert as the commands take it."""
        return Target(row.finding.key, self.today, self.watch)


def alerts(viewer: Viewer, filters: Filters) -> Alerts | None:
    """None, and said so on the page, where the settings cannot be used."""
    try:
        watch = alert_watch()
    except AlertSettingsError as error:
        notices.problem("The alerts' settings cannot be used", escape(str(error)))
        return None
    found: Standing = reads.filtered("alerts", viewer, filters, watch=watch, today=viewer.today)
    return Alerts(found, watch, filters.as_of, viewer.today)
