"""Tables as SQLAlchemy Core metadata; design section 3. The migrations create them, a test keeps the two equal."""

from data_access.schema.alerts import (
    alert_deliveries,
    alert_events,
    alert_findings,
    alert_judged,
    alert_marks,
    alerts,
    past_alert_days,
    past_findings,
)
from data_access.schema.bank import bank_line_decisions, bank_lines, bank_statements, match_aliases, matches
from data_access.schema.derived import account_totals, call_days, month_payments, month_totals, open_totals, site_totals
from data_access.schema.disagreements import dispute_events, vendor_statement_lines, vendor_statements
from data_access.schema.ledger import allocations, calls, charges, disputes, invoices, payments
from data_access.schema.people import (
    audit_log,
    calendar_tokens,
    grants,
    import_batches,
    import_mappings,
    import_rejects,
    users,
)
from data_access.schema.reference import accounts, fx_rates, services, sites, vendors
from data_access.schema.risk import notices, payment_contacts, vendor_policies
from data_access.schema.risk_kept import account_risks, past_days, past_risks, risk_marks
from data_access.schema.scenarios import scenarios
from data_access.schema.types import metadata
from data_access.schema.usage import usage

__all__ = [
    "account_risks",
    "account_totals",
    "accounts",
    "alert_deliveries",
    "alert_events",
    "alert_findings",
    "alert_judged",
    "alert_marks",
    "alerts",
    "allocations",
    "audit_log",
    "bank_line_decisions",
    "bank_lines",
    "bank_statements",
    "calendar_tokens",
    "call_days",
    "calls",
    "charges",
    "dispute_events",
    "disputes",
    "fx_rates",
    "grants",
    "import_batches",
    "import_mappings",
    "import_rejects",
    "invoices",
    "match_aliases",
    "matches",
    "metadata",
    "month_payments",
    "month_totals",
    "notices",
    "open_totals",
    "past_alert_days",
    "past_days",
    "past_findings",
    "past_risks",
    "payment_contacts",
    "payments",
    "risk_marks",
    "scenarios",
    "services",
    "site_totals",
    "sites",
    "usage",
    "users",
    "vendor_policies",
    "vendor_statement_lines",
    "vendor_statements",
    "vendors",
]
