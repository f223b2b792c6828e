"""Planning vendors' terms. The same terms again are a duplicate; other terms of the same day are refused."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from data_access.importers.cells import CellError, minor_units
from data_access.importers.context import Context
from data_access.importers.directory import UnknownNameError, Vendor
from data_access.importers.landing import Landing
from data_access.importers.planners.reference import Entry, Register, Values
from data_access.importers.rows import ParsedRow
from data_access.policy_rows import part_terms, policy_values
from data_access.schema import vendor_policies
from domain.money import to_decimal
from domain.parsing.posting_days import PostingDaysError, read_posting_days
from domain.policies import CountedFrom, FeeBase, LateFeeTerms, Policy, PolicyError, RestoralTerms, SuspensionDays

_KEY = ("service_type", "currency", "effective_from")
_AMOUNTS = ("fee_flat", "fee_minimum", "fee_cap", "restoral_fee")
_ENDS = "effective_until"  # the one thing that may be filled in


class Policies:
    """Terms are known by vendor, service type, currency and the day on which they begin."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._register = Register(context, vendor_policies, {})
        self._loaded: set[int] = set()

    def take(self, rows: Sequence[ParsedRow]) -> None:
        """Decide each row."""
        for row in rows:
            if not self._context.options.scope.everything:
                self._context.reject(row, "vendor", "only somebody who sees every site may add terms by an import")
                continue
            try:
                vendor = self._context.directory.vendor(row.values["vendor"])
                values = policy_values(_policy(row, vendor.name))
            except UnknownNameError as error:
                self._context.reject_unknown(row, error)
            except (PolicyError, PostingDaysError, CellError) as error:
                self._context.reject(row, "", str(error))
            else:
                self._decide(row, vendor, values)

    def finish(self) -> None:
        """Nothing waits for the whole file."""

    def write(self, landing: Landing) -> None:
        """Insert, and set ends that were open."""

        def columns(values: Values) -> Values:
            row = {name: value for name, value in values.items() if name != "vendor"}
            return row | {"vendor_id": landing.vendor_id(values["vendor"])} if "vendor" in values else row

        self._register.write(landing, columns, told=True)

    def _decide(self, row: ParsedRow, vendor: Vendor, values: Values) -> None:
        self._load(vendor)
        key = (vendor.id, *(values[name] for name in _KEY))
        if values[_ENDS] is None:
            del values[_ENDS]
        known = self._register.entries.get(key)
        differing = [n for n in values if known is not None and n != _ENDS and known.values[n] != values[n]]
        if known is not None and differing:
            name = differing[0]
            here, there = (_shown(name, terms[name], values["currency"]) for terms in (values, known.values))
            reason = f"is {here!r} here and {there!r} in the terms of that day; terms are not edited"
            self._context.reject(row, name, f"{reason}: let the new ones begin on another day")
        elif self._register.decide(row, key, values, {"vendor": vendor, _ENDS: None}):
            vendor.used = True

    def _load(self, vendor: Vendor) -> None:
        if vendor.id in self._loaded:
            return
        self._loaded.add(vendor.id)
        known = select(vendor_policies).where(vendor_policies.c.vendor_id == vendor.id)
        for row in self._context.connection.execute(known).mappings():
            values = {name: row[name] for name in row if name not in ("id", "vendor_id")}
            self._register.know((vendor.id, *(row[name] for name in _KEY)), Entry(row["id"], values))


def _policy(row: ParsedRow, vendor: str) -> Policy:
    currency = row.get("currency", "")
    given = row.values

    def money(name: str) -> int | None:
        if name not in given:
            return None
        if not currency:
            raise CellError(f"{name} is an amount: name its currency")
        return minor_units(given[name], currency)

    def days(what: str) -> SuspensionDays | None:
        found = [given.get(f"{what}_{name}") for name in ("earliest", "likely", "latest")]
        if found == [None, None, None]:
            return None
        earliest, likely, latest = (_whole(day, f"{what}_earliest, _likely and _latest") for day in found)
        return SuspensionDays(earliest, likely, latest)

    return Policy(
        vendor=vendor,
        effective_from=given["effective_from"],
        source=given["source"],
        service_type=row.get("service_type", ""),
        currency=currency,
        effective_until=row.get("effective_until"),
        late_fee=LateFeeTerms(
            base=FeeBase(row.get("fee_base", "none")),
            basis_points=row.get("fee_basis_points", 0),
            flat=money("fee_flat") or 0,
            minimum=money("fee_minimum") or 0,
            cap=money("fee_cap"),
            grace_days=row.get("fee_grace_days", 0),
            counted_from=CountedFrom(row.get("fee_counted_from", "due")),
        ),
        notice_days=row.get("notice_days", 0),
        counted_from=CountedFrom(row.get("counted_from", "due")),
        suspension=days("suspends"),
        young_months=row.get("young_months", 0),
        young=days("young"),
        disconnection_days=row.get("disconnection_days"),
        restoral=RestoralTerms(
            fee=money("restoral_fee") or 0,
            past_due_in_full=row.get("restoral_in_full", "yes") == "yes",
            months_in_advance=row.get("restoral_months", 0),
        ),
        posting_days=read_posting_days(row.get("posting_days", "")),
        calendar=row.get("calendar", ""),
        acts_on_working_days=row.get("acts_on_working_days", "yes") == "yes",
        due_rolls_forward=row.get("due_rolls_forward", "no") == "yes",
        part=part_terms(row.get("part_basis_points", 0), row.get("part_days", 0)),
    )


def _whole(value: Any, what: str) -> int:
    if value is None:
        raise CellError(f"{what} go together: give all three or none")
    return value


def _shown(name: str, value: Any, currency: str) -> str:
    if value is None:
        return ""
    return str(to_decimal(value, currency)) if name in _AMOUNTS and currency else str(value)
