"""A finance person's way through the app: filter, share the address, click a bar, read the rows, take them along."""

import csv
import io
import re
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
from python_calamine import CalamineWorkbook

from tests.browser.conftest import settle

pytestmark = pytest.mark.browser
DAY = "as_of=2026-11-20"


def query(page):
    return parse_qs(urlsplit(page.url).query)


def choose(page, chip, value):
    """Open a chip of the filter bar, click one of its pills, and close it."""
    page.locator(f".st-key-chip-{chip} button").first.click()
    page.get_by_role("button", name=value, exact=True).click()
    settle(page)
    page.keyboard.press("Escape")
    settle(page)


def headings(page):
    return page.locator("[data-testid=stMain] h2").all_inner_texts()


def table(page, key):
    """The rows of a report, cell by cell, without its head."""
    rows = page.locator(f"[class*=st-key-report][class$='-{key}'], [class*='-{key} '], [class*='-{key}_']").locator(
        "tbody tr"
    )
    return [row.locator("td").all_inner_texts() for row in rows.all()]


def amounts(rows, column):
    return [Decimal(row[column].replace(",", "").replace("–", "0")) for row in rows]


def test_a_site_is_filtered_shared_clicked_read_and_exported(opened):
    page = opened(f"/?{DAY}")
    before = headings(page)

    choose(page, "site", "Pueblo Warehouse")
    assert query(page)["site"] == ["Pueblo Warehouse"]
    filtered = headings(page)
    assert filtered != before
    assert "Pueblo Warehouse" in page.locator(".st-key-chip-site").inner_text()

    page.reload()
    settle(page)
    assert headings(page) == filtered
    colleague = opened(page.url.removeprefix(page.url.split("/?")[0]))
    assert headings(colleague) == filtered

    bar = page.locator(".st-key-overview-aging .barlayer .point path").nth(2)
    bar.click(force=True)
    page.wait_for_url("**/balances**", timeout=30_000)
    settle(page)
    assert query(page)["age"] == ["d31_60"]
    assert query(page)["site"] == ["Pueblo Warehouse"]
    assert query(page)["as_of"] == ["2026-11-20"]

    rows = table(page, "bills")
    assert rows
    assert {row[2] for row in rows} == {"Pueblo Warehouse"}
    opened_amounts = amounts(rows, 9)
    heading = headings(page)[-2]
    assert f"{len(rows)} open bill" in heading
    assert f"${sum(opened_amounts):,}" in heading
    (site_row,) = [row for row in table(page, "aging") if row[0] == "Pueblo Warehouse"]
    assert Decimal(site_row[4].replace(",", "")) == sum(opened_amounts)  # the 31–60 column of the aging

    exported = take_csv(page, "export-bills")
    assert [Decimal(row["Open"]) for row in exported] == opened_amounts
    assert [row["Bill"] for row in exported] == [row[5] for row in rows]


def take_csv(page, key, wanted="CSV"):
    page.locator(f".st-key-{key} button").first.click()
    page.get_by_role("button", name=wanted, exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download {wanted}").click()
    path = download.value.path()
    page.keyboard.press("Escape")
    if wanted == "XLSX":
        return path, download.value.suggested_filename
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(line for line in io.StringIO(text, newline="") if not line.startswith("# ")))


def test_the_export_of_the_aging_is_the_aging_to_the_cent(opened):
    page = opened(f"/balances?{DAY}&region=West")
    rows = table(page, "aging")
    *groups, total = rows
    exported = take_csv(page, "export-balances")
    assert [row["Site"] for row in exported] == [row[0] for row in groups]
    for heading, column in (("Not due", 2), ("1–30", 3), ("Over 90", 6), ("Past due", 8), ("Outstanding", 10)):
        assert [Decimal(row[heading]) for row in exported] == amounts(groups, column)
        assert sum(Decimal(row[heading]) for row in exported) == amounts([total], column)[0]
    path, name = take_csv(page, "export-balances", "XLSX")
    assert re.fullmatch(r"duewatch-balances-by-site-\d{4}-\d\d-\d\d-[0-9a-f]{12}\.xlsx", name)
    sheet = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert any("Region: West" in str(row[0]) for row in sheet)
    assert any("As of 2026-11-20" in str(row[0]) for row in sheet)
    assert [row[0] for row in sheet[-len(groups) :]] == [row[0] for row in groups]
    assert all(isinstance(row[-3], float) for row in sheet[-len(groups) :])


