"""All months of one account, as tuples of COLUMNS: bills, payments and calls, and what goes wrong now and then.

Money and counters are integers, days and moments the text that both databases take. Whatever a trigger would count
(settled, allocated, matched, the days of what was applied, the status of what came back) is counted here, since the triggers are suspended.
"""

from collections import Counter
from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from domain.periods import add_months
from seed.large.columns import COLUMNS
from seed.large.reference import phone
from seed.large.tenant import Account, Tenant

BATCH, SOURCE = 1, "seed"
BANK_DAYS = 90  # what the bank shows is kept for so long
ITEMISED_MONTHS = 6  # of every fourth account, the newest bills have their lines
_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_METERED = ("power", "water")
_AGENTS = ("Tasha", "Brandon", "Yolanda", "Keith", "Marisol", "Derrick", "Jenna", "Omar", "Colleen", "Ray")
_QUESTIONS = (
    "Asked for a copy of the bill.",
    "Asked which lines the usage belongs to.",
    "Left a message with billing.",
)

Rows = dict[str, list[tuple[Any, ...]]]


class Histories:
    """Plays accounts one after the other; ids run on from account to account."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant
        self.statements: dict[tuple[str, str], int] = {}  # (currency, month) to id
        self.movements: Counter[int] = Counter()
        self.brought = 0
        self.ids = {table: count(1) for table in COLUMNS}
        self.firsts = [add_months(tenant.since, number) for number in range(tenant.months + 2)]
        self.bank_from = tenant.today - timedelta(days=BANK_DAYS)

    def play(self, account: Account) -> Rows:
        """The rows of one account."""
        return _Play(self, account).rows


class _Play:
    """One account being played, bill by bill."""

    def __init__(self, histories: Histories, account: Account) -> None:
        self.all = histories
        self.account = account
        self.rng: Random = histories.tenant.stream("history", account.id)
        self.today = histories.tenant.today
        self.rows: Rows = {table: [] for table in COLUMNS}
        self.own = (account.id, account.site_id)
        self.month = self.today
        # The newest bill is already there, whatever the day of the month.
        newest = 0 if account.bill_day <= self.today.day else 1
        self.months = histories.tenant.months
        for number in range(self.months):
            self._bill(number, histories.firsts[number + 1 - newest], histories.firsts[number + 2 - newest])
        self._notices()
        if account.vendor.service_type == "mobile":
            self._usage()

    def _add(self, table: str, *values: Any) -> int:
        number = next(self.all.ids[table])
        self.all.brought += 1
        self.rows[table].append((number, *self.own, *values, BATCH, SOURCE, f"id:{number}"))
        return number

    def _bill(self, number: int, since: date, until: date) -> None:
        account, rng = self.account, self.rng
        self.month = since
        issued = since.replace(day=account.bill_day)
        due = issued + timedelta(days=account.vendor.terms_days)
        amount = account.price * (1000 + 3 * number) // 1000
        if account.vendor.service_type in _METERED:
            amount = amount * rng.randrange(80, 121) // 100
        is_open = number >= self.months - account.open_bills
        settled = self._settle(number, issued, due, amount, is_open=is_open)
        invoice = self._add(
            "invoices",
            f"{account.vendor.id:02d}{issued:%y%m}{account.id:06d}",
            "invoice",
            issued.isoformat(),
            due.isoformat(),
            since.isoformat(),
            until.isoformat(),
            amount,
            sum(part for _, _, part, _, reverses in settled if reverses is None)
            - sum(part for _, _, part, _, reverses in settled if reverses is not None),
            *_first_and_last([day for _, _, _, day, _ in settled]),
        )
        taken: list[int] = []
        for payment, credit_note, part, day, reverses in settled:
            of = taken[reverses] if reverses is not None else None
            taken.append(self._add("allocations", payment, credit_note, invoice, part, day.isoformat(), of))
        if (is_open and rng.random() < 0.02) or rng.random() < 0.0005:
            self._dispute(invoice, amount // 3, issued, is_open=is_open)
        if number >= self.months - ITEMISED_MONTHS and account.id % 4 == 0:
            self._lines(invoice, amount, issued)
        if rng.random() < 0.02:
            self._call(min(issued + timedelta(days=rng.randrange(3, 15)), self.today), "question", "answered")

    def _settle(
        self, number: int, issued: date, due: date, amount: int, *, is_open: bool
    ) -> list[tuple[int | None, int | None, int, date, int | None]]:
        """What is applied to a bill: (payment, credit note, amount, day, position of what it takes back)."""
        rng = self.rng
        if is_open:
            if rng.random() < 0.1 and (self.today - issued).days > 5:
                part = amount * rng.randrange(20, 80) // 100
                day = self._day(issued, due)
                return [(self._payment(day, part, number), None, part, day, None)]
            return []
        day = self._day(issued, due)
        chance = rng.random()
        if chance < 0.01:
            credit = max(1, amount * rng.randrange(3, 20) // 100)
            note = self._credit_note(number, issued, credit, day)
            rest = amount - credit
            return [
                (None, note, credit, day, None),
                (self._payment(day, rest, number), None, rest, day, None),
            ]
        if chance < 0.014 and (self.today - day).days > 20:
            back, again = day + timedelta(days=4), day + timedelta(days=9)
            bounced = self._payment(day, amount, number, reversed_on=back)
            self._reversal(bounced, back, amount)
            return [
                (bounced, None, amount, day, None),
                (bounced, None, amount, back, 0),
                (self._payment(again, amount, number), None, amount, again, None),
            ]
        return [(self._payment(day, amount, number), None, amount, day, None)]

    def _day(self, issued: date, due: date) -> date:
        """When a bill is paid: before it is due, or some weeks later by those who pay late."""
        late = self.account.late and self.rng.random() < 0.6
        day = due + timedelta(days=self.rng.randrange(1, 40) if late else -self.rng.randrange(7))
        return max(issued, min(day, self.today))

    def _payment(self, day: date, amount: int, number: int, reversed_on: date | None = None) -> int:
        account, rng = self.account, self.rng
        method, channel = account.way
        confirmation = f"{rng.choice(_LETTERS)}{rng.choice(_LETTERS)}{account.id:06d}{number:02d}"
        call = None
        if channel == "phone":
            call = self._call(day, "payment", "paid", confirmation)
        posted = day + timedelta(days=rng.randrange(3))
        pending = posted > self.today
        status = "returned" if reversed_on else "pending" if pending else "posted"
        matched, moment = 0, None
        identity = next(self.all.ids["payments"])
        if not pending and not reversed_on and posted >= self.all.bank_from and rng.random() < 0.97:
            matched, moment = self._on_the_bank(identity, posted, amount, confirmation)
        self.all.brought += 1
        self.rows["payments"].append(
            (
                *(identity, *self.own, "payment", day.isoformat(), None if pending else posted.isoformat(), amount),
                *(method, channel, confirmation, status, 0 if reversed_on else amount),
                *(reversed_on.isoformat() if reversed_on else None, None, call, matched, moment),
                *_first_and_last([day, reversed_on or day]),
                *(BATCH, SOURCE, f"id:{identity}"),
            )
        )
        return identity

    def _reversal(self, payment: int, day: date, amount: int) -> None:
        method, channel = self.account.way
        self._add(
            "payments",
            "reversal",
            day.isoformat(),
            day.isoformat(),
            amount,
            method,
            channel,
            "",
            "posted",
            0,
            None,
            payment,
            None,
            0,
            None,
            None,
            None,
        )

    def _credit_note(self, number: int, issued: date, amount: int, used_on: date) -> int:
        name = f"CR{self.account.id:06d}-{number:02d}"
        used = _first_and_last([used_on])
        return self._add("invoices", name, "credit_note", issued.isoformat(), None, None, None, amount, amount, *used)

    def _on_the_bank(self, payment: int, posted: date, amount: int, confirmation: str) -> tuple[int, str | None]:
        """A bank line for a payment, what of it is matched and when that was decided; some lines are not matched yet."""
        currency, month = self.account.currency, f"{posted:%Y-%m}"
        statement = self.all.statements.setdefault((currency, month), len(self.all.statements) + 1)
        line = next(self.all.ids["bank_lines"])
        matched = amount if self.rng.random() < 0.97 else 0
        self.all.movements[statement] -= amount
        day = posted.isoformat()
        words = f"{self.account.vendor.name.upper()} {confirmation}"
        self.rows["bank_lines"].append(
            (line, statement, day, -amount, currency, words, f"id:{line}", f"OPERATING-{currency}", day, matched)
        )
        moment = f"{min(posted + timedelta(days=2), self.today).isoformat()} 06:00:00.000000"
        if matched:
            match = next(self.all.ids["matches"])
            self.rows["matches"].append((match, *self.own, payment, line, amount, SOURCE, moment))
        return matched, moment if matched else None

    def _call(self, day: date, purpose: str, outcome: str, confirmation: str = "") -> int:
        rng = self.rng
        moment = f"{day.isoformat()} {rng.randrange(14, 21)}:{rng.randrange(10, 60)}:{rng.randrange(10, 60)}.000000"
        return self._add(
            *("calls", moment, phone(self.account.vendor.id), rng.randrange(120, 1_500), rng.choice(_AGENTS)),
            *(
                f"Clerk {1 + rng.randrange(4)}",
                "yes" if rng.random() < 0.9 else "unknown",
                purpose,
                f"{self.month:%Y-%m}",
            ),
            *(outcome, confirmation, None, "" if confirmation else rng.choice(_QUESTIONS)),
        )

    def _dispute(self, invoice: int, amount: int, issued: date, *, is_open: bool) -> None:
        opened = min(issued + timedelta(days=6), self.today)
        closed = None if is_open else min(opened + timedelta(days=25), self.today).isoformat()
        self._add(
            "disputes", invoice, amount, "billed twice", opened.isoformat(), closed, "" if is_open else "credited"
        )

    def _lines(self, invoice: int, amount: int, issued: date) -> None:
        tax = amount * 7 // 107
        for line, (kind, words, part) in enumerate(
            (("recurring", "Monthly charge", amount - tax), ("tax", "Tax", tax)), 1
        ):
            self._add("charges", invoice, str(line), kind, words, part, issued.isoformat())

    def _notices(self) -> None:
        """From three open bills on there is a late notice, from seven on the vendor says when it will act."""
        account = self.account
        if account.open_bills < 3:
            return
        owed = [row for row in self.rows["invoices"] if row[4] == "invoice" and row[9] > row[10]]
        late = [row for row in owed if row[6] < self.today.isoformat()]
        if not late:
            return
        amount = sum(row[9] - row[10] for row in late)
        dated = self.today - timedelta(days=self.rng.randrange(2, 12))
        acts = self.today + timedelta(days=self.rng.randrange(2, 20)) if account.open_bills > 6 else None
        kind = "late" if acts is None else "suspension"
        self._add(
            *("notices", late[0][0], kind, dated.isoformat(), acts.isoformat() if acts else None, amount),
            *(f"N{account.id:06d}", "mail"),
        )

    def _usage(self) -> None:
        for _ in range(3):
            day = self.today - timedelta(days=self.rng.randrange(1, 60))
            seconds = self.rng.randrange(20, 1_800)
            self._add(
                *("usage", f"{day.isoformat()} 15:30:00.000000", "voice", f"+1303555{self.account.id % 10_000:04d}"),
                *("+18005550142", seconds, "seconds", seconds),
            )


def _first_and_last(days: list[date]) -> tuple[str | None, str | None]:
    return (min(days).isoformat(), max(days).isoformat()) if days else (None, None)
