"""Another program that writes to the ledger in SQL, at random and within its rules."""

from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import Table, insert, update

from data_access.database import Database
from data_access.schema import accounts, invoices, sites
from tests import factories as make

START = date(2026, 1, 5)


class Outsider:
    """Its sites, accounts, bills and payments; `write` does one thing more and says what."""

    def __init__(self, database: Database, rng: Random) -> None:
        self.database, self.rng = database, rng
        self.sites = [make.site(database, f"S{n}", region=f"R{n % 2}") for n in range(3)]
        self.vendors = [make.vendor(database, f"V{n}") for n in range(2)]
        numbers = range(4)
        ids = [
            make.account(database, self.sites[n % 3], self.vendors[n % 2], f"A{n}", currency=("USD", "EUR")[n % 2])
            for n in numbers
        ]
        self.accounts = {account: self.sites[n % 3] for n, account in enumerate(ids)}
        self.bills: list[dict[str, Any]] = []
        self.money: list[dict[str, Any]] = []
        self.uses: list[dict[str, Any]] = []
        self.count = 0

    def where(self, account: int) -> dict[str, int]:
        return {"account_id": account, "site_id": self.accounts[account]}

    def day(self, since: date = START) -> date:
        return since + timedelta(days=self.rng.randrange(90))

    def bill(self) -> None:
        account, issued = self.rng.choice(list(self.accounts)), self.day()
        due = None if self.rng.random() < 0.4 else issued + timedelta(days=20)
        kind = self.rng.choice(("invoice", "invoice", "invoice", "credit_note"))
        amount = self.rng.randrange(100, 999)
        self.count += 1
        row = {"account": account, "kind": kind, "left": amount, "on": issued, "freed": START}
        row["id"] = make.invoice(self.database, self.where(account), f"B{self.count}", issued, due, amount, kind=kind)
        self.bills.append(row)

    def pay(self) -> None:
        account, paid = self.rng.choice(list(self.accounts)), self.day()
        amount, kind = self.rng.randrange(100, 999), self.rng.choice(("payment", "payment", "payment", "refund"))
        method, channel = self.rng.choice((("ach", "bank"), ("card", "phone")))
        row = {"account": account, "kind": kind, "left": amount, "on": paid, "freed": START, "amount": amount}
        row["id"] = make.payment(
            self.database, self.where(account), paid, amount, kind=kind, method=method, channel=channel
        )
        self.money.append(row)

    def apply(self) -> None:
        found = [
            (m, b)
            for m in self.money
            for b in self.bills
            if m["account"] == b["account"] and m["left"] and b["left"] and (m["kind"], b["kind"]) in (("payment", "invoice"), ("refund", "credit_note"))
        ]  # fmt: skip
        if not found:
            return
        money, bill = self.rng.choice(found)
        most = min(money["left"], bill["left"])
        amount = most if self.rng.random() < 0.6 else self.rng.randrange(1, most + 1)
        day = self.day(max(money["on"], bill["on"], money["freed"], bill["freed"]))
        sides = ("payment_id", "invoice_id") if money["kind"] == "payment" else ("refund_id", "credit_note_id")
        named = {sides[0]: money["id"], sides[1]: bill["id"]}
        use = {"account": money["account"], "money": money, "bill": bill, "amount": amount, "on": day, "named": named}
        use["id"] = make.allocation(self.database, self.where(money["account"]), amount, day, **named)
        money["left"] -= amount
        bill["left"] -= amount
        self.uses.append(use)

    def take_back(self) -> None:
        if not self.uses:
            return
        use = self.uses.pop(self.rng.randrange(len(self.uses)))
        day = self.day(use["on"])
        where = self.where(use["account"])
        make.allocation(self.database, where, use["amount"], day, reverses_id=use["id"], **use["named"])
        for document in (use["money"], use["bill"]):  # applied anew before that day, it would be used twice then
            document["freed"] = max(document["freed"], day)
        use["money"]["left"] += use["amount"]
        use["bill"]["left"] += use["amount"]

    def give_back(self) -> None:
        unused = [m for m in self.money if m["left"] == m["amount"]]
        if not unused:
            return
        money = self.rng.choice(unused)
        self.money.remove(money)
        day = money["on"] + timedelta(days=200)  # after whatever was taken back from it
        make.payment(
            self.database, self.where(money["account"]), day, money["amount"], kind="reversal", reverses_id=money["id"]
        )

    def many(self) -> None:
        """Two bills in one statement."""
        rows = [
            self.where(account)
            | {
                "kind": "invoice",
                "number": f"M{self.count}-{n}",
                "issued_on": self.day(),
                "due_on": None,
                "amount": 50 + n,
            }
            for n, account in enumerate(self.accounts)
        ]
        self.count += 1
        with self.database.writer.begin() as connection:
            connection.execute(insert(invoices), rows)

    def move(self) -> None:
        account, site = self.rng.choice(list(self.accounts)), self.rng.choice(self.sites)
        self.accounts[account] = site
        values = {"site_id": site, "vendor_id": self.rng.choice(self.vendors)}
        self.change(accounts, account, **values)

    def change(self, table: Table, identity: int, **values: Any) -> None:
        with self.database.writer.begin() as connection:
            connection.execute(update(table).where(table.c.id == identity).values(values))

    def rename(self) -> None:
        self.change(sites, self.rng.choice(self.sites), region=f"R{self.rng.randrange(3)}")

    def renegotiate(self) -> None:
        account = self.rng.choice(list(self.accounts))
        self.change(
            accounts, account, terms_days=self.rng.randrange(60), service_type=self.rng.choice(("voice", "power"))
        )

    def write(self) -> str:
        often = (self.bill, self.pay, self.apply, self.apply)
        seldom = (self.take_back, self.give_back, self.many, self.move, self.rename, self.renegotiate)
        chosen = self.rng.choice(often * 2 + seldom)
        chosen()
        return chosen.__name__
