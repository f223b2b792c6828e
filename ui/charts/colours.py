"""Streamlit's placeholders for theme colours: the browser puts the real ones in, light or dark.

They are private to Streamlit, so a test pins them. Meaning and order: look.md, .streamlit/config.toml.
"""

CATEGORIES = tuple(f"#{n:06d}" for n in range(1, 9))
SUBJECT = CATEGORIES[0]
CONTEXT = "#000009"  # grey for what is only there to compare with, and for ticks
OTHER = "#000010"
SEQUENTIAL = tuple(f"#{n:06d}" for n in range(11, 21))
DIVERGING = tuple(f"#{n:06d}" for n in range(21, 31))
CRITICAL, HIGH, MEDIUM, LOW, OK = (DIVERGING[i] for i in (0, 1, 2, 5, 9))
TEXT = "#000037"
GRID = "#000039"
PAGE = "#000038"
