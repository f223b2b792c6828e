"""What was used: calls as our own exchanges and the carriers count them, and data of the field's phones."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from domain.periods import add_months
from domain.working_days import is_working_day
from seed.books import Batch, Organisation, Reject
from seed.organisation import stream
from seed.records import Service, UsageRecord

MONTHS = 4
_SITES = ("HFD", "WOR", "TUL", "PUB", "LDS", "GLA", "CGN")  # whose exchange hands out call records
_MOBILE = ("HFD",)
_CALLS_A_DAY = {True: 14, False: 5}  # of a trunk, of a single line
_BUSY = 100  # minutes a month from which a line is much used
_FAVOURITES, _TALKED = 9, (12, 900, 95)
_ENDED = (("ANSWERED", 86), ("NO ANSWER", 9), ("BUSY", 5))
_GIGABYTE = 10**9
_STRANGE = "9711,+18605550177,from-trunk"


def draw_usage(books: Organisation, random_seed: int, today: date) -> None:
    """Add the records of the last months, a file a month."""
    first = add_months(today.replace(day=1), 1 - MONTHS)
    numbers = [s.identifier for a in books.accounts for s in a.services if s.identifier.startswith("+")]
    numbers += sorted({number for vendor in books.vendors for number in vendor.phone.values()})
    for account in books.accounts:
        for service in account.services:
            if not service.usage or not service.identifier.startswith("+"):
                continue
            rng = stream(random_seed, "usage", account.site.code, service.identifier)
            if account.service_type == "voice" and account.site.code in _SITES and service.usage >= _BUSY:
                books.usage += _calls(service, first, today, numbers, rng)
            elif account.service_type == "mobile" and account.site.code in _MOBILE:
                books.usage += _data(service, first, today, rng)
    for n in range(MONTHS):
        start, end = (datetime.combine(add_months(first, m), time(), UTC) for m in (n, n + 1))
        brought = [record for record in books.usage if start <= record.started_at < end]
        if brought:
            reject = Reject(len(brought) + 3, "account_number", "", "names no line of an account", _STRANGE)
            rejects = [reject] if n == MONTHS - 2 else []
            came = min(today, end.date() + timedelta(days=1))
            name = f"cdr-{start:%Y-%m}.csv"
            books.batches.append(Batch("usage", "exchanges", name, brought, rejects, imported_on=came))


def _calls(service: Service, first: date, today: date, numbers: list[str], rng: Random) -> list[UsageRecord]:
    site, trunk = service.account.site, "channels" in service.description
    known = rng.sample([number for number in numbers if number != service.identifier], _FAVOURITES)
    weights = [_FAVOURITES - n for n in range(_FAVOURITES)]
    made = []
    for day in (first + timedelta(days=n) for n in range((today - first).days)):
        most = _CALLS_A_DAY[trunk] if is_working_day(day, site.country) else 1
        for _ in range(rng.randrange(most // 2, most + 1)):
            clock = time(rng.randrange(7, 18), rng.randrange(60), rng.randrange(60))
            started_at = datetime.combine(day, clock, ZoneInfo(site.timezone)).astimezone(UTC)
            (ended,) = rng.choices([each for each, _ in _ENDED], weights=[weight for _, weight in _ENDED])
            (number,) = rng.choices(known, weights=weights)
            talked = round(rng.triangular(*_TALKED)) if ended == "ANSWERED" else 0
            call = UsageRecord(service, started_at, "voice", talked, "seconds", service.identifier, number)
            call.billed_s, call.disposition = talked + -talked % 60, ended
            made.append(call)
    return made


def _data(service: Service, first: date, today: date, rng: Random) -> list[UsageRecord]:
    """A sum a week, in the unit in which a carrier counts."""
    made = []
    for day in (first + timedelta(days=n) for n in range(6, (today - first).days, 7)):
        started_at = datetime.combine(day, time(5), UTC)
        used = round(service.usage * _GIGABYTE / 4 * rng.uniform(0.7, 1.3))
        made.append(UsageRecord(service, started_at, "data", used, "bytes", service.identifier))
        made.append(UsageRecord(service, started_at, "sms", rng.randrange(4, 60), "messages", service.identifier))
    return made
