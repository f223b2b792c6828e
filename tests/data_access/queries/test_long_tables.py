"""Long tables page by page: each row once and in order, whatever the order, also while rows come in; no way out of the scope."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from data_access.queries import searching
from data_access.queries.bank_statements import statement_lines
from data_access.queries.bills import bill_rows
from data_access.queries.calls import call_rows
from data_access.queries.imports import batch_rows
from data_access.queries.keyset import UnknownOrderError
from data_access.queries.late_bills import late_bills
from data_access.queries.payments import payment_rows
from data_access.queries.reconciliation import legs
from data_access.queries.trail import TrailFilters, trail_rows
from data_access.schema import bank_statements
from data_access.scope import Scope
from domain.filters import Filters
from domain.masking import SHOWN
from seed.large.tenant import Tenant
from seed.large.writing import write_large
from tests import factories as make

TODAY = date(2026, 11, 20)
ALL = Scope.all_sites()
NOW = Filters(as_of=TODAY)
AUTUMN = Filters(as_of=TODAY, since=date(2026, 9, 1))


@pytest.fixture(scope="module")
def tenant(shared_database):
    write_large(shared_database, Tenant(1, TODAY, scale=0.0003), "operator")
    where = {"account_id": 1, "site_id": _site_of(shared_database, 1)}
    for n in range(12):  # ties on every sort key
        make.payment(shared_database, where, date(2026, 11, 3), 77_00, kind="payment")
        make.invoice(shared_database, where, f"TIE-{n}", date(2026, 11, 3), date(2026, 11, 9), 77_00)
        make.add(
            shared_database, "calls", **where, started_at=datetime(2026, 11, 3, 12, tzinfo=UTC), number="+18005550100"
        )
        at = datetime(2026, 11, 3, 12, tzinfo=UTC) + timedelta(hours=n // 3)
        batch = {"kind": "payments", "source": "bank", "file_name": f"{n}.csv", "sha256": "0" * 64}
        counts = {"rows_read": 0, "added": 0, "duplicate": 0, "rejected": 0}
        make.add(shared_database, "import_batches", **batch, **counts, actor="ana", imported_at=at)
    return shared_database


def _site_of(database, account_id):
    from data_access.schema import accounts

    with database.reading(ALL) as connection:
        return connection.scalar(select(accounts.c.site_id).where(accounts.c.id == account_id))


def _by(field):
    return lambda row: (getattr(row, field), row.id)


def _payments(scope, filters=AUTUMN):
    for field in ("paid_on", "amount"):
        for sign in ("", "-"):
            yield (
                f"payments {sign}{field}",
                lambda c, sort=sign + field, **k: payment_rows(c, scope, filters, sort=sort, **k),
                _by(field),
            )


def _bills(scope):
    for field in ("issued_on", "due_on", "amount"):
        for sign in ("", "-"):
            yield (
                f"bills {sign}{field}",
                lambda c, sort=sign + field, **k: bill_rows(c, scope, AUTUMN, sort=sort, **k),
                _by(field),
            )


def _others(scope):
    for sort in ("started_at", "-started_at"):
        yield (
            f"calls {sort}",
            lambda c, sort=sort, **k: call_rows(c, scope, AUTUMN, sort=sort, **k),
            _by("started_at"),
        )
    for sort in ("seq", "-seq"):
        yield (
            f"trail {sort}",
            lambda c, sort=sort, **k: trail_rows(c, scope, TrailFilters(), sort=sort, **k),
            lambda row: (row.seq,),
        )
    yield "late", lambda c, **k: late_bills(c, scope, AUTUMN, **k), _by("due_on")
    yield "legs", lambda c, **k: legs(c, scope, AUTUMN, **k), lambda row: row.mark
    yield "imports", lambda c, **k: batch_rows(c, scope, "ana", **k), _by("imported_at")


def tables(scope):
    yield from _payments(scope)
    yield from _bills(scope)
    yield from _others(scope)


def _walked(connection, read, mark, *, back=False, rows=9):
    found, at = [], None
    while page := read(connection, limit=rows, **({"before" if back else "after": at} if at else {"after": None})):
        if back and at is None:  # the last page is asked for from behind the last row
            page = read(connection, limit=100_000)[-rows:]
        assert at not in map(mark, page), "the row of the mark came again"
        found = [*page, *found] if back else [*found, *page]
        at = mark(page[0] if back else page[-1])
    return found


@pytest.mark.slow
def test_pages_bring_each_row_once_and_in_order_from_either_end(tenant):
    with tenant.reading(ALL) as connection:
        for name, read, mark in tables(ALL):
            whole = read(connection, limit=100_000)
            assert len(whole) > 9, name
            marks = [mark(row) for row in whole]
            assert len(set(marks)) == len(marks), name
            if name not in ("legs",):  # by state, and then the complete ones the newest first
                down = "-" in name or name in ("late", "imports")
                assert all((a > b) if down else (a < b) for a, b in pairwise(marks)), name
            step = max(9, len(whole) // 4)
            assert _walked(connection, read, mark, rows=step) == whole, name
            assert _walked(connection, read, mark, back=True, rows=step) == whole, name


def test_rows_that_come_in_meanwhile_move_no_other(tenant):
    where = {"account_id": 1, "site_id": _site_of(tenant, 1)}
    with tenant.reading(ALL) as connection:
        before = {name: [row.id for row in read(connection, limit=100_000)] for name, read, _ in _payments(ALL)}
    coming = ((date(2026, 11, 19), 99_999_99), (date(2026, 9, 1), 1))  # in front of a page and behind it
    for name, read, mark in _payments(ALL):
        seen, at, pages = Counter(), None, 0
        with tenant.reading(ALL) as connection:
            page = read(connection, limit=40)
        while page:
            assert at not in map(mark, page), name
            seen.update(row.id for row in page)
            pages += 1
            if pages < 4:
                for paid_on, amount in coming:
                    make.payment(tenant, where, paid_on, amount)
            at = mark(page[-1])
            with tenant.reading(ALL) as connection:
                page = read(connection, limit=40, after=at)
        assert pages > 4, name
        assert all(seen[row] == 1 for row in before[name]), name
        assert max(seen.values()) == 1, name


def test_nobody_pages_out_of_a_scope(tenant):
    """Not by a mark of a row that is another site's either."""
    home = _site_of(tenant, 1)
    with tenant.reading(ALL) as connection:
        everything = {name: read(connection, limit=100_000) for name, read, _ in tables(ALL)}
    own = Scope.of([home])
    with tenant.reading(own, "ana") as connection:
        for name, read, mark in tables(own):
            seen = read(connection, limit=100_000)
            if name == "imports":
                continue
            marks = {mark(row) for row in seen}
            assert len(seen) < len(everything[name]), name
            foreign = everything[name][len(everything[name]) // 2]
            for end in ("after", "before"):
                assert {mark(row) for row in read(connection, limit=100_000, **{end: mark(foreign)})} <= marks, name
    with tenant.reading(Scope.of([])) as connection:
        for name, read, _ in tables(Scope.of([])):
            assert name == "imports" or not read(connection, limit=10)


@pytest.mark.parametrize("sort", ["", "-", "id", "paid_on desc", "--amount", "amount;drop table payments", "\x00"])
def test_a_table_has_the_orders_that_it_names(tenant, sort):
    with tenant.reading(ALL) as connection:
        for read in (payment_rows, bill_rows, call_rows):
            with pytest.raises(UnknownOrderError, match="choose one of"):
                read(connection, ALL, NOW, sort=sort)


def test_the_lines_of_a_statement_turn_both_ways(tenant):
    with tenant.reading(ALL) as connection:
        longest = max(
            connection.scalars(select(bank_statements.c.id)),
            key=lambda n: len(statement_lines(connection, ALL, statement_id=n, limit=10_000)),
        )

        def read(connection, **more):
            return statement_lines(connection, ALL, statement_id=longest, **more)

        whole = read(connection, limit=10_000)
        assert len(whole) > 3
        assert _walked(connection, read, _by("booked_on"), rows=2) == whole
        assert _walked(connection, read, _by("booked_on"), back=True, rows=2) == whole


def test_a_search_finds_accounts_and_what_a_number_begins_with(tenant):
    where = {"account_id": 1, "site_id": _site_of(tenant, 1)}
    made = make.payment(tenant, where, date(2026, 11, 4), 5, confirmation_number="Zq_7%-44")

    def found(text, **more):
        with tenant.reading(ALL) as connection:
            return [row.id for row in payment_rows(connection, ALL, Filters(as_of=TODAY, search=text), **more)]

    assert found("zq_7%-4") == found(" ZQ_7%") == found("Zq_7%-44", sort="amount") == [made]
    assert found("zq-7") == found("q_7") == found("zqx7") == found("zq_7%-45") == []
    assert found("z%7") == found("z__7") == []  # no wildcards
    with tenant.reading(ALL) as connection:
        site = next(row.site_name for row in payment_rows(connection, ALL, NOW, account_id=1, limit=1))
        at_site = payment_rows(connection, ALL, Filters(as_of=TODAY, search=site), limit=100_000)
    assert made in {row.id for row in at_site}
    assert {row.site_name for row in at_site} == {site}
    assert [(row.paid_on, row.id) for row in at_site] == sorted([(r.paid_on, r.id) for r in at_site], reverse=True)


@pytest.mark.parametrize("few", [2, 40])
def test_a_search_by_name_finds_every_payment_of_the_accounts_named(tenant, few, monkeypatch):
    monkeypatch.setattr(searching, "FEW", few)
    empty = [
        make.site(tenant, f"XY{few}{n}", name=f"Quux {few}") for n in range(few + 2)
    ]  # the last one has an account
    where = {"site_id": empty[-1], "account_id": make.account(tenant, empty[-1], 1, f"XY-{few}")}
    make.payment(tenant, where, date(2026, 11, 2), 5)
    with tenant.reading(ALL) as connection:
        every = payment_rows(connection, ALL, NOW, limit=100_000)
        first = every[0]
        texts = (
            first.site_name[:4],
            first.site,
            first.vendor.upper(),
            first.account_number,
            first.account_number[-4:],
            "e",
            "zq zq",
            f"quux {few}",
        )
        for text in texts:
            found = payment_rows(connection, ALL, replace(NOW, search=text), limit=100_000)
            wanted = [row.id for row in every if _names(row, text)]
            assert [row.id for row in found] == wanted, text
            assert bool(wanted) == (text != "zq zq")
            own = Scope.of([_site_of(tenant, first.account_id)])
            alone = payment_rows(connection, own, replace(NOW, search=text), limit=100_000)
            assert {row.id for row in alone} == {row.id for row in found if row.site == first.site}


def _names(row: Any, text: str) -> bool:
    number = re.sub(r"[-. /]", "", row.account_number).lower()
    said = [row.site_name, row.site, row.vendor]
    ends = len(text) <= SHOWN and len(number) >= 2 * len(text) and number.endswith(text.lower())
    whole = number == re.sub(r"[-. /]", "", text).lower()
    return (
        whole
        or ends
        or any(text.lower() in each.lower() for each in said)
        or row.confirmation_number.lower().startswith(text.lower())
    )
