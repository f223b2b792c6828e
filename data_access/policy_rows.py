"""A vendor policy as a row of its table, and back."""

from typing import Any

from domain.parsing.posting_days import posting_text, read_posting_days
from domain.policies import CountedFrom, FeeBase, LateFeeTerms, PartTerms, Policy, RestoralTerms, SuspensionDays

_DAYS = ("earliest", "likely", "latest")


def policy_values(policy: Policy) -> dict[str, Any]:
    """The columns of a policy but id and vendor_id."""
    fee, restoral = policy.late_fee, policy.restoral
    return {
        "service_type": policy.service_type,
        "currency": policy.currency,
        "effective_from": policy.effective_from,
        "effective_until": policy.effective_until,
        "source": policy.source,
        "fee_base": fee.base.value,
        "fee_basis_points": fee.basis_points,
        "fee_flat": fee.flat,
        "fee_minimum": fee.minimum,
        "fee_cap": fee.cap,
        "fee_grace_days": fee.grace_days,
        "fee_counted_from": fee.counted_from.value,
        "notice_days": policy.notice_days,
        "counted_from": policy.counted_from.value,
        **{f"suspends_{name}": getattr(policy.suspension, name, None) for name in _DAYS},
        "young_months": policy.young_months,
        **{f"young_{name}": getattr(policy.young, name, None) for name in _DAYS},
        "disconnection_days": policy.disconnection_days,
        "restoral_fee": restoral.fee,
        "restoral_in_full": restoral.past_due_in_full,
        "restoral_months": restoral.months_in_advance,
        "posting_days": posting_text(policy.posting_days),
        "calendar": policy.calendar,
        "acts_on_working_days": policy.acts_on_working_days,
        "due_rolls_forward": policy.due_rolls_forward,
        "part_basis_points": policy.part.basis_points if policy.part else 0,
        "part_days": policy.part.days if policy.part else 0,
    }


def policy_of(row: Any, vendor: str) -> Policy:
    """The policy that a row of vendor_policies holds. Raises PolicyError where another program wrote what cannot be."""
    return Policy(
        id=row.id,
        vendor=vendor,
        service_type=row.service_type,
        currency=row.currency,
        effective_from=row.effective_from,
        effective_until=row.effective_until,
        source=row.source,
        late_fee=LateFeeTerms(
            base=FeeBase(row.fee_base),
            basis_points=row.fee_basis_points,
            flat=row.fee_flat,
            minimum=row.fee_minimum,
            cap=row.fee_cap,
            grace_days=row.fee_grace_days,
            counted_from=CountedFrom(row.fee_counted_from),
        ),
        notice_days=row.notice_days,
        counted_from=CountedFrom(row.counted_from),
        suspension=_days(row, "suspends"),
        young_months=row.young_months,
        young=_days(row, "young"),
        disconnection_days=row.disconnection_days,
        restoral=RestoralTerms(row.restoral_fee, bool(row.restoral_in_full), row.restoral_months),
        posting_days=read_posting_days(row.posting_days),
        calendar=row.calendar,
        acts_on_working_days=bool(row.acts_on_working_days),
        due_rolls_forward=bool(row.due_rolls_forward),
        part=part_terms(row.part_basis_points, row.part_days),
    )


def part_terms(basis_points: int, days: int) -> PartTerms | None:
    """The terms of part payments; none where both are 0. Raises PolicyError where only one is."""
    return PartTerms(basis_points, days) if basis_points or days else None


def _days(row: Any, what: str) -> SuspensionDays | None:
    days = [getattr(row, f"{what}_{name}") for name in _DAYS]
    return None if days[0] is None else SuspensionDays(*days)
