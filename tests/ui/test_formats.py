"""How money, dates and names read on the screen."""

from datetime import UTC, date, datetime

import pytest

from ui import formats


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (21429188, "USD", "$214,292"),
        (-214000, "USD", "-$2,140"),
        (-4, "USD", "$0"),  # no minus before a zero
        (0, "GBP", "£0"),
        (123456, "JPY", "¥123,456"),
        (1234567, "KWD", "KWD\N{NO-BREAK SPACE}1,235"),
        (99950, "CAD", "CA$1,000"),
    ],
)
def test_tiles_say_whole_units(minor, currency, text):
    assert formats.whole_money(minor, currency) == text


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (9_999_999_999, "USD", "$100,000,000"),  # a cent less than a hundred millions
        (10_000_000_000, "USD", "$100.0M"),
        (44_167_538_738, "USD", "$441.7M"),
        (-44_167_538_738, "USD", "-$441.7M"),
        (123_456_789_012, "EUR", "€1,234.6M"),
        (-4, "USD", "$0"),
        (441_675_387, "JPY", "¥441.7M"),
    ],
)
def test_tiles_say_hundreds_of_millions_in_short(minor, currency, text):
    assert formats.figure_money(minor, currency) == text


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (-99_999_999, "-$1,000,000"),  # a cent less than a million
        (99_994_900, "$999,949"),
        (-100_000_000, "-$1.0M"),
        (4_086_323_000, "$40.9M"),
        (-4, "$0"),
    ],
)
def test_changes_of_tiles_say_millions_in_short(minor, text):
    assert formats.change_money(minor, "USD") == text


@pytest.mark.parametrize(
    ("minor", "text"),
    [
        (0, "$0"),
        (1250, "$12"),
        (99949, "$999"),
        (99950, "$1.0k"),
        (1937963, "$19.4k"),
        (11786800, "$118k"),
        (99994999, "$1.0M"),
        (207472012000, "$2.1B"),
        (-1937963, "-$19.4k"),
    ],
)
def test_charts_say_three_digits(minor, text):
    assert formats.short_money(minor, "USD") == text


def test_tables_say_the_cent_and_a_dash_for_zero():
    assert formats.plain_amount(123456, "USD") == "1,234.56"
    assert formats.plain_amount(-5, "EUR") == "-0.05"
    assert formats.plain_amount(0, "USD") == "–"
    assert formats.plain_amount(1234, "JPY") == "1,234"
    assert formats.plain_amount(1234567, "KWD") == "1,234.567"
    assert formats.exact_money(-123456, "USD") == "-$1,234.56"


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [(61, 100, "61%"), (0, 100, "0%"), (1, 1000, "less than 1%"), (999, 1000, "more than 99%"), (5, 0, "0%")],
)
def test_a_percentage_never_claims_none_or_all(part, whole, text):
    assert formats.percent(part, whole) == text


def test_days():
    assert formats.day(date(2026, 11, 3)) == "3 Nov 2026"
    assert formats.short_day(date(2026, 11, 3), date(2026, 12, 1)) == "3 Nov"
    assert formats.short_day(date(2025, 11, 3), date(2026, 12, 1)) == "3 Nov 2025"


def test_a_moment_is_told_where_the_viewer_sits_and_else_in_utc():
    moment = datetime(2026, 11, 20, 13, 10, tzinfo=UTC)
    assert formats.moment(moment, "America/Denver") == "20 Nov 2026, 06:10"
    assert formats.moment(moment, None) == "20 Nov 2026, 13:10 UTC"
    assert formats.moment(moment, "Nowhere/Else") == "20 Nov 2026, 13:10 UTC"


def test_markdown_in_a_name_stays_text_and_ordinary_names_stay_themselves():
    assert formats.escape("AT&T Long-Lines (No. 2), Québec") == "AT&T Long-Lines (No. 2), Québec"
    assert formats.escape("![x](http://evil)\n# *b* :red[y] `c` $z$ <i>") == (
        r"!\[x\](http\::small[]//evil) \# \*b\* \:red\[y\] \`c\` \$z\$ \<i\>"
    )


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        # A link, an icon, an arrow would be made of these even where they are escaped: they are cut in two.
        ("www.example.com", "www:small[].example.com"),
        ("ana@example.com", "ana:small[]@example.com"),
        (":material/delete:", r"\::small[]material/delete\:"),
        (":material_delete: :streamlit:", r"\::small[]material\_delete\: \::small[]streamlit\:"),
        ("a -> b <-> c -- d", r"a -:small[]\> b \<:small[]-\> c -:small[]- d"),
        ("a->b, 3--4, x@y", r"a-\>b, 3--4, x:small[]@y"),
        # What begins a list when it stands first, and an entity.
        ("- 5", r"\- 5"),
        ("12. Main St", r"12\. Main St"),
        ("&lt;b&gt; & AT&T", r"\&lt;b\&gt; & AT&T"),
        ("-5.00 3.5 +1", "-5.00 3.5 +1"),
    ],
)
def test_what_streamlit_makes_of_text_that_is_escaped(text, escaped):
    assert formats.escape(text) == escaped
