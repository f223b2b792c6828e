"""L1 to L5: break the rule behind the guards' back, and the check names what is broken."""

import pytest


def test_a_clean_and_busy_ledger_is_green(busy, found):
    assert found() == {}


def test_l1_amounts(busy, breaks, unchecked, found):
    for table in ("payments", "invoices", "disputes", "allocations"):
        unchecked(table, f"ck_{table}_amount")
    unchecked("invoices", "ck_invoices_settled")
    breaks(
        "UPDATE payments SET amount = 0, allocated = 0 WHERE id = {spare}",
        "UPDATE invoices SET amount = -5 WHERE id = {abroad}",
        "UPDATE disputes SET amount = -1 WHERE id = {dispute}",
        "UPDATE allocations SET amount = 0 WHERE id = {credited}",
    )
    assert found()["L1"] == [
        f"invoices {busy['abroad']}: amount -5 is not positive",
        f"payments {busy['spare']}: amount 0 is not positive",
        f"allocations {busy['credited']}: amount 0 is not positive",
        f"disputes {busy['dispute']}: amount -1 is not positive",
    ]


def test_l2_counters_in_range(busy, breaks, unchecked, found):
    unchecked("invoices", "ck_invoices_settled")
    unchecked("payments", "ck_payments_allocated")
    breaks(
        "UPDATE invoices SET settled = 10001 WHERE id = {jan}",
        "UPDATE invoices SET settled = -1 WHERE id = {abroad}",
        "UPDATE payments SET allocated = 9001 WHERE id = {paid}",
    )
    assert sorted(found()["L2"]) == sorted(
        [
            f"invoices {busy['jan']}: settled 10001 is outside 0 to 10000",
            f"invoices {busy['abroad']}: settled -1 is outside 0 to 70000",
            f"payments {busy['paid']}: allocated 9001 is outside 0 to 9000",
        ]
    )


def test_l2_on_past_days_too(busy, breaks, found):
    """4,000 of a bill of 5,000 came back on 9 March; that 1,100 more were applied since 8 March makes 5,100 on that day."""
    breaks(
        "INSERT INTO allocations (account_id, site_id, payment_id, invoice_id, amount, applied_on) "
        "VALUES ({account}, {site}, {spare}, {feb}, 1100, '2026-03-08')",
        "UPDATE payments SET allocated = allocated + 1100 WHERE id = {spare}",
        "UPDATE invoices SET settled = settled + 1100 WHERE id = {feb}",
    )
    assert found()["L2"] == [f"invoices {busy['feb']}: 5100 of 5000 were applied as of 2026-03-08"]


def test_l3_counters_are_sums(busy, breaks, found):
    breaks(
        "UPDATE invoices SET settled = 8999 WHERE id = {jan}",
        "UPDATE invoices SET settled = 1 WHERE id = {abroad}",  # nothing was ever applied to it
        "UPDATE invoices SET settled = 401 WHERE id = {credit}",
        "UPDATE payments SET allocated = 0 WHERE id = {paid}",
        "UPDATE payments SET allocated = 299 WHERE id = {refund}",
        "UPDATE invoices SET applied_until = '2026-04-01' WHERE id = {feb}",
    )
    assert sorted(found()["L3"]) == sorted(
        [
            f"invoices {busy['jan']} (invoice): settled is 8999, its live allocations sum to 9000",
            f"invoices {busy['abroad']} (invoice): settled is 1, its live allocations sum to 0",
            f"invoices {busy['credit']} (credit_note): settled is 401, its live allocations sum to 400",
            f"payments {busy['paid']} (payment): allocated is 0, its live allocations sum to 9000",
            f"payments {busy['refund']} (refund): allocated is 299, its live allocations sum to 300",
            f"invoices {busy['feb']} (invoice): it was applied from 2026-03-01 until 2026-04-01, "
            "its allocations are of 2026-03-01 until 2026-04-05",
        ]
    )


def test_l3_a_disputed_bill_is_known_as_such(busy, breaks, found):
    breaks("UPDATE invoices SET ever_disputed = 0")
    assert found() == {"L3": [f"bill F: dispute {busy['dispute']} names it, and it is not known as disputed"]}


