"""Whatever is in the ledger is text: on no page does it run, fetch, lead out, format or change colour."""

import re

import pytest

from tests.browser.conftest import PATIENCE_MS, SETTLED, serving, settle, watched
from tests.faults.hostile_ledger import (
    ACCOUNT,
    BATCH,
    BILL,
    CALL,
    MUCH,
    OUTSIDE,
    PAYLOADS,
    PAYMENT,
    SLASHES,
    payload,
    shown,
)

pytestmark = pytest.mark.browser

DAY = "as_of=2026-11-20"
PAGES = [
    f"/?{DAY}",
    f"/sites?{DAY}",
    f"/balances?by=Account&open={ACCOUNT}&{DAY}",
    f"/payments?rows=Unapplied&payment={PAYMENT}&{DAY}",
    f"/import?batch={BATCH}",
    f"/sites?account={ACCOUNT}&bill={BILL}&tab=Services&{DAY}",
    f"/calls?call={CALL}",
    f"/calls?{DAY}",
]
# Elements, attributes and addresses that no page of ours has.
INTRUDERS = """outside => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    for (const { name } of element.attributes) if (name.startsWith("on")) found.push(`${name} on ${element.tagName}`);
    if (element.matches("iframe, object, embed, form, base, video, audio, math, frame, applet, meta[http-equiv]"))
      found.push(element.outerHTML.slice(0, 200));
    for (const name of ["href", "xlink:href", "src", "action"]) {
      const address = element.getAttribute(name);
      if (address && !address.startsWith("data:image/") && (/^\\s*(javascript|mailto|data|vbscript):/i.test(address)
          || new URL(address, location.href).hostname.includes(outside))) found.push(`${element.tagName} to ${address}`);
    }
  }
  for (const script of document.scripts)
    if (script.src ? !new URL(script.src).pathname.startsWith("/static/") : !script.text.includes("prerenderReady"))
      found.push(`script ${script.src || script.text}`);
  return found;
}"""
# All text that is drawn, and the labels of what is drawn without text.
TEXTS = """() => {
  const texts = [document.body.innerText];
  for (const label of document.querySelectorAll("svg text, svg title")) texts.push(label.textContent);
  for (const name of ["aria-label", "title", "alt", "placeholder"])
    for (const element of document.querySelectorAll(`[${name}]`)) texts.push(element.getAttribute(name));
  for (const field of document.querySelectorAll("input, textarea")) texts.push(field.value);
  return texts.join("\\n");
}"""
MARK = re.compile(r"Q\d\dQ", re.IGNORECASE)


def flat(text):
    return " ".join(text.split()).casefold()


# As it was written; as far as a number of 64 characters goes; as a reason quotes it.
WHOLE = sorted(
    {
        flat(form)
        for n in range(len(PAYLOADS))
        for text in (shown(n), payload(n), payload(n).translate(SLASHES))
        for form in (text, text[:64], repr(text)[1:-1])
    },
    key=len,
    reverse=True,
)
HEADS = [flat(MARK.split(shown(n))[0]) + f"q{n:02}q" for n in range(len(PAYLOADS))]


def altered(text):
    """Where a payload is drawn, but not all of it as it was written; the last four of an account number may be."""
    rest = flat(text)
    for whole in WHOLE:
        rest = rest.replace(whole, "§")
    for head in HEADS:  # cut short, by us or by Streamlit
        rest = re.sub(rf"{re.escape(head)}[^§]{{0,60}}?(…|\.\.\.)", "§", rest)
    rest = re.sub(r"••••.{4}", "", rest)
    return [rest[max(0, mark.start() - 60) : mark.end() + 60] for mark in MARK.finditer(rest)]


def look(page):
    """What a page shows of the payloads; fails when it is more than text."""
    text = page.evaluate(TEXTS)
    assert page.evaluate(INTRUDERS, OUTSIDE) == []
    assert altered(text) == []
    return {mark.upper() for mark in MARK.findall(text)}


@pytest.fixture(scope="module")
def hostile(browser, hostile_ledger):
    with serving(hostile_ledger) as url:
        yield url


@pytest.fixture
def page(browser, hostile):
    context = browser.new_context(viewport={"width": 1280, "height": 2000}, timezone_id="UTC", base_url=hostile)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.wrong = watched(page, hostile)
    yield page
    context.close()


def test_on_every_page_it_is_text(page):
    seen = set()
    for path in PAGES:
        page.goto(path)
        page.wait_for_function(SETTLED)
        page.wait_for_timeout(600)  # charts are painted
        here = look(page)
        assert f"Q{MUCH}Q" in here, path
        seen |= here
    for chip in ("region", "site", "vendor", "type"):
        page.locator(f".st-key-chip-{chip} button").first.click()
        page.locator("[data-testid=stPopoverBody] [data-testid=stMultiSelect] input").click()
        page.get_by_role("option").first.wait_for()
        assert len(look(page)) > 5, chip  # those in view
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
    assert page.wrong == []
    assert seen == {f"Q{number:02}Q" for number in range(len(PAYLOADS))}
    # Were it otherwise, it would be seen.
    page.evaluate("""() => {
      const cell = document.querySelector("[data-testid=stMain]").appendChild(document.createElement("div"));
      cell.innerHTML = '<b onclick="x()">Q07Q</b><a href="javascript:x()">x</a><iframe></iframe>';
    }""")
    assert len(page.evaluate(INTRUDERS, OUTSIDE)) == 3
    assert altered(page.evaluate(TEXTS))


def test_a_file_that_is_dropped_is_text(page, tmp_path):
    """Its name, its columns, its values: in the preview, before anything of it is kept."""
    much = payload(MUCH).replace("/", "")
    file = tmp_path / f"{much}.csv"
    head = ["vendor", "account_number", "invoice_number", "issued_on", "amount", payload(MUCH)]
    rows = [
        [payload(n), payload(n)[:64], payload(n)[:64], "2026-11-31", payload(n), payload(n)]
        for n in range(len(PAYLOADS))
    ]
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in [head, *rows]]
    file.write_text("\n".join(quoted))
    page.goto("/import?kind=invoices")
    settle(page)
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("heading", name="rejected").first.wait_for()
    settle(page)
    text = page.evaluate(TEXTS).replace(much, payload(MUCH))
    assert altered(text) == []
    assert page.evaluate(INTRUDERS, OUTSIDE) == []
    assert page.wrong == []
    assert len(MARK.findall(text)) > MUCH
