"""Small pictures: their shapes follow the numbers and their words say them."""

import base64
import re

from ui import sparklines


def svg(markdown):
    return base64.b64decode(re.search(r"base64,([^)]+)\)", markdown).group(1)).decode()


def widths(markdown):
    return [float(w) for w in re.findall(r'<rect[^>]* width="([\d.]+)"', svg(markdown))]


def test_the_age_mix_shares_its_width_with_a_gap_of_a_pixel():
    assert widths(sparklines.age_mix([50, 25, 0, 25], "mix", width=100)) == [49.0, 24.0, 24.0]
    assert widths(sparklines.age_mix([0, 0, 0], "mix")) == []


def test_a_bar_is_as_long_as_its_part_of_the_largest():
    assert widths(sparklines.bar(50, 100, "half", width=80)) == [40.0]
    assert widths(sparklines.bar(1, 10**9, "hardly any", width=80)) == [1.0]
    assert widths(sparklines.bar(0, 100, "none", width=80)) == [0.0]
    assert widths(sparklines.bar(-5, 100, "less than none", width=80)) == [0.0]


def test_a_line_ends_in_a_dot_at_its_last_value():
    drawn = svg(sparklines.line([0, 10], "up", width=80, height=18))
    assert 'points="1.0,15.0 75.0,3.0"' in drawn
    assert 'cx="75.0" cy="3.0"' in drawn
    assert "polyline" not in svg(sparklines.line([5], "one value"))
    assert "nan" not in svg(sparklines.line([7, 7, 7], "flat"))


def test_the_words_cannot_break_out():
    markdown = sparklines.line([1, 2], 'a "b" <c> ](http://evil) ![x\n')
    assert markdown.startswith('![a "b" <c> (http://evil) x](data:image/svg+xml;base64,')
    assert "<c>" not in svg(markdown).replace("&lt;c&gt;", "")


def test_both_appearances_are_in_every_picture():
    drawn = svg(sparklines.age_mix([1, 1, 1, 1, 1], "mix"))
    assert "prefers-color-scheme:dark" in drawn
    assert sparklines.LIGHT_SEQUENTIAL[9] in drawn
    assert sparklines.DARK_SEQUENTIAL[9] in drawn


def test_the_aging_ramp_takes_every_other_step_and_spreads_to_any_number():
    assert sparklines.aging_steps(5) == [1, 3, 5, 7, 9]
    assert sparklines.aging_steps(2) == [1, 9]
    assert sparklines.aging_steps(3) == [1, 5, 9]
