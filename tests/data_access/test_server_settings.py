"""doctor on the server's settings: what the project ships is fine, and every unsafe value of it is named."""

import shutil
from pathlib import Path

import pytest

from data_access.server_settings import ROOT, SETTINGS, examine_server


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of what is looked at; nobody's own settings."""
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    shutil.copytree(ROOT / ".streamlit", tmp_path / ".streamlit", ignore=shutil.ignore_patterns("secrets*"))
    shutil.copy(ROOT / "dashboard.py", tmp_path)
    return tmp_path


def unsafe(house: Path, **environment: str) -> dict[str, str]:
    return {finding.about: finding.found for finding in examine_server(house, environment) if not finding.ok}


def test_what_is_shipped_is_safe(house):
    found = list(examine_server(house, {}))
    assert [finding for finding in found if not finding.ok] == []
    assert len(found) == len(SETTINGS) + 1


@pytest.mark.parametrize(
    ("variable", "value", "about"),
    [
        ("STREAMLIT_SERVER_ALLOWED_HOSTS", "*", "allowed hosts"),
        ("STREAMLIT_SERVER_ALLOWED_HOSTS", "duewatch.example.com,localhost", "allowed hosts"),
        ("STREAMLIT_SERVER_ALLOWED_HOSTS", "https://duewatch.example.com", "allowed hosts"),
        ("STREAMLIT_SERVER_ADDRESS", "0.0.0.0", "address"),
        ("STREAMLIT_SERVER_ADDRESS", "10.1.2.3", "address"),
        ("STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION", "false", "forged requests"),
        ("STREAMLIT_SERVER_ENABLE_CORS", "0", "foreign pages"),
        ("STREAMLIT_CLIENT_SHOW_ERROR_DETAILS", "full", "error detail"),
        ("STREAMLIT_CLIENT_SHOW_ERROR_DETAILS", "type", "error detail"),
        ("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "2000", "upload limit"),
        ("STREAMLIT_SERVER_MAX_UPLOAD_SIZE", "much", "upload limit"),
        ("STREAMLIT_SERVER_ENABLE_STATIC_SERVING", "true", "static serving"),
        ("STREAMLIT_BROWSER_GATHER_USAGE_STATS", "yes", "usage statistics"),
        ("STREAMLIT_SERVER_ENABLE_AGENT_API", "1", "agent interface"),
        ("STREAMLIT_CLIENT_ALLOWED_ORIGINS", "https://frames.example", "framing pages"),
        ("STREAMLIT_GLOBAL_DEVELOPMENT_MODE", "on", "development mode"),
    ],
)
def test_an_unsafe_variable_is_named(house, variable, value, about):
    assert list(unsafe(house, **{variable: value})) == [about]


def test_every_setting_has_a_test_above_and_is_spelled_as_streamlit_spells_it():
    from streamlit import config

    options = config.get_config_options()
    assert all(setting.name in options for setting in SETTINGS)
    mark = next(mark for mark in test_an_unsafe_variable_is_named.pytestmark if mark.name == "parametrize")
    variables = {options[setting.name].env_var for setting in SETTINGS}
    assert {case[0] for case in mark.args[1]} == variables


def test_a_deployment_gives_its_own_hosts(house):
    assert unsafe(house, STREAMLIT_SERVER_ALLOWED_HOSTS="duewatch.example.com *.internal.example 127.0.0.1") == {}


def test_without_its_file_streamlits_own_defaults_count(house):
    (house / ".streamlit" / "config.toml").unlink()
    assert set(unsafe(house)) == {"allowed hosts", "address", "error detail", "usage statistics", "framing pages"}


def test_the_users_own_file_counts_where_the_project_says_nothing(house):
    own = house / "home" / ".streamlit"
    own.mkdir(parents=True)
    (own / "config.toml").write_text("[server]\nenableStaticServing = true\nmaxUploadSize = 9000\n")
    assert list(unsafe(house)) == ["static serving"]


def test_a_broken_file_is_named(house):
    (house / ".streamlit" / "config.toml").write_text("[server\n")
    assert list(unsafe(house)) == ["server settings"]


def test_a_dashboard_without_its_gate_is_named(house):
    text = (house / "dashboard.py").read_text()
    (house / "dashboard.py").write_text(text.replace("middleware=gate.middleware()", "middleware=[]"))
    assert unsafe(house) == {"headers": "not set"}
