"""Small pictures for tiles and table cells: SVG as Markdown images, with text for those who do not see them.

Their colours follow the page's light or dark appearance by themselves (prefers-color-scheme follows the color-scheme of
the element that shows the image), so that a switch needs no rerun. They are the chart colours of .streamlit/config.toml;
a test keeps the two equal.
"""

import base64
from collections.abc import Sequence
from functools import lru_cache
from xml.sax.saxutils import quoteattr

from ui.formats import percent

LIGHT_SEQUENTIAL = ["8B9AA6", "7993A9", "5E89AC", "417EAF", "2D6FA2", "146095", "094E7C", "013D64", "062E4B", "082033"]
DARK_SEQUENTIAL = ["525F6C", "4E677C", "477294", "3C7DAC", "4A8DBE", "599DD1", "74B2E3", "8FC8F5", "B4DBFA", "D9EDFE"]
LIGHT_PRIMARY, DARK_PRIMARY = "035D90", "69B3EB"
LIGHT_CATEGORIES = ["035D90", "AF845C", "5D9690", "8F4D5C", "5A6902", "002826", "9D7DD0", "482901"]
DARK_CATEGORIES = ["69B3EB", "C89940", "669685", "EEC2CE", "CADDAA", "457284", "9071BF", "83694E"]
LIGHT_UNPAID, DARK_UNPAID = "C2521E", "F58F3A"
_drawn_once = lru_cache(maxsize=2_000)  # the same pictures at each run, of a kilobyte each


def aging_steps(buckets: int) -> list[int]:
    """Indexes into the ten sequential colours for `buckets` aging buckets, youngest first: 1, 3, 5, 7, 9 for five."""
    if buckets < 2:  # noqa: PLR2004 - nothing to spread
        return [1] * buckets
    return [round(1 + 8 * index / (buckets - 1)) for index in range(buckets)]


def _image(size: tuple[int, int], light: str, dark: str, shapes: str, alt: str) -> str:
    width, height = size
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        f'role="img" aria-label={quoteattr(alt)}>'
        f"<style>{light}@media(prefers-color-scheme:dark){{{dark}}}</style>{shapes}</svg>"
    )
    safe = "".join(c for c in alt if c not in "[]!\\\n")
    return f"![{safe}](data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()})"


def line(values: Sequence[float], alt: str, *, width: int = 80, height: int = 18, filled: bool = False) -> str:
    """A line with a dot at its end; `filled` shades the area under it. Fewer than two values draw nothing but the text."""
    return _line(tuple(values), alt, width, height, filled)