def test_filters_survive_a_page_switch_and_back_and_clear(opened):
    page = opened(f"/?{DAY}&region=South&region=West")
    page.get_by_role("link", name="Balances").click()
    page.wait_for_url("**/balances**")
    settle(page)
    assert query(page)["region"] == ["South", "West"]
    assert query(page)["as_of"] == ["2026-11-20"]
    assert {row[1] for row in table(page, "aging")[:-1]} == {"South", "West"}

    page.get_by_role("link", name="Pueblo Warehouse").click()
    settle(page)
    assert query(page)["open"] == ["PUB"]
    assert headings(page)[-2].startswith("Pueblo Warehouse: ")
    page.go_back()
    settle(page)
    assert "open" not in query(page)

    page.get_by_role("button", name="Clear", exact=True).click()
    settle(page)
    assert query(page) == {}


def test_a_click_with_a_modifier_opens_a_tab_with_the_same_picture(opened):
    page = opened(f"/balances?{DAY}&region=West")
    with page.context.expect_page() as tab:
        page.get_by_role("link", name="Pueblo Warehouse").click(modifiers=["Control"])
    other = tab.value
    settle(other)
    assert query(other) == {"as_of": ["2026-11-20"], "region": ["West"], "open": ["PUB"]}
    assert headings(other)[-2].startswith("Pueblo Warehouse: ")


def test_what_the_address_asks_for_in_vain_is_said(opened):
    page = opened(f"/?{DAY}&site=Atlantis&vendor=Lumora+Broadband")
    assert page.get_by_text("Atlantis").is_visible()
    assert "site" not in query(page)
    assert query(page)["vendor"] == ["Lumora Broadband"]


def test_a_ranking_bar_leads_to_its_site(opened):
    page = opened(f"/?{DAY}")
    page.locator(".st-key-overview-ranking .barlayer .point path").first.click(force=True)
    page.wait_for_url("**/balances**")
    settle(page)
    (site,) = query(page)["site"]
    assert {row[2] for row in table(page, "bills")} == {site}
    assert all(row[1] != "–" for row in table(page, "bills"))  # only what is late


def test_the_suspension_calendar_leads_to_its_account_and_the_export_is_the_table(opened):
    page = opened(f"/risk?{DAY}&region=West")
    exported = take_csv(page, "export-risk")
    off = [row for row in exported if row["Stage"] == "suspended"]
    assert f"Switched off: {len(off)} account" in page.locator(".st-key-risk-off h3").inner_text()
    page.locator(".st-key-risk-calendar .scatterlayer .points path").last.click(force=True)
    page.wait_for_url("**/sites**")
    settle(page)
    assert query(page)["account"][0].isdigit()
    assert query(page)["region"] == ["West"]


def test_the_appearance_is_switched_in_the_app_against_the_systems(opened):
    """Charts take the other colours without a reload; a chart that kept them would be dark on dark."""
    page = opened(f"/?{DAY}", scheme="light")
    oldest = page.locator(".st-key-overview-aging .barlayer .point path").last
    assert oldest.evaluate("e => getComputedStyle(e).fill") == "rgb(8, 32, 51)"  # 082033
    page.locator("[data-testid=stMainMenu] button").click()
    page.get_by_role("menuitemradio", name="Dark").click()
    page.keyboard.press("Escape")
    settle(page)
    assert page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme") == "dark"
    assert oldest.evaluate("e => getComputedStyle(e).fill") == "rgb(217, 237, 254)"  # D9EDFE
