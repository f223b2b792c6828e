"""Recording what a vendor sent: late notices, announced and past suspensions. Withdrawn, never edited."""

from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy import insert, select, update

from data_access.commands.payments import account_in_scope
from data_access.commands.refusals import LedgerRefusedError, NotFoundError, told_as_refusals
from data_access.commands.shared import the_row
from data_access.database import Writing
from data_access.schema import invoices, notices
from data_access.scope import Scope, within
from domain.notices import NoticeKind


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """A notice as entered. amount in minor units of the account's currency, None where it names none.

    invoice_id: the one bill that it is about; None: all that was due before it.
    """

    account_id: int
    kind: NoticeKind
    dated: date
    acts_on: date | None = None
    amount: int | None = None
    invoice_id: int | None = None
    reference: str = ""
    channel: str = ""
    note: str = ""


def record_notice(writing: Writing, scope: Scope, draft: NoticeDraft) -> int:
    """Insert the notice; returns its id."""
    account = account_in_scope(writing, scope, draft.account_id)
    if draft.kind is NoticeKind.LATE and draft.acts_on is not None:
        raise LedgerRefusedError(f"a late notice names no day; one that announces {draft.acts_on} is of suspension")
    if draft.kind is not NoticeKind.LATE and draft.acts_on is None:
        raise LedgerRefusedError(f"a notice of {draft.kind} names the day on which the vendor acts; enter it")
    if draft.amount is not None and draft.amount <= 0:
        raise LedgerRefusedError("a notice asks for a positive amount; leave it out where it names none")
    if draft.invoice_id is not None and not _is_bill_of(writing, draft.account_id, draft.invoice_id):
        raise NotFoundError(f"there is no bill {draft.invoice_id} on this account")
    values = asdict(draft) | {"kind": draft.kind.value, "site_id": account.site_id}
    with told_as_refusals():
        new_id = writing.connection.execute(insert(notices).returning(notices.c.id), [values]).scalar_one()
    writing.record("record", "notices", new_id, site_id=account.site_id, after=values)
    return new_id


def withdraw_notice(writing: Writing, scope: Scope, notice_id: int, on: date) -> None:
    """From `on` the notice no longer stands: the vendor took it back, or it was entered wrongly."""
    row = writing.connection.execute(
        select(notices).where(the_row(writing, notices, notice_id), within(scope, notices.c.site_id)).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFoundError(f"there is no notice {notice_id}")
    if row.withdrawn_on is not None:
        raise LedgerRefusedError(f"notice {notice_id} was withdrawn on {row.withdrawn_on}")
    if on < row.dated:
        raise LedgerRefusedError(f"notice {notice_id} is dated {row.dated}; it is withdrawn on or after that day")
    writing.connection.execute(
        update(notices).where(notices.c.account_id == row.account_id, notices.c.id == notice_id).values(withdrawn_on=on)
    )
    after = {"withdrawn_on": on}
    writing.record("withdraw", "notices", notice_id, site_id=row.site_id, before={"withdrawn_on": None}, after=after)


def _is_bill_of(writing: Writing, account_id: int, invoice_id: int) -> bool:
    wanted = select(invoices.c.id).where(
        invoices.c.account_id == account_id, invoices.c.id == invoice_id, invoices.c.kind == "invoice"
    )
    return writing.connection.scalar(wanted) is not None
