"""A scenario cut down to what its reader may see, so that it says nothing of the rest."""

from collections.abc import Set
from dataclasses import dataclass, fields, replace
from typing import Any

from domain.what_if.actions import Scenario, Selection


@dataclass(frozen=True, slots=True)
class Known:
    """What there is for the reader: by the names of a selection's fields."""

    regions: Set[str]
    sites: Set[str]
    vendors: Set[str]
    service_types: Set[str]
    accounts: Set[int]
    bills: Set[int]


def narrowed(scenario: Scenario, known: Known) -> Scenario:
    """`scenario` without what is not known. Of a selection that loses all of a kind the action goes too: empty means all."""
    kept = []
    for action in scenario.actions:
        selection = _narrowed(action.selection, known)
        if selection is not None:
            kept.append(replace(action, selection=selection))
    return replace(scenario, actions=tuple(kept))


def _narrowed(selection: Selection, known: Known) -> Selection | None:
    changes: dict[str, Any] = {}
    for field in fields(Known):
        wanted = getattr(selection, field.name)
        left = tuple(each for each in wanted if each in getattr(known, field.name))
        if wanted and not left:
            return None
        changes[field.name] = left
    return replace(selection, **changes)
