"""What was typed into the call form, checked and turned into what is recorded. Every fault is told at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from data_access.commands.calls import CallDraft
from data_access.commands.payments import PaymentDraft
from data_access.queries.local_days import local_day, zone_named
from data_access.queries.open_bills import OpenBill
from domain.allocation import OpenInvoice, suggest_around_disputes
from domain.money import MoneyError, to_minor
from domain.parsing.amounts import AmountError, Mark, read_amount
from domain.parsing.phones import read_phone
from ui.formats import exact_money

AHEAD = timedelta(minutes=5)  # clocks differ a little


class EntryError(ValueError):
    """What cannot be saved as typed: one sentence a fault."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class PaymentEntry:
    """A payment taken on the call. parts: {invoice id: amount as typed}, None for oldest due first.

    unseen: the parts were filled in anew after the person looked at them last.
    """

    method: str | None
    amount: str
    parts: Mapping[int, str] | None = None
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class CallEntry:
    """The form. `started` is the site's local time, without its zone; `region` is the site's country.

    warned: the directory warns of the number; trusted_because: why a payment was made through it all the same.
    """

    account_id: int
    currency: str
    zone: str
    region: str
    started: datetime | None
    number: str = ""
    direction: str = "outbound"
    minutes: int | None = None
    agent: str = ""
    caller: str = ""
    verified: str = "unknown"
    purpose: str = ""
    period: str = ""
    outcome: str = ""
    confirmation: str = ""
    promised_on: date | None = None
    follow_up_on: date | None = None
    notes: str = ""
    payment: PaymentEntry | None = None
    warned: bool = False
    trusted_because: str = ""


def check(entry: CallEntry, bills: Sequence[OpenBill], now: datetime) -> tuple[CallDraft, PaymentDraft | None]:
    """What to record. `bills` are the account's open ones. Raises EntryError with every fault."""
    faults: list[str] = []
    started_at = _moment(entry, now, faults)
    called_on = local_day(started_at, entry.zone) if started_at else None
    if not entry.purpose.strip():
        faults.append("Say what the call was about (purpose).")
    if not entry.outcome.strip():
        faults.append("Say how the call ended (outcome).")
    for day, what in ((entry.promised_on, "promised for"), (entry.follow_up_on, "to be followed up on")):
        if day and called_on and day < called_on:
            faults.append(f"It is {what} {day}, which is before the call.")
    payment = _payment(entry, bills, called_on, faults) if entry.payment else None
    if entry.payment and entry.warned and not entry.trusted_because.strip():
        faults.append("The directory warns of this number: say why you paid through it, or take the payment out.")
    if faults or started_at is None:
        raise EntryError(faults)
    draft = CallDraft(
        account_id=entry.account_id,
        started_at=started_at,
        number=read_phone(entry.number.strip(), entry.region),
        direction=entry.direction,
        duration_s=entry.minutes * 60 if entry.minutes is not None else None,
        agent=entry.agent.strip(),
        caller=entry.caller.strip(),
        caller_verified=entry.verified,
        purpose=entry.purpose.strip(),
        billing_period=entry.period.strip(),
        outcome=entry.outcome.strip(),
        confirmation_number=entry.confirmation.strip(),
        promised_on=entry.promised_on,
        follow_up_on=entry.follow_up_on,
        notes=entry.notes.strip(),
        trusted_because=entry.trusted_because.strip(),
    )
    return draft, payment


def amount_of(text: str, currency: str) -> int:
    """Minor units of an amount as typed (decimals after a point). Raises EntryError."""
    try:
        written = read_amount(text.strip(), Mark.POINT)
        if written.currencies is not None and currency not in written.currencies:
            raise EntryError([f"{text.strip()} is not in {currency}, the account's currency."])
        minor = to_minor(written.value, currency)
    except (AmountError, MoneyError) as error:
        raise EntryError([f"{error}. Write the amount like 1,234.56."]) from error
    if minor <= 0:
        raise EntryError([f"{text.strip()} is not more than nothing; money that came back is recorded as a return."])
    return minor


def suggested(amount: int, bills: Sequence[OpenBill]) -> dict[int, int]:
    """{invoice id: minor units}, the oldest due first, disputed amounts last; what is left over stays on the account."""
    if amount <= 0 or not bills:
        return {}
    disputed = {bill.invoice_id: bill.disputed for bill in bills if bill.disputed}
    return suggest_around_disputes(amount, [_open_invoice(bill) for bill in bills], disputed)


def chosen_parts(parts: Mapping[int, str], bills: Sequence[OpenBill], amount: int, currency: str) -> dict[int, int]:
    """{invoice id: minor units} as typed, blanks left out. Raises EntryError naming each bill that cannot be paid so."""
    by_id = {bill.invoice_id: bill for bill in bills}
    chosen: dict[int, int] = {}
    faults: list[str] = []
    for invoice_id, text in parts.items():
        bill = by_id.get(invoice_id)
        if bill is None or not text.strip() or text.strip() in ("0", "0.00"):
            continue
        try:
            part = amount_of(text, currency)
        except EntryError as error:
            faults += [f"Bill {bill.number}: {fault}" for fault in error.faults]
            continue
        if part > bill.open_amount:
            faults.append(
                f"Bill {bill.number}: {exact_money(part, currency)} is more than the "
                f"{exact_money(bill.open_amount, currency)} that is open. The rest stays on the account by itself."
            )
        chosen[invoice_id] = part
    over = sum(chosen.values()) - amount
    if over > 0:
        faults.append(f"The bills take {exact_money(over, currency)} more than was paid. Lower one of them.")
    if faults:
        raise EntryError(faults)
    return chosen


def _open_invoice(bill: OpenBill) -> OpenInvoice:
    return OpenInvoice(bill.invoice_id, bill.number, bill.issued_on, bill.due_on, bill.open_amount)


def _moment(entry: CallEntry, now: datetime, faults: list[str]) -> datetime | None:
    if entry.started is None:
        faults.append("Say when the call started.")
        return None
    zone = zone_named(entry.zone)
    # Of an hour that the clocks ran through twice, the first.
    moment = entry.started.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != entry.started:
        faults.append(f"The clocks at the site skipped {entry.started:%H:%M} on that day. Choose the hour after it.")
        return None
    if moment > now + AHEAD:
        faults.append(f"{entry.started:%Y-%m-%d %H:%M} has not come yet at the site. Log a call after it was made.")
        return None
    return moment


def _payment(
    entry: CallEntry, bills: Sequence[OpenBill], called_on: date | None, faults: list[str]
) -> PaymentDraft | None:
    typed = entry.payment
    if typed is None:
        return None
    if not typed.method:
        faults.append("Say how it was paid: card or e-check.")
    try:
        if not typed.amount.strip():
            raise EntryError(["Write the amount that was paid."])
        amount = amount_of(typed.amount, entry.currency)
        if typed.unseen:
            raise EntryError(["The amount changed, so the bills were filled in anew. Look at them, and save again."])
        # What was on the screen is what is applied, or it is refused: never another bill.
        if typed.parts is None:
            parts = suggested(amount, bills)
        else:
            parts = chosen_parts(typed.parts, bills, amount, entry.currency)
    except EntryError as error:
        faults += error.faults
        return None
    if called_on is None or not typed.method:
        return None
    return PaymentDraft(
        account_id=entry.account_id,
        paid_on=called_on,
        amount=amount,
        method=typed.method,
        channel="phone",
        confirmation_number=entry.confirmation.strip(),
        status="pending",
        apply=parts or "none",
    )
