"""The [auth] section of the secrets files, found where Streamlit finds it, for the server and for `manage.py doctor`."""

import os
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from domain.sign_in_settings import UnsafeSignInError

_ROOT = Path(__file__).resolve().parents[1]


def default_files() -> list[str]:
    """STREAMLIT_SECRETS_FILES, else the files that Streamlit looks for; a later one overrides an earlier one."""
    named = os.environ.get("STREAMLIT_SECRETS_FILES", "").split()
    folders = (Path.home(), Path.cwd(), _ROOT)
    return named or list(dict.fromkeys(str(folder / ".streamlit" / "secrets.toml") for folder in folders))


def auth_section(files: Sequence[str]) -> Mapping[str, Any] | None:
    """The section, or None where no file has one.

    Raises UnsafeSignInError for a file that cannot be read: to go on without it would be to go on without sign-in.
    """
    found: dict[str, Any] = {}
    for name in files:
        path = Path(name)
        try:
            found |= _folder(path) if path.is_dir() else tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            continue
        except (OSError, ValueError) as error:
            said = error.strerror if isinstance(error, OSError) else error
            raise UnsafeSignInError(f"the secrets file {name} cannot be read ({said}): repair or remove it") from error
    auth = found.get("auth")
    if auth is None:
        return None
    if not isinstance(auth, Mapping):
        raise UnsafeSignInError("auth in the secrets file is no section: write [auth] and its settings below it")
    return auth


def _folder(path: Path) -> dict[str, Any]:
    """Mounted secrets: a folder a section, a file a setting."""
    sections = (part for part in path.iterdir() if part.is_dir())
    return {
        part.name: {file.name: file.read_text(encoding="utf-8").strip() for file in part.iterdir() if file.is_file()}
        for part in sections
    }
