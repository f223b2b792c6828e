"""Documents as trading partners send them, with envelopes that hold."""

from io import BytesIO

from pypdf import PdfWriter

BILL = (
    "BIG*20240131*INV-1****DI",
    "CUR*SE*USD",
    "REF*12*A-1",
    "N1*SE*Lumina",
    "ITD*******30",
    "IT1*1*2*EA*10.25**UP*SKU",
    "PID*F****Handset",
    "SAC*A****100**********Goodwill",
    "SAC*C****250**********Regulatory fee",
    "TXI*ST*1.5",
    "TDS*2350",
    "CTT*1",
)
STATEMENT = (
    "BIG*20240131*ST-1****DI",
    "REF*12*A-1",
    "N1*SE*Lumina",
    "DTM*814*20240229",
    "BAL*M*PB*40.00",
    "HL*1**1",
    "LX*1",
    "HL*2*1*8",
    "IT1*1*1*EA*30.00**SV*CIRCUIT",
    "SLN*1**A*3*EA*5.00",
    "SLN*2**I*3*EA*7.00",
    "ITA*C****0*0*425******Universal service fee",
    "TXI*LS*0.75",
    "TDS*9000",
)
ADVICE = (
    "BPR*C*70.00*C*ACH************20240301",
    "TRN*1*TRACE-9",
    "CUR*PR*USD",
    "N1*PE*Lumina",
    "ENT*1",
    "RMR*IV*INV-1**23.50",
    "REF*12*A-1",
    "RMR*IV*INV-2**46.50",
    "REF*12*A-2",
)


def x12(code: str, *segments: str, control: str = "000000001", joint: str = "~\n") -> str:
    """One transaction in an envelope whose counts are right."""
    group = {"810": "IN", "811": "CI", "820": "RA"}.get(code, "XX")
    head = f"ISA*00*          *00*          *ZZ*{'SENDER':<15}*ZZ*{'US':<15}*240131*1200*U*00501*{control}*0*P*>"
    body = (
        head,
        f"GS*{group}*SENDER*US*20240131*1200*1*X*005010",
        f"ST*{code}*0001",
        *segments,
        f"SE*{len(segments) + 2}*0001",
        "GE*1*1",
        f"IEA*1*{control}",
    )
    return joint.join(body) + joint


def ubl(
    kind: str = "Invoice", *, number: str = "U-1", total: str = "121.00", line: str = "100.00", extra: str = ""
) -> str:
    """A UBL invoice or credit note of one line and a tax of 21."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<{kind} xmlns="urn:oasis:names:specification:ubl:schema:xsd:{kind}-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>{number}</cbc:ID><cbc:IssueDate>2024-02-01</cbc:IssueDate>
<cbc:DocumentCurrencyCode>USD</cbc:DocumentCurrencyCode>
<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Lumina</cbc:Name></cac:PartyName></cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cbc:SupplierAssignedAccountID>A-1</cbc:SupplierAssignedAccountID></cac:AccountingCustomerParty>
<cac:PaymentMeans><cbc:PaymentDueDate>2024-03-02</cbc:PaymentDueDate></cac:PaymentMeans>
{extra}
<cac:TaxTotal><cbc:TaxAmount currencyID="USD">21.00</cbc:TaxAmount></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:TaxInclusiveAmount currencyID="USD">{total}</cbc:TaxInclusiveAmount></cac:LegalMonetaryTotal>
<cac:{kind}Line><cbc:ID>1</cbc:ID><cbc:LineExtensionAmount currencyID="USD">{line}</cbc:LineExtensionAmount>
<cac:Item><cbc:Name>Fibre 1 Gbit/s</cbc:Name></cac:Item></cac:{kind}Line>
</{kind}>"""


def cii(
    *, code: str = "380", number: str = "F-1", total: str = "121.00", line: str = "100.00", day: str = "20240201"
) -> str:
    """A Cross Industry Invoice of one line and a tax of 21."""
    urn = "urn:un:unece:uncefact:data:standard"
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="{urn}:CrossIndustryInvoice:100"
 xmlns:ram="{urn}:ReusableAggregateBusinessInformationEntity:100" xmlns:udt="{urn}:UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:TypeCode>{code}</ram:TypeCode>
<ram:IssueDateTime><udt:DateTimeString format="102">{day}</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:IncludedSupplyChainTradeLineItem><ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
<ram:SpecifiedTradeProduct><ram:Name>Fibre</ram:Name></ram:SpecifiedTradeProduct>
<ram:SpecifiedLineTradeSettlement><ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{line}</ram:LineTotalAmount>
</ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement></ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>Lumina</ram:Name></ram:SellerTradeParty>
<ram:BuyerTradeParty><ram:ID>A-1</ram:ID></ram:BuyerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>USD</ram:InvoiceCurrencyCode>
<ram:ApplicableTradeTax><ram:CalculatedAmount>21.00</ram:CalculatedAmount><ram:RateApplicablePercent>21</ram:RateApplicablePercent></ram:ApplicableTradeTax>
<ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">20240302</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:GrandTotalAmount>{total}</ram:GrandTotalAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
</rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""


def pdf(xml: str, name: str = "factur-x.xml", password: str = "") -> bytes:
    """A page that carries the invoice."""
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    if name:
        writer.add_attachment(name, xml.encode())
    if password:
        writer.encrypt(password)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
