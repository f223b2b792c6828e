"""Names and tags in a journal stay one name and one tag."""

from datetime import date

from domain.journal import Posting, Transaction, commodity, expense, masked_payable, money_account, payable, plain, tags


def test_an_account_has_its_parts_and_no_more():
    assert payable("A: B;C", "1:2", 7) == "liabilities:payable:A- B,C:1-2 #7"
    assert payable(" two  spaces\u3000\n", "", 7) == "liabilities:payable:two spaces:not said #7"
    assert masked_payable("V", "44150098 7731", 7) == "liabilities:payable:V:••••7731 #7"
    assert expense("late_fee") == "expenses:late fee"
    assert [money_account(method) for method in ("card", "e:check", "")] == [
        "assets:card",
        "assets:bank:e-check",
        "assets:bank:not said",
    ]


def test_a_tag_is_one_tag_on_one_line():
    assert tags({"a": "x, date:2020-01-01 [2020-01-01]\n2026-01-01 b", "b": "", "c": None}) == (
        "  ; a:x date:2020-01-01 (2020-01-01) 2026-01-01 b"
    )
    assert tags({}) == ""
    assert plain("\u202ea\u200b\tb\x00") == "a b"


def test_a_transaction_is_what_it_says():
    posting = Posting("expenses:tax", -5, "JPY", {}, holds=0)
    forged = Transaction(date(2026, 1, 5), "1) ! (2;", "A | B; c", "bill ; x", [posting], {"bill": 1}, settled=False)
    assert list(forged.lines()) == [
        "2026-01-05 ! (1] ! [2,) A / B, c | bill , x  ; bill:1",
        "    expenses:tax  -5 JPY = 0 JPY",
        "",
    ]


def test_a_currency_has_its_own_decimals():
    assert [commodity(code) for code in ("USD", "JPY", "KWD")] == [
        "commodity 1000.00 USD",
        "commodity 1000. JPY",
        "commodity 1000.000 KWD",
    ]
