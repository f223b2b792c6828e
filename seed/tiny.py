"""Three sites with every kind of record once or twice, for tests and for reading the tables by eye."""

from collections.abc import Callable
from datetime import date, timedelta

from domain.notices import NoticeKind
from domain.periods import add_months
from domain.working_days import working_day_from, working_day_until
from seed.books import Batch, Organisation, Reject, User
from seed.calls import draw_call, period_name
from seed.contacts import draw_contacts
from seed.corrections import credit
from seed.history import History
from seed.numbering import number_remittances
from seed.organisation import open_account, stream
from seed.payments import give_back, refund, send
from seed.people import address
from seed.places import PLACES
from seed.rates import draw_rates
from seed.records import Bill, Charge, Dispute, Notice, Way
from seed.terms import terms
from seed.vendors import vendors

_REJECTED_ROW = "Lumora Broadband,8773 40 115 0000000,LB-77120,31.02.,389.00"


def _bill(
    history: History, number: str, issued_on: date, *lines: tuple[str, str, int], due: bool = True, **more: object
) -> Bill:
    due_on = issued_on + timedelta(days=history.account.terms_days) if due else None
    end = add_months(issued_on, 1)
    charges = [Charge(kind, description, amount) for kind, description, amount in lines]
    bill = Bill(history.account, number, "invoice", issued_on, due_on, issued_on, end, charges)
    for name, value in more.items():
        setattr(bill, name, value)
    return history.add_bill(bill)


def _internet(history: History, ago: Callable[[int], date]) -> None:
    """Dollars: paid by telephone; an e-check that bounced; a part paid; a payment on its way; an open credit."""
    fiber = ("recurring", "Fiber internet 500 Mb", 38_900)
    paid = _bill(
        history,
        "104551201",
        ago(95),
        fiber,
        ("fee", "Network recovery fee", 1_288),
        ("tax", "State and local taxes", 2_490),
    )
    send(history, ago(80), paid.open, Way("card", "phone"), [paid])
    bounced = _bill(
        history, "104552377", ago(65), fiber,
        ("usage", "Extra data, 12 GB", 1_800), ("one_time", "Technician visit", 14_900), ("fee", "Network recovery fee", 1_288),
        ("tax", "State and local taxes", 3_558), ("late_fee", "Late payment charge", 500), ("credit", "Outage credit, case 482113", -1_297),
        ("adjustment", "Adjustment of the last bill", -240),
    )  # fmt: skip
    bounced.charges[0].chargeback = history.books.sites[1]
    give_back(
        history,
        ago(44),
        send(history, ago(50), bounced.open, Way("e-check", "portal"), [bounced]),
        "Returned: insufficient funds",
    )
    history.books.notices.append(
        Notice(history.account, NoticeKind.LATE, ago(32), None, bounced.open, "LUN-204117", "letter", bill=bounced)
    )
    part = _bill(history, "104553519", ago(35), fiber, ("tax", "State and local taxes", 2_490))
    send(history, ago(12), 20_000, Way("ach", "bank"), [part])
    newest = _bill(history, "104554610", ago(6), fiber, ("tax", "State and local taxes", 2_490))
    send(history, history.today, newest.open, Way("e-check", "portal"), [newest]).posted_on = None
    credit(history, ago(20), [Charge("credit", "Rate correction, 1 month", -1_500)])
    draw_call(
        history, ago(9), "extension", "promised", billing_period=period_name(part.issued_on),
        promised_on=history.today + timedelta(days=3), follow_up_on=history.today + timedelta(days=4),
        notes="Rest of the bill promised for next week.",
    )  # fmt: skip


