"""The payments that a file adds: applied to the bills they name, or to the oldest due, or left on account."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Any

from data_access.applied_days import dated
from data_access.importers.context import Context
from data_access.importers.landing import Landing, reserve_ids
from data_access.importers.planners.open_bills import Applied, OpenBills
from data_access.importers.planners.payment_rows import REVERSED, PaymentRow
from data_access.importers.spool import Spool
from data_access.schema import allocations, payments

_WAITING = 100  # rows of each share that are not on disk


@dataclass(slots=True)
class NewPayment:
    """A payment to be written under its import key, and what it is applied to."""

    payment: PaymentRow
    key: str
    applied: list[Applied] = field(default_factory=list)

    @property
    def came_back(self) -> bool:
        """The file says that it was returned or voided."""
        return self.payment.status in REVERSED


class NewPayments:
    """Planned in order of the file; those without a bill in order of their day. All of one account at once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._planned: list[NewPayment] = []
        self._bills = OpenBills(context)
        self._shares: list[Spool] = []

    def add(self, new: NewPayment) -> None:
        """One more."""
        self._planned.append(new)

    def apply(self) -> None:
        """Decide what each of those added since the last time pays; a bill that is not there rejects its payment."""
        context = self._context
        self._planned.sort(key=lambda new: new.payment.row.line)
        self._bills.load((new.payment.account.id, number) for new in self._planned for number in new.payment.bills)
        self._planned = [new for new in self._planned if self._apply_to_named_bills(new)]
        if context.options.allocate_oldest:
            waiting = [new for new in self._planned if self._waits(new)]
            self._bills.load_ages(new.payment.account.id for new in waiting)
            for new in sorted(waiting, key=lambda new: (new.payment.paid_on, new.payment.row.line)):
                new.applied = self._bills.apply_oldest(new.payment.account.id, new.payment.amount, new.payment.paid_on)
        for new in self._planned:
            context.tally.add(new.payment.row)
            context.directory.keep(new.payment.account)
            # What came back has a row that says so, and takes its money off its bills again.
            context.tally.created.payments += 1 + new.came_back
            context.tally.created.allocations += len(new.applied) * (1 + new.came_back)
        self._shares.append(Spool(_WAITING))
        for new in self._planned:
            self._shares[-1].append(_landing(new))
        self._planned, self._bills = [], OpenBills(context)

    def write(self, landing: Landing) -> None:
        """Of each share payments first; those that came back go through their whole life before anything else is applied."""
        for share in self._shares:
            planned = list(chain.from_iterable(share.chunks()))
            ids = reserve_ids(landing.connection, payments, len(planned))
            for new, new_id in zip(planned, ids, strict=True):
                new.values["id"] = new_id
            landing.insert(payments, (landing.imported(new.account_id, new.values) for new in planned))
            for new in planned:
                if new.came_back_on is not None:
                    _write_return(landing, new, new.came_back_on)
            lasting = [new for new in planned if new.came_back_on is None]
            rows = (row for new in lasting for row in _allocation_rows(landing, new))
            landing.insert(allocations, dated(landing.connection, rows), counted=False)

    def _waits(self, new: NewPayment) -> bool:
        return not new.payment.bills and not new.came_back and new.payment.content["kind"] == "payment"

    def _apply_to_named_bills(self, new: NewPayment) -> bool:
        payment = new.payment
        kind = "invoice" if payment.content["kind"] == "payment" else "credit_note"
        parts = {number: self._bills.parts(payment.account.id, number, kind) for number in payment.bills}
        if missing := next((number for number, found in parts.items() if not found), ""):
            what = "bill" if kind == "invoice" else "credit note"
            reason = f"{payment.account.told} has no {what} {missing!r}: import it first"
            self._context.reject(payment.row, "invoice_number", reason)
            return False
        for number, amount in payment.bills.items():
            new.applied += self._bills.apply(parts[number], amount, payment.paid_on, for_good=not new.came_back)
        if new.came_back:
            new.applied = [part for part in new.applied if part.applied_on <= payment.came_back_on]
        return True


@dataclass(slots=True)
class _Landing:
    """What of a payment has to be written."""

    account_id: int
    values: dict[str, Any]
    applied: list[Applied]
    came_back_on: date | None


def _landing(new: NewPayment) -> _Landing:
    payment = new.payment
    pending = payment.status in ("pending", "void")
    values = {name: value for name, value in payment.content.items() if name != "invoice_number"}
    values |= {
        "status": "pending" if pending else "posted",
        "posted_on": None if pending else payment.paid_on if new.came_back else payment.posted_on or payment.paid_on,
        "import_key": new.key,
        "external_id": payment.row.get("external_id"),
    }
    return _Landing(payment.account.id, values, new.applied, payment.came_back_on if new.came_back else None)


def _allocation_rows(landing: Landing, new: _Landing) -> Iterator[dict[str, Any]]:
    for part in new.applied:
        values: dict[str, Any] = {"payment_id": None, "invoice_id": None, "credit_note_id": None, "refund_id": None}
        if new.values["kind"] == "payment":
            values |= {"payment_id": new.values["id"], "invoice_id": part.invoice_id}
        else:
            values |= {"credit_note_id": part.invoice_id, "refund_id": new.values["id"]}
        values |= {"amount": part.amount, "applied_on": part.applied_on}
        yield landing.imported(new.account_id, values)


def _write_return(landing: Landing, new: _Landing, came_back_on: date) -> None:
    # Never later than it came back: then it counted on no day.
    rows = [
        row | {"applied_on": min(row["applied_on"], came_back_on)}
        for row in dated(landing.connection, _allocation_rows(landing, new))
    ]
    for row, new_id in zip(rows, reserve_ids(landing.connection, allocations, len(rows)), strict=True):
        landing.insert(allocations, [row | {"id": new_id}], counted=False)
        landing.insert(allocations, [row | {"applied_on": came_back_on, "reverses_id": new_id}], counted=False)
    values = {name: new.values[name] for name in ("amount", "method", "channel")}
    values |= {
        "kind": "reversal",
        "paid_on": came_back_on,
        "posted_on": came_back_on,
        "status": "posted",
        "reverses_id": new.values["id"],
    }
    landing.insert(payments, [landing.imported(new.account_id, values)], counted=False)
