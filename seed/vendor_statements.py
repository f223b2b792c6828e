"""What vendors say is open: one account agreed to the cent, one with a bill that never came, and two with a payment mixed up."""

from collections import Counter
from datetime import date, timedelta

from seed.books import Batch, Organisation
from seed.records import Account, Bill, Payment, StatedLine, VendorStatement

_AGO = 9  # days that the statements are old
_IN_TRANSIT, _FOUND = 20, 100  # days before a statement: paid so long ago it must show, so long ago it is looked for
_NEVER_CAME = ("halvorsen", 14_250)
_AGREED, _MIXED_UP = "severnvale", "lumora"  # of which vendors, if they have such accounts


def state_accounts(books: Organisation, today: date) -> None:
    """Add the statements with the files that brought them."""
    day = today - timedelta(days=_AGO)
    left = _open_on(books, day)
    odd = _odd(books)
    for slug in (_AGREED, _NEVER_CAME[0]):
        account = max(
            (a for a in books.accounts if a not in odd and a.vendor.slug != _MIXED_UP),
            key=lambda account: (account.vendor.slug == slug, len(_bills(books, left, account, day))),
        )
        made = _statement(books, left, account, day)
        if slug == _NEVER_CAME[0]:
            last = next(bill for bill in reversed(books.bills) if bill.account is account)
            issued_on = day - timedelta(days=16)
            due_on = issued_on + timedelta(days=account.terms_days)
            amount = _NEVER_CAME[1]
            made.lines.append(StatedLine("invoice", f"{last.number}-2", issued_on, due_on, amount, amount))
        _add(books, [made])
    _mix_up(books, left, odd, day)


def _mix_up(books: Organisation, left: Counter[Bill | Payment], odd: set[Account], day: date) -> None:
    """A payment for one account of the vendor, counted on another one that owes more than it."""
    own = [account for account in books.accounts if account.vendor.slug == _MIXED_UP and account not in odd]
    open_bills = {account: _bills(books, left, account, day) for account in own}
    own.sort(key=lambda account: -len(open_bills[account]))
    owing = [(account, bill) for account in own for bill in open_bills[account]]
    for allocation in books.allocations:
        payment, bill = allocation.source, allocation.target
        if not isinstance(payment, Payment) or not isinstance(bill, Bill) or payment.account not in own:
            continue
        ago = (day - payment.paid_on).days
        if not _IN_TRANSIT < ago < _FOUND or left[bill] or not payment.amount == bill.amount == allocation.amount:
            continue
        for account, other in owing:
            if account is not payment.account and left[other] > payment.amount:
                short, long = (_statement(books, left, each, day) for each in (payment.account, account))
                short.lines.append(_line(bill, payment.amount))
                line = next(line for line in long.lines if line.number == other.number)
                line.open_amount -= payment.amount
                _add(books, [short, long])
                return


def _open_on(books: Organisation, day: date) -> Counter[Bill | Payment]:
    """What was open of each bill, and of each payment not applied, at the end of the day."""
    left: Counter[Bill | Payment] = Counter({bill: bill.amount for bill in books.bills if bill.issued_on <= day})
    left.update({p: p.amount for p in books.payments if p.kind == "payment" and p.paid_on <= day})
    for allocation in books.allocations:
        if allocation.applied_on <= day:
            for document in (allocation.source, allocation.target):
                left[document] -= allocation.amount if allocation.reverses is None else -allocation.amount
    return left


def _odd(books: Organisation) -> set[Account]:
    """Accounts with credit notes, money that came back or lies about, or disputes."""
    odd = {bill.account for bill in books.bills if bill.kind == "credit_note" or bill.part > 1}
    odd |= {p.account for p in books.payments if p.kind != "payment" or p.reversed_on or p.unapplied}
    return odd | {dispute.bill.account for dispute in books.disputes}


def _bills(books: Organisation, left: Counter[Bill | Payment], account: Account, day: date) -> list[Bill]:
    return [bill for bill in books.bills if bill.account is account and bill.issued_on <= day and left[bill] > 0]


def _statement(books: Organisation, left: Counter[Bill | Payment], account: Account, day: date) -> VendorStatement:
    return VendorStatement(account, day, [_line(bill, left[bill]) for bill in _bills(books, left, account, day)])


def _line(bill: Bill, open_amount: int) -> StatedLine:
    return StatedLine("invoice", bill.number, bill.issued_on, bill.falls_due_on, bill.amount, open_amount)


def _add(books: Organisation, made: list[VendorStatement]) -> None:
    books.vendor_statements += made
    vendor, day = made[0].account.vendor, made[0].stated_on
    brought = [record for statement in made for record in (statement, *statement.lines)]
    name = f"{vendor.slug}-statement-{day:%Y-%m-%d}.csv"
    books.batches.append(Batch("statements", vendor.name, name, brought, imported_on=day + timedelta(days=2)))
