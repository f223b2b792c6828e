"""The bank statements of a file: what each opens with, moves and closes with, and by how much that does not add up."""

from data_access.importers.report import Report, StatementFound
from ui import section, wording
from ui.formats import day, escape, exact_money
from ui.tables import Column, report

SHOWN = 50


def draw(found: Report) -> None:
    """Nothing for a file that has none."""
    if not found.statements:
        return
    shown = found.statements[:SHOWN]
    section.finding(finding(found.statements), "Opening balance + movements = closing balance, to the cent")
    report(
        "import-statements",
        [
            Column("Account", [escape(each.bank_account) for each in shown]),
            Column("Period", [f"{day(each.first)} to {day(each.last)}" for each in shown]),
            Column("Lines", [f"{each.lines:,} ({each.new_lines:,} new)" for each in shown], right=True),
            Column("Opening", [_money(each.opening, each.currency) for each in shown], right=True),
            Column("Movements", [_money(each.movements, each.currency) for each in shown], right=True),
            Column("Closing", [_money(each.closing, each.currency) for each in shown], right=True),
            Column("Difference", [_difference(each) for each in shown], right=True),
        ],
        "Bank statements",
    )


def finding(statements: list[StatementFound]) -> str:
    """Both statements add up; one of three does not; the file states no balances."""
    wrong = sum(1 for each in statements if each.difference)
    unstated = sum(1 for each in statements if each.difference is None)
    count = wording.counted(len(statements), "statement")
    if wrong == len(statements) == 1:
        return "The statement does not add up"
    if wrong:
        return f"{wrong:,} of {wording.count(len(statements), 'statement')} {'does' if wrong == 1 else 'do'} not add up"
    if unstated:
        lacking = "" if unstated == len(statements) == 1 else f"{unstated:,} "
        return f"{count}, {lacking}without both balances to add up to"
    return f"{count}, {'it adds' if len(statements) == 1 else 'all add'} up to the cent"


def _money(amount: int | None, currency: str) -> str:
    return "not stated" if amount is None else escape(exact_money(amount, currency))


def _difference(statement: StatementFound) -> str:
    if statement.difference is None:
        return "not known"
    return _money(statement.difference, statement.currency) if statement.difference else "none"
