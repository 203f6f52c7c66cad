"""Files of companies for lists, in all the ways files come: what is said of them before anything is kept."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from pipeline.imports import company_list
from pipeline.imports.company_list import MOST_ROWS, BadRow
from pipeline.imports.table_text import Unreadable
from services import lists
from services.errors import Invalid
from tests.bad_inputs.table import Case

TWO = "website,city\none.example.com,Orléans\ntwo.example.com,Orléans\n"
Counts = tuple[int, int]
"""How many rows of a file can be used, and how many cannot."""
_SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%b</sheetData></worksheet>'
_TEXT = b'<row><c t="inlineStr"><is><t>%b</t></is></c></row>'
_ROW = _TEXT % b"website" + _TEXT % b"a.example.com"
_BOMB = 160_000_000


def _workbook(sheet: bytes, **parts: bytes) -> bytes:
    """A workbook put together by hand, as no program would save it."""
    names = {
        "xl/workbook.xml": b'<workbook xmlns:r="r"><sheets><sheet name="a" r:id="1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": b'<Relationships><Relationship Id="1" Target="/xl/worksheets/s.xml"/>'
        b"</Relationships>",
        "xl/worksheets/s.xml": sheet,
        **parts,
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in names.items():
            packed.writestr(name, data)
    return held.getvalue()


def _rows(number: int) -> bytes:
    return "\n".join(["website", *(f"a{place}.example.com" for place in range(number))]).encode()


READ: tuple[Case[bytes, Counts], ...] = (
    Case(37, "the same heading twice", b"website,website\none.example.com,two.example.com\n", (1, 0)),
    Case(39, "UTF-16 with its mark", TWO.encode("utf-16"), (2, 0)),
    Case(40, "UTF-8 with its mark", TWO.encode("utf-8-sig"), (2, 0)),
    Case(41, "cp1252", TWO.encode("cp1252"), (2, 0)),
    Case(42, "semicolons", TWO.replace(",", ";").encode(), (2, 0)),
    Case(42, "tabs", TWO.replace(",", "\t").encode(), (2, 0)),
    Case(43, "a line end in quotes", b'website,city\none.example.com,"Orl\neans"\n', (1, 0)),
    Case(45, "NUL bytes", b"website\none\x00.example.com\n", (1, 0)),
    Case(48, "ragged rows", b"website,city\none.example.com\ntwo.example.com,a,b,c\n", (2, 0)),
    Case(49, "a workbook renamed", _workbook(_SHEET % _ROW), (1, 0)),
    Case(52, "a formula", b"website\n=HYPERLINK(1)\none.example.com\n", (1, 1)),
    Case(53, "ends of lines of old Macs", TWO.replace("\n", "\r").encode(), (2, 0)),
    Case(55, "999 good rows and a bad one", _rows(999) + b"\nnothing of use", (999, 1)),
    Case(59, "a postcode with a leading zero", b"name,zip\nCafe Noir,02134\n", (1, 0)),
    Case(59, "a number as a spreadsheet writes it", b"phone\n1E10\n", (0, 1)),
)
REFUSED: tuple[Case[bytes, str], ...] = (
    Case(34, "empty", b"", "The file is empty"),
    Case(34, "a workbook without rows", _workbook(_SHEET % b""), "The file is empty"),
    Case(35, "headings alone", b"website,city\n", "nothing below it"),
    Case(44, "a quotation mark left open", b'website\n"' + b"x@example.com\n" * 10_000, "quotation mark"),
    Case(46, "a field of 50 MB", b"website\n" + b"x" * 50_000_000, "larger than|characters|too long"),
    Case(47, "more rows than are read", _rows(MOST_ROWS + 1), f"more than {MOST_ROWS:,} rows"),
    Case(50, "a packed gigabyte", _workbook(_SHEET % (_ROW + b" " * _BOMB)), "unpacks to more than"),
    Case(50, "a workbook that swells by entities",
         _workbook(b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet><sheetData/></worksheet>'), "damaged"),
    Case(50, "a workbook cut off", _workbook(_SHEET % _ROW)[:300], "save it as CSV|damaged"),
    Case(50, "a sheet that is no XML", _workbook(b"nothing"), "damaged"),
    Case(50, "a workbook with a column too far", _workbook(_SHEET % b'<row><c r="ZZZ1"><v>1</v></c></row>'), "columns"),
    Case(51, "a picture", b"\x89PNG\r\n\x1a\n", "a picture"),
    Case(51, "bytes of a program", bytes(range(256)) * 20, "no text"),
    Case(60, "a packed file", gzip.compress(TWO.encode()), "unpack it first"),
)  # fmt: skip


@pytest.mark.parametrize("case", READ, ids=str)
def test_a_list_that_can_be_read(case: Case[bytes, Counts]) -> None:
    read = list(company_list.entries(case.given, lists.read(case.given).guessed, None))
    bad = sum(isinstance(row, BadRow) for row in read)
    assert (len(read) - bad, bad) == case.expected


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_a_list_that_cannot(case: Case[bytes, str]) -> None:
    with pytest.raises((Invalid, Unreadable), match=case.expected):
        for _ in company_list.entries(case.given, lists.read(case.given).guessed, None):
            pass
