"""Which line is which payment: examples by hand, what never happens, and the measure on a small labelled set."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.matching.evidence import weigh
from domain.matching.legs import NOTHING_LEARNED, CallLeg, Learned, LineLeg, PaymentLeg
from domain.matching.matcher import propose
from domain.matching.proposals import AUTO, Explanation, Shape
from domain.matching.reach import Reach
from domain.matching.scores import score
from domain.matching.words import holds, likeness, words_of
from seed.matching import labelled

PAID, SHOWN = date(2026, 3, 5), date(2026, 3, 9)
PAYMENT = PaymentLeg(
    1, 1, 1, "USD", 5_000, PAID, SHOWN, "ach", "LUM-4471-0098", "8886809823", ("Lumina Networks",), posting_days=2
)
LINE = LineLeg(1, "Operating", "USD", -5_000, SHOWN, description="ACH LUMINA NETWORKS")


def _made(payments, lines, **more):
    return [(p.shape, p.payment_ids, p.line_ids) for p in propose(payments, lines, **more).matches if p.automatic]


def _suggested(payments, lines, **more):
    found = propose(payments, lines, **more).matches
    return [(p.rank, p.payment_ids, p.line_ids) for p in found if not p.automatic]


def test_the_vendors_name_the_amount_and_the_day_are_enough_where_nothing_else_comes_near():
    assert _made([PAYMENT], [LINE]) == [(Shape.ONE, (1,), (1,))]
    (found,) = propose([PAYMENT], [LINE]).matches
    told = {reason.name: reason.value for reason in found.reasons}
    assert told["vendor name"] == "100%"
    assert told["amount"] == "equal"
    assert told["next one"] == "none"


@pytest.mark.parametrize(
    "line",
    [
        replace(LINE, description="TRANSFER 1234"),  # amount and day name nobody
        replace(LINE, description="ACH LUMINA NETWORKS LUM-4471-0099"),  # another number of the same make
        replace(LINE, amount=-5_001),
        replace(LINE, amount=5_000),
        replace(LINE, currency="EUR"),
        replace(LINE, kind="card"),
        replace(LINE, booked_on=date(2026, 3, 30)),
        replace(LINE, booked_on=date(2026, 2, 27)),
    ],
)
def test_what_is_not_made(line):
    assert not _made([PAYMENT], [line])


@pytest.mark.parametrize(
    "line",
    [replace(LINE, currency="EUR"), replace(LINE, kind="card"), replace(LINE, amount=5_000)],
)
def test_what_is_not_even_suggested(line):
    assert not propose([PAYMENT], [replace(line, reference="LUM44710098")]).matches


def test_a_card_payment_is_on_the_cards_statement():
    paid = replace(PAYMENT, method="card")
    assert _made([paid], [replace(LINE, kind="card")]) == [(Shape.ONE, (1,), (1,))]


def test_twins_that_nothing_tells_apart_are_suggested_in_the_order_of_their_days():
    twin = replace(PAYMENT, id=2, account_id=2, paid_on=date(2026, 3, 9), posted_on=date(2026, 3, 11), confirmation="")
    later = replace(LINE, id=2, booked_on=date(2026, 3, 11))
    found = _suggested([PAYMENT, twin], [LINE, later])
    assert not _made([PAYMENT, twin], [LINE, later])
    assert [(p, line) for rank, p, line in found if rank == 1] == [((1,), (1,)), ((2,), (2,))]


def test_one_line_for_twins_is_nobodys():
    twin = replace(PAYMENT, id=2, account_id=2)
    assert not _made([PAYMENT, twin], [LINE])


def test_a_number_tells_twins_apart_and_the_rest_follows():
    twin = replace(PAYMENT, id=2, account_id=2, confirmation="LUM-9999-0001")
    numbered = replace(LINE, id=2, reference="LUM 4471 0098")
    assert _made([PAYMENT, twin], [LINE, numbered]) == [(Shape.ONE, (1,), (2,)), (Shape.ONE, (2,), (1,))]


def test_joined_and_split_debits():
    other = replace(PAYMENT, id=2, account_id=2, amount=7_700, confirmation="")
    joined = replace(LINE, amount=-12_700)
    assert _made([PAYMENT, other], [joined]) == [(Shape.JOINED, (1, 2), (1,))]
    pieces = [replace(LINE, amount=-1_900), replace(LINE, id=2, amount=-3_100)]
    assert _made([PAYMENT], pieces) == [(Shape.SPLIT, (1,), (1, 2))]
    (proposal,) = propose([PAYMENT], pieces).matches
    assert [part.amount for part in proposal.parts] == [1_900, 3_100]


def test_two_sums_that_are_equal_are_a_question():
    others = [replace(PAYMENT, id=n, amount=n * 1_000, confirmation="") for n in (2, 3, 4, 5)]
    assert not _made(others, [replace(LINE, amount=-7_000)])
    assert len(_suggested(others, [replace(LINE, amount=-7_000)])) == 2


def test_two_sums_are_a_question_also_where_the_line_holds_a_number_of_one():
    others = [replace(PAYMENT, id=n, amount=n * 1_000, confirmation="") for n in (2, 3, 4, 5)]
    numbered = replace(LINE, amount=-7_000, reference=PAYMENT.account_number)
    assert not _made(others, [numbered])
    assert all(p.score >= AUTO for p in propose(others, [numbered]).matches)


def test_half_a_number_does_not_decide_between_twins():
    twin = replace(PAYMENT, id=2, account_id=2, account_number="1111111111", confirmation="")
    cut = replace(LINE, reference=PAYMENT.account_number[:8])
    assert not _made([replace(PAYMENT, confirmation=""), twin], [cut])
    assert _suggested([replace(PAYMENT, confirmation=""), twin], [cut])[0] == (1, (1,), (1,))


def test_a_fee_is_no_payment_and_a_fee_in_the_debit_is_asked():
    fee = replace(LINE, description="WIRE FEE")
    found = propose([PAYMENT], [fee])
    assert not found.matches
    assert [(x.line_id, x.reason) for x in found.explained] == [(1, Explanation.FEE)]
    both = replace(LINE, amount=-5_150, reference="LUM44710098")
    (proposal,) = propose([PAYMENT], [both]).matches
    assert (proposal.shape, proposal.automatic, proposal.parts[0].amount) == (Shape.WITH_FEE, False, 5_000)


RUN = "PR260305-001"


def _run(*amounts):
    """Payments of several accounts under one number, with the debit of each."""
    made = [
        replace(PAYMENT, id=n, account_id=n, amount=amount, confirmation=RUN, account_number=f"{n}" * 9)
        for n, amount in enumerate(amounts, 1)
    ]
    return made, [replace(LINE, id=p.id, amount=-p.amount, reference=RUN) for p in made]


def test_a_run_in_which_each_payment_has_its_own_debit():
    made, lines = _run(5_000, 5_100, 7_700, 10_000, 15_000)  # the last is the first and the one before: chance
    found = _made(made, lines)
    assert found == [(Shape.ONE, (n,), (n,)) for n in range(1, 6)]
    assert _made(made[:4], lines[:3]) == found[:3]
    assert _made(made[:3], lines[:4]) == found[:3]


def test_a_run_in_one_debit():
    made, _ = _run(5_000, 7_700, 5_000)
    whole = replace(LINE, amount=-17_700, description=f"PAYMENT RUN {RUN}")
    assert _made(made, [whole]) == [(Shape.JOINED, (1, 2, 3), (1,))]
    assert not _made(made[:2], [whole])
    assert not _made(made, [whole, replace(whole, id=2)])
    assert not _made([*made, replace(PAYMENT, id=4, amount=17_700, confirmation=RUN)], [whole])
    other = replace(PAYMENT, id=4, amount=17_700)
    assert not _made([*made, other], [replace(whole, description=f"LUMINA NETWORKS {RUN} {other.account_number}")])


def test_what_a_debit_of_a_run_may_be_counts_against_its_equal():
    made, lines = _run(5_000, 10_000, 15_000)
    assert not _made(made, lines[2:])  # the third, or the first two
    assert _made(made, lines[1:]) == [(Shape.ONE, (2,), (2,)), (Shape.ONE, (3,), (3,))]
    unequal = replace(LINE, id=7, amount=-4_000, reference=RUN)
    nameless = replace(LINE, id=8, description="ACH LUMINA NETWORKS")
    assert not _made(made[:1], [unequal, nameless])  # the number is elsewhere


def test_equal_payments_of_a_run_are_told_by_their_accounts():
    made, lines = _run(5_000, 5_000)
    assert not _made(made, lines)
    lines = [replace(x, description=p.account_number) for x, p in zip(lines, reversed(made), strict=True)]
    assert _made(made, lines) == [(Shape.ONE, (1,), (2,)), (Shape.ONE, (2,), (1,))]


def test_a_fee_that_is_told_of_is_no_question_where_the_number_is_there():
    both = replace(LINE, amount=-5_150, reference="LUM44710098 INCL CHARGES")
    assert _made([PAYMENT], [both]) == [(Shape.WITH_FEE, (1,), (1,))]
    assert propose([PAYMENT], [both]).matches[0].parts[0].amount == 5_000
    assert not _made([PAYMENT], [replace(both, amount=-5_300)])  # too much for a fee
    assert not _made([PAYMENT], [replace(both, reference="8886809823 INCL CHARGES")])  # any payment of the account
    assert not _made([PAYMENT], [both, replace(LINE, id=2, reference="LUM44710098")])


def test_what_was_decided_before_counts():
    strange = replace(LINE, description="QX HOLDINGS 77")
    key = ("Operating", words_of("QX HOLDINGS 12"))
    assert not _made([PAYMENT], [strange])
    assert _made([PAYMENT], [strange], learned=Learned(vendors={key: 1})) == [(Shape.ONE, (1,), (1,))]
    assert not _made([PAYMENT], [LINE], learned=Learned(vendors={("Operating", words_of(LINE.text)): 2}))
    explained = propose([], [strange], learned=Learned(explanations={key: "transfer"})).explained
    assert [(x.reason, x.learned) for x in explained] == [(Explanation.TRANSFER, True)]


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("PMT LUM44710098", "exact"),
        ("PMT LUM-4471 0098 X", "exact"),
        ("PMT LUM447100", "mangled"),
        ("PMT LUM447I0O98", "mangled"),
        ("PMT LUM44710089", "mangled"),
        ("PMT LUM12345678", "another"),
        ("PMT 12", ""),
    ],
)
def test_numbers_in_a_banks_words(text, how):
    assert holds(text, "LUM-4471-0098") == how


def test_names_in_a_banks_words():
    assert likeness("Lumina Networks", "ACH LUMINA NETW 883") >= 90
    assert likeness("Lumina Networks", "ACH HARBOR NETWORKS") < 85
    assert likeness("", "ACH") == 0


def test_calls():
    call = CallLeg(7, 1, PAID, "LUM 4471 0098")
    (found,) = propose([PAYMENT], [], [call]).calls
    assert (found.payment_id, found.call_id, found.automatic) == (1, 7, True)
    assert not propose([PAYMENT], [], [replace(call, account_id=2)]).calls
    assert not propose([PAYMENT], [], [replace(call, confirmation="LUM-1")]).calls
    (by_day,) = propose([replace(PAYMENT, confirmation="")], [], [call]).calls
    assert not by_day.automatic
    twice = [replace(PAYMENT, id=n) for n in (1, 2)]
    assert not any(p.automatic for p in propose(twice, [], [call]).calls)


_DAYS = st.integers(1, 28).map(lambda day: date(2026, 3, day))
_AMOUNTS = st.sampled_from((1_000, 2_000, 3_000, 5_000))
_CURRENCIES = st.sampled_from(("USD", "EUR"))
_PAYMENTS = st.lists(st.tuples(_DAYS, _AMOUNTS, _CURRENCIES, st.integers(1, 3)), max_size=8)
_LINES = st.lists(
    st.tuples(_DAYS, _AMOUNTS, _CURRENCIES, st.sampled_from(("LUMINA NETWORKS", "X", "WIRE FEE"))), max_size=8
)


@given(_PAYMENTS, _LINES, st.randoms(use_true_random=False))
@settings(max_examples=40)
def test_what_never_happens(made, said, chance):
    payments = [
        replace(PAYMENT, id=n, paid_on=day, posted_on=None, amount=amount, currency=currency, account_id=account)
        for n, (day, amount, currency, account) in enumerate(made, 1)
    ]
    lines = [
        LineLeg(n, "Operating", currency, -amount, day, description=text)
        for n, (day, amount, currency, text) in enumerate(said, 1)
    ]
    found = propose(payments, lines)
    by_payment, by_line = {p.id: p for p in payments}, {x.id: x for x in lines}
    for proposal in found.matches:
        for part in proposal.parts:
            assert by_payment[part.payment_id].currency == by_line[part.line_id].currency
        assert 0 <= proposal.score <= 1_000
    certain = [proposal for proposal in found.matches if proposal.automatic]
    parts = [part for proposal in certain for part in proposal.parts]
    for payment in payments:
        assert sum(part.amount for part in parts if part.payment_id == payment.id) in (0, payment.amount)
    for line in lines:
        assert sum(part.amount for part in parts if part.line_id == line.id) in (0, -line.amount)
    assert all(proposal.score >= AUTO for proposal in certain)
    chance.shuffle(payments)
    chance.shuffle(lines)
    assert propose(payments, lines) == found


def test_a_small_labelled_set():
    made = labelled(11, 600)
    result = score(made, propose(made.payments, made.lines))
    assert result.good, result
    shuffled = list(made.payments)
    random.Random(1).shuffle(shuffled)
    assert propose(shuffled, made.lines) == propose(made.payments, made.lines)


def _within_reach(payments, lines):
    reach = Reach(lines, {p.vendor_id: name for p in payments for name in p.names}, NOTHING_LEARNED)
    return [payment for payment in payments if reach.holds(payment)]


@pytest.mark.parametrize("random_seed", [11, 12, 13])
def test_payments_out_of_reach_of_the_lines_change_nothing(random_seed):
    made = labelled(random_seed, 300)
    lines = made.lines[:25]
    few = _within_reach(made.payments, lines)
    assert len(few) < len(made.payments) / 2
    assert propose(few, lines) == propose(made.payments, lines)
    assert not _within_reach(made.payments, [line for line in lines if line.amount > 0])


@pytest.mark.parametrize(
    "line",
    [
        replace(LINE, amount=-9_000),  # more than the payment: one of several
        replace(LINE, amount=-2_000),  # less: in several lines
        replace(LINE, description="X", reference="LUM44710098", booked_on=date(2026, 5, 4)),
        replace(LINE, description="X", reference="888-680-9823", amount=-5_100),
        replace(LINE, description="X"),
    ],
)
def test_a_payment_is_within_reach_by_vendor_number_or_amount(line):
    assert _within_reach([PAYMENT], [line]) == [PAYMENT]
    assert not _within_reach([PAYMENT], [replace(line, booked_on=date(2026, 7, 1))])


def test_the_measure_sees_a_wrong_pair():
    made = labelled(11, 100)
    found = propose(made.payments, made.lines)
    wrong = replace(made, pairs=frozenset(sorted(made.pairs)[1:]))
    assert score(made, found).precision == 1.0
    assert score(wrong, found).precision < 1.0
    assert score(made, replace(found, matches=())).recall == 0.0


def test_evidence_names_its_points():
    told = weigh(PAYMENT, replace(LINE, reference="8886809823"), NOTHING_LEARNED)
    assert [(reason.name, reason.points) for reason in told.reasons] == [
        ("account number", 250),
        ("vendor name", 200),
        ("amount", 300),
        ("day", 150),
    ]
