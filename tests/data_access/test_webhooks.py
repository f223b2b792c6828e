"""A message goes to the allowed host and nowhere else, within its time, and errors keep the address to themselves."""

import logging

import pytest

from data_access.webhooks import HOSTS, NotSentError, allowed_hosts, examine_webhooks, post
from domain.outgoing import check_address
from tests.webhook_server import taking


def sent(url, **options):
    return post(check_address(url, ["127.0.0.1"]), {"text": "hello", "number": 4}, **options)


def test_it_arrives_as_json(caplog):
    with caplog.at_level(logging.INFO), taking(status=204) as (url, taken):
        assert sent(url) == 204
    assert taken == [("/hook/secret", {"text": "hello", "number": 4})]
    assert "secret" not in caplog.text


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(status):
    told = pytest.raises(NotSentError, match=rf"127.0.0.1 answered with a redirect \({status}\)")
    with taking() as (elsewhere, reached), taking(status, {"Location": elsewhere}) as (url, taken), told:
        sent(url)
    assert (len(taken), reached) == (1, [])


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_a_refusal_is_told(status):
    with taking(status) as (url, _), pytest.raises(NotSentError, match=f"refused it with status {status}") as error:
        sent(url)
    assert "secret" not in str(error.value)


def test_a_host_that_does_not_answer_is_given_up():
    with taking(silent=True) as (url, taken), pytest.raises(NotSentError, match=r"did not answer within 0.2 seconds"):
        sent(url, seconds=0.2)
    assert len(taken) == 1


def test_a_host_that_is_not_there_is_told():
    with taking() as (url, _):
        pass
    with pytest.raises(NotSentError, match=r"127.0.0.1 could not be reached \(ConnectError\)") as error:
        sent(url)
    assert "secret" not in str(error.value)


def test_no_proxy_stands_between_this_machine_and_itself(monkeypatch):
    with taking() as (proxy, seen), taking() as (url, taken):
        monkeypatch.setenv("HTTP_PROXY", proxy)
        monkeypatch.setenv("http_proxy", proxy)
        sent(url)
    assert (len(taken), seen) == (1, [])


def test_the_list_is_one_of_commas(monkeypatch):
    monkeypatch.delenv("DUEWATCH_WEBHOOK_HOSTS", raising=False)
    assert allowed_hosts() == ()
    monkeypatch.setenv("DUEWATCH_WEBHOOK_HOSTS", " hooks.example.com, localhost ,,")
    assert allowed_hosts() == ("hooks.example.com", "localhost")


@pytest.mark.parametrize(
    "name", ["*", "*.example.com", "https://hooks.example.com", "hooks.example.com/x", "local host"]
)
def test_doctor_names_what_cannot_be_meant(monkeypatch, name):
    monkeypatch.setenv(HOSTS, f"chat.example.org,{name}")
    (finding,) = examine_webhooks()
    assert not finding.ok
    assert name in finding.advice


def test_doctor_says_where_to(monkeypatch):
    monkeypatch.delenv(HOSTS, raising=False)
    (finding,) = examine_webhooks()
    assert (finding.ok, finding.found) == (True, "none allowed")
    monkeypatch.setenv(HOSTS, "hooks.example.com, chat.example.org:8443")
    (finding,) = examine_webhooks()
    assert (finding.ok, finding.found) == (True, "to hooks.example.com, chat.example.org:8443")
