"""From records to table rows with ids: the ledger, in the order in which the database takes it.

Documents are numbered by date. Allocations keep the order in which things happened, reversing rows among them: a bill
paid, returned and paid again would be overpaid on the way if all payments were applied first.
"""

from collections.abc import Sequence
from datetime import datetime

from seed.books import Organisation
from seed.records import Allocation, Bill, Call, Payment
from seed.rows import Numbers, Row


def _bill_rows(bills: Sequence[Bill], number: Numbers) -> tuple[list[Row], list[Row]]:
    invoices: list[Row] = []
    charges: list[Row] = []
    for bill in bills:
        place = {"account_id": number(bill.account), "site_id": number(bill.account.site)}
        invoices.append(
            {"id": number(bill)}
            | place
            | {
                "number": bill.number,
                "part": bill.part,
                "kind": bill.kind,
                "issued_on": bill.issued_on,
                "due_on": bill.due_on,
                "period_start": bill.period_start,
                "period_end": bill.period_end,
                "amount": bill.amount,
                "amount_from": bill.amount_from,
                "reverses_id": number(bill.reverses),
            }
        )
        for position, charge in enumerate(bill.charges, 1):
            charges.append(
                {"id": len(charges) + 1}
                | place
                | {
                    "invoice_id": number(bill),
                    "line": str(position),
                    "type": charge.type,
                    "description": f"{charge.description} ({charge.line})" if charge.line else charge.description,
                    "amount": charge.amount,
                    "issued_on": bill.issued_on,
                    "chargeback_site_id": number(charge.chargeback),
                }
            )
    return invoices, charges


def _call_row(call: Call, number: Numbers) -> Row:
    fields = [
        "started_at",
        "number",
        "direction",
        "duration_s",
        "agent",
        "caller",
        "caller_verified",
        "purpose",
        "billing_period",
        "outcome",
        "confirmation_number",
        "promised_on",
        "follow_up_on",
        "notes",
    ]
    return (
        {"id": number(call), "account_id": number(call.account), "site_id": number(call.account.site)}
        | {name: getattr(call, name) for name in fields}
        | {"amends_id": number(call.amends)}
    )


def _payment_row(payment: Payment, number: Numbers) -> Row:
    """As it is inserted: a payment that came back starts pending or posted, its reversal's trigger does the rest."""
    return {
        "id": number(payment),
        "account_id": number(payment.account),
        "site_id": number(payment.account.site),
        "kind": payment.kind,
        "paid_on": payment.paid_on,
        "posted_on": payment.posted_on,
        "amount": payment.amount,
        "method": payment.method,
        "channel": payment.channel,
        "confirmation_number": payment.confirmation_number,
        "status": "posted" if payment.posted_on is not None else "pending",
        "reverses_id": number(payment.reverses),
        "call_id": number(payment.call),
        "note": payment.note,
    }


def _allocation_row(allocation: Allocation, number: Numbers) -> Row:
    source, target = allocation.source, allocation.target
    account = source.account
    return {
        "id": number(allocation),
        "account_id": number(account),
        "site_id": number(account.site),
        "payment_id": number(source) if isinstance(source, Payment) else None,
        "credit_note_id": number(source) if isinstance(source, Bill) else None,
        "invoice_id": number(target) if isinstance(target, Bill) else None,
        "refund_id": number(target) if isinstance(target, Payment) else None,
        "amount": allocation.amount,
        "applied_on": allocation.applied_on,
        "reverses_id": number(allocation.reverses),
    }


def _entered(call: Call) -> tuple[datetime, bool]:
    """A correction comes after what it corrects, even where it says that the call was earlier."""
    if call.amends is None:
        return call.started_at, False
    return max(call.started_at, call.amends.started_at), True


def ledger_rows(books: Organisation, number: Numbers) -> dict[str, list[Row]]:
    """Bills with their lines, calls, money and what it was applied to; reversal payments apart, since they come last."""
    bills = sorted(books.bills, key=lambda b: (b.issued_on, b.kind == "credit_note"))
    calls = sorted(books.calls, key=_entered)
    payments = sorted(books.payments, key=lambda p: (p.kind == "reversal", p.paid_on))
    allocations = sorted(books.allocations, key=lambda a: a.applied_on)
    disputes = sorted(books.disputes, key=lambda d: d.opened_on)
    notices = sorted(books.notices, key=lambda n: n.dated)
    for records in (bills, calls, payments, allocations, disputes, notices):
        number.number(records)
    invoices, charges = _bill_rows(bills, number)
    rows = [_payment_row(payment, number) for payment in payments]
    return {
        "invoices": invoices,
        "charges": charges,
        "calls": [_call_row(call, number) for call in calls],
        "payments": [row for row in rows if row["kind"] != "reversal"],
        "allocations": [_allocation_row(allocation, number) for allocation in allocations],
        "reversals": [row for row in rows if row["kind"] == "reversal"],
        "disputes": [
            {
                "id": number(d),
                "account_id": number(d.bill.account),
                "site_id": number(d.bill.account.site),
                "invoice_id": number(d.bill),
                "amount": d.amount,
                "reason": d.reason,
                "opened_on": d.opened_on,
                "closed_on": d.closed_on,
                "outcome": d.outcome,
                "kind": d.kind,
            }
            for d in disputes
        ],
        "notices": [
            {
                "id": number(n),
                "account_id": number(n.account),
                "site_id": number(n.account.site),
                "invoice_id": number(n.bill),
                "kind": n.kind.value,
                "dated": n.dated,
                "acts_on": n.acts_on,
                "amount": n.amount,
                "reference": n.reference,
                "channel": n.channel,
                "note": n.note,
            }
            for n in notices
        ],
    }
