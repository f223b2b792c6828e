"""Our own numbers: cheques from one cheque book, payment runs by day. One remittance may pay many accounts of a vendor."""

from itertools import groupby

from seed.records import Payment

OWN_NUMBERS = frozenset({"cheque", "ach", "transfer"})
_FIRST_CHEQUE = 20_417


def number_remittances(payments: list[Payment]) -> None:
    """Give cheques and runs their numbers, in order of date; a reversal carries the number of what it returns."""

    def remittance(payment: Payment) -> tuple[object, ...]:
        return payment.paid_on, payment.account.vendor.name, payment.account.currency

    own = [p for p in payments if p.method in OWN_NUMBERS and p.kind == "payment"]
    cheques = sorted((p for p in own if p.method == "cheque"), key=remittance)
    for number, (_, together) in enumerate(groupby(cheques, remittance), _FIRST_CHEQUE):
        for payment in together:
            payment.confirmation_number = f"CHK {number}"
    runs = sorted((p for p in own if p.method != "cheque"), key=remittance)
    for day, of_day in groupby(runs, lambda payment: payment.paid_on):
        for number, (_, together) in enumerate(groupby(of_day, remittance), 1):
            for payment in together:
                payment.confirmation_number = f"PR{day:%y%m%d}-{number:03d}"
    for payment in payments:
        if payment.reverses is not None:
            payment.confirmation_number = payment.reverses.confirmation_number
