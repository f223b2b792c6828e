"""systemd's units, read as systemd reads them as far as ours go: to run what they run, with what they give it."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Unit:
    """[(section, key, value)] in order."""

    lines: tuple[tuple[str, str, str], ...]

    def all(self, key: str) -> list[str]:
        return [value for _, name, value in self.lines if name == key]

    def one(self, key: str) -> str:
        (value,) = self.all(key)
        return value

    def environment(self, files: Mapping[str, Path]) -> dict[str, str]:
        """Environment=, and what EnvironmentFile= names: `files` has the file that stands for each."""
        given: dict[str, str] = {}
        for value in self.all("Environment"):
            given |= dict(pair.split("=", 1) for pair in shlex.split(value))
        for name in self.all("EnvironmentFile"):
            given |= variables(files[name].read_text())
        return given

    def commands(self, environment: Mapping[str, str], instance: str = "") -> list[list[str]]:
        """ExecStart= as argument lists, with %i and ${NAME} put in."""
        found = []
        for line in self.all("ExecStart"):
            words = shlex.split(line.replace("%i", instance))
            found.append([re.sub(r"\$\{(\w+)\}", lambda match: environment[match.group(1)], word) for word in words])
        return found


def read(text: str) -> Unit:
    section, lines = "", []
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif line and not line.startswith("#"):
            key, value = line.split("=", 1)
            lines.append((section, key, value))
    return Unit(tuple(lines))


def variables(text: str) -> dict[str, str]:
    """An environment file: one assignment a line, in quotes where it has blanks."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return {name: " ".join(shlex.split(value)) for name, value in (line.split("=", 1) for line in lines)}
