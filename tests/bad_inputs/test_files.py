"""Files of people and companies for the suppression list, in all the ways files come."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from pipeline.imports.subject_file import MOST_ROWS, SubjectFile
from services import suppression_list
from services.errors import Invalid
from tests.bad_inputs.conftest import World
from tests.bad_inputs.table import Case
from tests.support.people import person

TWO = "email,reason\none@example.com,asked\ntwo@example.com,asked\n"
Counts = tuple[int, int, int]
"""How many a file names, how many of its rows cannot be used, how many were there twice."""


def _zipped(name: str, size: int) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, b"0" * size)
    return held.getvalue()


def _rows(good: int, bad: int = 0) -> bytes:
    lines = [f"address{number}@example.com" for number in range(good)] + ["nothing of use"] * bad
    return "\n".join(["email", *lines]).encode()


READ: tuple[Case[bytes, Counts], ...] = (
    Case(36, "no headings", b"one@example.com\ntwo@example.com\n", (2, 0, 0)),
    Case(39, "UTF-16 with its mark", TWO.encode("utf-16"), (2, 0, 0)),
    Case(40, "UTF-8 with its mark", TWO.encode("utf-8-sig"), (2, 0, 0)),
    Case(41, "cp1252", "name,place\nCafé Noir,Orléans\n".encode("cp1252"), (1, 0, 0)),
    Case(42, "semicolons", TWO.replace(",", ";").encode(), (2, 0, 0)),
    Case(42, "tabs", TWO.replace(",", "\t").encode(), (2, 0, 0)),
    Case(43, "a line end in quotes", b'email,reason\none@example.com,"asked\nby phone"\n', (1, 0, 0)),
    Case(48, "ragged rows", b"email,reason\none@example.com\ntwo@example.com,asked,twice,over\n", (2, 0, 0)),
    Case(52, "a formula", b"email,reason\n=HYPERLINK(1),asked\none@example.com,asked\n", (1, 1, 0)),
    Case(53, "ends of lines of old Macs", TWO.replace("\n", "\r").encode(), (2, 0, 0)),
    Case(54, "the same row twice", b"email\none@example.com\nONE@example.com\n", (1, 0, 1)),
    Case(55, "999 good rows and a bad one", _rows(999, 1), (999, 1, 0)),
    Case(59, "a postcode with a leading zero", b"name,place\nCafe Noir,02134\n", (1, 0, 0)),
)
REFUSED: tuple[Case[bytes, str], ...] = (
    Case(34, "empty", b"", "The file is empty"),
    Case(35, "headings alone", b"email,reason\n", "nothing below it"),
    Case(37, "the same heading twice", b"email,email\none@example.com,two@example.com\n", "twice|Two"),
    Case(38, "headings of something else", b"colour,size\nred,1\n", "Title them"),
    Case(44, "a quotation mark left open", b'email\n"' + b"x@example.com\n" * 10_000, "quotation mark"),
    Case(46, "a field of 50 MB", b"email\n" + b"x" * 50_000_000, "larger than|characters"),
    Case(47, "more rows than are read", _rows(MOST_ROWS + 1), f"{MOST_ROWS:,} are read at once"),
    Case(49, "a workbook renamed", _zipped("xl/workbook.xml", 100), "save it as CSV"),
    Case(50, "a packed gigabyte", _zipped("bomb.csv", 10_000_000), "save it as CSV"),
    Case(51, "a picture", b"\x89PNG\r\n\x1a\n", "a picture"),
    Case(51, "bytes of a program", bytes(range(256)) * 20, "no text"),
    Case(60, "a packed file", gzip.compress(TWO.encode()), "unpack it first"),
)
CALM: tuple[Case[bytes, None], ...] = (
    Case(45, "NUL bytes", b"email\none\x00@example.com\n", None),
    Case(59, "a number as a spreadsheet writes it", b"phone\n1E10\n", None),
)


@pytest.mark.parametrize("case", READ, ids=str)
def test_a_file_that_can_be_read(case: Case[bytes, Counts]) -> None:
    file = suppression_list.read(case.given)
    assert (len(file.named), len(file.bad), file.repeated) == case.expected


@pytest.mark.parametrize("case", REFUSED, ids=str)
def test_a_file_that_cannot(case: Case[bytes, str]) -> None:
    with pytest.raises(Invalid, match=case.expected):
        suppression_list.read(case.given)


@pytest.mark.parametrize("case", CALM, ids=str)
def test_a_file_with_something_odd_in_it(case: Case[bytes, None]) -> None:
    """What is in such a file is used or named as of no use, and nothing breaks."""
    file = suppression_list.read(case.given)
    assert file.named or file.bad


def test_nothing_is_kept_of_a_file_with_a_bad_row_unless_it_is_skipped(world: World) -> None:
    owner = person("files")
    file: SubjectFile = suppression_list.read(_rows(3, 1))
    with pytest.raises(Invalid, match="Row 5"):
        suppression_list.add_file(owner, file, "Asked for", skip_bad=False)
    assert sum(suppression_list.counts(owner).values()) == 0
    suppression_list.add_file(owner, file, "Asked for", skip_bad=True)
    assert sum(suppression_list.counts(owner).values()) == 3
