"""From a file's bytes to its documents: what it is by its content, whatever its name says."""

from collections.abc import Callable, Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.record import Record
from data_access.importers.reading.wire import cii, ubl, x12_bills, x12_remittances
from data_access.importers.reading.wire.documents import Bill, DocumentError, landed

_EMBEDDED = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml")
_PADDING = b"\xef\xbb\xbf \t\r\n"
_TOLD = 6


class Contents:
    """What a file holds. `findings` and `documents` are filled while `rows` is walked."""

    def __init__(self, payload: bytes, *, accept_envelope: bool) -> None:
        self.name = ""
        self.findings: list[str] = []
        self.documents: list[dict[str, str]] = []
        start = payload.lstrip(_PADDING)
        if start.startswith(b"ISA"):
            self._rows = self._x12(start, accept_envelope=accept_envelope)
        elif payload.startswith(b"%PDF"):
            self._rows = self._xml(_embedded(payload), "PDF with ")
        elif start.startswith(b"<"):
            self._rows = self._xml(payload, "")
        else:
            raise ImportRefusedError(
                "this is neither X12 (it would begin with ISA), nor an XML invoice, nor a PDF that holds one: "
                "import tables as invoices, charges or payments"
            )

    def rows(self) -> Iterator[Record]:
        """The rows of all documents."""
        return self._rows

    def _x12(self, payload: bytes, *, accept_envelope: bool) -> Iterator[Record]:
        # Late, so that reading a CSV does not pay for it.
        from data_access.importers.reading.wire.x12_envelope import read_envelope

        transactions, faults = read_envelope(payload)
        told = "; ".join(faults[:_TOLD]) + (f"; and {len(faults) - _TOLD} more" if len(faults) > _TOLD else "")
        if faults and not accept_envelope:
            raise ImportRefusedError(
                f"the envelope is wrong: {told}. Ask the sender for the file again, or take it as it is with --accept-envelope"
            )
        if not transactions:
            raise ImportRefusedError("the X12 file holds no transaction (ST)")
        if faults:
            self.findings.append(f"taken though its envelope is wrong: {told}")
        codes = sorted({transaction.code for transaction in transactions})
        foreign = [code for code in codes if code not in (*x12_bills.CODES, *x12_remittances.CODES)]
        if foreign:
            raise ImportRefusedError(
                f"the X12 file holds {', '.join(foreign)[:60]}; bills are 810 and 811, remittance advices 820"
            )
        self.name = f"X12 {', '.join(codes)}"

        def bills() -> Iterator[Bill | DocumentError]:
            for transaction in transactions:
                if transaction.code in x12_bills.CODES:
                    try:
                        yield x12_bills.read_bill(transaction, self.findings)
                    except DocumentError as error:
                        yield error

        def payments() -> Iterator[Record]:
            for transaction in transactions:
                if transaction.code in x12_remittances.CODES:
                    try:
                        yield from x12_remittances.read_remittance(transaction, self.findings)
                    except DocumentError as error:
                        yield Record(error.line, [], error.told)

        def both() -> Iterator[Record]:
            yield from landed(bills(), self.findings, self.documents)
            yield from payments()

        return both()

    def _xml(self, payload: bytes, around: str) -> Iterator[Record]:
        root = _parsed(payload)
        read: Callable[[Element, list[str]], Bill]
        if root.tag in ubl.ROOTS:
            self.name, read = f"{around}UBL {ubl.ROOTS[root.tag]}", ubl.read_bill
        elif root.tag == cii.ROOT:
            self.name, read = f"{around}Cross Industry Invoice", cii.read_bill
        else:
            raise ImportRefusedError(
                f"this is XML with the root {root.tag.rpartition('}')[2][:60]!r}: "
                "invoices are UBL Invoice or CreditNote, or Cross Industry Invoice (Factur-X, ZUGFeRD 2)"
            )
        try:
            bill: Bill | DocumentError = read(root, self.findings)
        except DocumentError as error:
            bill = error
        if isinstance(bill, Bill) and not bill.account_number:
            self.findings.append(
                f"bill {bill.number or '?'}: no account number; say which one by --map account_number==NUMBER"
            )
        return landed(iter([bill]), self.findings, self.documents)


def _parsed(payload: bytes) -> Element:
    try:
        return fromstring(payload, forbid_dtd=True)
    except DefusedXmlException as error:
        raise ImportRefusedError("the XML defines its own entities or document type: it is not read") from error
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise ImportRefusedError(f"the XML is damaged ({error}): ask for it again") from error


def _embedded(payload: bytes) -> bytes:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(BytesIO(payload))
        if reader.is_encrypted:
            raise ImportRefusedError("the PDF is protected by a password: save it without one")
        held = {name.casefold(): contents for name, contents in reader.attachments.items()}
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError, IndexError, RecursionError, OSError) as error:
        raise ImportRefusedError(f"the PDF is damaged ({error}): ask for it again") from error
    found = [contents[0] for name in _EMBEDDED if (contents := held.get(name))]
    if not found:
        others = f"; it holds {', '.join(sorted(held))[:100]}" if held else ""
        raise ImportRefusedError(
            f"the PDF holds no invoice as XML (factur-x.xml){others}: ask the vendor for an e-invoice, or type the bill in a table"
        )
    return found[0]
