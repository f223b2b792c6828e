"""X12 820 (remittance advice) to rows: one for each bill that it pays, all of them of one remittance under its trace number."""

from decimal import Decimal

from data_access.importers.reading.record import Record
from data_access.importers.reading.wire.documents import DocumentError, as_record, date_of, decimal_of
from data_access.importers.reading.wire.x12_envelope import Segment, Transaction

CODES = ("820",)
_METHODS = {"ACH": "ach", "CHK": "check", "FWT": "wire", "BOP": "wire", "CCC": "card"}  # BPR04
_BILLS = ("IV", "OI", "R7")  # RMR01: seller's invoice, original invoice
_ACCOUNTS = ("12", "11", "AJ")  # RMR01 or REF01: the account itself
_DATES = ("097", "107", "009", "EFF")  # DTM01, where BPR16 is empty


def read_remittance(transaction: Transaction, findings: list[str]) -> list[Record]:
    """Rows of payments. Raises DocumentError where the advice as a whole cannot be taken."""
    payer = _Payment(transaction)
    items: list[tuple[Segment, str, str]] = []  # RMR, account, bill
    account, below = "", False
    for segment in transaction.segments:
        match segment.tag:
            case "BPR" | "TRN" | "DTM" | "CUR" | "N1":
                payer.take(segment)
            case "ENT":
                account, below = "", False
            case "REF" if segment.get(1) in _ACCOUNTS and below:
                items[-1] = (items[-1][0], segment.get(2), items[-1][2])
            case "REF" if segment.get(1) in _ACCOUNTS:
                account = segment.get(2)  # of all bills under this entity
            case "RMR":
                below = True
                kind, text = segment.get(1), segment.get(2)
                own = text if kind in _ACCOUNTS else account
                items.append((segment, own, text if kind in _BILLS else ""))
            case "ADX":
                raise DocumentError(
                    segment.line,
                    f"payment {payer.trace} holds an adjustment (ADX) of {segment.get(1)}: enter it by hand",
                )
            case _:
                pass
    return payer.rows(items, findings)


class _Payment:
    """The money itself, and who is paid."""

    def __init__(self, transaction: Transaction) -> None:
        self._line = transaction.line
        self._total: Decimal | None = None
        self._values = {"vendor": "", "currency": "", "paid_on": "", "method": "", "confirmation_number": ""}

    @property
    def trace(self) -> str:
        """The number that the bank knows it by."""
        return self._values["confirmation_number"]

    def take(self, segment: Segment) -> None:
        """One of the header's segments."""
        values = self._values
        match segment.tag:
            case "BPR":
                self._line = segment.line
                self._total = decimal_of(segment.get(2), segment.line, "BPR02")
                values["method"] = _METHODS.get(segment.get(4), segment.get(4).lower())
                if segment.get(3) == "D":
                    raise DocumentError(segment.line, "BPR03 is D: the advice takes money back; enter it by hand")
                if segment.get(16):
                    values["paid_on"] = date_of(segment.get(16), segment.line, "BPR16")
            case "TRN":
                values["confirmation_number"] = values["confirmation_number"] or segment.get(2)
            case "CUR":
                values["currency"] = segment.get(2)
            case "DTM" if segment.get(1) in _DATES and not values["paid_on"]:
                values["paid_on"] = date_of(segment.get(2), segment.line, "DTM02")
            case "N1" if segment.get(1) == "PE" and not values["vendor"]:
                values["vendor"] = segment.get(2)
            case _:
                pass

    def rows(self, items: list[tuple[Segment, str, str]], findings: list[str]) -> list[Record]:
        """One a bill; what names no bill is paid on account."""
        if self._total is None:
            raise DocumentError(self._line, "the remittance has no BPR: it says not what was paid")
        if not self._values["paid_on"]:
            raise DocumentError(self._line, f"payment {self.trace} has no date (BPR16)")
        if not items:
            return [as_record(self._line, self._values | {"amount": f"{self._total:f}"})]
        amounts = [decimal_of(segment.get(4), segment.line, "RMR04") for segment, _, _ in items]
        if sum(amounts) != self._total:
            raise DocumentError(
                self._line,
                f"payment {self.trace} is of {self._total:f}, but the bills under it come to {sum(amounts):f}: "
                "ask the sender which is right",
            )
        if not self._values["vendor"]:
            findings.append(f"payment {self.trace}: no payee (N1*PE); say which vendor by --map vendor==NAME")
        return [
            as_record(
                segment.line,
                self._values
                | {"amount": f"{amount:f}", "account_number": account, "invoice_number": bill}
                | {"remittance": str(self._line)},
            )
            for (segment, account, bill), amount in zip(items, amounts, strict=True)
            if amount
        ]
