"""A scenario played slowly, day by day and account by account, by the rules that the product has for one day.

Straightforward and its own: nothing of the engine is used but the words of a scenario and the rows of an opening.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from math import floor

from domain.aging import OpenItem, age
from domain.late_fees import FeeItem, last_free_day, late_fee
from domain.policies import USUAL_POSTING
from domain.risk import Stage, assess
from domain.risk_facts import AccountFacts, RiskBill
from domain.what_if.actions import Kind, What
from domain.working_days import add_working_days
from tests.domain.what_if.tenants import TODAY


@dataclass
class Bill:
    """One bill and everything that happens to it; `expected` are those that a price change may reach."""

    account: object
    place: int
    id: int
    issued_on: date
    due_on: date
    amount: int
    low: int
    high: int
    recurring: int
    billed: int
    expected: bool = False
    arriving: list = field(default_factory=list)  # (day, amount)
    disputes: list = field(default_factory=list)  # (day, amount)
    applied: list = field(default_factory=list)  # (made, shown, amount, cash)
    draw: tuple | None = None  # (day, method); method None: the vendor draws it

    def open(self, day):
        if self.issued_on > day:
            return 0
        return self.amount - sum(amount for made, _, amount, _ in self.applied if made <= day)

    def shown(self, day):
        if self.issued_on > day:
            return 0
        pending = sum(amount for arrives, amount in self.arriving if arrives > day)
        return self.amount + pending - sum(amount for _, shown, amount, _ in self.applied if shown <= day)

    def disputed(self, day):
        return min(self.open(day), sum(amount for on, amount in self.disputes if on <= day))

    def owed(self, day):
        return self.open(day) - self.disputed(day)

    @property
    def settled(self):
        return sum(a for _, a in self.arriving) + sum(a for _, _, a, _ in self.applied)

    @property
    def age_key(self):
        return self.due_on, self.issued_on, self.account.account_id, self.place


class Play:
    """The books of a tenant under a scenario."""

    def __init__(self, tenant, scenario):
        self.tenant, self.scenario = tenant, scenario
        self.accounts = sorted(tenant.accounts, key=lambda a: a.account_id)
        self.by_id = {account.account_id: account for account in self.accounts}
        self.bills = []
        self.credits = {account.account_id: [] for account in self.accounts}  # left on account: (day, amount)
        self.fees = {account.account_id: [] for account in self.accounts}
        self.parts = {}  # a split's plan by action
        self._open_books()

    def _open_books(self):
        for row in sorted(self.tenant.bills, key=lambda b: (b.account_id, b.due_on, b.issued_on, b.bill_id)):
            account = self.by_id[row.account_id]
            bill = self._add(account, row.bill_id, row.issued_on, row.due_on, *[row.open_amount] * 3, row.recurring, 0)
            bill.billed = max(row.billed, row.open_amount + sum(sent.amount for sent in row.sent))
            bill.disputes.append((TODAY, row.disputed))
            for sent in row.sent:
                shown = self.shows(account, sent.method, sent.paid_on)
                bill.arriving.append((max(shown, TODAY + timedelta(1)), sent.amount))
        for row in sorted(self.tenant.expected, key=lambda b: (b.account_id, b.due_on, b.issued_on)):
            amounts = (row.amount, row.low, row.high, row.amount, row.amount)
            self._add(self.by_id[row.account_id], 0, row.issued_on, row.due_on, *amounts).expected = True
        for action in self.scenario.actions:
            self._reprice(action)
        for bill in self.bills:
            until = bill.account.autopay_until
            if until is not None and TODAY <= self.due_day(bill) <= until:
                bill.draw = self.draw_day(bill), None
        for action in self.scenario.actions:
            for bill in self.chosen(action):
                if action.kind is Kind.AUTOPAY and self.due_day(bill) >= self.day_of(action):
                    bill.draw = self.draw_day(bill), None
                if action.kind is Kind.DELAY:
                    since = max(self.due_day(bill), bill.issued_on, TODAY)
                    bill.draw = since + timedelta(action.days), action.method or "ach"

    def _add(self, account, *fields):
        self.bills.append(bill := Bill(account, len(self.bills), *fields))
        return bill

    def _reprice(self, action):
        day = self.day_of(action)
        if action.kind is Kind.NEW_BILL:
            for account in self.accounts:
                if self.fits(action.selection, account):
                    due = day + timedelta(account.terms_days) if action.due_on is None else max(day, action.due_on)
                    self._add(account, 0, day, due, *[action.amount] * 5)
        if action.kind in (Kind.PRICE_CHANGE, Kind.CANCEL):
            for bill in self.chosen(action):
                if bill.expected and bill.issued_on >= day:
                    for name in ("amount", "low", "high", "recurring", "billed"):
                        setattr(bill, name, self._price(action, getattr(bill, name)))

    def _price(self, action, amount):
        if action.kind is Kind.PRICE_CHANGE:
            return floor(Fraction(amount) * (10_000 + action.basis_points) / 10_000 + Fraction(1, 2))
        return 0 if action.amount is None else max(0, amount - action.amount)

    def day_of(self, action):
        return max(TODAY, action.on or TODAY)

    def due_day(self, bill):
        policy = bill.account.policy
        return policy.due_day(bill.due_on, bill.account.country) if policy else bill.due_on

    def draw_day(self, bill):
        return max(self.due_day(bill), bill.issued_on, TODAY + timedelta(1))

    def shows(self, account, method, made):
        posting = account.policy.posting() if account.policy else USUAL_POSTING
        return add_working_days(made, posting.get(method, posting["ach"]), account.calendar)

    def fits(self, selection, account):
        named = {bill.account_id for bill in self.tenant.bills if bill.bill_id in selection.bills}
        return (
            (not selection.regions or account.site.region in selection.regions)
            and (not selection.sites or account.site.code in selection.sites)
            and (not selection.vendors or account.vendor in selection.vendors)
            and (not selection.service_types or account.service_type in selection.service_types)
            and (not selection.accounts or account.account_id in selection.accounts)
            and (not selection.bills or account.account_id in named)
        )

    def chosen(self, action):
        wanted = action.selection.bills
        return [b for b in self.bills if self.fits(action.selection, b.account) and (not wanted or b.id in wanted)]

    def pay(self, bill, amount, day, method):
        shown = self.shows(bill.account, method or "ach", day)
        if bill.draw and bill.draw[1] is None and bill.draw[0] >= day:
            shown = min(shown, bill.draw[0])
        if amount:
            bill.applied.append((day, shown, amount, amount))

    def live(self, day):
        """What is done on a day: the actions in their order, then what is drawn."""
        for index, action in enumerate(self.scenario.actions):
            chosen = [bill for bill in self.chosen(action) if bill.issued_on <= day]
            if action.kind is Kind.SPLIT:
                self._split(index, action, chosen, day)
            elif day == self.day_of(action):
                if action.kind is Kind.PAY:
                    self._pay(action, chosen, day)
                elif action.kind is Kind.DISPUTE:
                    for bill in chosen:
                        owed = bill.owed(day)
                        bill.disputes.append((day, owed if action.amount is None else min(owed, action.amount)))
                elif action.kind is Kind.CREDIT:
                    self._credit(action, chosen, day)
        for bill in self.bills:
            if bill.draw and bill.draw[0] == day and (amount := bill.owed(day)):
                if bill.draw[1] is None:
                    bill.applied.append((day, day, amount, amount))
                else:
                    self.pay(bill, amount, day, bill.draw[1])

    def _pay(self, action, chosen, day):
        left = action.amount
        asked = self.minimum(day) if action.what is What.MINIMUM else {}
        for bill in sorted(chosen, key=lambda bill: bill.age_key):
            amount = bill.owed(day)
            if action.what is What.OVERDUE and bill.due_on >= day:
                amount = 0
            if action.what is What.MINIMUM:
                amount = min(amount, asked.get(bill.place, 0))
            if action.what is What.AMOUNT:
                amount = min(amount, left)
                left -= amount
            self.pay(bill, amount, day, action.method)

    def _split(self, index, action, chosen, day):
        first = self.day_of(action)
        if day == first:
            self.parts[index] = [(bill, bill.owed(day)) for bill in chosen]
            for bill, planned in self.parts[index]:
                if planned:
                    bill.draw = None
        for part in range(action.parts):
            if day == first + timedelta(part * action.days):
                for bill, planned in self.parts[index]:
                    each = planned // action.parts
                    amount = each if part < action.parts - 1 else planned - each * (action.parts - 1)
                    self.pay(bill, min(amount, bill.owed(day)), day, action.method)

    def _credit(self, action, chosen, day):
        for account in self.accounts:
            if not self.fits(action.selection, account):
                continue
            mine = sorted((b for b in chosen if b.account is account), key=lambda bill: bill.age_key)
            left = action.amount
            for part in (Bill.owed, Bill.open):
                for bill in mine:
                    amount = min(left, part(bill, day))
                    left -= amount
                    if amount:
                        bill.applied.append((day, day, amount, 0))
            self.credits[account.account_id].append((day, left))

    def minimum(self, day):
        """By place of a bill: what Service risk asks for, with all money under way arrived."""
        asked = {}
        for account in self.accounts:
            facts = self.facts(account, day, Bill.open, lambda bill: bill.settled)
            risk = assess(facts, day)
            if risk.firm.stage < Stage.LATE or risk.firm.window is None:
                continue
            for cause in risk.causes:
                asked |= {place - 1: amount for place, amount in cause.least(risk.firm.window.latest).items()}
            if risk.firm.stage is Stage.SUSPENDED and account.policy and account.policy.restoral.past_due_in_full:
                for bill in facts.past_due(day):
                    asked[bill.id - 1] = bill.owed
        return asked

    def facts(self, account, day, open_amount, settled):
        """An account as Service risk has it on a day. Bills are told by their place, as expected ones have no id."""
        mine = [bill for bill in self.bills if bill.account is account and bill.issued_on <= day]
        place = {bill.id: bill.place + 1 for bill in mine if bill.id}
        notices = []
        for notice in account.notices:
            about = [b for b in mine if b.id and notice.covers(b.id, b.due_on)]
            told = place.get(notice.bill_id, -1) if notice.bill_id is not None else None
            paid = notice.paid_since + sum(settled(bill) for bill in about)
            notices.append(replace(notice, bill_id=told, paid_since=paid))
        bills = [
            RiskBill(b.place + 1, "", b.issued_on, b.due_on, amount, 0, b.disputed(day), b.recurring, b.billed)
            for b in mine
            if (amount := open_amount(b, day)) > 0
        ]
        return AccountFacts(tuple(bills), account.country, account.opened_on, account.policy, tuple(notices))

    def on_account(self, account, day):
        return max(0, -account.unapplied) + sum(a for on, a in self.credits[account.account_id] if on <= day)

    def charge(self, account, day):
        """The late fee of a day: charged where a further bill is late from this day on."""
        policy, items = account.policy, []
        if policy is None or day == TODAY:
            return 0
        for bill in self.bills:
            if bill.account is account and bill.issued_on <= day:
                items.append(FeeItem(bill.issued_on, bill.due_on, bill.shown(day), bill.disputed(day), bill.recurring))
        new = [item for item in items if last_free_day(item, policy, account.country) + timedelta(1) == day]
        if not any(late_fee([item], policy, day, account.country).base > 0 for item in new):
            return 0
        return late_fee(items, policy, day, account.country, on_account=self.on_account(account, day)).amount

    def look(self, accounts, day):
        """The measures of some accounts at the end of a day, by name; outcomes are read from it too."""
        ids = {account.account_id for account in accounts}
        bills = [bill for bill in self.bills if bill.account.account_id in ids and bill.issued_on <= day]
        items = [OpenItem(b.issued_on, b.due_on, b.open(day), disputed=b.disputed(day)) for b in bills]
        row = age(items, day, self.tenant.basis, self.tenant.edges)
        credits = sum(a for i in ids for on, a in self.credits[i] if on <= day)
        unapplied = sum(account.unapplied for account in accounts) - credits
        outstanding = sum(row.buckets) + unapplied
        guessed = [bill for bill in bills if not bill.id]
        risks = {account.account_id: self.risk(account, day) for account in accounts}
        at_risk = [account for account in accounts if risks[account.account_id][0]]
        return {
            "outstanding": outstanding,
            "buckets": row.buckets,
            "unapplied": unapplied,
            "disputed": row.disputed,
            "overdue": row.overdue - row.disputed_overdue,
            "late_fees": sum(fee for i in ids for on, fee in self.fees[i] if on <= day),
            "cash_out": sum(cash for b in bills for made, _, _, cash in b.applied if made == day),
            "billed": sum(bill.amount for bill in guessed),
            "low": outstanding - sum(min(b.open(day), b.amount - b.low) for b in guessed),
            "high": outstanding + sum(b.high - b.amount for b in guessed if b.open(day)),
            "accounts_at_risk": len(at_risk),
            "accounts_suspended": sum(off for _, off in risks.values()),
            "sites_at_risk": len({account.site for account in at_risk}),
        }

    def risk(self, account, day):
        """(in its window, suspended)."""
        facts = self.facts(account, day, Bill.shown, lambda b: b.amount + sum(a for _, a in b.arriving) - b.shown(day))
        firm = assess(facts, day).firm
        begun = firm.stage >= Stage.LATE and firm.window is not None and firm.window.earliest <= day
        return begun, firm.stage is Stage.SUSPENDED


def play(tenant, scenario):
    """(total by day, {site code: by day}, the Play at the horizon)."""
    books = Play(tenant, scenario)
    total, by_site = [], {account.site.code: [] for account in books.accounts}
    for n in range(scenario.horizon_days + 1):
        day = TODAY + timedelta(n)
        books.live(day)
        for account in books.accounts:
            books.fees[account.account_id].append((day, books.charge(account, day)))
        total.append(books.look(books.accounts, day))
        for code, days in by_site.items():
            days.append(books.look([a for a in books.accounts if a.site.code == code], day))
    return total, by_site, books
