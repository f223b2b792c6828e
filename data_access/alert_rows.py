"""A finding as it is kept, of today and of days of the past."""

import json
from collections.abc import Collection
from typing import Any

from data_access.queries.alert_findings import BY_WHAT_IS_ELSEWHERE
from domain.alerts.findings import Finding
from domain.alerts.lifecycle import urgency

_COPIED = ("account_id", "site_id", "vendor_id", "rule", "cause", "entity", "entity_id", "since", "amount", "currency")


def row_of(finding: Finding, elsewhere: Collection[int]) -> dict[str, Any]:
    """Of today. elsewhere: the accounts with a line at another site."""
    apart = finding.rule in BY_WHAT_IS_ELSEWHERE or finding.account_id in elsewhere
    return common_row(finding) | {"apart": apart}


def common_row(finding: Finding) -> dict[str, Any]:
    """What is kept of it on any day."""
    severity, last_day, weight, _, _ = urgency(finding)
    order = {"severity": severity, "last_day": last_day, "weight": weight}
    told = {"act_by": finding.act_by, "facts": json.dumps(finding.facts, ensure_ascii=False)}
    return {name: getattr(finding, name) for name in _COPIED} | told | order
