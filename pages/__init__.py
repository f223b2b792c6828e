"""One module per menu entry; each only defines render(viewer). Their order in the menu is here."""

from pages import admin, balances, calls, import_, overview, payments, reconcile, risk, sites, what_if
from ui.menu import ADMINS, WRITERS, Entry

MENU = (
    Entry("Overview", ":material/dashboard:", "overview", overview.render),
    Entry("Sites", ":material/apartment:", "sites", sites.render),
    Entry("Balances", ":material/receipt_long:", "balances", balances.render),
    Entry("Payments", ":material/payments:", "payments", payments.render),
    Entry("Calls", ":material/call:", "calls", calls.render),
    Entry("Service risk", ":material/crisis_alert:", "risk", risk.render),
    Entry("What-if", ":material/science:", "what-if", what_if.render),
    Entry("Reconcile", ":material/checklist:", "reconcile", reconcile.render),
    Entry("Import", ":material/upload_file:", "import", import_.render, WRITERS, needs_ledger=False),
    Entry("Admin", ":material/admin_panel_settings:", "admin", admin.render, ADMINS, needs_ledger=False),
)
