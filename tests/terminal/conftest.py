"""manage.py as a person at a terminal meets it."""

import json
from datetime import date

import pytest

from terminal import front
from terminal.front import main

TODAY = date(2026, 11, 20)


@pytest.fixture
def cli(ledger_address, monkeypatch, capsys, tmp_path):
    """cli("aging", ...): (exit code, standard output, standard error), on a ledger that has its schema. Today is TODAY."""
    monkeypatch.setenv("DATABASE_URL", ledger_address)
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(tmp_path / "secrets.toml"))  # there is none
    monkeypatch.setattr(front, "local_today", lambda: TODAY)

    def call(*arguments):
        capsys.readouterr()
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as stop:  # how argparse says bad usage
            code = stop.code
        printed = capsys.readouterr()
        assert "Traceback" not in printed.err
        return code, printed.out, printed.err

    return call


@pytest.fixture
def ask(cli):
    """ask("aging", ...): the JSON that it prints; it must be done and say nothing else."""

    def call(*arguments):
        code, out, err = cli(*arguments, "--json")
        assert (code, err) == (0, "")
        return json.loads(out)

    return call
