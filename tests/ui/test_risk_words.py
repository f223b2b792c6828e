"""Risk in words: severities by days, titles, and one sentence for every kind of fact."""

from collections import Counter
from datetime import date

import pytest

from data_access.queries.at_risk import AtRisk
from data_access.queries.risk import AccountRisk
from data_access.queries.risk_rows import brief
from domain.notices import NoticeKind
from domain.policies import Policy
from domain.risk import assess
from domain.risk_facts import Promise, RiskService
from domain.risk_reasons import Reason, ReasonKind
from domain.risk_severity import Severity
from tests.domain.risk_cases import TERMS, account, bill, day, notice
from ui import risk_words


def entry(*bills, as_of, site="Pueblo Warehouse", account_id=1, currency="USD", service="internet", **facts):
    known = account(*bills, **facts)
    risk = assess(known, day(as_of))
    return AccountRisk(account_id, "L-1", "Lumina", "PUB", site, "West", service, currency, risk)


def due(when, as_of, **more):
    return entry(bill("B1", when, 40_000), as_of=as_of, **more)


def at_risk(*entries, as_of):
    rows = sorted((brief(e) for e in entries if e.severity is not Severity.CLEAR), key=lambda row: row.by_day)
    off = tuple(row for row in rows if row.severity is Severity.OFF)
    coming = tuple(row for row in rows if row.severity is not Severity.OFF and row.window)
    critical = next((row for row in coming if row.severity is Severity.CRITICAL), None)
    counts = Counter(entry.severity for entry in entries)
    return AtRisk(day(as_of), counts, {}, {}, len(off), len(coming), off, coming, critical)


@pytest.mark.parametrize(
    ("as_of", "severity"),
    [
        ("03-02", Severity.CLEAR),  # due that day
        ("03-03", Severity.MEDIUM),  # 29 days to 1 April
        ("03-11", Severity.HIGH),  # 21 days
        ("03-22", Severity.HIGH),
        ("03-23", Severity.CRITICAL),  # a week before the earliest day
        ("04-08", Severity.CRITICAL),
        ("04-09", Severity.OFF),
    ],
)
def test_severity_follows_the_days_left(as_of, severity):
    assert due("03-02", as_of).severity is severity


def test_what_never_stops_or_only_much_later_is_low():
    never = Policy("W", date(2020, 1, 1), "By-laws")
    assert due("03-02", "03-20", policy=never).severity is Severity.LOW
    assert due("03-02", "03-20", policy=None).severity is Severity.LOW


def test_badges_count_each_severity_once():
    found = at_risk(due("03-02", "03-23"), due("03-02", "03-23"), due("03-30", "03-23"), as_of="03-23")
    assert risk_words.badges(found.counts) == (
        ":red-badge[:material/error: 2 critical, within 7 days] :green-badge[:material/check_circle: 1 account clear]"
    )


def test_the_headline_says_who_is_next():
    def head(*entries):
        return risk_words.headline(at_risk(*entries, as_of="03-23"))

    near = due("03-02", "03-23", notices=(notice("03-26", "03-16"),))
    also = due("03-02", "03-23", site="Boise Office", account_id=2)
    off = due("02-02", "03-23", site="Eugene Plant")
    later = due("03-20", "03-23", site="Tulsa Call Center", service="")
    assert head(near, also, later) == "Pueblo Warehouse loses internet on Thursday; 1 more within 7 days"
    assert head(near) == "Pueblo Warehouse loses internet on Thursday"
    assert head(also) == "Boise Office loses internet on 1 Apr"
    assert head(off, off, later) == "Two services are switched off; next is Tulsa Call Center, on 20 Apr"
    assert head(off) == "One service is switched off"
    assert head(later) == "Nothing stops within 7 days; next is Tulsa Call Center, on 20 Apr"
    assert head(due("03-30", "03-23")) == "No service is about to be switched off"
    today = due("03-02", "03-23", notices=(notice("03-23", "03-16"),))
    tomorrow = due("03-02", "03-23", notices=(notice("03-24", "03-16"),))
    assert head(today) == "Pueblo Warehouse loses internet any day now"
    assert head(tomorrow) == "Pueblo Warehouse loses internet tomorrow"


