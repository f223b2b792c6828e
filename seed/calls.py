"""Calls with vendors: every payment by telephone has one, and most trouble has a few."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from domain.working_days import add_working_days, working_day_from
from seed.history import History
from seed.people import draw_agent, draw_caller
from seed.records import Account, Bill, Call, Charge, Payment

_SYMBOLS = {"USD": "$", "GBP": "£", "EUR": "€"}
_FURTHEST_PROMISE = 21  # days that a vendor waits on a word
# Least and most seconds on the telephone
_DURATION = {"payment": (210, 1_020), "dispute": (480, 2_700), "extension": (240, 1_200), "outage": (360, 2_400)}
_PAID_NOTES = (
    "Agent read the amount back and gave the confirmation number.",
    "Paid {money}; agent confirmed that this clears what is past due.",
    "Held for 11 minutes. Paid {money}, number read back twice.",
    "Asked them to note the account that the site stays on.",
    "Paid {money} from the bill in hand; receipt to follow by e-mail.",
    "",
    "",
)
_QUESTIONS = (
    ("Asked for a copy of the bill; portal shows an empty page.", "answered"),
    ("Asked which lines the usage belongs to.", "answered"),
    ("Asked to change the mailing address of paper bills.", "answered"),
    ("Asked why the due date moved; new billing cycle.", "answered"),
    ("Left a message with billing; nobody free.", "no answer"),
)


def period_name(day: date) -> str:
    """YYYY-MM, as a call names the bill that it is about."""
    return f"{day:%Y-%m}"


def money(amount: int, account: Account) -> str:
    """As somebody would note it down."""
    return f"{_SYMBOLS[account.currency]}{amount // 100:,}.{amount % 100:02d}"


def _started_at(day: date, account: Account, rng: Random) -> datetime:
    """Within office hours at the site; UTC."""
    clock = time(rng.randrange(8, 17), rng.randrange(60), rng.randrange(60))
    return datetime.combine(day, clock, ZoneInfo(account.site.timezone)).astimezone(UTC)


def draw_call(history: History, day: date, purpose: str, outcome: str, **details: object) -> Call:
    """Book a call on a day; `details` are further fields of the record."""
    account, rng = history.account, history.rng
    low, high = _DURATION.get(purpose, (120, 780))
    call = Call(
        account=account,
        started_at=_started_at(day, account, rng),
        number=account.vendor.phone[account.site.country],
        direction="outbound",
        duration_s=rng.randrange(35, 110) if outcome == "no answer" else round(rng.triangular(low, high, low * 1.5)),
        agent="" if outcome == "no answer" else draw_agent(account.site.country, rng),
        caller=draw_caller(account.site, rng),
        caller_verified="unknown" if outcome == "no answer" else rng.choices(("yes", "unknown", "no"), (90, 8, 2))[0],
        purpose=purpose,
        outcome=outcome,
    )
    for name, value in details.items():
        setattr(call, name, value)
    history.books.calls.append(call)
    return call


def call_of(history: History, payment: Payment, bills: list[Bill]) -> Call:
    """The call in which a payment by telephone was made; both carry the vendor's confirmation number."""
    note = history.rng.choice(_PAID_NOTES).format(money=money(payment.amount, history.account))
    return draw_call(
        history,
        payment.paid_on,
        "payment",
        "paid",
        billing_period=period_name(bills[0].period_start or bills[0].issued_on) if bills else "",
        confirmation_number=payment.confirmation_number,
        notes=note,
    )


def chase(history: History, day: date, bill: Bill) -> None:
    """A bill is late: they ring us, or we ring for more time. A promise is kept when money arrives by then."""
    rng, account = history.rng, history.account
    if bill.open <= bill.withheld:
        return
    arrives = history.planned.get(bill)
    kept = rng.random() < 0.72
    promised_on = add_working_days(day, rng.randrange(3, 12), account.site.country)
    if arrives is not None and day < arrives <= day + timedelta(days=_FURTHEST_PROMISE) and kept:
        promised_on = working_day_from(arrives + timedelta(days=rng.randrange(3)), account.site.country)
    inbound = rng.random() < 0.4
    draw_call(
        history,
        day,
        "reminder" if inbound else "extension",
        "promised" if inbound else rng.choice(("extension granted", "promised")),
        direction="inbound" if inbound else "outbound",
        billing_period=period_name(bill.period_start or bill.issued_on),
        promised_on=promised_on,
        follow_up_on=add_working_days(promised_on, 1, account.site.country) if rng.random() < 0.6 else None,
        notes=f"{money(bill.open, account)} past due. "
        + rng.choice(
            (
                "Told them when it will be paid.",
                "No late notice if paid by then.",
                "They will hold the account until then.",
            )
        ),
    )


def outage(history: History, day: date) -> None:
    """The line was down: a credit is promised, and stands on the next bill."""
    rng, account = history.rng, history.account
    service = rng.choice([s for s in account.services if s.price(day)])
    days = rng.randrange(1, 5)
    amount = service.price(day) * days // 30
    case = rng.randrange(100_000, 999_999)
    draw_call(
        history,
        day,
        "outage",
        "credit promised",
        follow_up_on=add_working_days(day, rng.randrange(8, 20), account.site.country),
        notes=f"{service.description} down, case {case}. Credit of {money(amount, account)} promised for the next bill.",
    )
    history.next_lines.append(Charge("credit", f"Outage credit, case {case}", -amount, service.identifier))


def question(history: History, day: date) -> None:
    """An ordinary question."""
    note, outcome = history.rng.choice(_QUESTIONS)
    follow_up = add_working_days(day, 2, history.account.site.country) if outcome == "no answer" else None
    draw_call(history, day, "question", outcome, notes=note, follow_up_on=follow_up)
