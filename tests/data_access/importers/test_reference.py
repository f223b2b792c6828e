"""Sites, vendors, accounts, services and rates: the same again, more of it, something else."""

import re
from collections.abc import Callable
from datetime import date

import pytest

from data_access.scope import Scope
from domain.parsing.amounts import Mark
from tests.data_access.importers.conftest import Importer, reasons

SITES = "code,name,region,country,timezone,headcount\nHQ,Head office,North,US,America/Denver,120\nLON,London,South,GB,Europe/London,40\n"
VENDORS = "name,website\nLumina,https://lumina.example\nBlue Fibre,\n"
ACCOUNTS = "vendor,account_number,site,currency,terms_days\nLumina,A-1,HQ,USD,15\nBlue Fibre,0042,LON,,\n"


@pytest.fixture
def known(importer: Importer) -> Importer:
    for kind, text in (("sites", SITES), ("vendors", VENDORS), ("accounts", ACCOUNTS)):
        assert importer.accept(kind, text).added == 2
    return importer


def counts(report: object) -> tuple[int, int, int]:
    return tuple(getattr(report, name) for name in ("added", "duplicate", "rejected"))  # type: ignore[return-value]


def test_lands_with_its_defaults(known: Importer, check: Callable[[], None]) -> None:
    assert known.table("sites", "code", "name", "timezone", "headcount") == [
        ("HQ", "Head office", "America/Denver", 120),
        ("LON", "London", "Europe/London", 40),
    ]
    # The account without a currency has that of its site's country.
    assert known.table("accounts", "account_number", "currency", "terms_days") == [
        ("A-1", "USD", 15),
        ("0042", "GBP", 30),
    ]
    assert known.table("audit_log", "action", "entity") == [
        *[("create", "sites")] * 2, ("import", "import_batches"),
        *[("create", "vendors")] * 2, ("import", "import_batches"),
        *[("create", "accounts")] * 2, ("import", "import_batches"),
    ]  # fmt: skip
    check()


@pytest.mark.parametrize(("kind", "text"), [("sites", SITES), ("vendors", VENDORS), ("accounts", ACCOUNTS)])
def test_the_same_again_is_a_duplicate(known: Importer, kind: str, text: str) -> None:
    assert counts(known.accept(kind, text)) == (0, 2, 0)


def test_the_same_key_in_other_letters_is_the_same(known: Importer) -> None:
    assert counts(known.accept("sites", "code,name\nhq,Head office\n")) == (0, 1, 0)
    assert counts(known.accept("vendors", "name\nLUMINA\nblue  fibre\n")) == (0, 2, 0)


def test_blanks_are_filled_and_told(known: Importer, check: Callable[[], None]) -> None:
    report = known.accept("sites", "code,name,city,cost_center\nHQ,Head office,Denver,CC-1\n")
    assert (counts(report), report.changed) == ((1, 0, 0), 1)
    assert known.table("sites", "city", "cost_center", code="HQ") == [("Denver", "CC-1")]
    assert known.table("audit_log", "before", "after", action="fill") == [
        ('{"city": "", "cost_center": ""}', '{"city": "Denver", "cost_center": "CC-1"}')
    ]
    check()


def test_what_is_there_is_not_overwritten(known: Importer) -> None:
    report = known.accept("sites", "code,name,region,city\nHQ,Head office,West,Denver\n")
    assert reasons(report) == [
        (2, "region", "West", "region is 'West' here and 'North' in the ledger, which an import does not overwrite")
    ]
    assert known.table("sites", "city", code="HQ") == [""]


def test_an_accounts_currency_and_vendor_and_site_stay(known: Importer) -> None:
    report = known.accept("accounts", "vendor,account_number,site,currency\nLumina,A-1,HQ,EUR\nLumina,A-1,LON,USD\n")
    assert [reason[3] for reason in reasons(report)] == [
        "currency is 'EUR' here and 'USD' in the ledger, which an import does not overwrite",
        "site is 'LON' here and 'HQ' in the ledger, which an import does not overwrite",
    ]


