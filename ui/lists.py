"""Short lists that lead on: what falls due next, who is owed most, what changed since the last month."""

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from data_access.queries.rankings import Ranking
from domain.masking import masked
from ui import links, notices, positions, reads, section, wording
from ui.currencies import Shown
from ui.formats import day, escape, exact_money, plain_amount, short_day, whole_money
from ui.positions import Standing
from ui.tables import Column, report
from ui.viewer import Viewer

SOON_DAYS, SHOWN_ROWS = 14, 6


def due_soon(viewer: Viewer, shown: Shown) -> None:
    """Open bills that fall due within two weeks, the next first."""
    as_of = shown.filters.as_of
    until = as_of + timedelta(days=SOON_DAYS)
    sums = reads.filtered("open_bill_sums", viewer, shown.filters, due_until=until)
    number = sum(bills for _, bills, _ in sums)
    section.finding(
        wording.due_soon(
            number, sum(shown.minor(amount, currency) for currency, _, amount in sums), shown.currency, SOON_DAYS
        ),
        f"Open bills by due date, {shown.unit}",
    )
    if not number:
        notices.empty("Nothing to pay soon", "Bills past their due date are in Balances.", ":material/event_available:")
        return
    bills = reads.open_bills(viewer, shown.filters, due_until=until, limit=SHOWN_ROWS)
    first = [(bill, shown.minor(bill.open_amount, bill.currency)) for bill in bills]
    report(
        "due-soon",
        [
            Column("Due", [_days_left(bill.due_on, as_of) for bill, _ in first]),
            Column(
                "Account",
                [_account(bill.site_name, bill.service_type, bill.vendor, bill.account_number) for bill, _ in first],
            ),
            Column("Open", [f"**{exact_money(amount, shown.currency)}**" for _, amount in first], right=True),
        ],
        "The next bills to fall due",
    )
    if number > len(first):
        st.markdown(links.link(f"All {number:,} bills due in {SOON_DAYS} days →", "balances", {"age": "soon"}))


def _days_left(due: date, as_of: date) -> str:
    left = (due - as_of).days
    words = "today" if not left else "tomorrow" if left == 1 else f"{left} days"
    badge = "orange" if left <= 3 else "gray"  # noqa: PLR2004 - about what a card or a call still makes
    return f":{badge}-badge[{words}] {short_day(due, as_of)}"


def _account(site: str, service: str, vendor: str, number: str) -> str:
    return f"**{escape(site)}** · {escape(service or 'service')}  \n:small[{escape(vendor)}, account {masked(number)}]"


def largest_overdue(viewer: Viewer, shown: Shown) -> None:
    """The accounts that are furthest behind, by amount."""
    groups = reads.aging_page(viewer, shown.filters, "account", limit=SHOWN_ROWS, weights=shown.weights)
    first = [(shown.minor(row.overdue, row.currency), row) for group in groups for row in group.rows if row.overdue]
    if not first:
        return
    whole = positions.owed(viewer, shown).overdue
    section.finding(
        f"{wording.counted(len(first), 'account')} {'carries' if len(first) == 1 else 'carry'} "
        f"{wording.part_of(sum(amount for amount, _ in first), whole)} of the past due",
        f"Largest overdue accounts, {shown.unit}, {day(shown.filters.as_of)}",
    )
    report(
        "largest",
        [
            Column(
                "Account",
                [
                    _account(
                        r.labels["site_name"], r.labels["service_type"], r.labels["vendor"], r.labels["account_number"]
                    )
                    for _, r in first
                ],
            ),
            Column(
                "Over 90",
                [plain_amount(shown.minor(row.buckets[-1], row.currency), shown.currency) for _, row in first],
                right=True,
            ),
            Column("Past due", [f"**{plain_amount(amount, shown.currency)}**" for amount, _ in first], right=True),
            Column(
                "",
                [
                    links.link("Bills →", "balances", {"by": "Account", "open": row.labels["account_id"]})
                    for _, row in first
                ],
            ),
        ],
        "Accounts with most past due",
    )


def changes(viewer: Viewer, shown: Shown, standings: Sequence[Standing]) -> None:
    """From last month's balance to today's, and the sites that moved most."""
    before, now = standings[-2], standings[-1]
    moved = positions.moved(viewer, shown, before.day + timedelta(days=1))
    steps = [
        (f"Owed on {day(before.day)}", before.outstanding),
        ("Billed", moved["billed"]),
        ("Credit notes", -moved["credited"]),
        ("Paid", -moved["paid"]),
        ("Refunded to us", moved["refunded"]),
        ("Payments returned", moved["returned"]),
    ]
    rounding = now.outstanding - sum(amount for _, amount in steps)
    if rounding:
        steps.append(("Rounding of the conversion", rounding))
    change = now.outstanding - before.outstanding
    section.finding(
        f"We owe {whole_money(abs(change), shown.currency)} {'more' if change > 0 else 'less'} than on {day(before.day)}"
        if change
        else f"We owe as much as on {day(before.day)}",
        f"What moved the balance, {shown.unit}",
    )
    drawn = [step for i, step in enumerate(steps) if step[1] or not i]
    report(
        "total-changes",
        [
            Column("Since then", [name for name, _ in drawn], f"Owed on {day(now.day)}"),
            Column(
                "Amount",
                [plain_amount(amount, shown.currency) for _, amount in drawn],
                plain_amount(now.outstanding, shown.currency),
                right=True,
            ),
        ],
        "From last month's balance to today's",
        total=True,
    )
    _movers(viewer, shown)


def _movers(viewer: Viewer, shown: Shown) -> None:
    moved: Ranking = reads.filtered("overdue_moves", viewer, shown.filters, limit=SHOWN_ROWS, weights=shown.weights)
    first = [(amount, row) for row in moved.first if (amount := shown.sum_of(row.amounts))]
    if not first:
        return
    report(
        "movers",
        [
            Column(
                "Past due moved most at",
                [links.link(row.name, "balances", {"by": "Site", "open": row.key}) for _, row in first],
            ),
            Column(
                "Change",
                [
                    f"{':material/arrow_upward:' if amount > 0 else ':material/arrow_downward:'} {plain_amount(abs(amount), shown.currency)}"
                    for amount, _ in first
                ],
                right=True,
            ),
        ],
        "Sites whose past due changed most since last month",
    )