@_drawn_once
def _line(values: tuple[float, ...], alt: str, width: int, height: int, filled: bool) -> str:
    style = f".l{{stroke:#{LIGHT_PRIMARY}}}.a,.d{{fill:#{LIGHT_PRIMARY}}}"
    dark = f".l{{stroke:#{DARK_PRIMARY}}}.a,.d{{fill:#{DARK_PRIMARY}}}"
    shapes = ""
    if len(values) > 1:
        low, high = min(values), max(values)
        reach = (high - low) or 1
        step = (width - 6) / (len(values) - 1)
        points = [(1 + i * step, height - 3 - (v - low) / reach * (height - 6)) for i, v in enumerate(values)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        end_x, end_y = points[-1]
        if filled:
            shapes += f'<polygon class="a" opacity=".1" points="1,{height} {path} {end_x:.1f},{height}"/>'
        shapes += f'<polyline class="l" fill="none" stroke-width="1.5" points="{path}"/>'
        shapes += f'<circle class="d" cx="{end_x:.1f}" cy="{end_y:.1f}" r="2.5"/>'
    return _image((width, height), style, dark, shapes, alt)


def age_mix(buckets: Sequence[int], alt: str, *, width: int = 100, height: int = 12) -> str:
    """One bar, split by aging bucket with 1 px gaps; negative buckets do not occur and nothing open draws nothing."""
    return _age_mix(tuple(buckets), alt, width, height)


@_drawn_once
def _age_mix(buckets: tuple[int, ...], alt: str, width: int, height: int) -> str:
    whole = sum(buckets)
    steps = aging_steps(len(buckets))
    light = "".join(f".b{i}{{fill:#{LIGHT_SEQUENTIAL[s]}}}" for i, s in enumerate(steps))
    dark = "".join(f".b{i}{{fill:#{DARK_SEQUENTIAL[s]}}}" for i, s in enumerate(steps))
    shapes, x = "", 0.0
    for index, amount in enumerate(buckets):
        share = amount / whole * width if whole else 0
        if share >= 0.5:  # noqa: PLR2004 - thinner than half a pixel is not seen
            shapes += f'<rect class="b{index}" x="{x:.1f}" y="0" width="{max(share - 1, 0.5):.1f}" height="{height}"/>'
        x += share
    return _image((width, height), light, dark, shapes, alt)


def shares(buckets: Sequence[int], labels: Sequence[str], width: int) -> str:
    """The same of what is open, with the share of each bucket told to those who do not see it."""
    return _shares(tuple(buckets), tuple(labels), width)


@_drawn_once
def _shares(buckets: tuple[int, ...], labels: tuple[str, ...], width: int) -> str:
    owed = sum(buckets)
    told = ", ".join(f"{name} {percent(part, owed)}" for name, part in zip(labels, buckets, strict=True) if part)
    return _age_mix(buckets, told or "nothing open", width, 12)


@_drawn_once
def bar(value: int, largest: int, alt: str, *, width: int = 96, height: int = 16) -> str:
    """One bar, `value` of `largest`."""
    length = max(1.0, value / largest * width) if largest > 0 and value > 0 else 0
    shapes = f'<rect class="b" x="0" y="0" width="{length:.1f}" height="{height}"/>'
    return _image(
        (width, height), f".b{{fill:#{LIGHT_SEQUENTIAL[3]}}}", f".b{{fill:#{DARK_SEQUENTIAL[3]}}}", shapes, alt
    )


@_drawn_once
def swatch(step: int, label: str) -> str:
    """A square in the aging colour `step`, and its label: the key of a chart, for captions."""
    shape = '<rect class="b" x="0" y="1" width="10" height="10"/>'
    light, dark = f".b{{fill:#{LIGHT_SEQUENTIAL[step]}}}", f".b{{fill:#{DARK_SEQUENTIAL[step]}}}"
    return f"{_image((10, 12), light, dark, shape, '')}\N{NO-BREAK SPACE}{label}"


@_drawn_once
def category(name: str, label: str) -> str:
    """A square in the colour of `name` (subject, other; early, late, unpaid bills), and its label."""
    light, dark = {
        "subject": (LIGHT_PRIMARY, DARK_PRIMARY),
        "other": ("87929E", "66727F"),
        "early": (LIGHT_SEQUENTIAL[1], DARK_SEQUENTIAL[1]),
        "late": (LIGHT_SEQUENTIAL[5], DARK_SEQUENTIAL[5]),
        "unpaid": (LIGHT_UNPAID, DARK_UNPAID),
    }[name]
    shape = '<rect class="b" x="0" y="1" width="10" height="10"/>'
    return f"{_image((10, 12), f'.b{{fill:#{light}}}', f'.b{{fill:#{dark}}}', shape, '')}\N{NO-BREAK SPACE}{label}"


def kinds(labels: Sequence[str]) -> list[str]:
    """Squares in the categorical colours, in order, and their labels; Other is grey."""
    swatches = []
    for index, label in enumerate(labels):
        other = label == "Other"
        light = "87929E" if other else LIGHT_CATEGORIES[index % len(LIGHT_CATEGORIES)]
        dark = "66727F" if other else DARK_CATEGORIES[index % len(DARK_CATEGORIES)]
        shape = '<rect class="b" x="0" y="1" width="10" height="10"/>'
        image = _image((10, 12), f".b{{fill:#{light}}}", f".b{{fill:#{dark}}}", shape, "")
        swatches.append(f"{image}\N{NO-BREAK SPACE}{label}")
    return swatches
