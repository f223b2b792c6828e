"""The file of alert settings: what it may say, and that each wrong value is named with what to write; addresses stay secret."""

from pathlib import Path

import pytest

from data_access.alert_settings import (
    FILE,
    AlertSettingsError,
    alert_settings,
    alert_watch,
    examine_alerts,
    read_settings,
)
from domain.alerts.thresholds import Thresholds

SLACK = "slack://TAAAAAAAA/BBBBBBBBB/CCCCCCCCCCCCCCCCCCCCCCCC/#x"


def test_without_a_file_everything_is_as_the_catalog_says(monkeypatch):
    monkeypatch.delenv(FILE, raising=False)
    assert alert_settings().watch.thresholds == Thresholds()
    assert alert_settings().channels == ()


def test_the_sample_is_read_as_it_is():
    import tomllib

    sample = Path(__file__).parents[2] / "deploy" / "alerts.toml.example"
    settings = read_settings(
        tomllib.loads(sample.read_text()), "sample", {"DUEWATCH_MAIL": "mailtos://u:p@smtp.example.com"}
    )
    assert settings.watch.thresholds == Thresholds()  # it shows the values that hold anyway
    assert settings.watch.off == {"R18"}
    assert [(channel.name, channel.kind, channel.host) for channel in settings.channels] == [
        ("finance", "e-mail", "smtp.example.com")
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"threshold": {}}, "there is no [threshold]; write one of thresholds, rules, channels"),
        ({"rules": 3}, "rules is a section"),
        ({"thresholds": {"days": 3}}, "there is no threshold days"),
        ({"thresholds": {"due_days": "3"}}, "thresholds.due_days is '3'; write a whole number from 0 to 3650"),
        ({"thresholds": {"due_days": True}}, "thresholds.due_days is True"),
        ({"thresholds": {"due_days": -1}}, "thresholds.due_days is -1"),
        ({"rules": {"off": ["R99"]}}, "rules.off names 'R99'; write rules from R01 to R25"),
        ({"rules": {"off": "R18"}}, "write a list"),
        ({"rules": {"on": []}}, "[rules] has no on"),
        ({"channels": {"A b": SLACK}}, "'A b' cannot name a channel"),
        ({"channels": {"a": 3}}, "channels.a is no text"),
        ({"channels": {"a": "$NOT_SET"}}, "in the variable NOT_SET, which is not set"),
        ({"channels": {"a": "telegram://secret"}}, "begins with one of mailto://"),
        ({"channels": {"a": "slack://secret"}}, "apprise does not understand this Slack address"),
        ({"channels": {"a": "jsons://h.example.com/secret?verify=no"}}, "leave verify=no out"),
    ],
)
def test_what_cannot_be_meant_is_named(given, said):
    with pytest.raises(AlertSettingsError) as error:
        read_settings(given, "alerts.toml", {})
    assert str(error.value).startswith("alerts.toml: ")
    assert said in str(error.value)
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    ("url", "host", "refused"),
    [
        (SLACK, "hooks.slack.com", ""),
        ("slack://xoxb-1234-1234-abc124/#x", "slack.com", "slack.com is not on the list"),
        ("mailtos://u:secret@smtp.example.com", "smtp.example.com", ""),
        (
            "mailto://smtp.example.com/?from=a@example.com&to=b@example.com",
            "smtp.example.com",
            "e-mail is sent encrypted",
        ),
        ("mailto://u:secret@gmail.com", "smtp.gmail.com", "smtp.gmail.com is not on the list"),
        ("json://hooks.example.com/secret", "hooks.example.com", "only https is sent to"),
        ("json://localhost:8000/secret", "localhost", ""),
    ],
)
def test_only_allowed_hosts_are_sent_to(url, host, refused):
    (channel,) = read_settings({"channels": {"a": "$URL"}}, "", {"URL": url}).channels
    assert channel.host == host
    said = channel.refused_by(["hooks.slack.com", "smtp.example.com", "hooks.example.com", "localhost"])
    assert refused in said
    assert bool(said) == bool(refused)
    assert "secret" not in repr(channel) + said


def test_doctor_says_what_is_set_and_what_is_wrong(monkeypatch, tmp_path):
    file = tmp_path / "alerts.toml"
    monkeypatch.setenv(FILE, str(file))
    (missing,) = examine_alerts()
    assert not missing.ok
    assert "No such file" in missing.advice
    file.write_text("[thresholds\n")
    assert "is not TOML" in next(examine_alerts()).advice
    file.write_text(f'[rules]\noff = ["R18"]\n[channels]\nops = "{SLACK}"\n')
    monkeypatch.setenv("DUEWATCH_WEBHOOK_HOSTS", "hooks.slack.com")
    assert [(f.found, f.ok) for f in examine_alerts()] == [
        ("24 rules, without R18, 1 channels", True),
        ("Slack by hooks.slack.com", True),
    ]
    monkeypatch.delenv("DUEWATCH_WEBHOOK_HOSTS")
    assert [f.ok for f in examine_alerts()] == [True, False]
    assert alert_watch().off == {"R18"}