def test_a_file_that_contradicts_itself(importer: Importer) -> None:
    report = importer.accept("vendors", "name,website\nLumina,a.example\nlumina,b.example\nLumina,a.example\n")
    assert counts(report) == (1, 1, 1)
    assert importer.table("vendors", "website") == ["a.example"]


def test_unknown_names_suggest_near_ones(known: Importer) -> None:
    report = known.accept("accounts", "vendor,account_number,site,currency\nLumnia,A-2,HQ,USD\nLumina,A-2,HQQ,USD\n")
    assert [(r[1], r[3]) for r in reasons(report)] == [
        ("vendor", "there is no vendor 'Lumnia' (did you mean 'Lumina'?); import it first, or use --create-missing"),
        ("site", "there is no site 'HQQ' (did you mean 'HQ'?); import it first, or use --create-missing"),
    ]


def test_create_missing_makes_only_what_accepted_rows_use(importer: Importer, check: Callable[[], None]) -> None:
    text = "vendor,account_number,site,currency,terms_days\nLumina,A-1,Depot,USD,15\nGone,A-2,Nowhere,USD,many\n"
    report = importer.accept("accounts", text, create_missing=True)
    assert counts(report) == (1, 0, 1)
    assert importer.table("sites", "code", "name") == [("Depot", "Depot")]
    assert importer.table("vendors", "name") == ["Lumina"]
    assert (report.created.sites, report.created.vendors, report.created.accounts) == (1, 1, 1)
    check()


def test_a_made_up_name_is_a_blank(importer: Importer) -> None:
    importer.accept("accounts", "vendor,account_number,site,currency\nLumina,A-1,Depot,USD\n", create_missing=True)
    report = importer.accept("sites", "code,name,timezone\nDepot,The depot,Europe/Paris\n")
    assert (counts(report), report.changed) == ((1, 0, 0), 1)
    assert importer.table("sites", "name", "timezone") == [("The depot", "Europe/Paris")]
    assert counts(importer.accept("sites", "code,name,timezone\nDepot,The depot,Europe/Paris\n")) == (0, 1, 0)
    assert counts(importer.accept("sites", "code,name\nDepot,Depot\n")) == (0, 1, 0)


def test_an_account_without_a_home_moves_in_with_its_bills(importer: Importer, check: Callable[[], None]) -> None:
    bills = "vendor,account_number,invoice_number,issued_on,amount,currency\nLumina,A-1,INV-1,2024-01-31,12.50,USD\n"
    importer.accept("invoices", bills, create_missing=True)
    assert importer.table("sites", "code") == ["UNASSIGNED"]
    report = importer.accept("accounts", "vendor,account_number,site\nLumina,A-1,Depot\n", create_missing=True)
    assert (counts(report), report.changed) == ((1, 0, 0), 1)
    depot = importer.table("sites", "id", code="Depot")
    assert importer.table("accounts", "site_id") == depot
    assert importer.table("invoices", "site_id") == depot
    check()


def test_services(known: Importer, check: Callable[[], None]) -> None:
    text = (
        "vendor,account_number,service,site,monthly_charge,criticality,started_on,contract_ends_on\n"
        "Lumina,A-1,CKT-1,,99.50,5,2024-01-01,2026-12-31\n"
        'Lumina,A-1,CKT-2,LON,"1,099.00",,,\n'
    )
    assert counts(known.accept("services", text)) == (2, 0, 0)
    hq, lon = known.table("sites", "id")
    assert known.table("services", "identifier", "site_id", "monthly_charge", "criticality", "contract_ends_on") == [
        ("CKT-1", hq, 9950, 5, date(2026, 12, 31)),
        ("CKT-2", lon, 109_900, 3, None),
    ]
    assert counts(known.accept("services", text)) == (0, 2, 0)
    report = known.accept(
        "services", "vendor,account_number,service,monthly_charge,description\nLumina,A-1,CKT-1,100.00,\n"
    )
    assert "'100.00' here and '99.50' in the ledger" in report.rejects[0].reason
    check()


