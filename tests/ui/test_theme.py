"""The theme, the pictures and the charts agree on their colours; every text in them can be read."""

import tomllib
from pathlib import Path

import pytest
from streamlit.elements.lib import streamlit_plotly_theme as private

from ui import sparklines
from ui.charts import colours

ROOT = Path(__file__).parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
THEMES = [CONFIG["theme"]["light"], CONFIG["theme"]["dark"]]


def test_the_charts_use_streamlits_placeholders():
    """They are private: if this fails after an upgrade, put the new ones into ui/charts/colours.py."""
    assert tuple(getattr(private, f"CATEGORY_{n}") for n in range(8)) == colours.CATEGORIES
    assert tuple(getattr(private, f"SEQUENTIAL_{n}") for n in range(10)) == colours.SEQUENTIAL
    assert tuple(getattr(private, f"DIVERGING_{n}") for n in range(10)) == colours.DIVERGING
    assert (private.CATEGORY_8, private.CATEGORY_9) == (colours.CONTEXT, colours.OTHER)
    assert (private.GRAY_90, private.BG_COLOR, private.FADED_TEXT_05) == (colours.TEXT, colours.PAGE, colours.GRID)


def test_the_small_pictures_have_the_themes_colours():
    for theme, sequential, primary in (
        (THEMES[0], sparklines.LIGHT_SEQUENTIAL, sparklines.LIGHT_PRIMARY),
        (THEMES[1], sparklines.DARK_SEQUENTIAL, sparklines.DARK_PRIMARY),
    ):
        assert theme["chartSequentialColors"] == [f"#{colour}" for colour in sequential]
        assert theme["primaryColor"] == f"#{primary}"


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES, ids=["light", "dark"])
def test_text_and_graphics_stand_out(theme):
    page = theme["backgroundColor"]
    assert contrast(theme["textColor"], page) >= 4.5
    assert contrast(theme["linkColor"], page) >= 4.5
    assert contrast(theme["chartCategoricalColors"][8], page) >= 4.5  # ticks
    for name in ("red", "orange", "yellow", "green", "blue", "violet", "gray"):
        assert contrast(theme[f"{name}TextColor"], theme[f"{name}BackgroundColor"]) >= 4.5
    # The youngest bucket is fainter on purpose (not due is no alarm), and its bar carries its figure.
    assert all(contrast(theme["chartSequentialColors"][step], page) >= 2.9 for step in (1, 3, 5, 7, 9))


def test_the_server_listens_on_this_machine_only_and_tells_nobody():
    assert CONFIG["server"]["address"] == "localhost"
    assert CONFIG["server"]["allowedHosts"] == ["localhost", "127.0.0.1"]
    assert CONFIG["server"]["enableXsrfProtection"] is True
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"


def test_the_bundled_fonts_are_there_with_their_licence():
    fonts = ROOT / "ui" / "assets" / "fonts"
    for face in CONFIG["theme"]["fontFaces"]:
        assert (fonts / Path(face["url"]).name).read_bytes()[:4] == b"wOF2"
    assert "SIL OPEN FONT LICENSE" in (fonts / "OFL.txt").read_text().upper()
