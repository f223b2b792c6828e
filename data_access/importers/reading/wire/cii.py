"""UN/CEFACT Cross Industry Invoice, which Factur-X and ZUGFeRD embed, to a bill."""

from decimal import Decimal
from xml.etree.ElementTree import Element

from data_access.importers.reading.wire.documents import Bill, DocumentError, Line, date_of, decimal_of

_RSM = "{urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100}"
_RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
_UDT = "{urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100}"
ROOT = f"{_RSM}CrossIndustryInvoice"
_CREDITS = ("381", "396", "261")


def read_bill(root: Element, findings: list[str]) -> Bill:
    """Raises DocumentError where it cannot be taken."""
    document = _child(root, f"{_RSM}ExchangedDocument")
    trade = _child(root, f"{_RSM}SupplyChainTradeTransaction")
    agreement = _child(trade, f"{_RAM}ApplicableHeaderTradeAgreement")
    settlement = _child(trade, f"{_RAM}ApplicableHeaderTradeSettlement")
    summation = f"{_RAM}SpecifiedTradeSettlementHeaderMonetarySummation/{_RAM}"
    bill = Bill(
        1,
        vendor=_text(agreement, f"{_RAM}SellerTradeParty/{_RAM}Name"),
        account_number=_text(agreement, f"{_RAM}BuyerTradeParty/{_RAM}ID")
        or _text(agreement, f"{_RAM}ContractReferencedDocument/{_RAM}IssuerAssignedID"),
        number=_text(document, f"{_RAM}ID"),
        currency=_text(settlement, f"{_RAM}InvoiceCurrencyCode"),
        issued_on=_day(document, f"{_RAM}IssueDateTime", "IssueDateTime"),
        due_on=_day(settlement, f"{_RAM}SpecifiedTradePaymentTerms/{_RAM}DueDateDateTime", "DueDateDateTime"),
        credit=_text(document, f"{_RAM}TypeCode") in _CREDITS,
        total_line=1,
    )
    bill.total = _amount(settlement, f"{summation}GrandTotalAmount", bill.currency)
    for each in trade.findall(f"{_RAM}IncludedSupplyChainTradeLineItem"):
        total = f"{_RAM}SpecifiedLineTradeSettlement/{_RAM}SpecifiedTradeSettlementLineMonetarySummation/{_RAM}LineTotalAmount"
        line = Line(
            len(bill.lines) + 1,
            _amount(each, total, bill.currency) or Decimal(0),
            description=_text(each, f"{_RAM}SpecifiedTradeProduct/{_RAM}Name"),
            number=_text(each, f"{_RAM}AssociatedDocumentLineDocument/{_RAM}LineID"),
        )
        bill.lines.append(line)
    for each in settlement.findall(f"{_RAM}SpecifiedTradeAllowanceCharge"):
        charge = _text(each, f"{_RAM}ChargeIndicator/{_UDT}Indicator").casefold() == "true"
        amount = _amount(each, f"{_RAM}ActualAmount", bill.currency) or Decimal(0)
        words = _text(each, f"{_RAM}Reason") or ("Charge" if charge else "Allowance")
        bill.lines.append(
            Line(len(bill.lines) + 1, amount if charge else -amount, "fee" if charge else "credit", words)
        )
    if bill.lines:  # the shortest profile states its tax and no lines: then the total is all there is
        for each in settlement.findall(f"{_RAM}ApplicableTradeTax"):
            amount = _amount(each, f"{_RAM}CalculatedAmount", bill.currency) or Decimal(0)
            words = f"Tax {_text(each, f'{_RAM}RateApplicablePercent')} %".replace("Tax  %", "Tax")
            bill.lines.append(Line(len(bill.lines) + 1, amount, "tax", words))
    prepaid = _text(settlement, f"{summation}TotalPrepaidAmount")
    if prepaid and decimal_of(prepaid, 1, "TotalPrepaidAmount"):
        findings.append(
            f"bill {bill.number}: {prepaid} of it was paid before (TotalPrepaidAmount); the whole bill lands, import that payment too"
        )
    return bill


def _child(element: Element, path: str) -> Element:
    found = element.find(path)
    if found is None:
        raise DocumentError(1, f"the invoice has no {path.rpartition('}')[2]}")
    return found


def _text(element: Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())


def _day(element: Element, path: str, name: str) -> str:
    text = _text(element, f"{path}/{_UDT}DateTimeString")
    return date_of(text, 1, name) if text else ""


def _amount(element: Element, path: str, currency: str) -> Decimal | None:
    found = element.find(path)
    if found is None:
        return None
    name = path.rpartition("}")[2]
    if found.get("currencyID", currency) != currency:
        raise DocumentError(1, f"{name} is in {found.get('currencyID')}, the bill in {currency or 'no currency'}")
    return decimal_of(found.text or "", 1, name)