def test_currencies_are_told_apart():
    assert risk_words.money({"USD": 101_00, "GBP": 50_00}) == "$101 and £50"
    assert risk_words.money({}) == "nothing"
    assert risk_words.keeps_on({"USD": 100_00, "GBP": 50_00}, "2 sites") == "$100 and £50 keep 2 sites on"
    assert risk_words.keeps_on({"USD": 100_00, "GBP": 0}, "1 site") == "$100 keeps 1 site on"


def test_effect_in_words():
    lines = (RiskService("1", "Fiber", "PUB", 5, 94), RiskService("2", "LTE", "PUB", 3, 94))
    assert risk_words.effect(due("03-02", "03-20", services=lines).risk.effect) == "2 services, 94 people"
    assert risk_words.effect(due("03-02", "03-20", services=lines[:1]).risk.effect) == "1 service, 94 people"
    assert risk_words.effect(due("03-02", "03-20").risk.effect) == "no service known"


def sentences(found, as_of, *, in_full=False):
    def bill_address(told):
        return f"/bill/{told.bill_id}"

    def call_address(told):
        return f"/call/{told.call_id}"

    return [risk_words.reason(r, found, day(as_of), bill_address, call_address, in_full=in_full) for r in found.reasons]


def test_reasons_are_sentences_with_links():
    found = entry(
        bill("B1", "03-02", 40_000, disputed=4_000, pending=5_000),
        bill("B2", "03-16", 20_000),
        as_of="03-12",
        notices=(notice(None, "03-04", NoticeKind.LATE), notice("03-25", "03-05", id=2, amount=30_000)),
        promises=(Promise(7, day("03-18")), Promise(8, day("03-10"))),
        on_account=1_500,
    )
    assert sentences(found, "03-12") == [
        "Late notice of 4 Mar, asks \\$360.00",
        "Suspension announced for 25 Mar (notice of 5 Mar, \\$300.00)",
        "\\$360.00 of bill [B1](/bill/1) past due for 10 days",
        "\\$40.00 of bill [B1](/bill/1) in dispute, not counted",
        "Terms: suspends about 30 days after the due date",
        "Late fee of \\$5.18",
        "\\$50.00 on its way for bill [B1](/bill/1)",
        "\\$15.00 on account, applied to no bill",
        "Payment promised on a [call](/call/7) for 18 Mar",
        "Promise of a [call](/call/8) broken since 10 Mar",
    ]


def test_in_full_the_terms_name_their_source():
    found = due("03-02", "03-20")
    assert "after the due date (Terms of service, section 9)" in "\n".join(sentences(found, "03-20", in_full=True))
    assert f"A notice should come by 20 Mar, {TERMS.notice_days} days ahead" in sentences(found, "03-20")


def test_what_has_happened_is_told_as_that():
    off = due("03-02", "03-12", notices=(notice("03-10", "03-10"),))
    assert sentences(off, "03-12")[0] == "Switched off on 10 Mar, says the vendor's notice"
    assert "\\$35.00 on top to be switched on again" in sentences(off, "03-12")
    cut = due("03-02", "03-12", notices=(notice("03-10", "03-10", NoticeKind.DISCONNECTION),))
    assert sentences(cut, "03-12")[0] == "Disconnected on 10 Mar, says the vendor's notice"


def test_every_kind_of_fact_has_its_sentence():
    found = due("03-02", "03-20")
    for kind in ReasonKind:
        detail = {ReasonKind.NOTICE: "late", ReasonKind.POLICY: "invoice"}.get(kind, "")
        told = Reason(kind, 1, day("03-01"), 1, 1, "B[1]", 1, 1, 1, detail)
        said = risk_words.reason(told, found, day("03-20"), lambda _: "/b", lambda _: "/c")
        assert said[0].isupper() or said.startswith("\\$"), said
        assert "B[1]" not in said  # a number from outside is no Markdown
