"""ISO 20022: camt.053 (statement), camt.052 (report) and camt.054 (notification), of every version."""

from collections.abc import Iterator
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

from data_access.importers.errors import ImportRefusedError
from data_access.importers.reading.bank.statement import Movement, Statement

_STATEMENTS = ("Stmt", "Rpt", "Ntfctn")
_OPENING, _CLOSING = ("OPBD", "PRCD"), ("CLBD",)


def statements(file: BinaryIO) -> Iterator[Statement]:
    """Each statement of the file. Raises ImportRefusedError for XML that is damaged or made to hurt."""
    try:
        root = parse(file).getroot()
    except ParseError as error:
        raise ImportRefusedError(f"this XML is damaged or cut short ({error}): download it again") from None
    except (DefusedXmlException, ValueError, LookupError):
        raise ImportRefusedError("this XML declares entities or an encoding of its own, as no bank does") from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    line = 0
    for element in root.iter():
        if element.tag in _STATEMENTS:
            statement = _statement(element)
            for entry in element.findall("Ntry"):
                line += 1
                statement.movements.append(_movement(entry, statement.currency, line))
            yield statement


def _statement(element: Element) -> Statement:
    account = element.find("Acct")
    balances = {_of(each, "Tp/CdOrPrtry/Cd"): each for each in element.findall("Bal")}
    opening = next((balances[code] for code in _OPENING if code in balances), None)
    closing = next((balances[code] for code in _CLOSING if code in balances), None)
    amounts = [*element.findall("Bal/Amt"), *element.findall("Ntry/Amt")]
    currency = _of(account, "Ccy") or (amounts[0].get("Ccy", "") if amounts else "")
    return Statement(
        account=_of(account, "Id/IBAN") or _of(account, "Id/Othr/Id"),
        currency=currency,
        reference=_of(element, "Id"),
        opening=_signed(opening) if opening is not None else "",
        closing=_signed(closing) if closing is not None else "",
        first=_of(element, "FrToDt/FrDtTm")[:10] or _date(opening),
        last=_of(element, "FrToDt/ToDtTm")[:10] or _date(closing),
    )


def _movement(entry: Element, currency: str, line: int) -> Movement:
    details = entry.findall("NtryDtls/TxDtls")
    one = details[0] if len(details) == 1 else None
    party = "Cdtr" if _of(entry, "CdtDbtInd") == "DBIT" else "Dbtr"
    texts = [each.text or "" for each in entry.iter("Ustrd")] or [_of(entry, "AddtlNtryInf")]
    movement = Movement(
        line=line,
        booked_on=_date(entry.find("BookgDt")) or _date(entry.find("ValDt")),
        amount=_signed(entry),
        value_on=_date(entry.find("ValDt")),
        counterparty=_of(one, f"RltdPties/{party}/Nm") or _of(one, f"RltdPties/{party}/Pty/Nm"),
        description=" ".join(texts),
        reference=_of(one, "Refs/EndToEndId") or _of(entry, "NtryRef"),
        check_number=_of(one, "Refs/ChqNb"),
        external_id=_of(entry, "AcctSvcrRef"),
    )
    amount = entry.find("Amt")
    foreign = amount.get("Ccy", currency) if amount is not None else currency
    status = _of(entry, "Sts/Cd") or _of(entry, "Sts")
    if foreign != currency:
        movement.fault = f"is in {foreign}, its statement in {currency}"
    elif status and status != "BOOK":
        movement.fault = f"is {status}, not booked: it comes again when it is"
    elif not movement.amount:
        movement.fault = "has no amount, or says neither CRDT nor DBIT"
    return movement


def _signed(element: Element) -> str:
    amount, side = _of(element, "Amt"), _of(element, "CdtDbtInd")
    sign = {"CRDT": "", "DBIT": "-"}.get(side)
    return f"{sign}{amount}" if amount and sign is not None else ""


def _date(element: Element | None) -> str:
    inner = element.find("Dt") if element is not None else None
    if inner is not None and len(inner):  # a balance has <Dt><Dt>, an entry <BookgDt><Dt>
        element = inner
    return (_of(element, "Dt") or _of(element, "DtTm"))[:10]


def _of(element: Element | None, path: str) -> str:
    return (element.findtext(path) or "").strip() if element is not None else ""
