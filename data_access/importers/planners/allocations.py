"""Planning allocations: parts of payments that are in the ledger, applied to bills that are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select

from data_access.applied_days import dated
from data_access.importers.context import Context
from data_access.importers.existing import batches
from data_access.importers.landing import Landing
from data_access.importers.planners.ledger_rows import Candidate, Keys
from data_access.importers.planners.naming_accounts import account_of, amount_of
from data_access.importers.planners.open_bills import Applied, OpenBills
from data_access.importers.rows import ParsedRow
from data_access.schema import allocations, payments
from domain.money import to_decimal


class Allocations:
    """A payment is named by the id that its file gave it, or by its confirmation number."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._keys = Keys(context, allocations, [], lambda _known, _candidate: {})
        self._bills = OpenBills(context)
        self._payments: dict[int, Any] = {}
        self._left: dict[int, int] = {}
        self._planned: list[tuple[Candidate, list[Applied]]] = []

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Decide in order: what one row uses of a payment or a bill is gone for the next."""
        named = []
        for row in rows:
            account = account_of(self._context, row)
            amount = amount_of(self._context, row, account) if account is not None else None
            if account is None or amount is None:
                continue
            if amount <= 0:
                self._context.reject(row, "amount", "is not above zero")
            else:
                named.append((row, account, amount))
        found = self._find_payments({(account.id, row.values["payment"]) for row, account, _ in named})
        candidates = []
        for row, account, amount in named:
            matches = found.get((account.id, row.values["payment"]), [])
            if len(matches) != 1:
                many = f"{len(matches)} payments" if matches else "no payment"
                reason = f"{account.told} has {many} of that id or confirmation number"
                self._context.reject(row, "payment", reason)
                continue
            content = {
                "payment": matches[0].id,
                "invoice_number": row.values["invoice_number"],
                "amount": amount,
                "applied_on": row.get("applied_on"),
            }
            candidates.append(Candidate(row, account, content))
        self._bills.load((candidate.account_id, candidate.content["invoice_number"]) for candidate in candidates)
        for candidate in self._keys.sift(candidates):
            self._decide(candidate)

    def finish(self) -> None:
        """Count."""
        self._context.tally.created.allocations = sum(len(applied) for _, applied in self._planned)

    def write(self, landing: Landing) -> None:
        """Insert; a bill in parts takes several rows, of which the first stands for the file's."""
        rows = []
        for candidate, applied in self._planned:
            for index, part in enumerate(applied):
                values = {
                    "payment_id": candidate.content["payment"],
                    "invoice_id": part.invoice_id,
                    "amount": part.amount,
                    "applied_on": part.applied_on,
                    "import_key": None if index else candidate.key,
                }
                rows.append(landing.imported(candidate.account_id, values))
        landing.insert(allocations, dated(landing.connection, rows))

    def _decide(self, candidate: Candidate) -> None:
        refusal = self._refusal(candidate)
        if refusal:
            # Its twins further down meet the same refusal, so their numbering keeps no gap.
            self._context.reject(candidate.row, *refusal)
            return
        content, payment = candidate.content, self._payments[candidate.content["payment"]]
        parts = self._bills.parts(candidate.account_id, content["invoice_number"])
        day = content["applied_on"] or payment.paid_on
        applied = self._bills.apply(parts, content["amount"], day)
        self._left[payment.id] -= content["amount"]
        self._planned.append((candidate, applied))
        self._context.tally.add(candidate.row)

    def _refusal(self, candidate: Candidate) -> tuple[str, str] | None:
        """(field, reason) why this row cannot be applied."""
        content, account = candidate.content, candidate.account
        payment = self._payments[content["payment"]]
        parts = self._bills.parts(candidate.account_id, content["invoice_number"])
        amount, day = content["amount"], content["applied_on"]

        def money(minor: int) -> str:
            return f"{to_decimal(minor, account.currency)} {account.currency}"

        if payment.kind != "payment" or payment.reversed_on is not None:
            return (
                "payment",
                f"is a {payment.kind if payment.kind != 'payment' else payment.status + ' payment'}: it pays no bill",
            )
        if not parts:
            return "invoice_number", f"{account.told} has no such bill: import it first"
        if amount > self._left[payment.id]:
            return "amount", f"is more than the {money(self._left[payment.id])} left of this payment"
        if amount > self._bills.left(parts):
            return "amount", f"is more than the {money(self._bills.left(parts))} open on this bill"
        earliest = max(payment.paid_on, parts[0].issued_on)
        if day is not None and day < earliest:
            return "applied_on", f"is before {earliest}, when both the payment and the bill were there"
        return None

    def _find_payments(self, keys: set[tuple[int, str]]) -> dict[tuple[int, str], list[Any]]:
        """Payments by (account id, what a file calls them): by external id, and where there is none by confirmation number."""
        names = (
            "id",
            "account_id",
            "kind",
            "paid_on",
            "amount",
            "allocated",
            "status",
            "reversed_on",
            "external_id",
            "confirmation_number",
        )
        by_id: dict[tuple[int, str], list[Any]] = {}
        by_confirmation: dict[tuple[int, str], list[Any]] = {}
        for batch in batches(sorted(key for key in keys if key[0] > 0)):
            texts = sorted({text for _, text in batch})
            statement = select(*(payments.c[name] for name in names)).where(
                payments.c.account_id.in_({account_id for account_id, _ in batch}),
                payments.c.kind != "reversal",
                or_(payments.c.external_id.in_(texts), payments.c.confirmation_number.in_(texts)),
            )
            for row in self._context.connection.execute(self._context.held(statement, payments)):
                self._payments.setdefault(row.id, row)
                self._left.setdefault(row.id, row.amount - row.allocated)
                by_id.setdefault((row.account_id, row.external_id or ""), []).append(row)
                by_confirmation.setdefault((row.account_id, row.confirmation_number), []).append(row)
        return {key: by_id.get(key) or by_confirmation.get(key, []) for key in keys}
