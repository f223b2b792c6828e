"""The terms of the twelve vendors: late fees, notices, suspension, restoral. The shapes are those of published terms."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from domain.periods import add_months
from domain.policies import CountedFrom, FeeBase, LateFeeTerms, PartTerms, Policy, RestoralTerms, SuspensionDays

_SINCE = date(2021, 7, 1)
_CHANGED = 10  # months before today, two vendors changed their late fee
_YOUNG = SuspensionDays(12, 12, 14)  # in the first six months
_AT_ONCE = (("card", 0), ("e-check", 2))
_BY_MAIL = (("cheque", 8),)


def _flat(amount: int, *, grace_days: int = 0) -> LateFeeTerms:
    return LateFeeTerms(FeeBase.PAST_DUE, flat=amount, grace_days=grace_days)


def _rate(basis_points: int, minimum: int, *, cap: int | None = None, grace_days: int = 0) -> LateFeeTerms:
    return LateFeeTerms(FeeBase.PAST_DUE, basis_points, minimum=minimum, cap=cap, grace_days=grace_days)


_RECURRING = LateFeeTerms(
    FeeBase.RECURRING, basis_points=150, cap=50_000, grace_days=30, counted_from=CountedFrom.INVOICE
)


def _american() -> Iterator[tuple[str, Policy]]:
    yield (
        "lumora",
        Policy(
            "Lumora Broadband", _SINCE, "Business service terms, section 8, July 2021", currency="USD",
            late_fee=_flat(800), notice_days=10, suspension=SuspensionDays(28, 30, 35), young_months=6, young=_YOUNG,
            disconnection_days=30, restoral=RestoralTerms(3_500), posting_days=_AT_ONCE,
        ),
    )  # fmt: skip
    yield (
        "ardmore",
        Policy(
            "Ardmore Telephone", _SINCE, "Local tariff, sheet 14: payment and suspension", currency="USD",
            late_fee=_flat(1_000), notice_days=10, suspension=SuspensionDays(45, 47, 52), disconnection_days=15,
            restoral=RestoralTerms(4_000, months_in_advance=1), posting_days=_BY_MAIL, due_rolls_forward=True,
        ),
    )  # fmt: skip
    yield (
        "vantelle",
        Policy(
            "Vantelle Mobile", _SINCE, "Corporate customer agreement, 7.3 and 7.4", currency="USD",
            late_fee=_rate(150, 500), notice_days=7, suspension=SuspensionDays(30, 32, 37), young_months=6, young=_YOUNG,
            disconnection_days=30, restoral=RestoralTerms(2_000, past_due_in_full=False),
            posting_days=(("card", 0), ("e-check", 3)), acts_on_working_days=False, part=PartTerms(5_000, 14),
        ),
    )  # fmt: skip
    yield (
        "halvorsen",
        Policy(
            "Halvorsen Networks", _SINCE, "Master service agreement, schedule B, article 4", currency="USD",
            late_fee=_RECURRING, notice_days=15, suspension=SuspensionDays(50, 52, 60), disconnection_days=45,
            restoral=RestoralTerms(25_000, months_in_advance=1), posting_days=(("ach", 1),),
        ),
    )  # fmt: skip
    yield (
        "quillan",
        Policy(
            "Quillan Cloud Voice", _SINCE, "Subscription terms, 5: fees and payment", currency="USD", notice_days=10,
            suspension=SuspensionDays(30, 30, 33), disconnection_days=30, posting_days=_AT_ONCE, acts_on_working_days=False,
        ),
    )  # fmt: skip
    yield (
        "greatdivide",
        Policy(
            "Great Divide Energy", _SINCE, "Electric rules and regulations, rule 11", currency="USD",
            late_fee=_rate(100, 200, cap=15_000, grace_days=5), notice_days=10, suspension=SuspensionDays(60, 64, 75),
            disconnection_days=30, restoral=RestoralTerms(8_500), posting_days=_BY_MAIL, due_rolls_forward=True,
            part=PartTerms(5_000, 30),
        ),
    )  # fmt: skip
    yield (
        "clearbrook",
        Policy(
            "Clearbrook Water", _SINCE, "By-laws of the water district, article 6: liens", currency="USD",
            late_fee=_flat(500, grace_days=10), posting_days=_BY_MAIL,
        ),
    )  # fmt: skip


def _european() -> Iterator[tuple[str, Policy]]:
    pennine = Policy(
        "Pennine Connect", _SINCE, "Terms for business, clause 6, 2021", currency="GBP", late_fee=_flat(600),
        notice_days=7, suspension=SuspensionDays(30, 33, 40), disconnection_days=30, restoral=RestoralTerms(2_500),
    )  # fmt: skip
    yield "pennine", pennine
    irish = {"currency": "EUR", "late_fee": _flat(750), "restoral": RestoralTerms(3_000)}
    yield "pennine", replace(pennine, source="Terms for business, clause 6, Irish edition", **irish)
    leased = {"notice_days": 14, "suspension": SuspensionDays(45, 50, 60), "restoral": RestoralTerms(15_000)}
    source = "Leased line schedule, paragraph 9"
    yield "pennine", replace(pennine, source=source, service_type="circuit", late_fee=_flat(750), **leased)
    for currency in ("GBP", "EUR"):
        yield (
            "larkfield",
            Policy(
                "Larkfield Mobile", _SINCE, f"Business pay monthly terms, 8.2, {currency}", currency=currency,
                late_fee=_flat(500), notice_days=7, suspension=SuspensionDays(25, 28, 35), young_months=6, young=_YOUNG,
                disconnection_days=30, restoral=RestoralTerms(1_500),
            ),
        )  # fmt: skip
        yield (
            "severnvale",
            Policy(
                "Severnvale Power", _SINCE, f"Energy supply terms, clause 11: disconnection, {currency}", currency=currency,
                notice_days=28, suspension=SuspensionDays(90, 98, 115), disconnection_days=60, restoral=RestoralTerms(6_000),
                part=PartTerms(2_500, 28),
            ),
        )  # fmt: skip
    rheinfaden = Policy(
        "Rheinfaden Netze", _SINCE, "AGB für Geschäftskunden, Ziffer 7", currency="EUR", late_fee=_flat(500),
        notice_days=14, suspension=SuspensionDays(45, 48, 56), disconnection_days=60, restoral=RestoralTerms(2_000),
        due_rolls_forward=True,
    )  # fmt: skip
    yield "rheinfaden", rheinfaden
    mobile = {"suspension": SuspensionDays(30, 32, 40), "young_months": 6, "young": _YOUNG}
    yield "rheinfaden", replace(rheinfaden, source="AGB Mobilfunk, Ziffer 10", service_type="mobile", **mobile)
    nordmark = Policy(
        "Nordmark Energie und Wasser", _SINCE, "Ergänzende Bedingungen, Abschnitt Zahlungsverzug", currency="EUR",
        late_fee=_flat(500), notice_days=28, suspension=SuspensionDays(60, 66, 80), disconnection_days=60,
        restoral=RestoralTerms(7_500), due_rolls_forward=True,
    )  # fmt: skip
    yield "nordmark", nordmark
    water = {"suspension": None, "notice_days": 0, "disconnection_days": None, "restoral": RestoralTerms()}
    yield "nordmark", replace(nordmark, source="Wassersatzung, § 22", service_type="water", **water)


def terms(today: date) -> dict[str, list[Policy]]:
    """Each vendor's terms by slug; two of them have changed their late fee in the year before `today`."""
    found: dict[str, list[Policy]] = {}
    for slug, policy in (*_american(), *_european()):
        found.setdefault(slug, []).append(policy)
    changed = add_months(today.replace(day=1), -_CHANGED)
    for slug, title, fee in (
        ("lumora", "Business service terms, section 8", _rate(150, 500)),
        ("pennine", "Terms for business, clause 6", _flat(750)),
    ):
        old = found[slug][0]
        found[slug].append(replace(old, source=f"{title}, {changed:%B %Y}", effective_from=changed, late_fee=fee))
        found[slug][0] = replace(old, effective_until=changed)
    return found
