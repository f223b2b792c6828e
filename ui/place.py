"""One site or one account: whose rows are shown, and how they are narrowed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from domain.filters import Filters
from ui import details, reads
from ui.currencies import Shown
from ui.ledger_tables import AT_SITE, OF_ACCOUNT
from ui.page_address import Here
from ui.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Place:
    """`shown.filters` hold the site; account_id narrows to one of its accounts. `name` is for titles and files."""

    viewer: Viewer
    shown: Shown
    here: Here
    name: str
    account_id: int | None = None

    @property
    def filters(self) -> Filters:
        """The filters with their period, if one was chosen."""
        return self.shown.filters

    @property
    def always(self) -> Filters:
        """The filters without a period."""
        return replace(self.shown.filters, since=None, until=None)

    @property
    def columns(self) -> Sequence[str]:
        """Which columns say where a row belongs."""
        return OF_ACCOUNT if self.account_id else AT_SITE

    @property
    def kept(self) -> dict[str, int | None]:
        """What narrows a read to the account."""
        return {"account_id": self.account_id}

    @property
    def bill(self) -> Callable[[int], str]:
        """The address that opens a bill."""
        return self.here.opening(details.BILL, details.CLOSED)

    @property
    def payment(self) -> Callable[[int], str]:
        """The address that opens a payment."""
        return self.here.opening(details.PAYMENT, details.CLOSED)

    def read(self, name: str, filters: Filters, **more: Any) -> list[Any]:
        """A read of this place's rows."""
        return reads.filtered(name, self.viewer, filters, **self.kept, **more)
