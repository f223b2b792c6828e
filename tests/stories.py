"""Stories that tests of several rooms tell."""

from datetime import UTC, date, datetime

from data_access.database import Database
from tests import factories as make


def late_and_returned(database: Database) -> dict[str, int]:
    """Late, returned, refunded and unapplied money in two currencies; ids by name.

    J (100.00, due 4 February): 60.00 paid on the 2nd by P1, posted on the 5th, returned on the 20th; 100.00 by P2 on the
    25th on a call, posted on the 27th. F (50.00, due 7 March): P3 of 70.00 on 1 March, of which 15.00 came back as R on
    the 10th and 5.00 stayed. M (40.00, no due date, so 4 April): 3.00 of the credit note C (8.00) on 15 March.
    At the other site: E (9.00 EUR, due 2 February) drawn by A on the 3rd.
    """
    where = make.office(database)
    j = make.invoice(database, where, "J", date(2026, 1, 5), date(2026, 2, 4), 10000)
    p1 = make.payment(
        database,
        where,
        date(2026, 2, 2),
        6000,
        posted_on=date(2026, 2, 5),
        method="e-check",
        channel="portal",
        confirmation_number="CX-1",
    )
    first = make.allocation(database, where, 6000, date(2026, 2, 2), payment_id=p1, invoice_id=j)
    make.allocation(database, where, 6000, date(2026, 2, 20), payment_id=p1, invoice_id=j, reverses_id=first)
    back = make.payment(
        database,
        where,
        date(2026, 2, 20),
        6000,
        kind="reversal",
        reverses_id=p1,
        method="e-check",
        channel="portal",
        note="insufficient funds",
    )
    call = make.add(
        database,
        "calls",
        **where,
        started_at=datetime(2026, 2, 25, 16, tzinfo=UTC),
        number="+13035550100",
        purpose="payment",
        outcome="paid",
    )
    p2 = make.payment(
        database,
        where,
        date(2026, 2, 25),
        10000,
        posted_on=date(2026, 2, 27),
        method="card",
        channel="phone",
        confirmation_number="CX-2",
        call_id=call,
    )
    make.allocation(database, where, 10000, date(2026, 2, 25), payment_id=p2, invoice_id=j)
    f = make.invoice(database, where, "F", date(2026, 2, 5), date(2026, 3, 7), 5000)
    p3 = make.payment(database, where, date(2026, 3, 1), 7000, confirmation_number="CX-3")
    make.allocation(database, where, 5000, date(2026, 3, 1), payment_id=p3, invoice_id=f)
    refund = make.payment(database, where, date(2026, 3, 10), 1500, kind="refund")
    make.allocation(database, where, 1500, date(2026, 3, 10), payment_id=p3, refund_id=refund)
    m = make.invoice(database, where, "M", date(2026, 3, 5), None, 4000)
    note = make.invoice(database, where, "C", date(2026, 3, 12), None, 800, kind="credit_note")
    make.allocation(database, where, 300, date(2026, 3, 15), credit_note_id=note, invoice_id=m)
    depot = make.site(database, "DEP", region="South")
    other = make.account(database, depot, make.vendor(database, "Halden"), "H-1", currency="EUR")
    there = {"account_id": other, "site_id": depot}
    e = make.invoice(database, there, "E", date(2026, 1, 20), date(2026, 2, 2), 900)
    drawn = make.payment(database, there, date(2026, 2, 3), 900, method="autopay", channel="autopay")
    make.allocation(database, there, 900, date(2026, 2, 3), payment_id=drawn, invoice_id=e)
    return where | {
        "depot": depot,
        "other": other,
        "J": j,
        "F": f,
        "M": m,
        "E": e,
        "P1": p1,
        "back": back,
        "P2": p2,
        "P3": p3,
        "R": refund,
        "A": drawn,
        "C": note,
        "call": call,
    }
