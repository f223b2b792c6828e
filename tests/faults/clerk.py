"""A process that enters payments until it is killed, and tells of each one as soon as it is acknowledged."""

from datetime import date
from multiprocessing.connection import Connection

from data_access.commands.payments import PaymentDraft, record_payment
from data_access.database import Database
from data_access.scope import Scope

AMOUNT = 100


def enter_payments(url: str, account_id: int, told: Connection) -> None:
    """Never returns. Each payment pays the oldest bills; its id is sent once `writing` has returned."""
    database = Database(url)
    draft = PaymentDraft(account_id, date(2026, 2, 5), AMOUNT, "card", confirmation_number="C-1")
    while True:
        told.send(database.writing("clerk", Scope.all_sites(), lambda w: record_payment(w, Scope.all_sites(), draft)))
