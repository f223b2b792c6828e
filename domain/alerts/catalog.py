"""The alerts R01 to R25 (design section 4): id, title, severity, rule, and what to do next. The one place that names them."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How soon somebody must act: today, this week, or when there is time."""

    CRITICAL = "critical"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Rule:
    """`condition` says when the alert opens; it closes when that no longer holds."""

    id: str
    title: str
    severity: Severity
    condition: str
    next_step: str


_TABLE = (
    Rule(
        "R01",
        "Suspension near",
        Severity.CRITICAL,
        "A bill is past due or a notice stands, and the vendor may suspend the service within the days of `suspension_days`, by its notice or its terms, counting only money that has arrived.",
        "Pay the amount that keeps it on by the last safe day of a method, or ring the vendor for an arrangement.",
    ),
    Rule(
        "R02",
        "Notice received",
        Severity.CRITICAL,
        "A suspension or disconnection notice stands, and what it asks for is not paid.",
        "Ring the vendor's verified number with the notice's reference; pay, or agree on a day.",
    ),
    Rule(
        "R03",
        "Overdue",
        Severity.WARNING,
        "A bill is past its due day with an undisputed part open that neither a payment under way nor money on account covers.",
        "Pay it, or record why it is held back.",
    ),
    Rule(
        "R04",
        "Due soon, no payment under way",
        Severity.WARNING,
        "A bill is due within the days of `due_days`, has an undisputed part open, and neither a payment, money on account, an open promise nor autopay covers it.",
        "Pay it, or switch autopay on.",
    ),
    Rule(
        "R05",
        "Autopay did not draw",
        Severity.WARNING,
        "A bill of an account on autopay is more than `autopay_days` past its due day and autopay has drawn nothing for it.",
        "Look at the vendor's portal, and pay the bill by another method.",
    ),
    Rule(
        "R06",
        "Autopay or card expiring",
        Severity.WARNING,
        "The card or mandate behind autopay ends within the days of `expiry_days`, or has ended.",
        "Give the vendor the new card or mandate.",
    ),
    Rule(
        "R07",
        "Payment returned",
        Severity.CRITICAL,
        "A payment came back and a bill that it paid is still open and undisputed.",
        "Find out why it came back; pay the bills again by another method.",
    ),
    Rule(
        "R08",
        "Paid by phone, no confirmation number",
        Severity.WARNING,
        "A payment was made on a call and neither the payment nor the call carries a confirmation number.",
        "Ring the vendor, ask for the number, and record it with the call.",
    ),
    Rule(
        "R09",
        "Confirmed, not posted",
        Severity.WARNING,
        "A payment with a confirmation number is still pending after the vendor's posting days for its method and `posting_days` more.",
        "Ring the vendor with the confirmation number.",
    ),
    Rule(
        "R10",
        "Posted, no bank line",
        Severity.WARNING,
        "A payment was posted more than `bank_days` ago, the statements of every bank account in its currency (of every card, for a payment by card) cover those days, and no line is matched to the payment.",
        "Match the line, or ask the bank where the money went.",
    ),
    Rule(
        "R11",
        "Promise broken",
        Severity.WARNING,
        "We promised on a call to pay by a day that is past, nothing was paid on the account since, and something is still owed.",
        "Pay it, or ring the vendor before the vendor acts.",
    ),
    Rule(
        "R12",
        "Follow-up overdue",
        Severity.WARNING,
        "A follow-up of a call is past its day and nobody has rung about the account since.",
        "Make the call, or record why it is no longer needed.",
    ),
    Rule(
        "R13",
        "Paid through an unverified or reported number",
        Severity.CRITICAL,
        "A payment was made on a call to a number that is not verified in the directory, was reported, or was retired before the call.",
        "Ring the vendor on a verified number and ask whether the money arrived; stop the payment if not.",
    ),
    Rule(
        "R14",
        "Bill missing",
        Severity.WARNING,
        "The account's next bill is more than `missing_days` later than its own rhythm lets expect.",
        "Fetch it from the vendor's portal, or ring: an unseen bill is due all the same.",
    ),
    Rule(
        "R15",
        "Duplicate bill",
        Severity.WARNING,
        "Two bills of one account are for the same period and amount.",
        "Ask the vendor to withdraw one; dispute it meanwhile.",
    ),
    Rule(
        "R16",
        "Bill far from its usual amount",
        Severity.WARNING,
        "A bill differs from the account's own last bills, as billed and by the day, by more than their spread allows (`unusual_spreads`, `unusual_percent`).",
        "Read its lines; dispute what is not ours.",
    ),
    Rule(
        "R17",
        "Bill after closure",
        Severity.WARNING,
        "A bill charges for a period that begins on or after the day on which the account was closed.",
        "Dispute it with the date of closure.",
    ),
    Rule(
        "R18",
        "Period gap or overlap",
        Severity.NOTE,
        "The period of a bill begins more than a day (at a month's end, three) before or after the one before it ended.",
        "Ask for the missing bill, or dispute the days that are charged twice.",
    ),
    Rule(
        "R19",
        "Charges do not add up to the bill",
        Severity.WARNING,
        "A bill has lines, and their sum is not its amount.",
        "Ask the vendor for the missing line, or dispute the difference.",
    ),
    Rule(
        "R20",
        "Dispute window closing",
        Severity.WARNING,
        "A dispute has neither the vendor's answer nor an outcome, and the `dispute_days` from the issue of its bill are almost over: within the last `dispute_warning_days` of them, or past them.",
        "Ask the vendor for its decision before the right to dispute lapses.",
    ),
    Rule(
        "R21",
        "Contract ending or notice day near",
        Severity.NOTE,
        "A service's contract ends, or its last day to give notice comes, within the days of `contract_days`.",
        "Decide whether to renew, and give notice in time.",
    ),
    Rule(
        "R22",
        "Unapplied money",
        Severity.NOTE,
        "A payment or credit note has stood more than `unapplied_days` with a part applied to no bill.",
        "Apply it, or ask for a refund.",
    ),
    Rule(
        "R23",
        "Applied to the wrong account by the vendor",
        Severity.WARNING,
        "The vendor's notice asks on one account for what was paid in time, and another account of the vendor shows a credit of that amount; or its statements lack a payment on one account and show as much too little open on others.",
        "Ring the vendor with both account numbers and the confirmation number, and have the payment moved.",
    ),
    Rule(
        "R24",
        "Late fee charged though paid in time",
        Severity.NOTE,
        "A bill carries a late fee, every bill of the year before that was due by then was paid by its due day, and the fee was not given back.",
        "Ask for the fee back, with the payment's evidence.",
    ),
    Rule(
        "R25",
        "Payment contact unverified too long",
        Severity.NOTE,
        "A payment contact has waited more than `unverified_days` for somebody to verify it, or was last verified more than `reverify_days` ago.",
        "Check it against a printed bill, the portal or the contract, and verify or retire it.",
    ),
)

RULES = {rule.id: rule for rule in _TABLE}