BAD_SERVICES = [
    ("CKT,-5,,", "monthly_charge", "is below zero"),
    ("CKT,€5.00,,", "monthly_charge", "is in EUR, the account in USD"),
    ("CKT,1.005,,", "monthly_charge", "more than the 2 decimals|three decimals"),
    ("CKT,,6,", "criticality", "'6' is more than 5"),
    ("CKT,,0,", "criticality", "is 1"),
    ("CKT,,,2023-12-31", "ended_on", "is before the service started on 2024-01-01"),
    (",,,", "service", "service is needed and empty"),
]


def test_services_that_cannot_be(known: Importer) -> None:
    header = "vendor,account_number,started_on,service,monthly_charge,criticality,ended_on\n"
    rows = "".join(f"Lumina,A-1,2024-01-01,{row}\n" for row, _, _ in BAD_SERVICES)
    report = known.accept("services", header + rows, decimal=Mark.POINT)
    for reject, (_, column, reason) in zip(report.rejects, BAD_SERVICES, strict=True):
        assert reject.column == column
        assert re.search(reason, reject.reason), reject.reason


def test_rates(importer: Importer, check: Callable[[], None]) -> None:
    text = "currency,quote,on_date,rate,source\nGBP,USD,2024-01-31,1.27,ECB\nUSD,JPY,2024-01-31,147.95,\n"
    assert counts(importer.accept("fx", text)) == (2, 0, 0)
    assert importer.table("fx_rates", "currency", "quote", "rate_e9", "rate_source") == [
        ("GBP", "USD", 1_270_000_000, "ECB"),
        ("USD", "JPY", 147_950_000_000, ""),
    ]
    assert counts(importer.accept("fx", text)) == (0, 2, 0)
    report = importer.accept(
        "fx",
        "currency,quote,on_date,rate\nGBP,USD,2024-01-31,1.28\nGBP,GBP,2024-01-31,1.0\nGBP,EUR,2024-01-31,0\n"
        "GBP,EUR,2024-01-31,0.12345678901\nGBP,XXY,2024-01-31,2.5\nGBP,EUR,2024-01-31,-1.5\n",
    )
    assert [(r[0], r[1]) for r in reasons(report)] == [
        (2, "rate"),
        (3, "quote"),
        (4, "rate"),
        (5, "rate"),
        (6, "quote"),
        (7, "rate"),
    ]
    assert (
        report.rejects[0].reason == "rate is '1.28' here and '1.27' in the ledger, which an import does not overwrite"
    )
    check()


def test_somebody_of_one_site_imports_only_there(known: Importer) -> None:
    hq, lon = known.table("sites", "id")
    scope = Scope.of([lon])
    assert counts(
        known.accept("sites", "code,name,city\nHQ,Head office,Denver\nNEW,New,\nLON,London,London\n", scope=scope)
    ) == (1, 0, 2)
    assert counts(known.accept("vendors", "name\nNew\n", scope=scope)) == (0, 0, 1)
    assert counts(known.accept("fx", "currency,quote,on_date,rate\nGBP,USD,2024-01-31,1.27\n", scope=scope)) == (
        0,
        0,
        1,
    )
    text = "vendor,account_number,site,currency\nLumina,A-1,HQ,USD\nLumina,A-1,LON,USD\nLumina,A-9,HQ,USD\nLumina,A-9,LON,USD\n"
    report = known.accept("accounts", text, scope=scope, create_missing=True)
    assert counts(report) == (1, 0, 3)
    assert known.table("accounts", "site_id", account_number="A-9") == [lon]
    assert known.table("accounts", "site_id", account_number="A-1") == [hq]
