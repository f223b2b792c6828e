"""The late-payment outlook as JSON and as text, and the figures that say how good it was."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from data_access.queries.outlook import BillOutlook
from domain.outlook_scores import Forecast, area_under_curve, brier_score, paid_by_expected, tenths
from terminal.shapes import table

_DECIMALS = 4


def outlook_json(rows: Sequence[BillOutlook]) -> list[dict[str, Any]]:
    """vendor, account_number, invoice_number, late_probability, expected_paid_on, and what they rest on."""
    return [
        {
            "vendor": row.vendor,
            "account_id": row.account_id,
            "account_number": row.account_number,
            "invoice_number": row.number,
            "part": row.part,
            "site": row.site,
            "issued_on": row.issued_on.isoformat(),
            "due_on": row.due_on.isoformat(),
            "late_probability": row.outlook.late_probability,
            "expected_paid_on": _iso(row.outlook.expected_paid_on),
            "reasons": list(row.outlook.reasons),
        }
        for row in rows
    ]


def outlook_table(rows: Sequence[BillOutlook]) -> str:
    """One line a bill: chance, day to expect, and the two nearest facts."""
    return table(
        ["site", "vendor", "account", "bill", "due", "late", "expected", "because"],
        (
            [
                *(row.site, row.vendor, row.account_number, row.number, row.due_on),
                f"{row.outlook.late_probability:.0%}",
                _iso(row.outlook.expected_paid_on) or "-",
                "; ".join(row.outlook.reasons[:2]),
            ]
            for row in rows
        ),
        right=(5,),
    )


def evaluation_json(made: Sequence[Forecast], until: date) -> dict[str, Any]:
    """Bills told in advance, area under the curve and Brier score beside the yardstick's, and chances by tenths."""
    late = [f.late for f in made]
    scores = {
        name: {"auc": _rounded(area_under_curve(said, late)), "brier": _rounded(brier_score(said, late))}
        for name, said in (("outlook", [f.said for f in made]), ("yardstick", [f.yardstick for f in made]))
    }
    return {
        "from": min((f.day for f in made), default=until).isoformat(),
        "as_of": until.isoformat(),
        "forecasts": len(made),
        "late": _rounded(sum(late) / len(late)) if late else None,
        **scores,
        "calibration": [
            {"said": _rounded(part.said), "late": _rounded(part.late), "forecasts": part.bills}
            for part in tenths([f.said for f in made], late)
        ],
        "paid_by_expected_day": _rounded(paid_by_expected(made, until)),
    }


def evaluation_text(result: dict[str, Any]) -> str:
    """The same to read."""
    if not result["forecasts"]:
        return f"nothing to compare yet: no bill was open on the first of a month and due by {result['as_of']}"
    scores = table(
        ["", "AUC", "Brier"],
        [
            [words, *(_figure(result[name][score], 3) for score in ("auc", "brier"))]
            for words, name in (("outlook", "outlook"), ("account's mean lateness so far", "yardstick"))
        ],
        right=(1, 2),
    )
    parts = table(
        ["said", "were late", "bills"],
        ([f"{p['said']:.1%}", f"{p['late']:.1%}", p["forecasts"]] for p in result["calibration"]),
        right=(0, 1, 2),
    )
    met = result["paid_by_expected_day"]
    return (
        f"{result['forecasts']:,} said of a bill not yet due on the first of a month, {result['from']} to "
        f"{result['as_of']}; {result['late']:.1%} were paid late\n\n{scores}\n\n{parts}"
        + ("" if met is None else f"\n\n{met:.1%} were paid by the day to expect")
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)


def _figure(value: float | None, decimals: int) -> str:
    return "-" if value is None else f"{value:.{decimals}f}"
