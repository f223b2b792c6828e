"""Scenarios to and from plain JSON. Amounts are decimals of the scenario's currency, as text; a price change is in percent."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from domain.money import MoneyError, known_currency, to_decimal, to_minor
from domain.what_if.actions import Action, Kind, Scenario, ScenarioError, Selection, What

_NAMES = ("regions", "sites", "vendors", "service_types")
_IDS = ("accounts", "bills")
_FIELDS = ("name", "currency", "horizon_days", "actions")
_DIGITS = 30
_OF_AN_ACTION = ("kind", "what", "selection", "on", "due_on", "amount", "percent", "method", "days", "parts")


def scenario_from(data: Any) -> Scenario:
    """The scenario that plain JSON values describe; raises ScenarioError, which names the place."""
    _known("", data, _FIELDS)
    name, currency = _text("name", data.get("name", "")), _text("currency", data.get("currency", ""))
    if currency and not known_currency(currency):
        raise ScenarioError(f"currency: {currency!r} is not an ISO 4217 currency code")
    actions = data.get("actions", [])
    if not isinstance(actions, list):
        raise ScenarioError(f"actions: {actions!r} is not a list")
    horizon = _whole("horizon_days", data.get("horizon_days", 90))
    played = tuple(_action(f"actions[{index}]", action, currency) for index, action in enumerate(actions))
    return Scenario(name, horizon, played, currency)


def scenario_as_data(scenario: Scenario) -> dict[str, Any]:
    """Plain JSON values, from which scenario_from makes an equal one."""
    return {
        "name": scenario.name,
        "currency": scenario.currency,
        "horizon_days": scenario.horizon_days,
        "actions": [_action_data(action, scenario.currency) for action in scenario.actions],
    }


def _action(place: str, data: Any, currency: str) -> Action:
    _known(place, data, _OF_AN_ACTION)
    if "kind" not in data:
        raise ScenarioError(f"{place}.kind: say what is done: {', '.join(Kind)}")
    values: dict[str, Any] = {"kind": _one_of(f"{place}.kind", data["kind"], Kind)}
    given = {name: value for name, value in data.items() if value is not None}
    for name, value in given.items():
        here = f"{place}.{name}"
        match name:
            case "what":
                values[name] = _one_of(here, value, What)
            case "selection":
                values[name] = _selection(here, value)
            case "on" | "due_on":
                values[name] = _day(here, value)
            case "amount":
                values[name] = _amount(here, value, currency)
            case "percent":
                values["basis_points"] = _basis_points(here, value)
            case "method":
                values[name] = _text(here, value)
            case "days" | "parts":
                values[name] = _whole(here, value)
    try:
        return Action(**values)
    except ScenarioError as error:
        raise ScenarioError(f"{place}.{error}".replace(".basis_points:", ".percent:")) from None


def _action_data(action: Action, currency: str) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": action.kind.value}
    if action.what is not None:
        data["what"] = action.what.value
    chosen = {name: list(getattr(action.selection, name)) for name in (*_NAMES, *_IDS)}
    if any(chosen.values()):
        data["selection"] = {name: value for name, value in chosen.items() if value}
    if action.amount is not None:
        data["amount"] = str(to_decimal(action.amount, currency))
    if action.basis_points is not None:
        data["percent"] = str(Decimal(action.basis_points).scaleb(-2))
    for name in ("on", "due_on"):
        if (day := getattr(action, name)) is not None:
            data[name] = day.isoformat()
    return data | {n: v for n in ("method", "days", "parts") if (v := getattr(action, n)) not in (None, "")}


def _known(place: str, data: Any, names: tuple[str, ...]) -> None:
    if not isinstance(data, Mapping):
        raise ScenarioError(f"{place or 'scenario'}: {data!r} is not an object of {', '.join(names)}")
    for name in data:
        if name not in names:
            raise ScenarioError(f"{place}{'.' if place else ''}{name}: not known; there are {', '.join(names)}")


def _selection(place: str, data: Any) -> Selection:
    _known(place, data, (*_NAMES, *_IDS))
    values: dict[str, Any] = {}
    for name, entries in data.items():
        if not isinstance(entries, list):
            raise ScenarioError(f"{place}.{name}: {entries!r} is not a list")
        read = _text if name in _NAMES else _whole
        values[name] = tuple(read(f"{place}.{name}[{index}]", entry) for index, entry in enumerate(entries))
    return Selection(**values)


def _text(place: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ScenarioError(f"{place}: {value!r} is not text")
    return value


def _whole(place: str, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise ScenarioError(f"{place}: {value!r} is not a whole number")
    return value


def _one_of(place: str, value: Any, words: type[Kind] | type[What]) -> Kind | What:
    try:
        return words(value)
    except ValueError:
        raise ScenarioError(f"{place}: {value!r} is none of {', '.join(words)}") from None


def _day(place: str, value: Any) -> date:
    try:
        return date.fromisoformat(_text(place, value))
    except ValueError:
        raise ScenarioError(f"{place}: {value!r} is not a day such as 2026-12-01") from None


def _decimal(place: str, value: Any) -> Decimal:
    # A JSON number may have been rounded on its way, as binary fractions are.
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise ScenarioError(f'{place}: {value!r} is not an amount as text, such as "1200.50"')
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise ScenarioError(f'{place}: {value!r} is not a number such as "1200.50"') from None
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
        raise ScenarioError(f"{place}: {value!r} is not an amount")
    return number


def _amount(place: str, value: Any, currency: str) -> int:
    if not currency:
        raise ScenarioError(f"currency: {place} is an amount; say in which currency")
    try:
        return to_minor(_decimal(place, value), currency)
    except MoneyError as error:
        raise ScenarioError(f"{place}: {error}") from None


def _basis_points(place: str, value: Any) -> int:
    number = _decimal(place, value) * 100
    if number != number.to_integral_value():
        raise ScenarioError(f"{place}: {value!r} has more than two decimals")
    return int(number)
