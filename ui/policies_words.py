"""Vendors' terms in words: what the vendor does when it is not paid, and when. Pure functions."""

from collections.abc import Iterator

from domain.policies import CountedFrom, FeeBase, Policy, SuspensionDays
from ui.formats import day, escape, exact_money
from ui.wording import count, listed

_FROM = {CountedFrom.DUE: "after the due date", CountedFrom.INVOICE: "after the bill's date"}


def sentences(policy: Policy) -> list[str]:
    """One sentence a subject, in Markdown."""
    return [escape(sentence) for sentence in _sentences(policy)]


def holds(policy: Policy) -> str:
    """From 1 Jan 2024; or to which day."""
    since = f"from {day(policy.effective_from)}"
    return f"{since} until {day(policy.effective_until)}" if policy.effective_until else since


def exception(policy: Policy) -> str:
    """Whom the terms are for, where not for every account of the vendor."""
    return ", ".join(filter(None, (policy.service_type, policy.currency))) or "every account"


def _sentences(policy: Policy) -> Iterator[str]:
    yield _suspension(policy)
    if policy.young is not None:
        yield f"Accounts younger than {count(policy.young_months, 'month')}: {_span(policy.young)}."
    if policy.part is not None:
        share, later = f"{policy.part.basis_points / 100:g}%", count(policy.part.days, "day")
        yield f"A part payment of at least {share} of a bill puts that off by {later}, once."
    if policy.notice_days:
        yield f"It warns at least {count(policy.notice_days, 'day')} before."
    if policy.disconnection_days is not None:
        yield f"The line is given up {count(policy.disconnection_days, 'day')} after the suspension."
    yield _fee(policy)
    yield _restoral(policy)
    if policy.posting_days:
        named = [f"{method} {count(days, 'working day')}" for method, days in policy.posting_days]
        yield f"Payments show after: {listed(named, most=8)}."
    calendar = f" of {policy.calendar}" if policy.calendar else ""
    if policy.acts_on_working_days:
        yield f"It acts on working days{calendar} only."
    if policy.due_rolls_forward:
        yield f"A due date on a day off becomes the next working day{calendar}."


def _suspension(policy: Policy) -> str:
    if policy.suspension is None:
        return "It does not suspend the service."
    days = policy.suspension
    usually = f", usually {days.likely}," if days.earliest < days.latest else ""
    return f"It suspends the service {_span(days)}{usually} {_FROM[policy.counted_from]}."


def _span(days: SuspensionDays) -> str:
    return count(days.likely, "day") if days.earliest == days.latest else f"{days.earliest} to {days.latest} days"


def _fee(policy: Policy) -> str:
    fee, code = policy.late_fee, policy.currency
    if fee.base is FeeBase.NONE:
        return "It charges no late fee."
    parts = [exact_money(fee.flat, code)] if fee.flat else []
    if fee.basis_points:
        of = "what is past due" if fee.base is FeeBase.PAST_DUE else "the unpaid recurring charges"
        parts.append(f"{fee.basis_points / 100:g}% of {of}")
    limits = [f"at least {exact_money(fee.minimum, code)}"] if fee.minimum else []
    limits += [f"at most {exact_money(fee.cap, code)}"] if fee.cap is not None else []
    grace = f"more than {count(fee.grace_days, 'day')} " if fee.grace_days else ""
    amount = " plus ".join(parts) or limits.pop(0)
    return f"Late fee: {', '.join([amount, *limits])}, {grace}{_FROM[fee.counted_from]}."


def _restoral(policy: Policy) -> str:
    terms = policy.restoral
    wants = [exact_money(terms.fee, policy.currency)] if terms.fee else []
    wants += ["all that is past due"] if terms.past_due_in_full else []
    wants += [f"{count(terms.months_in_advance, 'month')} in advance"] if terms.months_in_advance else []
    return (
        f"To be switched on again it wants {listed(wants, most=4)}."
        if wants
        else "It is switched on again without a fee."
    )
