"""A scenario to begin with: one action of each common kind, to be cut down and filled in."""

from datetime import date

from domain.periods import shifted
from domain.what_if.actions import Action, Kind, Scenario, Selection, What


def template(as_of: date, currency: str = "USD") -> Scenario:
    """Fits any ledger: what it names by way of example selects nothing that is not there."""
    return Scenario(
        "Keep everything on, delay the rest",
        90,
        (
            Action(Kind.PAY, what=What.MINIMUM, on=as_of, method="card"),
            Action(Kind.PAY, Selection(sites=("HQ",)), what=What.AMOUNT, amount=100_000, on=shifted(as_of, 7)),
            Action(Kind.DELAY, Selection(vendors=("A vendor",)), days=14),
            Action(Kind.SPLIT, Selection(bills=(1,)), on=shifted(as_of, 5), parts=3, days=30),
            Action(Kind.AUTOPAY, Selection(service_types=("internet",)), on=shifted(as_of, 30)),
            Action(Kind.DISPUTE, Selection(bills=(2,)), amount=5_000),
            Action(Kind.CREDIT, Selection(accounts=(3,)), amount=2_500, on=shifted(as_of, 20)),
            Action(Kind.PRICE_CHANGE, Selection(regions=("West",)), basis_points=450, on=shifted(as_of, 30)),
            Action(Kind.NEW_BILL, Selection(accounts=(4,)), amount=80_000, on=shifted(as_of, 10)),
            Action(Kind.CANCEL, Selection(accounts=(5,)), on=shifted(as_of, 60)),
        ),
        currency,
    )