def test_m1_when_a_payment_was_matched_last(busy, breaks, found):
    """One that was never matched, as if it were; one that was, as if a day before, and as if it were not."""
    moments = [f"'2026-04-0{day} 12:00:00.000000'" for day in (1, 2)]
    line = "(id, statement_id, booked_on, amount, currency, import_key, bank_account, matched)"
    matches = "(account_id, site_id, payment_id, bank_line_id, amount, decided_by, decided_at)"
    breaks(
        "INSERT INTO bank_statements (id, bank_account, kind, currency, opening, closing, movements, period_start, "
        "period_end, source, import_key) VALUES (1, 'O', 'bank', 'USD', 0, -2, -2, '2026-04-01', '2026-05-01', 'b', 'k')",
        *(f"INSERT INTO bank_lines {line} VALUES ({n}, 1, '2026-04-01', -1, 'USD', 'id:{n}', 'O', 1)" for n in (1, 2)),
        f"INSERT INTO matches {matches} SELECT account_id, site_id, id, 1, 1, 'ana', {moments[1]} FROM payments WHERE id = {{paid}}",
        f"INSERT INTO matches {matches} SELECT account_id, site_id, id, 2, 1, 'ana', {moments[1]} FROM payments WHERE id = {{returned}}",
        "UPDATE payments SET matched = 1 WHERE id IN ({paid}, {returned})",
        f"UPDATE payments SET matched_at = {moments[0]} WHERE id IN ({{paid}}, {{refund}})",
    )
    told = sorted(found()["M1"])
    assert [finding.split(":")[0] for finding in told] == sorted(
        f"payments {busy[name]}" for name in ("paid", "returned", "refund")
    )
    assert all("its last match was decided at" in finding for finding in told)


def test_l3_an_allocation_that_is_gone(busy, breaks, found):
    breaks("DELETE FROM allocations WHERE id = {credited}", "DELETE FROM allocations WHERE reverses_id IS NOT NULL")
    assert found()["L3"] == [
        # 400 credited are gone, 4000 paid are back.
        f"invoices {busy['feb']} (invoice): settled is 400, its live allocations sum to 4000",
        f"invoices {busy['credit']} (credit_note): settled is 400, its live allocations sum to 0",
        f"payments {busy['returned']} (payment): allocated is 0, its live allocations sum to 4000",
    ]


@pytest.mark.parametrize(
    ("statement", "billed", "lines"),
    [
        ("UPDATE charges SET amount = 151 WHERE line = '0'", 600, 601),
        ("DELETE FROM charges", 600, 0),
        ("UPDATE invoices SET amount = 601 WHERE id = {lines}", 601, 600),
    ],
)
def test_l4_an_amount_made_of_lines_is_their_sum(busy, breaks, found, statement, billed, lines):
    breaks(statement)
    assert found()["L4"] == [f"bill L (id {busy['lines']}): billed {billed}, its lines sum to {lines}"]


def test_l5_one_account(busy, breaks, found):
    breaks(
        "UPDATE allocations SET invoice_id = {abroad} WHERE id = {credited}",
        "UPDATE allocations SET invoice_id = {cancels} WHERE id = {cancelled}",
        "UPDATE allocations SET applied_on = '2026-02-09' WHERE payment_id = {paid}",
        "UPDATE charges SET site_id = {far} WHERE line = '0'",
        "UPDATE calls SET site_id = {far}",
    )
    (paid,) = (finding for finding in found()["L5"] if "payment_id" in finding)
    assert "names no payment of the same account dated on or before it" in paid
    assert sorted(set(found()["L5"]) - {paid}) == sorted(
        [
            f"allocation {busy['credited']}: its invoice_id names no invoice of the same account dated on or before it",
            f"allocation {busy['cancelled']}: its invoice_id names no invoice of the same account dated on or before it",
            "charges 1: its site is not its account's home site",
            f"calls {busy['call']}: its site is not its account's home site",
        ]
    )
