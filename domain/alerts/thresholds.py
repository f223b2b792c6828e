"""When an alert opens: the numbers that an organisation sets for itself, and what they are until it does."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Days unless the name says otherwise; the catalog says what each does."""

    suspension_days: int = 14
    due_days: int = 5
    autopay_days: int = 2
    expiry_days: int = 45
    posting_days: int = 3
    bank_days: int = 7
    missing_days: int = 7
    unusual_spreads: int = 6
    unusual_percent: int = 40
    dispute_days: int = 60
    dispute_warning_days: int = 14
    contract_days: int = 60
    unapplied_days: int = 30
    unverified_days: int = 14
    reverify_days: int = 365
