"""Planning payments and refunds: each once, its state moved on when a later file says so, applied as the file or the rule says."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from data_access.commands.payments import post_payment, return_payment
from data_access.importers.context import Context
from data_access.importers.existing import batches, rows_by_key
from data_access.importers.keys import content_hash, id_key, row_key
from data_access.importers.landing import Landing
from data_access.importers.planners.ledger_rows import difference, shown
from data_access.importers.planners.naming_accounts import account_of, amount_of
from data_access.importers.planners.new_payments import NewPayment, NewPayments
from data_access.importers.planners.payment_rows import PaymentRow, read_payment
from data_access.importers.planners.payment_states import Decision, Step, match_states
from data_access.importers.rows import ParsedRow
from data_access.importers.shares import AccountShares
from data_access.schema import allocations, payments

_STORED = ("kind", "paid_on", "amount", "method", "channel", "confirmation_number")


class Payments:
    """All rows are kept until the file's end: equal ones are matched with the ledger's together, share by share."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._shares = AccountShares(context.table.row_count, context.directory)
        self._named: dict[tuple[int, str], list[PaymentRow]] = {}
        self._alike: dict[tuple[int, str], list[PaymentRow]] = {}
        self._new = NewPayments(context)
        self._moves: list[tuple[Step, int, PaymentRow]] = []

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Read them as payments."""
        for row in rows:
            account = account_of(self._context, row)
            amount = amount_of(self._context, row, account) if account is not None else None
            if account is None or amount is None:
                continue
            payment = read_payment(self._context, row, account, amount)
            if payment is not None:
                self._shares.append(payment)

    def finish(self) -> None:
        """Decide all groups of a share, then what its new payments are applied to."""
        for share in self._shares.walk():
            self._group(share)
            self._decide()
            self._new.apply()
        self._check_returns()

    def _group(self, share: Iterable[PaymentRow]) -> None:
        """By the file's own id, or by content."""
        self._named, self._alike = {}, {}
        for payment in share:
            if payment.row.get("external_id"):
                key = (payment.account.id, id_key(payment.row.values["external_id"]))
                self._named.setdefault(key, []).append(payment)
            else:
                self._alike.setdefault((payment.account.id, content_hash(payment.content)), []).append(payment)

    def _decide(self) -> None:
        known = self._fetch(self._named)
        for key, group in self._named.items():
            self._decide_named(key, group, known.get(key))
        twins = self._fetch_twins()
        for (account_id, digest), group in self._alike.items():
            ledger = twins.get((account_id, digest), [])
            decisions = match_states([row.status for row in ledger], [payment.status for payment in group])
            for payment, decision in zip(group, decisions, strict=True):
                self._follow(payment, decision, ledger, row_key(digest, decision.index + 1))

    def write(self, landing: Landing) -> None:
        """What moved on, by the same commands as on the page; then what is new."""
        scope = self._context.options.scope
        for step, payment_id, payment in self._moves:
            if step is Step.POST:
                post_payment(landing.writing, scope, payment_id, payment.posted_on or payment.paid_on)
            else:
                return_payment(landing.writing, scope, payment_id, payment.came_back_on)
        self._new.write(landing)

    def _decide_named(self, key: tuple[int, str], group: list[PaymentRow], known: Any) -> None:
        first, *others = group
        if known is None:
            self._follow(first, Decision(Step.NEW, 0), [], key[1])
        elif differing := difference(first.content, {name: getattr(known, name) for name in _STORED}):
            field, here, there = differing
            here, there = shown(field, here, first.account), shown(field, there, first.account)
            reason = f"id {first.row.values['external_id']!r} is in the ledger with another {field}: {there!r} there, {here!r} here"
            self._context.reject(first.row, "amount" if field == "kind" else field, reason)
        else:
            self._follow(first, match_states([known.status], [first.status])[0], [known], key[1])
        for other in others:
            if (other.content, other.status) == (first.content, first.status):
                self._context.tally.repeat(other.row)
            else:
                reason = f"id {other.row.values['external_id']!r} stands on line {first.row.line} already, with other content"
                self._context.reject(other.row, "external_id", reason)

    def _follow(self, payment: PaymentRow, decision: Decision, ledger: Sequence[Any], key: str) -> None:
        if decision.step is Step.NEW:
            self._new.add(NewPayment(payment, key))
        elif decision.step is Step.SAME:
            self._context.tally.repeat(payment.row)
        else:
            self._moves.append((decision.step, ledger[decision.index].id, payment))

    def _check_returns(self) -> None:
        """A payment comes back on a day of its own, not before its money was used."""
        returned = {payment_id: payment.account.id for step, payment_id, payment in self._moves if step is Step.REVERSE}
        last_use: dict[int, Any] = {}
        for batch in batches(returned):
            own = allocations.c.account_id.in_({returned[payment_id] for payment_id in batch})
            for column in (allocations.c.payment_id, allocations.c.refund_id):
                latest = (
                    select(column, func.max(allocations.c.applied_on)).where(own, column.in_(batch)).group_by(column)
                )
                last_use.update((row[0], row[1]) for row in self._context.connection.execute(latest))
        kept = []
        for step, payment_id, payment in self._moves:
            last = last_use.get(payment_id)
            if step is Step.REVERSE and payment.posted_on is None and last is not None:
                self._context.reject(payment.row, "posted_on", "is needed: the day on which the payment came back")
            elif step is Step.REVERSE and last is not None and payment.came_back_on < last:
                self._context.reject(
                    payment.row, "posted_on", f"is before {last}, when the payment was applied to a bill"
                )
            else:
                kept.append((step, payment_id, payment))
                self._context.tally.change(payment.row, added=False)
        self._moves = kept

    def _fetch(self, keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Any]:
        columns = [payments.c.id, payments.c.status, *(payments.c[name] for name in _STORED)]
        source = self._context.options.source.strip()
        known = [key for key in keys if key[0] > 0]
        found = rows_by_key(self._context.connection, payments, source, known, columns)
        return {(row.account_id, row.import_key): row for row in found}

    def _fetch_twins(self) -> dict[tuple[int, str], list[Any]]:
        """The ledger's payments of each content, by occurrence: they are numbered without a gap."""
        twins: dict[tuple[int, str], list[Any]] = {key: [] for key in self._alike}
        asked = [key for key in twins if key[0] > 0]
        while asked:
            wanted = {
                (account, row_key(digest, len(twins[account, digest]) + 1)): (account, digest)
                for account, digest in asked
            }
            found = self._fetch(wanted)
            for key, row in found.items():
                twins[wanted[key]].append(row)
            asked = [wanted[key] for key in found]
        return twins
