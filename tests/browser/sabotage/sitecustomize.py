"""Breaks parts of the dashboard: Python imports this by itself when its folder is on PYTHONPATH.

Each part raises an error whose text is the secret of the environment, when it is used and not before.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

SECRET = os.environ["CANARY"]


def breaks(*_: Any, **__: Any) -> Any:
    raise RuntimeError(f"it broke: {SECRET}")


def break_callback(module: ModuleType) -> None:
    module._clear = breaks


def break_dialog(module: ModuleType) -> None:
    module._bill = breaks


def break_write(module: ModuleType) -> None:
    module.return_payment = breaks


def break_download(module: ModuleType) -> None:
    module.csv_chunks = breaks


def break_front_door(module: ModuleType) -> None:
    """Before the page, where nothing of ours catches; asked for by the address."""
    import streamlit as st

    prepare = module.prepare
    module.prepare = lambda: breaks() if "broken" in st.query_params else prepare()


def break_health(module: ModuleType) -> None:
    module.head_revision = breaks


BROKEN: dict[str, Callable[[ModuleType], None]] = {
    "ui.filter_chips": break_callback,
    "ui.details": break_dialog,
    "ui.payment_actions": break_write,
    "data_access.exporting": break_download,
    "ui.head": break_front_door,
    "ui.healthz": break_health,
}


class Saboteur(importlib.abc.MetaPathFinder):
    """Lets a module load as usual, then breaks it."""

    def find_spec(self, name: str, _path: Any, _target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name not in BROKEN:
            return None
        sys.meta_path.remove(self)
        try:
            spec = importlib.util.find_spec(name)
        finally:
            sys.meta_path.insert(0, self)
        load = spec.loader.exec_module

        def load_and_break(module: ModuleType) -> None:
            load(module)
            BROKEN[name](module)

        spec.loader.exec_module = load_and_break
        return spec


sys.meta_path.insert(0, Saboteur())
