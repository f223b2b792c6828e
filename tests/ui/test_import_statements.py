"""What is said of the statements of a file."""

from dataclasses import replace
from datetime import date

from data_access.importers.report import StatementFound
from ui.import_statements import finding

DAY = date(2026, 3, 1)
GOOD = StatementFound("••••1234", "", "USD", DAY, DAY, 100, -25, 75, 0, 1, 1, False)


def test_statements_are_counted_in_words():
    bad, open_ended = replace(GOOD, difference=1), replace(GOOD, opening=None, difference=None)
    assert finding([GOOD]) == "One statement, it adds up to the cent"
    assert finding([bad]) == "The statement does not add up"
    assert finding([bad, GOOD]) == "1 of 2 statements does not add up"
    assert finding([bad, bad]) == "2 of 2 statements do not add up"
    assert finding([open_ended]) == "One statement, without both balances to add up to"
    assert finding([GOOD, open_ended]) == "Two statements, 1 without both balances to add up to"
