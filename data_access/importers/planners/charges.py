"""Planning bill lines: each line once, the new ones gathered into bills."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from data_access.importers.context import Context
from data_access.importers.directory import UnknownNameError
from data_access.importers.existing import batches
from data_access.importers.landing import Landing, reserve_ids
from data_access.importers.planners.bills import Bill, Part, settle_all
from data_access.importers.planners.ledger_rows import Candidate, Keys
from data_access.importers.planners.naming_accounts import account_of, amount_of
from data_access.importers.planners.settling import Settlement, settle_part
from data_access.importers.rows import ParsedRow
from data_access.importers.spool import Spool
from data_access.schema import allocations, charges, invoices, payments


class Charges:
    """Lines wait on disk until all bills of the file are known; then they are written under their bills."""

    def __init__(self, context: Context) -> None:
        self._context = context
        number = select(invoices.c.number).where(
            invoices.c.account_id == charges.c.account_id, invoices.c.id == charges.c.invoice_id
        )
        names = ("line", "type", "description", "amount", "issued_on", "chargeback_site_id", "site_id")
        columns = [*(charges.c[name] for name in names), number.scalar_subquery().label("invoice_number")]
        self._keys = Keys(context, charges, columns, self._stored)
        self._bills: dict[tuple[int, str], Bill] = {}
        self._lines = Spool()  # (file line, bill key, row of charges without its place)

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Keep the new lines."""
        candidates = [found for row in rows if (found := self._candidate(row)) is not None]
        for candidate in self._keys.sift(candidates):
            self._keep(candidate)

    def finish(self) -> None:
        """Decide the bills; lines of impossible ones are rejected after all."""
        settle_all(self._context, self._bills.values())
        created, directory = self._context.tally.created, self._context.directory
        for bill in self._bills.values():
            if not bill.refusal:
                directory.keep(directory.accounts[bill.account_id], *(directory.sites[site] for site in bill.bearers))
            settlement = self._settlement(bill)
            created.bills += len(bill.parts)
            created.payments += len(settlement.payments)
            created.allocations += len(settlement.allocations)
        refused = {key: bill.refusal for key, bill in self._bills.items() if bill.refusal}
        if refused:
            self._reject_lines({line: refused[key] for line, key, _ in self._all_lines() if key in refused})

    def write(self, landing: Landing) -> None:
        """Bills, what settles them, then the lines."""
        parts = [(bill, part) for bill in self._bills.values() for part in bill.parts]
        for (_, part), new_id in zip(parts, reserve_ids(landing.connection, invoices, len(parts)), strict=True):
            part.id = new_id
        landing.insert(invoices, (self._invoice_row(landing, bill, part) for bill, part in parts), counted=False)
        settlements = [(bill, self._settlement(bill)) for bill in self._bills.values() if bill.parts]
        paid = [(bill, row) for bill, settlement in settlements for row in settlement.payments]
        for (_, row), new_id in zip(paid, reserve_ids(landing.connection, payments, len(paid)), strict=True):
            row["id"] = new_id
        landing.insert(payments, (landing.imported(bill.account_id, row) for bill, row in paid), counted=False)
        applied = ((bill, row) for bill, settlement in settlements for row in settlement.allocation_rows())
        landing.insert(allocations, (landing.imported(bill.account_id, row) for bill, row in applied), counted=False)
        landing.insert(charges, self._charge_rows(landing))

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

    def _keep(self, candidate: Candidate) -> None:
        content, account, directory = candidate.content, candidate.account, self._context.directory
        bears = directory.site(content["site"]) if content["site"] else account.site
        key = (account.id, content["invoice_number"])
        bill = self._bills.setdefault(key, Bill(*key))
        bill.bearers.add(bears.id)
        bill.take(content["amount"], content["issued_on"], content["due_on"])
        values = {name: content[name] for name in ("line", "type", "description", "amount", "issued_on")}
        values["chargeback_site_id"] = bears.id if bears is not account.site else None
        values |= {"import_key": candidate.key, "external_id": candidate.external_id}
        self._lines.append((candidate.row.line, key, values))
        self._context.tally.add(candidate.row)

    def _all_lines(self) -> Iterator[tuple[int, tuple[int, str], dict[str, Any]]]:
        for chunk in self._lines.chunks():
            yield from chunk

    def _reject_lines(self, reasons: dict[int, str]) -> None:
        """Walk the file once more for the rows of bills that cannot be."""
        context = self._context
        for row in context.reader.rows(context.table):
            if row.line in reasons:
                context.tally.withdraw()
                context.reject(row, "amount", reasons[row.line])

    def _settlement(self, bill: Bill) -> Settlement:
        return settle_part(bill.parts, paid=self._context.options.paid)

    def _invoice_row(self, landing: Landing, bill: Bill, part: Part) -> dict[str, Any]:
        values = {"number": bill.number, "amount_from": "lines"}
        values |= {name: getattr(part, name) for name in ("id", "kind", "amount", "part", "issued_on", "due_on")}
        return landing.imported(bill.account_id, values)

    def _charge_rows(self, landing: Landing) -> Iterator[dict[str, Any]]:
        for batch in batches(self._all_lines()):
            for _, key, values in batch:
                bill = self._bills[key]
                if bill.refusal:
                    continue
                bears = values["chargeback_site_id"]
                if bears is not None:
                    bears = landing.site_id(self._context.directory.sites[bears])
                place = {"invoice_id": bill.part_of(values["amount"]), "chargeback_site_id": bears}
                yield landing.imported(key[0], values | place)
