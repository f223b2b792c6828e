"""R20, R21 and R25: disputes, contracts and the directory of contacts, each with its days."""

from datetime import date
from random import Random

from domain.contacts import ContactState
from seed.faults.account_life import Life
from seed.faults.stage import Expected, Planted, Stage
from seed.records import Bill, Dispute, Service

_UNPAID = (-3, -1)


def _disputed(stage: Stage, rng: Random, ago: int, closed_ago: int | None = None) -> tuple[Life, object]:
    """A part of the bill of two months ago is withheld, the rest paid."""
    life = Life(stage, rng, newest=12, unpaid=_UNPAID)
    return life, _withheld(life, life.bills[-3], ago, closed_ago)


def _withheld(life: Life, bill: Bill, ago: int, closed_ago: int | None = None) -> Dispute:
    part = bill.amount // 5
    dispute = life.dispute(bill, part, ago, closed_ago)
    life.pay(bill, bill.falls_due_on, bill.amount - part)
    if closed_ago is not None:
        life.pay(bill, life.stage.day(closed_ago), part)
    return dispute


def window_closes(stage: Stage, rng: Random) -> Life:
    """No outcome, and its bill was issued ten weeks ago."""
    life, dispute = _disputed(stage, rng, rng.randrange(46, 70))
    life.must("R20", dispute)
    return life


def fresh_dispute(stage: Stage, rng: Random) -> Life:
    """The vendor has time yet."""
    life = Life(stage, rng, newest=12, unpaid=(-1,))
    bill = life.bills[-1]
    life.dispute(bill, bill.amount // 5, rng.randrange(2, 11))
    return life


def settled_dispute(stage: Stage, rng: Random) -> Life:
    """It has its outcome."""
    return _disputed(stage, rng, rng.randrange(50, 70), closed_ago=rng.randrange(3, 30))[0]


def _contract(
    life: Life, ends_on: date | None, notice_days: int | None = None, ended_on: date | None = None
) -> Service:
    service = Service(
        life.account, life.account.site, f"CKT-{life.account.number}", "Fiber circuit", 3, [(date(2020, 1, 1), 40_000)],
        life.stage.day(700), contract_ends_on=ends_on, notice_days=notice_days, ended_on=ended_on,
    )  # fmt: skip
    life.account.services.append(service)
    return service


def contract_ends(stage: Stage, rng: Random) -> Life:
    """It ends within two months, or its notice day does while the end is far."""
    life = Life(stage, rng)
    if rng.random() < 0.5:
        service = _contract(life, stage.day(-rng.randrange(0, 61)))
    else:
        service = _contract(life, stage.day(-90 - rng.randrange(0, 61)), 90)
    life.must("R21", service)
    return life


def contract_far_off(stage: Stage, rng: Random) -> Life:
    """Neither day is near; or there is no contract; or the line is gone, or the contract long over."""
    life = Life(stage, rng)
    ends_in, notice_days = rng.choice(((-rng.randrange(95, 400), 30), (-rng.randrange(61, 90), None), (20, 30)))
    _contract(life, stage.day(ends_in), notice_days)
    _contract(life, None).identifier += "-2"
    _contract(life, stage.day(-20), ended_on=stage.day(5)).identifier += "-3"
    return life


def add_contacts(stage: Stage, rng: Random, copy: int) -> list[Planted]:
    """Contacts of the strict vendor that nobody has checked, or not for long, among such as need no check."""
    vendor, area = stage.strict, 200 + 7 * copy

    def number(place: int) -> str:
        return f"+1{area + 101 * place}5550{100 + 13 * place + copy}"

    stale = [
        stage.contact(vendor, number(1), proposed_ago=rng.randrange(15, 90)),
        stage.contact(vendor, number(2), verified_ago=rng.randrange(366, 500)),
    ]
    sound = [
        stage.contact(vendor, number(3), proposed_ago=rng.randrange(0, 15)),
        stage.contact(vendor, number(4), verified_ago=rng.randrange(5, 366)),
        stage.contact(vendor, number(5), verified_ago=700, ended_ago=30, state=ContactState.RETIRED),
        stage.contact(vendor, number(6), proposed_ago=200, ended_ago=190, state=ContactState.REPORTED),
    ]
    return [
        *(Planted("unchecked_contact", "R25", vendor, None, [Expected("R25", contact)]) for contact in stale),
        *(Planted("contact_in_order", "R25", vendor, None) for _ in sound),
    ]


STORIES = (
    ("R20", window_closes),
    ("R20", fresh_dispute),
    ("R20", settled_dispute),
    ("R21", contract_ends),
    ("R21", contract_far_off),
)
