"""What a saved scenario was last computed on, and whether that has moved."""

from dataclasses import replace
from hashlib import sha256

from data_access.commands.scenarios import Computed
from data_access.queries.scenarios import Saved
from ui.viewer import Viewer
from ui.what_if_results import Basis


def has_moved(viewer: Viewer, basis: Basis, saved: Saved) -> bool:
    """Was it last computed on another day, or, seen through the same scope and filters, on other data?"""
    if not saved.mine:
        return False
    lens, _, fingerprint = saved.data_version.partition(":")
    if saved.as_of != basis.start.as_of:
        return True
    return lens == _lens(viewer, basis) and fingerprint != basis.fingerprint


def _lens(viewer: Viewer, basis: Basis) -> str:
    """What a start is seen through: another one has other data without that anything moved."""
    filters = basis.question.filters
    seen = (
        viewer.scope.everything,
        sorted(viewer.scope.site_ids),
        filters and replace(filters, as_of=basis.start.as_of),
    )
    return sha256(repr(seen).encode()).hexdigest()[:16]


def computed(viewer: Viewer, basis: Basis) -> Computed:
    """What it is computed on now."""
    return Computed(basis.start.as_of, f"{_lens(viewer, basis)}:{basis.fingerprint}")
