"""What a vendor puts right: credit notes, disputes settled or not, bills issued again, lines that come later."""

from datetime import date, timedelta

from domain.working_days import add_working_days
from seed.calls import draw_call, money, period_name
from seed.habits import Instalment
from seed.history import History
from seed.payments import pay
from seed.records import Bill, Charge, Dispute, Way
from seed.vendors import credit_number

# By service type: the reason, the line that it is about (how its description begins), and what part of it, per mille
_REASONS: dict[str, tuple[tuple[str, str, int, int], ...]] = {
    "internet": (
        ("Charged for a speed that we do not have", "Fib", 180, 420),
        ("Line down for a week, no credit given", "Fib", 233, 234),
        ("Rate above the contract", "Fib", 60, 190),
    ),
    "voice": (
        ("Line was cancelled, still billed", "Fax line", 1000, 1001),
        ("Calls that we did not make", "Calls", 1000, 1001),
        ("Rate above the contract", "", 60, 190),
    ),
    "mobile": (
        ("Roaming on a SIM that never left the country", "Roaming", 1000, 1001),
        ("Lines were cancelled, still billed", "Business pool", 110, 340),
    ),
    "circuit": (
        ("Rate above the contract", "SD-WAN", 60, 190),
        ("Circuit was down for nine days, no credit given", "SD-WAN", 300, 301),
    ),
    "power": (
        ("Estimated reading far above the meter", "Energy", 160, 480),
        ("Demand charge of a meter that is not ours", "Demand", 1000, 1001),
    ),
    "water": (
        ("Estimated reading far above the meter", "Water", 210, 560),
        ("Sewer charged on irrigation", "Sewer", 300, 700),
    ),
}
_OUTCOMES = ("credited", "credited", "credited", "rejected", "withdrawn")


def credit(
    history: History, day: date, lines: list[Charge], reverses: Bill | None = None, about: Bill | None = None
) -> Bill:
    """Book a credit note of these (negative) lines."""
    source = about or reverses or history.bills[-1]
    note = Bill(
        history.account, credit_number(source, history.rng), "credit_note", day, None, None, None, lines, reverses
    )
    return history.add_bill(note)


def _by_hand(history: History) -> Way:
    """How a bill out of turn is paid: autopay does not know of it."""
    way = history.account.way
    return Way("card", "portal") if way.method == "autopay" else way


def _open_bills(history: History) -> list[Bill]:
    return [bill for bill in history.bills if bill.open > bill.withheld and not bill.withheld]


def open_dispute(history: History, day: date, settles: bool) -> None:
    """Withhold a line of the newest unpaid bill, and say so by telephone; waits for a bill where none is unpaid."""
    rng, account = history.rng, history.account
    bills = _open_bills(history)
    if not bills:
        history.at(day + timedelta(days=1), open_dispute, settles)
        return
    bill = bills[-1]
    grounds = [
        (reason, max(lines, key=lambda charge: charge.amount), rng.randrange(low, high))
        for reason, begins, low, high in _REASONS[account.service_type]
        if (lines := [c for c in bill.charges if c.type in {"recurring", "usage"} and c.description.startswith(begins)])
    ]
    reason, line, part = rng.choice(grounds)
    amount = min(bill.open, max(1, line.amount * part // 1000))
    bill.withheld = amount
    dispute = Dispute(bill, amount, reason, day)
    history.books.disputes.append(dispute)
    draw_call(
        history,
        day,
        "dispute",
        "dispute opened",
        billing_period=period_name(bill.period_start or bill.issued_on),
        follow_up_on=add_working_days(day, rng.randrange(8, 16), account.site.country),
        notes=f"{reason}: {line.description}. {money(amount, account)} of {money(bill.amount, account)} withheld.",
    )
    if settles:
        history.at(add_working_days(day, rng.randrange(15, 50), account.site.country), close_dispute, dispute)


def close_dispute(history: History, day: date, dispute: Dispute) -> None:
    """The vendor credits the amount, or we pay it after all."""
    rng, bill = history.rng, dispute.bill
    dispute.closed_on, dispute.outcome = day, rng.choice(_OUTCOMES)
    bill.withheld = 0
    if dispute.outcome == "credited":
        line = Charge(
            "credit", f"Credit, bill {bill.number}: {dispute.reason[0].lower()}{dispute.reason[1:]}", -dispute.amount
        )
        note = credit(history, day, [line], about=bill)
        history.allocate(note, bill, dispute.amount, day)
        return
    again = add_working_days(day, rng.randrange(2, 8), history.account.site.country)
    history.planned[bill] = max(again, history.planned.get(bill, again))
    history.at(again, pay, Instalment(again, _by_hand(history)), bill)


def correct_price(history: History, day: date, keep_open: bool = False) -> None:
    """A rate was wrong for some months: a credit note, used with the next payment unless it is to lie about."""
    rng, account = history.rng, history.account
    if not history.bills:
        return
    months = rng.randrange(2, 7)
    service = max(account.services, key=lambda s: s.price(day))
    amount = max(1_137, service.price(day) * rng.randrange(31, 97) // 1000 * months)
    note = credit(
        history,
        day,
        [Charge("credit", f"Rate correction, {service.description}, {months} months", -amount, service.identifier)],
    )
    if not keep_open:
        history.credit_notes.append(note)


def final_credit(history: History, day: date) -> None:
    """The account was closed within a period paid in advance: the rest of it comes back as a credit note."""
    last = history.bills[-1]
    if last.period_end is None or last.period_start is None or history.account.closed_on is None:
        return
    unused, whole = (last.period_end - history.account.closed_on).days, (last.period_end - last.period_start).days
    if unused > 0:
        amount = last.amount * unused // whole
        credit(history, day, [Charge("credit", f"Final bill: {unused} of {whole} days not used", -amount)])


def bill_again(history: History, day: date, bill: Bill) -> None:
    """The vendor withdraws an unpaid bill in full and issues a corrected one."""
    if bill.settled or bill.withheld:
        return
    lines = [Charge(c.type, f"Reversed: {c.description}", -c.amount, c.line, c.chargeback) for c in bill.charges]
    note = credit(history, day, lines, reverses=bill)
    history.allocate(note, bill, bill.amount, day)
    right = [
        Charge(c.type, c.description, c.amount, c.line, c.chargeback) for c in bill.charges if c.type != "one_time"
    ]
    change = -max(right, key=lambda charge: charge.amount).amount * history.rng.randrange(20, 90) // 1000
    right.append(Charge("adjustment", "Corrected rate", change))
    due_on = day + timedelta(days=history.account.terms_days)
    again = Bill(history.account, f"{bill.number}-R", "invoice", day, due_on, bill.period_start, bill.period_end, right)
    history.add_bill(again)
    paid = add_working_days(day, 6, history.account.site.country)
    history.planned[again] = paid
    history.at(paid, pay, Instalment(paid, _by_hand(history)), again)


def add_late_lines(history: History, day: date) -> None:
    """Lines that arrive after the bill was posted: a second part under the same number."""
    first = history.bills[-1]
    line = Charge("one_time", "Technician visit, added after billing", 18_950, first.charges[0].line)
    due_on = day + timedelta(days=history.account.terms_days)
    part = Bill(
        history.account, first.number, "invoice", day, due_on, first.period_start, first.period_end, [line],
        part=first.part + 1, amount_from="lines",
    )  # fmt: skip
    history.add_bill(part)
    paid = add_working_days(day, 12, history.account.site.country)
    history.planned[part] = paid
    history.at(paid, pay, Instalment(paid, Way("card", "portal")), part)
