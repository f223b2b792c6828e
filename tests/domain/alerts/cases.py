"""An account for the tests of alert rules, and how they ask."""

from domain.alerts.subject import Subject
from domain.alerts.thresholds import Thresholds

SUBJECT = Subject(7, 3, 5, "USD", site="HQ", country="US", vendor="Lumina", service_type="internet")
USUAL = Thresholds()


def keys(findings):
    """(rule, cause) of each, and that each names its account."""
    found = [finding for finding in findings if finding is not None]
    assert all((f.account_id, f.site_id, f.vendor_id, f.currency) == (7, 3, 5, "USD") for f in found)
    return [finding.key for finding in found]
