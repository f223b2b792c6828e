"""Planning bills that state their amount, and credit notes."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from data_access.importers.cells import CellError, minor_units
from data_access.importers.context import Context
from data_access.importers.existing import batches, rows_by_key, rows_by_text
from data_access.importers.keys import content_hash, id_key, row_key
from data_access.importers.landing import Landing, reserve_ids
from data_access.importers.planners.bills import Part
from data_access.importers.planners.ledger_rows import Candidate, difference, shown
from data_access.importers.planners.naming_accounts import account_of, amount_of
from data_access.importers.planners.settling import settle_part
from data_access.importers.rows import ParsedRow
from data_access.importers.shares import AccountShares
from data_access.importers.spool import Spool
from data_access.schema import allocations, disputes, invoices, payments

_OPTIONAL = ("due_on", "period_start", "period_end")
_COLUMNS = ("id", "account_id", "number", "kind", "part", "amount", "amount_from", "issued_on", *_OPTIONAL)


class Invoices:
    """A bill is known by its account, kind and number: an equal one is a duplicate, a different one is refused."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shares = AccountShares(context.table.row_count, context.directory)
        self._seen: dict[tuple[int, str, str], tuple[str, int]] = {}
        self._named: dict[tuple[int, str], int] = {}
        self._rows = Spool()

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Read them."""
        for row in rows:
            if (candidate := self._candidate(row)) is not None:
                self._shares.append(candidate)

    def finish(self) -> None:
        """Keep the new bills, and count."""
        for share in self._shares.walk():
            self._seen, self._named = {}, {}  # bills of an account are in one share
            for some in batches(share):
                self._decide_some(some)
        created = self._context.tally.created
        created.bills = len(self._rows)
        if self._context.options.paid:
            created.payments = created.allocations = len(self._rows)

    def _decide_some(self, candidates: list[Candidate]) -> None:
        numbers = {(c.account_id, c.content["invoice_number"]) for c in candidates if c.account_id > 0}
        known: dict[tuple[int, str], list[Any]] = {}
        columns = [invoices.c[name] for name in _COLUMNS]
        for row in rows_by_text(self._context.connection, invoices, invoices.c.number, numbers, columns):
            known.setdefault((row.account_id, row.number), []).append(row)
        ids = {(c.account_id, c.key) for c in candidates if c.account_id > 0 and c.external_id is not None}
        source = self._context.options.source.strip()
        named = rows_by_key(self._context.connection, invoices, source, ids, [invoices.c.number, invoices.c.kind])
        by_id = {(row.account_id, row.import_key): row for row in named}
        for candidate in candidates:
            slot = (candidate.account_id, candidate.content["invoice_number"])
            self._decide(candidate, known.get(slot, []), by_id.get((candidate.account_id, candidate.key)))

    def write(self, landing: Landing) -> None:
        """Bills, their disputes, and with --paid what pays them."""
        for chunk in self._rows.chunks():
            ids = reserve_ids(landing.connection, invoices, len(chunk))
            bills = [
                (account_id, values | {"id": new_id}, withheld)
                for (account_id, values, withheld), new_id in zip(chunk, ids, strict=True)
            ]
            landing.insert(invoices, [landing.imported(account_id, values) for account_id, values, _ in bills])
            landing.insert(
                disputes,
                [
                    landing.imported(
                        account_id, {"invoice_id": values["id"], "amount": withheld, "opened_on": values["issued_on"]}
                    )
                    for account_id, values, withheld in bills
                    if withheld
                ],
                counted=False,
            )
            if self._context.options.paid:
                self._pay(landing, [(account_id, values) for account_id, values, _ in bills])

    def _pay(self, landing: Landing, bills: list[tuple[int, dict[str, Any]]]) -> None:
        ids = reserve_ids(landing.connection, payments, len(bills))
        settled = []
        for (account_id, values), new_id in zip(bills, ids, strict=True):
            part = Part(values["kind"], values["amount"], 1, values["issued_on"], None, values["id"])
            settlement = settle_part([part], paid=True)
            settlement.payments[0]["id"] = new_id
            settled.append((account_id, settlement))
        landing.insert(payments, [landing.imported(a, s.payments[0]) for a, s in settled], counted=False)
        rows = [landing.imported(a, row) for a, s in settled for row in s.allocation_rows()]
        landing.insert(allocations, rows, counted=False)

    def _candidate(self, row: ParsedRow) -> Candidate | None:
        context = self._context
        account = account_of(context, row)
        amount = amount_of(context, row, account) if account is not None else None
        if account is None or amount is None:
            return None
        kind = row.get("kind") or ("credit_note" if amount < 0 else "invoice")
        if amount == 0:
            context.reject(row, "amount", "is zero: there is nothing to owe")
        elif kind == "invoice" and amount < 0:
            context.reject(row, "amount", "is below zero on an invoice: is it a credit note?")
        elif reason := _impossible(row):
            context.reject(row, *reason)
        else:
            end = row.get("period_end")
            content = {
                "invoice_number": row.values["invoice_number"],
                "kind": kind,
                "amount": abs(amount),
                "issued_on": row.values["issued_on"],
                "due_on": row.get("due_on"),
                "period_start": row.get("period_start"),
                # A bill says "1 to 31 January"; the ledger keeps the first day after.
                "period_end": end + timedelta(days=1) if end else None,
            }
            key = id_key(row.values["external_id"]) if row.get("external_id") else ""
            return Candidate(row, account, content, key)
        return None

    def _decide(self, candidate: Candidate, known: list[Any], named: Any) -> None:
        context, row, content = self._context, candidate.row, candidate.content
        if named is not None and (named.number, named.kind) != (content["invoice_number"], content["kind"]):
            reason = f"id {candidate.external_id!r} is in the ledger with another bill: {named.number}"
            context.reject(row, "external_id", reason)
            return
        if known and (verdict := self._compare(candidate, known)) is not None:
            if verdict:
                context.reject(row, *verdict)
            else:
                context.tally.repeat(row)
            return
        digest = content_hash(content)
        slot = (candidate.account_id, content["kind"], content["invoice_number"])
        if slot in self._seen:
            first, line = self._seen[slot]
            if first == digest:
                context.tally.repeat(row)
            else:
                context.reject(row, "invoice_number", f"is on line {line} already, as another bill")
            return
        if self._id_taken(candidate):
            return
        withheld = self._withheld(candidate)
        if withheld is None:
            return
        self._seen[slot] = (digest, row.line)
        self._keep(candidate, digest, withheld)

    def _compare(self, candidate: Candidate, known: list[Any]) -> tuple[()] | tuple[str, str] | None:
        """None: not there. (): the same. Else the field and the reason why it is not."""
        content, account = candidate.content, candidate.account
        if any(row.amount_from == "lines" for row in known):
            signed = content["amount"] if content["kind"] == "invoice" else -content["amount"]
            net = sum(row.amount if row.kind == "invoice" else -row.amount for row in known)
            if signed == net:
                return ()
            here, there = shown("amount", signed, account), shown("amount", net, account)
            return (
                "amount",
                f"is {here} here; bill {content['invoice_number']} is in the ledger from its lines, which come to {there}",
            )
        stored = next((row for row in known if row.kind == content["kind"]), None)
        if stored is None:
            return None
        names = ["amount", "issued_on", *(name for name in _OPTIONAL if content[name] is not None)]
        differing = difference(content, {name: getattr(stored, name) for name in names})
        if differing is None:
            return ()
        field, here, there = differing
        if field == "period_end":
            here, there = (day - timedelta(days=1) if isinstance(day, date) else day for day in (here, there))
        here, there = shown(field, here, account), shown(field, there, account) or "blank"
        return (
            field,
            f"{field} is {here} here and {there} on bill {content['invoice_number']} in the ledger; what is posted is not changed",
        )

    def _id_taken(self, candidate: Candidate) -> bool:
        if candidate.external_id is None:
            return False
        slot = (candidate.account_id, candidate.external_id)
        line = self._named.setdefault(slot, candidate.row.line)
        if line != candidate.row.line:
            self._context.reject(candidate.row, "external_id", f"is on line {line} already, with another bill")
            return True
        return False

    def _withheld(self, candidate: Candidate) -> int | None:
        """Minor units in dispute; None when the row was rejected."""
        disputed, content = candidate.row.get("disputed", False), candidate.content
        if disputed is False:
            return 0
        try:
            amount = content["amount"] if disputed is True else minor_units(disputed, candidate.account.currency)
        except CellError as error:
            self._context.reject(candidate.row, "disputed", str(error))
            return None
        if amount and content["kind"] == "credit_note":
            self._context.reject(candidate.row, "disputed", "a credit note cannot be disputed")
        elif not 0 <= amount <= content["amount"]:
            self._context.reject(candidate.row, "disputed", "is not between nothing and the amount of the bill")
        else:
            return amount
        return None

    def _keep(self, candidate: Candidate, digest: str, withheld: int) -> None:
        self._context.directory.keep(candidate.account)
        values = dict(candidate.content)
        values["number"] = values.pop("invoice_number")
        # (account, kind, number) is unique, so there is never a second occurrence.
        values |= {
            "amount_from": "bill",
            "part": 1,
            "import_key": candidate.key or row_key(digest, 1),
            "external_id": candidate.external_id,
        }
        self._rows.append((candidate.account_id, values, withheld))
        self._context.tally.add(candidate.row)


def _impossible(row: ParsedRow) -> tuple[str, str] | None:
    issued_on, due_on = row.values["issued_on"], row.get("due_on")
    start, end = row.get("period_start"), row.get("period_end")
    if due_on is not None and due_on < issued_on:
        return "due_on", f"is before the bill was issued on {issued_on}"
    if start is not None and end is not None and end < start:
        return "period_end", f"is before the period starts on {start}"
    return None
