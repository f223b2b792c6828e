"""The accounts in scope as the rules see them, and what each rule's reads share."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from sqlalchemy import ColumnElement, Connection, select, true

from data_access.queries.dimensions import ledger_accounts, narrowed
from data_access.queries.expressions import unindexed
from data_access.queries.policies import policies
from data_access.queries.risk import FEW, AccountRisk, account_risks
from data_access.schema import accounts, sites
from data_access.scope import Scope
from domain.alerts.subject import Subject
from domain.alerts.thresholds import Thresholds
from domain.filters import Filters
from domain.policies import Policy, in_force


@dataclass
class Evidence:
    """One evaluation: on whose behalf, as of which day, by which numbers; what several rules read is read once.

    asked: filters whose accounts alone are judged. What else they ask for is for the caller to leave out.
    """

    connection: Connection
    scope: Scope
    as_of: date
    thresholds: Thresholds
    asked: Filters | None = None
    filters: Filters = field(init=False)
    few: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        self.filters = replace(self.asked or Filters(as_of=self.as_of), since=None, until=None, search="")
        self.few = narrowed(self.filters) and len(self.subjects) <= FEW

    def of(self, some: tuple[int, ...]) -> "Evidence":
        """The same of these accounts alone: few."""
        return Evidence(self.connection, self.scope, self.as_of, self.thresholds, replace(self.filters, accounts=some))

    def among(self, column: ColumnElement[int]) -> ColumnElement[bool]:
        """That a row is of the accounts judged, where they are few; of those in scope each read sees to itself."""
        return column.in_(list(self.subjects)) if self.few else true()

    def dated(self, day: ColumnElement[date]) -> ColumnElement[date]:
        """A day that rows are narrowed by: no way in for SQLite where few accounts are one."""
        return unindexed(day) if self.few else day

    @cached_property
    def subjects(self) -> dict[int, Subject]:
        """By account id."""
        a = ledger_accounts(self.scope, self.filters)
        statement = (
            select(
                a.c.account_id,
                a.c.site_id,
                a.c.vendor_id,
                a.c.currency,
                a.c.site,
                sites.c.country,
                a.c.vendor,
                a.c.service_type,
                a.c.terms_days,
                accounts.c.closed_on,
                accounts.c.autopay_method,
                accounts.c.autopay_expires_on,
            )
            .join(accounts, accounts.c.id == a.c.account_id)
            .join(sites, sites.c.id == a.c.site_id)
        )
        return {row.account_id: Subject(*row) for row in self.connection.execute(statement)}

    @cached_property
    def risks(self) -> list[AccountRisk]:
        """Every account with something unsettled."""
        return account_risks(self.connection, self.scope, self.filters)

    @cached_property
    def terms(self) -> dict[str, list[Policy]]:
        """Policies by vendor."""
        return {vendor: list(found) for vendor, found in policies(self.connection, self.scope).items()}

    def policy(self, subject: Subject) -> Policy | None:
        """The vendor's terms in force for an account."""
        return in_force(self.terms.get(subject.vendor, ()), subject.service_type, subject.currency, self.as_of)
