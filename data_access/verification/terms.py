"""Check T1: vendors' terms can be judged by, and no verified payment number looks like another known one."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from data_access.policy_rows import policy_of
from data_access.schema import payment_contacts, vendor_policies, vendors
from domain.contacts import ContactState
from domain.parsing.posting_days import PostingDaysError
from domain.phone_numbers import doubts
from domain.policies import PolicyError


def terms_are_sound(connection: Connection) -> Iterator[str]:
    """What a command would have refused, written by another program."""
    statement = select(vendor_policies, vendors.c.name).join(vendors, vendors.c.id == vendor_policies.c.vendor_id)
    for row in connection.execute(statement.order_by(vendor_policies.c.id)):
        try:
            policy_of(row, row.name)
        except (PolicyError, PostingDaysError) as error:
            yield f"vendor_policies {row.id} ({row.name}) is not used: {error}"
    numbers = select(payment_contacts).where(
        payment_contacts.c.kind == "phone", payment_contacts.c.state != ContactState.UNVERIFIED
    )
    rows = connection.execute(numbers.order_by(payment_contacts.c.id)).all()
    for row in rows:
        if row.state == ContactState.VERIFIED:
            others = [other.address for other in rows if other.verified_at is not None and other.id != row.id]
            for finding in doubts(row.address, others):
                like = f" ({finding.like})" if finding.like else ""
                yield f"payment_contacts {row.id}: {row.address} is verified and {finding.doubt}{like}"
