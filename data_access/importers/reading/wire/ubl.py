"""UBL 2.x Invoice and CreditNote to a bill."""

from decimal import Decimal
from xml.etree.ElementTree import Element

from data_access.importers.reading.wire.documents import Bill, DocumentError, Line, date_of, decimal_of

_CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
_CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
ROOTS = {
    "{urn:oasis:names:specification:ubl:schema:xsd:Invoice-2}Invoice": "Invoice",
    "{urn:oasis:names:specification:ubl:schema:xsd:CreditNote-2}CreditNote": "CreditNote",
}
_CREDITS = ("381", "396")


def read_bill(root: Element, findings: list[str]) -> Bill:
    """Raises DocumentError where it cannot be taken."""
    kind = ROOTS[root.tag]
    code = _text(root, f"{_CBC}InvoiceTypeCode") or _text(root, f"{_CBC}CreditNoteTypeCode")
    supplier = f"{_CAC}AccountingSupplierParty/{_CAC}Party/"
    bill = Bill(
        1,
        vendor=_text(root, f"{supplier}{_CAC}PartyName/{_CBC}Name")
        or _text(root, f"{supplier}{_CAC}PartyLegalEntity/{_CBC}RegistrationName"),
        account_number=_text(root, f"{_CAC}AccountingCustomerParty/{_CBC}SupplierAssignedAccountID")
        or _text(root, f"{_CAC}ContractDocumentReference/{_CBC}ID"),
        number=_text(root, f"{_CBC}ID"),
        currency=_text(root, f"{_CBC}DocumentCurrencyCode"),
        issued_on=_day(root, f"{_CBC}IssueDate", "IssueDate"),
        due_on=_day(root, f"{_CBC}DueDate", "DueDate")
        or _day(root, f"{_CAC}PaymentMeans/{_CBC}PaymentDueDate", "PaymentDueDate"),
        credit=kind == "CreditNote" or code in _CREDITS,
        total_line=1,
    )
    totals = f"{_CAC}LegalMonetaryTotal/{_CBC}"
    bill.total = _amount(root, f"{totals}TaxInclusiveAmount", bill.currency) if _has(root, totals) else None
    for each in root.findall(f"{_CAC}{kind}Line"):
        line = Line(
            len(bill.lines) + 1,
            _amount(each, f"{_CBC}LineExtensionAmount", bill.currency) or Decimal(0),
            description=_text(each, f"{_CAC}Item/{_CBC}Name"),
            number=_text(each, f"{_CBC}ID"),
        )
        bill.lines.append(line)
    for each in root.findall(f"{_CAC}AllowanceCharge"):
        charge = _text(each, f"{_CBC}ChargeIndicator").casefold() == "true"
        amount = _amount(each, f"{_CBC}Amount", bill.currency) or Decimal(0)
        words = _text(each, f"{_CBC}AllowanceChargeReason") or ("Charge" if charge else "Allowance")
        bill.lines.append(
            Line(len(bill.lines) + 1, amount if charge else -amount, "fee" if charge else "credit", words)
        )
    # Of several tax totals one is in the bill's currency; the others repeat it in that of the books.
    for each in root.findall(f"{_CAC}TaxTotal/{_CBC}TaxAmount"):
        if each.get("currencyID", bill.currency) == bill.currency:
            amount = decimal_of(each.text or "", 1, "TaxAmount")
            bill.lines.append(Line(len(bill.lines) + 1, amount, "tax", "Tax"))
    prepaid = _text(root, f"{totals}PrepaidAmount")
    if prepaid and decimal_of(prepaid, 1, "PrepaidAmount"):
        findings.append(
            f"bill {bill.number}: {prepaid} of it was paid before (PrepaidAmount); the whole bill lands, import that payment too"
        )
    return bill


def _has(root: Element, totals: str) -> bool:
    return root.find(f"{totals}TaxInclusiveAmount") is not None


def _text(element: Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _day(element: Element, path: str, name: str) -> str:
    text = _text(element, path)
    return date_of(text, 1, name) if text else ""


def _amount(element: Element, path: str, currency: str) -> Decimal | None:
    found = element.find(path)
    if found is None:
        return None
    name = path.rpartition("}")[2]
    if found.get("currencyID", currency) != currency:
        raise DocumentError(1, f"{name} is in {found.get('currencyID')}, the bill in {currency or 'no currency'}")
    return decimal_of(found.text or "", 1, name)
