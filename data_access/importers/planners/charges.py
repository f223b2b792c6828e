"""Planning bill lines: each line once, the new ones gathered into bills."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from data_access.importers.context import Context
from data_access.importers.directory import UnknownNameError
from data_access.importers.landing import Landing, reserve_ids
from data_access.importers.planners.bills import Bill, Part, settle_all
from data_access.importers.planners.ledger_rows import Candidate, Keys
from data_access.importers.planners.naming_accounts import account_of, amount_of
from data_access.importers.planners.settling import Settlement, settle_part
from data_access.importers.rows import ParsedRow
from data_access.importers.spool import Spool
from data_access.schema import allocations, charges, invoices, payments


class Charges:
    """Lines wait on disk until the file's end; then the bills of some accounts at a time are gathered, and wait with their lines."""

    def __init__(self, context: Context) -> None:
        self._context = context
        number = select(invoices.c.number).where(
            invoices.c.account_id == charges.c.account_id, invoices.c.id == charges.c.invoice_id
        )
        names = ("line", "type", "description", "amount", "issued_on", "chargeback_site_id", "site_id")
        columns = [*(charges.c[name] for name in names), number.scalar_subquery().label("invoice_number")]
        self._keys = Keys(context, charges, columns, self._stored)
        self._bills = Spool()  # (bill, rows of charges without their place)

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Read them."""
        self._keys.keep(found for row in rows if (found := self._candidate(row)) is not None)

    def finish(self) -> None:
        """Gather the new lines into bills and decide these; lines of impossible ones are rejected."""
        for share in self._keys.shares():
            gathered: dict[tuple[int, str], list[Candidate]] = {}
            for candidate in share:
                key = (candidate.account_id, candidate.content["invoice_number"])
                gathered.setdefault(key, []).append(candidate)
            bills = [_bill(key, lines) for key, lines in gathered.items()]
            settle_all(self._context, bills)
            for bill, lines in zip(bills, gathered.values(), strict=True):
                self._decide(bill, lines)

    def write(self, landing: Landing) -> None:
        """Bills, what settles them, then the lines."""
        for some in self._bills.chunks():
            parts = [(bill, part) for bill, _ in some for part in bill.parts]
            for (_, part), new_id in zip(parts, reserve_ids(landing.connection, invoices, len(parts)), strict=True):
                part.id = new_id
            landing.insert(invoices, (_invoice_row(landing, bill, part) for bill, part in parts), counted=False)
            settlements = [(bill.account_id, self._settlement(bill)) for bill, _ in some if bill.parts]
            paid = [(account_id, row) for account_id, settlement in settlements for row in settlement.payments]
            for (_, row), new_id in zip(paid, reserve_ids(landing.connection, payments, len(paid)), strict=True):
                row["id"] = new_id
            landing.insert(payments, (landing.imported(*each) for each in paid), counted=False)
            applied = ((account_id, row) for account_id, each in settlements for row in each.allocation_rows())
            landing.insert(allocations, (landing.imported(*each) for each in applied), counted=False)
            landing.insert(charges, (self._charge_row(landing, bill, row) for bill, rows in some for row in rows))

    def _decide(self, bill: Bill, lines: list[Candidate]) -> None:
        context, directory = self._context, self._context.directory
        if bill.refusal:
            for line in lines:
                context.reject(line.row, "amount", bill.refusal)
            return
        rows = [self._landed(line) for line in lines]
        bearers = {row["chargeback_site_id"] for row in rows} - {None}
        directory.keep(lines[0].account, *(directory.sites[site_id] for site_id in bearers))
        settlement, created = self._settlement(bill), context.tally.created
        created.bills += len(bill.parts)
        created.payments += len(settlement.payments)
        created.allocations += len(settlement.allocations)
        for line in lines:
            context.tally.add(line.row)
        self._bills.append((bill, rows))

    def _candidate(self, row: ParsedRow) -> Candidate | None:
        context = self._context
        site_text = row.get("site", "")
        account = account_of(context, row, site_text)
        if account is None:
            return None
        amount = amount_of(context, row, account)
        if amount is None:
            return None
        issued_on, due_on = row.values["issued_on"], row.get("due_on")
        if due_on is not None and due_on < issued_on:
            context.reject(row, "due_on", f"is before the bill was issued on {issued_on}")
            return None
        try:
            site = context.directory.site(site_text).code if site_text else ""
        except UnknownNameError as error:
            context.reject_unknown(row, error)
            return None
        content = {name: row.get(name, "") for name in ("invoice_number", "line", "description")}
        content |= {
            "type": row.get("type", "recurring"),
            "amount": amount,
            "issued_on": issued_on,
            "due_on": due_on,
            "site": site,
        }
        return Candidate(row, account, content)

    def _stored(self, known: Any, candidate: Candidate) -> dict[str, Any]:
        names = ("invoice_number", "line", "type", "description", "amount", "issued_on")
        stored = {name: getattr(known, name) for name in names}
        if known.chargeback_site_id is not None or candidate.content["site"]:
            stored["site"] = self._context.directory.sites[known.chargeback_site_id or known.site_id].code
        return stored

    def _landed(self, line: Candidate) -> dict[str, Any]:
        content, home = line.content, line.account.site
        bears = self._context.directory.site(content["site"]) if content["site"] else home
        values = {name: content[name] for name in ("line", "type", "description", "amount", "issued_on")}
        values["chargeback_site_id"] = bears.id if bears is not home else None
        return values | {"import_key": line.key, "external_id": line.external_id}

    def _settlement(self, bill: Bill) -> Settlement:
        return settle_part(bill.parts, paid=self._context.options.paid)

    def _charge_row(self, landing: Landing, bill: Bill, row: dict[str, Any]) -> dict[str, Any]:
        bears = row["chargeback_site_id"]
        if bears is not None:
            bears = landing.site_id(self._context.directory.sites[bears])
        place = {"invoice_id": bill.part_of(row["amount"]), "chargeback_site_id": bears}
        return landing.imported(bill.account_id, row | place)


def _bill(key: tuple[int, str], lines: Iterable[Candidate]) -> Bill:
    bill = Bill(*key)
    for line in lines:
        bill.take(line.content["amount"], line.content["issued_on"], line.content["due_on"])
    return bill


def _invoice_row(landing: Landing, bill: Bill, part: Part) -> dict[str, Any]:
    values = {"number": bill.number, "amount_from": "lines"}
    values |= {name: getattr(part, name) for name in ("id", "kind", "amount", "part", "issued_on", "due_on")}
    return landing.imported(bill.account_id, values)
