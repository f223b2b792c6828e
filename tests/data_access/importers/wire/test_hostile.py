"""Fifteen hostile variants of each format: none crashes, none half lands, each is told clearly."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data_access.database import Database
from data_access.importers.errors import ImportRefusedError
from tests.data_access.importers.conftest import Importer
from tests.data_access.importers.wire.documents import ADVICE, BILL, STATEMENT, cii, pdf, ubl, x12

_HUGE = "9" * 40


def of_x12(code: str, segments: tuple[str, ...], amount: str) -> dict[str, str | bytes]:
    """Damage that any transaction can take; `amount` is the element to spoil."""
    good = x12(code, *segments)
    spoilt = good.replace(amount, amount.split("*", maxsplit=1)[0] + "*NaN", 1)
    return {
        "cut in the middle": good[: len(good) // 2],
        "no IEA": good.rsplit("IEA", 1)[0],
        "no SE": "~\n".join(each for each in good.split("~\n") if not each.startswith("SE*")),
        "wrong count": good.replace("SE*", "SE*9"),
        "count of letters": good.replace("GE*1*", "GE*one*"),
        "other control number": good.replace("IEA*1*000000001", "IEA*1*000000002"),
        "a control number of another group": good.replace("GE*1*1", "GE*1*7"),
        "empty segment": good.replace("~\n", "~~\n", 3),
        "separator in the header": good.replace("*00501*", "00501**"),
        "header only": good[:106],
        "another transaction": good.replace(f"ST*{code}", "ST*997"),
        "no group": "~\n".join(each for each in good.split("~\n") if not each.startswith(("GS*", "GE*"))),
        "not a number": spoilt,
        "zero bytes": good.replace("Lumina", "Lum\x00ina"),
        "another encoding": good.encode("utf-16"),
        "a number too long": good.replace(amount, amount.split("*", maxsplit=1)[0] + f"*{_HUGE}", 1),
        "an unknown vendor": good.replace("Lumina", "Nobody"),
    }


def of_xml(good: str) -> dict[str, str | bytes]:
    entity = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    head, _, body = good.partition("?>")
    return {
        "cut": good[: len(good) // 2],
        "an entity bomb": f"{head}?>{entity}{body.replace('Lumina', '&b;')}",
        "an outer entity": f'{head}?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>{body}',
        "another root": "<html><body>bill</body></html>",
        "another namespace": good.replace("Invoice-2", "Order-2").replace("CrossIndustryInvoice:100", "Order:100"),
        "nested too deep": "<a>" * 100_000,
        "not a number": good.replace("121.00", "a lot"),
        "a number too long": good.replace("121.00", _HUGE),
        "not a number but nearly": good.replace("121.00", "NaN"),
        "a comma": good.replace("121.00", "121,00"),
        "no total of that kind": good.replace("121.00", ""),
        "no such day": good.replace("2024-02-01", "2024-02-31").replace("20240201", "20240231"),
        "an unknown vendor": good.replace("Lumina", "Nobody"),
        "a vendor that is a formula": good.replace("Lumina", "=cmd|'/c calc'!A0"),
        "an unknown account": good.replace("A-1", "Z-9"),
        "another encoding than it says": good.replace("Fibre", "Fibré").encode("latin-1"),
        "another currency": good.replace("USD", "EUR"),
    }


def of_pdf() -> dict[str, str | bytes]:
    good = pdf(cii())
    return {
        "cut": good[: len(good) // 2],
        "only its name": b"%PDF-1.7\n",
        "no attachment": pdf("", name=""),
        "an attachment of another name": pdf(cii(), name="picture.xml"),
        "a password": pdf(cii(), password="secret"),
        "no XML inside": pdf("not XML"),
        "an order inside": pdf("<Order/>"),
        "a bomb inside": pdf('<!DOCTYPE x [<!ENTITY a "aa">]><x>&a;</x>'),
        "nothing inside": pdf(""),
        "no table of objects": good.replace(b"xref", b"zref").replace(b"trailer", b"tailer"),
        "no root": good.replace(b"/Root", b"/Toor"),
        "a loop of pages": good.replace(b"/Kids [ ", b"/Kids [ 2 0 R "),
        "bytes turned": good[:40] + good[40:][::-1],
        "no such day inside": pdf(cii(day="20241301")),
        "no number inside": pdf(cii(number="")),
        "an unknown vendor inside": pdf(cii().replace("Lumina", "Nobody")),
    }


FILES = {
    **{f"810 {name}": file for name, file in of_x12("810", BILL, "TDS*2350").items()},
    **{f"811 {name}": file for name, file in of_x12("811", STATEMENT, "TDS*9000").items()},
    **{f"820 {name}": file for name, file in of_x12("820", ADVICE, "RMR*IV*INV-1**23.50").items()},
    **{f"UBL {name}": file for name, file in of_xml(ubl()).items()},
    **{f"CII {name}": file for name, file in of_xml(cii()).items()},
    **{f"PDF {name}": file for name, file in of_pdf().items()},
}
# The invoice inside is whole, in spite of the damage around it.
HARMLESS = ["PDF no root", "PDF a loop of pages"]


@pytest.fixture
def known(sqlite_ledger: Path, tmp_path: Path, without_child: None) -> Iterator[Importer]:
    """On one database: what is refused here never comes near it."""
    database = Database(f"sqlite:///{shutil.copy(sqlite_ledger, tmp_path / 'ledger.db')}")
    importer = Importer(database, tmp_path)
    importer.accept("sites", "code,name,country\nHQ,Head office,US\n")
    importer.accept("accounts", "vendor,account_number,site\nLumina,A-1,HQ\nLumina,A-2,HQ\n", create_missing=True)
    yield importer
    database.close()


def test_there_are_fifteen_of_each() -> None:
    for name in ("810", "811", "820", "UBL", "CII", "PDF"):
        assert sum(key.startswith(name) for key in FILES) >= 15


def test_no_hostile_file_crashes_or_half_lands(known: Importer) -> None:
    told: dict[str, str] = {}
    for name, file in FILES.items():
        try:
            report = known.accept("edi", file)
        except ImportRefusedError as error:
            told[name] = str(error)
        else:
            told[name] = "; ".join(reject.reason for reject in report.rejects)
            if report.added:
                told[name] = f"landed {report.added}"
    assert [name for name, text in told.items() if text in ("", "landed 2")] == HARMLESS
    assert [name for name, text in told.items() if "could not be read" in text] == []
    assert known.table("invoices", "number", "amount") == [("F-1", 12100)]
    assert known.count("payments") == 0
