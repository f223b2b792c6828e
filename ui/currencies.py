"""Several currencies in view: one at a time, or all converted at dated rates that are shown. They are never added up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

import streamlit as st

from data_access.queries.rates import Rate
from domain.aging import AgingRow
from domain.filters import Filters
from domain.money import Money, convert
from ui import filter_bar, reads
from ui.filter_bar import SHOW_IN
from ui.formats import day, symbol
from ui.viewer import Viewer
from ui.wording import listed

_MUCH, _PARTS = 10**9, 10**6  # minor units, so that their rounding is nothing; and how finely currencies are told apart
SWITCH = "money"  # the address key of the currency looked at, where each stands by itself


@dataclass(frozen=True, slots=True)
class Shown:
    """The currency that a page's figures are in. `filters` are narrowed to what is in them.

    rates: by currency, for those that are converted; missing: currencies in view without a rate, which are left out.
    """

    currency: str
    filters: Filters
    rates: Mapping[str, Rate] = field(default_factory=dict)
    missing: tuple[str, ...] = ()

    def minor(self, amount: int, currency: str) -> int:
        """`amount` minor units of `currency`, in minor units of the currency shown."""
        if currency == self.currency:
            return amount
        return convert(Money(amount, currency), self.currency, self.rates[currency].rate).minor

    def sum_of(self, amounts: Iterable[tuple[str, int]]) -> int:
        """Amounts by currency together, in minor units of the currency shown."""
        return sum(self.minor(amount, currency) for currency, amount in amounts)

    @property
    def unit(self) -> str:
        """For captions: USD, or USD converted at rates of 31 Oct 2026."""
        if not self.rates:
            return self.currency
        days = sorted({rate.on_date for rate in self.rates.values()})
        when = day(days[0]) if len(days) == 1 else f"{day(days[0])} to {day(days[-1])}"
        return f"{self.currency} converted at rates of {when}"

    @property
    def rates_in_words(self) -> str:
        """1 CAD = 0.7301 USD on 31 Oct 2026; ..."""
        return "; ".join(
            f"1 {code} = {rate.rate:.6g} {self.currency} on {day(rate.on_date)}"
            for code, rate in sorted(self.rates.items())
        )

    @property
    def weights(self) -> tuple[tuple[str, int], ...]:
        """By currency, what its minor unit counts for where groups are put in order by amounts of several."""
        worth = {code: self.minor(_MUCH, code) for code in (self.currency, *self.rates)}
        return tuple(sorted((code, amount * _PARTS // max(worth.values())) for code, amount in worth.items()))

    def unweighed(self, amount: int) -> int:
        """What groups were put in order by, in minor units of the currency shown."""
        return amount // dict(self.weights)[self.currency] if self.rates else amount

    def converted(self, row: AgingRow) -> AgingRow:
        """`row` in the currency shown."""
        if row.currency == self.currency:
            return row
        return replace(
            row,
            currency=self.currency,
            buckets=tuple(self.minor(amount, row.currency) for amount in row.buckets),
            unapplied=self.minor(row.unapplied, row.currency),
            disputed=self.minor(row.disputed, row.currency),
            disputed_overdue=self.minor(row.disputed_overdue, row.currency),
        )

    def merged(self, rows: Iterable[AgingRow]) -> list[AgingRow]:
        """One row a key in the currency shown, the largest outstanding first; converted row by row."""
        merged: dict[str, AgingRow] = {}
        for row in rows:
            mine = self.converted(row)
            known = merged.get(row.key)
            merged[row.key] = mine if known is None else _joined(known, mine)
        return sorted(merged.values(), key=lambda row: (-row.outstanding, row.key))


def _joined(a: AgingRow, b: AgingRow) -> AgingRow:
    return replace(
        a,
        buckets=tuple(x + y for x, y in zip(a.buckets, b.buckets, strict=True)),
        unapplied=a.unapplied + b.unapplied,
        disputed=a.disputed + b.disputed,
        disputed_overdue=a.disputed_overdue + b.disputed_overdue,
        open_count=a.open_count + b.open_count,
        flagged=a.flagged + b.flagged,
    )


def currencies_in_view(viewer: Viewer, filters: Filters) -> list[str]:
    """Currencies of the accounts in the filters and of lines borne for others, the one with most outstanding first."""
    owed = {row.currency: row.outstanding for row in reads.aging(viewer, filters, "currency")}
    known = {*reads.filtered("currencies_in", viewer, filters), *reads.filtered("currencies_borne", viewer, filters)}
    return sorted(known, key=lambda code: (code not in owed, -owed.get(code, 0), code))


def choose(viewer: Viewer, filters: Filters) -> Shown:
    """The currency to show: converted into the chosen one, else the only one, else by a switch drawn here."""
    codes = currencies_in_view(viewer, filters)
    wanted = filter_bar.held().get(SHOW_IN)
    if wanted and codes != [wanted]:
        return _converted(viewer, filters, codes, wanted)
    if len(codes) < 2:  # noqa: PLR2004
        return Shown(codes[0], replace(filters, currencies=(codes[0],))) if codes else Shown("USD", filters)
    code = _switched(codes)
    return Shown(code, replace(filters, currencies=(code,)))


def one(viewer: Viewer, filters: Filters) -> str:
    """The currency of a page that reckons in one and converts nothing: the chosen one where it is in view, else by a switch."""
    codes = currencies_in_view(viewer, filters)
    wanted = filter_bar.held().get(SHOW_IN)
    if wanted in codes or len(codes) < 2:  # noqa: PLR2004
        return wanted if wanted in codes else codes[0] if codes else "USD"
    return _switched(codes)


def _switched(codes: list[str]) -> str:
    if st.session_state.get(SWITCH) not in codes:
        st.session_state.pop(SWITCH, None)
    picked = st.segmented_control(
        "Currency shown",
        codes,
        default=codes[0],
        required=True,
        format_func=lambda code: f"{code} {symbol(code).strip()}" if symbol(code).strip() != code else code,
        key=SWITCH,
        bind="query-params",
        label_visibility="collapsed",
    )
    return picked or codes[0]


def _converted(viewer: Viewer, filters: Filters, codes: list[str], wanted: str) -> Shown:
    rates = reads.rates_to(viewer, wanted, filters.as_of)
    missing = tuple(code for code in codes if code != wanted and code not in rates)
    used = {code: rates[code] for code in codes if code != wanted and code in rates}
    shown = Shown(wanted, replace(filters, currencies=(*used, wanted)), used, missing)
    if missing:
        st.warning(
            f"There is no rate from {listed(missing)} into {wanted} on or before {day(filters.as_of)}, so "
            f"{'it is' if len(missing) == 1 else 'they are'} left out here. Import rates, or look at each currency by itself.",
            icon=":material/currency_exchange:",
        )
    if used:
        st.caption(f":material/currency_exchange: {shown.rates_in_words}")
    return shown
