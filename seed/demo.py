"""The demo: 24 sites, 30 months up to `today`, played account by account."""

from datetime import date

from domain.periods import add_months
from seed.bills import issue
from seed.books import Organisation
from seed.contacts import draw_contacts
from seed.cycles import cycles
from seed.dispute_replies import answer_disputes
from seed.history import History
from seed.numbering import number_remittances
from seed.organisation import draw_organisation, stream
from seed.people import staff
from seed.plot import stage
from seed.rates import draw_rates
from seed.terms import terms
from seed.undue_fees import charge_undue_fees
from seed.usage import draw_usage
from seed.vendor_statements import state_accounts
from seed.wire import wire_bills

MONTHS = 30


def demo(random_seed: int, today: date) -> Organisation:
    """The whole demo organisation; the same for the same arguments."""
    since = add_months(today.replace(day=1), 1 - MONTHS)
    books = draw_organisation(random_seed, today)
    known = terms(today)
    books.policies = [(vendor, policy) for vendor in books.vendors for policy in known[vendor.slug]]
    for account in books.accounts:
        name = (account.site.code, account.vendor.slug, account.service_type)
        rng, dice = stream(random_seed, "history", *name), stream(random_seed, "dunning", *name)
        history = History(books, account, today, rng, known[account.vendor.slug], dice)
        for cycle in cycles(account, since, today, rng):
            history.at(cycle.issued_on, issue, cycle, first=True)
        stage(history)
        history.play()
    number_remittances(books.payments)
    books.rates = draw_rates(random_seed, add_months(since, -1), today)
    books.users = staff(books.sites)
    books.contacts = draw_contacts(random_seed, books.vendors, today)
    charge_undue_fees(books, today)
    answer_disputes(books, today)
    state_accounts(books, today)
    wire_bills(books, today)
    draw_usage(books, random_seed, today)
    return books
