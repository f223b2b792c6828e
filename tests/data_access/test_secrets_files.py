"""Finding [auth] in the secrets files; one that cannot be read never counts as none."""

from pathlib import Path

import pytest

from data_access.secrets_files import auth_section, default_files
from domain.sign_in_settings import UnsafeSignInError


@pytest.fixture
def written(tmp_path):
    def write(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def test_a_later_file_overrides_an_earlier_one(written):
    first = written("1.toml", '[auth]\nclient_id = "one"\n[other]\nx = 1\n')
    second = written("2.toml", '[auth]\nclient_id = "two"\n')
    assert auth_section([first, second]) == {"client_id": "two"}
    assert auth_section([second, first]) == {"client_id": "one"}


def test_no_file_and_no_section_are_no_sign_in(written, tmp_path):
    assert auth_section([]) is None
    assert auth_section([str(tmp_path / "none.toml"), written("other.toml", "x = 1\n")]) is None


def test_mounted_secrets_are_a_folder_a_section(tmp_path):
    (tmp_path / "auth").mkdir()
    (tmp_path / "auth" / "client_id").write_text("one\n")
    (tmp_path / "auth" / "cookie_secret").write_text("two\n")
    (tmp_path / "auth" / "..data").mkdir()
    assert auth_section([str(tmp_path)]) == {"client_id": "one", "cookie_secret": "two"}


@pytest.mark.parametrize("text", ["[auth\n", 'auth = "on"\n', "\N{REPLACEMENT CHARACTER}"])
def test_a_file_that_cannot_be_read_is_refused(written, text):
    with pytest.raises(UnsafeSignInError, match=r"cannot be read|no section"):
        auth_section([written("bad.toml", text)])


def test_a_file_in_another_encoding_is_refused(tmp_path):
    (tmp_path / "bad.toml").write_bytes('[auth]\nname = "é"\n'.encode("latin-1"))
    with pytest.raises(UnsafeSignInError, match="cannot be read"):
        auth_section([str(tmp_path / "bad.toml")])


def test_the_files_are_streamlits_own(monkeypatch, tmp_path):
    monkeypatch.delenv("STREAMLIT_SECRETS_FILES", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    home, beside = default_files()
    assert home == str(tmp_path / ".streamlit" / "secrets.toml")
    assert Path(beside).parents[1].joinpath("dashboard.py").exists()
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", "/a.toml /b.toml")
    assert default_files() == ["/a.toml", "/b.toml"]
