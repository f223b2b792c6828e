"""OFX and QFX: SGML of version 1 and XML of version 2, by the same tags."""

from collections.abc import Iterator
from html import unescape
from xml.etree.ElementTree import Element

from ofxtools.Parser import ParseError, TreeBuilder

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.bank.statement import Movement, Statement, day, line_numbers

_KINDS = (("STMTRS", "BANKACCTFROM", "bank"), ("CCSTMTRS", "CCACCTFROM", "card"))


def statements(text: str) -> Iterator[Statement]:
    """Each statement of the file. Raises ImportRefusedError where its tags do not close."""
    start, end = text.find("<OFX>"), text.rfind("</OFX>")
    if start < 0 or end < 0:
        raise ImportRefusedError("this OFX file is cut short: it does not reach </OFX>. Download it again")
    builder = TreeBuilder()
    try:
        builder.feed(text[start : end + len("</OFX>")])
        root = builder.close()
    except (ParseError, SyntaxError, AssertionError, IndexError) as error:
        raise ImportRefusedError(f"this OFX file is damaged ({str(error)[:120]}): download it again") from None
    lines = line_numbers(text, "<STMTTRN>")
    for element in root.iter():
        for tag, source, kind in _KINDS:
            if element.tag == tag:
                yield _statement(element, source, kind, lines)


def _statement(element: Element, source: str, kind: str, lines: Iterator[int]) -> Statement:
    statement = Statement(
        account=_of(element, f"{source}/ACCTID"),
        currency=_of(element, "CURDEF"),
        kind=kind,
        closing=_amount(_of(element, "LEDGERBAL/BALAMT")),
        first=day(_of(element, "BANKTRANLIST/DTSTART")),
        last=day(_of(element, "BANKTRANLIST/DTEND")),
    )
    for entry in element.iter("STMTTRN"):
        name, memo = _of(entry, "NAME") or _of(entry, "PAYEE/NAME"), _of(entry, "MEMO")
        movement = Movement(
            line=next(lines),
            booked_on=day(_of(entry, "DTPOSTED")),
            amount=_amount(_of(entry, "TRNAMT")),
            value_on=day(_of(entry, "DTAVAIL")),
            counterparty=name,
            description=memo or name,
            reference=_of(entry, "REFNUM"),
            check_number=_of(entry, "CHECKNUM"),
            external_id=_of(entry, "FITID"),
        )
        foreign = _of(entry, "CURRENCY/CURSYM")
        if foreign and foreign != statement.currency:
            movement.fault = f"is in {foreign}, its statement in {statement.currency}"
        elif not movement.amount:
            movement.fault = "has no amount (TRNAMT)"
        statement.movements.append(movement)
    return statement


def _of(element: Element, path: str) -> str:
    return unescape((element.findtext(path) or "").strip())


def _amount(text: str) -> str:
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
