"""Four writers and one payment, through our commands: never overspent, every refusal its own, the ledger sound."""

import threading
from datetime import date

from data_access.commands.allocations import allocate
from data_access.scope import Scope
from data_access.verification import verify
from domain.allocation import OverspendError
from tests import factories as make

WRITERS, EACH = 4, 200


def test_overspend_race_through_our_commands(database, where, rows):
    """4 writers x 200 allocations of 1.00 from a payment of 300.00: exactly 300 fit."""
    day = date(2026, 2, 5)
    payment = make.payment(database, where, day, 30000)
    bills = [make.invoice(database, where, f"B{n}", day, day, 100000) for n in range(WRITERS)]
    landed, refused, surprises = [0] * WRITERS, [0] * WRITERS, []

    def write(n):
        for _ in range(EACH):
            try:
                database.writing(
                    f"writer {n}",
                    Scope.all_sites(),
                    lambda w: allocate(w, Scope.all_sites(), payment, {bills[n]: 100}, day),
                )
                landed[n] += 1
            except OverspendError:
                refused[n] += 1
            except Exception as error:
                surprises.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert surprises == []
    assert (sum(landed), sum(refused)) == (300, 500)
    assert [row.allocated for row in rows("payments")] == [30000]
    assert sorted(row.settled for row in rows("invoices")) == sorted(n * 100 for n in landed)
    assert len(rows("audit_log")) == 300
    outcome = verify(database, date(2026, 3, 1))
    assert outcome.ok, outcome
