"""Imported statements: what each adds up to, and how far its lines are matched."""

from datetime import UTC, date, datetime

from data_access.queries.bank_statements import statement_lines, statement_rows
from data_access.queries.matched_lines import matches_of_lines
from data_access.scope import Scope
from tests import factories as make

ALL = Scope.all_sites()
MATCHED = {"amount": 3_000, "decided_by": "ana", "decided_at": datetime(2026, 3, 9, 12, tzinfo=UTC)}


def test_a_statement_is_told_with_its_lines_and_matches(database):
    where = make.office(database)
    payment = make.payment(database, where, date(2026, 3, 5), 6_000)
    stated = {"opening": 10_000, "closing": 4_001, "movements": -6_000, "reference": "3/1", "source": "file"}
    period = {"period_start": date(2026, 3, 1), "period_end": date(2026, 4, 1)}
    statement = make.add(
        database, "bank_statements", bank_account="55501234", kind="bank", currency="USD", **stated, **period
    )
    row = {"statement_id": statement, "bank_account": "55501234", "currency": "USD", "amount": -3_000}
    lines = [
        make.add(database, "bank_lines", **row, booked_on=date(2026, 3, 5), import_key=f"id:{n}", matched=matched)
        for n, matched in ((1, 3_000), (2, 0))
    ]
    ids = [make.add(database, "matches", **where, payment_id=payment, bank_line_id=n, **MATCHED) for n in lines]
    make.add(database, "matches", **where, payment_id=payment, bank_line_id=lines[1], undoes_id=ids[1], **MATCHED)
    with database.reading(Scope.all_sites()) as connection:
        (found,) = statement_rows(connection, Scope.all_sites())
    assert (found.bank_account, found.first, found.last) == ("••••1234", date(2026, 3, 1), date(2026, 3, 31))
    assert (found.difference, found.lines, found.matched, found.done) == (-1, 2, 1, 1)
    own = Scope.of({where["site_id"]})
    with database.reading(own) as connection:
        assert statement_rows(connection, own) == []


def test_a_past_day_tells_what_had_become_of_the_lines_by_then(database):
    """One is matched on the ninth, the other too, undone on the eleventh and explained on the thirteenth."""
    where = make.office(database)
    payment = make.payment(database, where, date(2026, 3, 5), 6_000)
    period = {"period_start": date(2026, 3, 1), "period_end": date(2026, 4, 1), "movements": -6_000, "source": "file"}
    statement = make.add(database, "bank_statements", bank_account="5550", kind="bank", currency="USD", **period)
    row = {"statement_id": statement, "bank_account": "5550", "currency": "USD", "amount": -3_000}
    kept, freed = lines = [
        make.add(database, "bank_lines", **row, booked_on=date(2026, 3, 5), import_key=f"id:{n}", matched=matched)
        for n, matched in ((1, 3_000), (2, 0))
    ]
    ids = [make.add(database, "matches", **where, payment_id=payment, bank_line_id=n, **MATCHED) for n in lines]
    undone = MATCHED | {"decided_at": datetime(2026, 3, 11, 12, tzinfo=UTC)}
    make.add(database, "matches", **where, payment_id=payment, bank_line_id=freed, undoes_id=ids[1], **undone)
    told = {"reason": "bank fee", "decided_by": "ana", "decided_at": datetime(2026, 3, 13, 12, tzinfo=UTC)}
    make.add(database, "bank_line_decisions", bank_line_id=freed, **told)
    found = {}
    with database.reading(ALL) as connection:
        for day in (8, 9, 11, 13, None):
            asked = {"as_of": date(2026, 3, day) if day else None}
            (whole,) = statement_rows(connection, ALL, **asked)
            each = statement_lines(connection, ALL, statement_id=statement, **asked)
            standing = matches_of_lines(connection, ALL, line_ids=(kept, freed), **asked)
            said = [(line.matched, line.explained) for line in each]
            found[day] = (whole.lines, whole.matched, whole.done, said, [match.line_id for match in standing])
    assert found == {
        8: (2, 0, 0, [(0, ""), (0, "")], []),
        9: (2, 2, 2, [(3_000, ""), (3_000, "")], [kept, freed]),
        11: (2, 1, 1, [(3_000, ""), (0, "")], [kept]),
        13: (2, 1, 2, [(3_000, ""), (0, "bank fee")], [kept]),
        None: (2, 1, 2, [(3_000, ""), (0, "bank fee")], [kept]),
    }
