"""One planner for each kind: it decides every row of a file, then writes what it decided."""

from collections.abc import Callable

from data_access.importers.context import Context, Planner
from data_access.importers.planners.accounts import Accounts, Services
from data_access.importers.planners.allocations import Allocations
from data_access.importers.planners.bank import Bank
from data_access.importers.planners.calls import Calls
from data_access.importers.planners.charges import Charges
from data_access.importers.planners.contacts import Contacts
from data_access.importers.planners.invoices import Invoices
from data_access.importers.planners.notices import Notices
from data_access.importers.planners.payments import Payments
from data_access.importers.planners.places import Sites, Vendors
from data_access.importers.planners.policies import Policies
from data_access.importers.planners.rates import Rates
from data_access.importers.planners.statements import Statements
from data_access.importers.planners.usage import Usage
from data_access.importers.planners.wire import Wire

PLANNERS: dict[str, Callable[[Context], Planner]] = {
    "sites": Sites,
    "vendors": Vendors,
    "accounts": Accounts,
    "services": Services,
    "invoices": Invoices,
    "charges": Charges,
    "payments": Payments,
    "allocations": Allocations,
    "calls": Calls,
    "fx": Rates,
    "notices": Notices,
    "policies": Policies,
    "contacts": Contacts,
    "bank": Bank,
    "edi": Wire,
    "usage": Usage,
    "statements": Statements,
}
