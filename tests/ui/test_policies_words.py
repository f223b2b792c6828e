"""Terms in words: each term is told, and what is not there is not."""

from datetime import date

import pytest

from domain.policies import CountedFrom, FeeBase, LateFeeTerms, PartTerms, Policy, RestoralTerms, SuspensionDays
from ui.policies_words import exception, holds, sentences


def said(**terms):
    return " ".join(sentences(Policy("Lumina", date(2026, 1, 1), "Terms, section 4", currency="USD", **terms))).replace(
        "\\:", ":"
    )


def test_bare_terms():
    assert said() == (
        "It does not suspend the service. It charges no late fee. To be switched on again it wants all that is past due. "
        "It acts on working days only."
    )


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"suspension": SuspensionDays(25, 30, 40)}, "suspends the service 25 to 40 days, usually 30, after the due date."),
        ({"suspension": SuspensionDays(30, 30, 30), "counted_from": CountedFrom.INVOICE}, "the service 30 days after the bill's date."),
        ({"suspension": SuspensionDays(30, 30, 30), "young_months": 6, "young": SuspensionDays(12, 12, 12)}, "younger than 6 months: 12 days."),
        ({"suspension": SuspensionDays(30, 30, 30), "part": PartTerms(3_350, 14)}, "A part payment of at least 33.5% of a bill puts that off by 14 days, once."),
        ({"notice_days": 10}, "warns at least 10 days before"),
        ({"disconnection_days": 15}, "given up 15 days after the suspension"),
        ({"late_fee": LateFeeTerms(FeeBase.PAST_DUE, 150, minimum=500, cap=9900, grace_days=5)}, "Late fee: 1.5% of what is past due, at least \\$5.00, at most \\$99.00, more than 5 days after the due date."),
        ({"late_fee": LateFeeTerms(FeeBase.RECURRING, 100, flat=200)}, "Late fee: \\$2.00 plus 1% of the unpaid recurring charges, after the due date."),
        ({"late_fee": LateFeeTerms(FeeBase.PAST_DUE, minimum=500)}, "Late fee: at least \\$5.00, after the due date."),
        ({"restoral": RestoralTerms(4000, True, 1)}, "wants \\$40.00, all that is past due and 1 month in advance"),
        ({"restoral": RestoralTerms(0, False, 0)}, "switched on again without a fee"),
        ({"posting_days": (("ach", 2), ("card", 0))}, "ach 2 working days and card 0 working days"),
        ({"calendar": "GB-SCT", "due_rolls_forward": True}, "next working day of GB-SCT"),
    ],
)  # fmt: skip
def test_each_term_is_told(terms, words):
    assert words in said(**terms)


def test_whom_and_when():
    policy = Policy("L", date(2026, 1, 1), "s", "voice", "USD", date(2026, 7, 1))
    assert exception(policy) == "voice, USD"
    assert holds(policy) == "from 1 Jan 2026 until 1 Jul 2026"
    assert exception(Policy("L", date(2026, 1, 1), "s")) == "every account"