def _voice(history: History, ago: Callable[[int], date]) -> None:
    """Pounds: a cheque that never arrived, a bill paid twice and refunded, disputes closed and open, a late line."""
    trunk = ("recurring", "SIP trunk, 23 channels", 33_625)
    first = _bill(history, "PC0039101", ago(90), trunk, ("tax", "VAT 20%", 6_725))
    lost = send(history, ago(76), first.open, Way("cheque", "mail"), [first])
    lost.posted_on = None
    give_back(history, ago(56), lost, "Stopped: cheque never arrived")
    send(history, ago(55), first.open, Way("transfer", "bank"), [first])
    twice = send(history, ago(53), first.amount, Way("transfer", "bank"), [])
    refund(history, ago(40), twice)
    second = _bill(
        history, "PC0039544", ago(60), trunk, ("usage", "Calls, 5,120 minutes", 8_704), ("tax", "VAT 20%", 8_466)
    )
    closed = Dispute(second, 8_704, "Calls that we did not make", ago(58), ago(33), "credited")
    send(history, ago(45), second.amount - closed.amount, Way("transfer", "bank"), [second])
    note = credit(
        history, ago(33), [Charge("credit", "Credit: calls that we did not make", -closed.amount)], about=second
    )
    history.allocate(note, second, closed.amount, ago(33))
    third = _bill(history, "PC0039987", ago(30), trunk, ("recurring", "Fax line", 4_295), ("tax", "VAT 20%", 7_584))
    still = Dispute(third, 4_295, "Line was cancelled, still billed", ago(27))
    send(history, ago(14), third.amount - still.amount, Way("transfer", "bank"), [third])
    _bill(history, "PC0039987", ago(18), ("one_time", "Engineer visit", 9_500), part=2, amount_from="lines")
    history.books.disputes += [closed, still]
    wrong = draw_call(
        history,
        ago(27),
        "dispute",
        "dispute opened",
        notes="4,295 pence of the fax line withheld.",
        follow_up_on=ago(13),
    )
    draw_call(
        history,
        ago(26),
        "dispute",
        "dispute opened",
        notes="42.95 of the fax line withheld.",
        follow_up_on=ago(13),
        amends=wrong,
    )


def _mobile(history: History, ago: Callable[[int], date]) -> None:
    """Euros, drawn by the bank: a bill withdrawn and issued again, one without a due date, money on account."""
    pool = ("recurring", "Business pool, 7 lines", 22_690)
    wrong = _bill(
        history, "RE-0531412", ago(70), pool, ("usage", "Roaming and calls abroad", 6_140), ("tax", "VAT 19%", 5_478)
    )
    lines = [Charge(c.type, f"Reversed: {c.description}", -c.amount) for c in wrong.charges]
    note = credit(history, ago(66), lines, reverses=wrong)
    history.allocate(note, wrong, wrong.amount, ago(66))
    right = _bill(history, "RE-0531412-R", ago(66), pool, ("tax", "VAT 19%", 4_311))
    send(history, ago(52), right.open, Way("autopay", "autopay"), [right])
    late = _bill(history, "RE-0533090", ago(40), pool, ("tax", "VAT 19%", 4_311), due=False)
    acts_on = working_day_from(history.today + timedelta(days=6), "DE")
    history.books.notices.append(
        Notice(history.account, NoticeKind.SUSPENSION, ago(8), acts_on, late.open, "RHN-500412", "letter")
    )
    send(history, ago(8), 5_000, Way("transfer", "bank"), [])


def tiny(random_seed: int, today: date) -> Organisation:
    """Hartford, Leeds and Hamburg with one account each; the same for the same arguments."""
    known = vendors()
    places = {place.code: place for place in PLACES}
    books = Organisation(
        sites=[places[code].site(f"CC-{number}") for code, number in (("HFD", 4100), ("LDS", 4340), ("HAM", 4415))]
    )
    books.vendors = [known["lumora"], known["pennine"], known["rheinfaden"]]
    kinds = (
        ("internet", Way("e-check", "portal"), _internet),
        ("voice", Way("transfer", "bank"), _voice),
        ("mobile", Way("autopay", "autopay"), _mobile),
    )
    for site, vendor, (service_type, way, story) in zip(books.sites, books.vendors, kinds, strict=True):
        rng = stream(random_seed, "tiny", site.code)
        account = open_account(vendor, site, service_type, opened_on=add_months(today, -26), today=today, rng=rng)
        account.way = way
        account.autopay_method = "direct debit" if way.method == "autopay" else ""
        account.autopay_expires_on = None
        books.accounts.append(account)
        country = site.country
        story(
            History(books, account, today, rng),
            lambda days, country=country: working_day_until(today - timedelta(days=days), country),
        )
    number_remittances(books.payments)
    known_terms = terms(today)
    books.policies = [(vendor, policy) for vendor in books.vendors for policy in known_terms[vendor.slug]]
    books.contacts = draw_contacts(random_seed, books.vendors, today)
    books.rates = draw_rates(random_seed, add_months(today, -4), today)
    books.users = [
        User(address("Renata Castellano"), "Renata Castellano", "admin", sorted({site.region for site in books.sites})),
        User(address("Dana Whitlock"), "Dana Whitlock", "finance", sorted({site.region for site in books.sites})),
        User(address("Imogen Hale"), "Imogen Hale", "viewer", [books.sites[1]]),
        User(address("Annika Vogt"), "Annika Vogt", "viewer", [books.sites[2].region]),
    ]
    reject = Reject(3, "issued_on", "31.02.", "there is no such day; write a date as YYYY-MM-DD", _REJECTED_ROW)
    books.batches = [
        Batch("invoices", "lumora", "lumora-bills.csv", [b for b in books.bills if b.number == "104553519"], [reject])
    ]
    return books
