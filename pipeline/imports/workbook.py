"""The first visible sheet of a workbook (.xlsx), read as a stream: no more is unpacked than is allowed.

Office Open XML, ECMA-376 part 1, chapter 18: a cell is a number, a text of its own or one of the shared texts, or the
value a formula had when the file was saved.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from xml.parsers import expat

from pipeline.imports.table_text import MOST_CELL, TableRow, Unreadable, checked

MOST_UNPACKED = 150_000_000
"""Bytes of the parts that are read, unpacked; our own choice: 100,000 rows with ten columns have about half."""
MOST_TEXTS = 100_000_000
"""Characters of the texts that cells share."""
_CHUNK = 1 << 16
_MOST_COLUMNS = 1000
_COLUMN = re.compile(r"[A-Z]{1,3}")
_DAMAGE = (expat.ExpatError, zipfile.BadZipFile, zlib.error, LookupError, EOFError, OSError, ValueError)
_BROKEN = "The workbook is damaged. Open it, save it again as .xlsx or as CSV, and upload that."


def is_workbook(data: bytes) -> bool:
    """Whether these bytes are a packed workbook, whatever the file is called."""
    if not data.startswith(b"PK"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "xl/workbook.xml" in packed.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def read(data: bytes) -> Iterator[TableRow]:
    """The rows that hold anything. Raises Unreadable for a damaged file and one that unpacks to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            unpacker = _Unpacker(packed)
            texts = _Texts()
            if "xl/sharedStrings.xml" in packed.namelist():
                unpacker.parse("xl/sharedStrings.xml", texts)
            sheet = _Sheet(texts.found)
            for _ in unpacker.parsed(_first_sheet(unpacker), sheet):
                yield from (row for row in sheet.take() if not row.is_empty)
    except Unreadable:
        raise
    except (*_DAMAGE, NotImplementedError):
        raise Unreadable(_BROKEN) from None
    except RuntimeError:
        raise Unreadable("The workbook is protected by a password. Save it without one.") from None


class _Unpacker:
    """Unpacks parts of a workbook, of all of them together no more than is allowed."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        self._left = MOST_UNPACKED

    def parse(self, part: str, into: _Listener) -> None:
        for _ in self.parsed(part, into):
            pass

    def parsed(self, part: str, into: _Listener) -> Iterator[None]:
        """Have ``into`` hear what a part holds, a piece after each step."""
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = into.start
        parser.EndElementHandler = into.end
        parser.CharacterDataHandler = into.text
        parser.EntityDeclHandler = _refuse
        with self._packed.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                self._left -= len(chunk)
                if self._left < 0:
                    raise Unreadable(
                        f"The workbook unpacks to more than {MOST_UNPACKED // 1_000_000} MB. Keep the columns that are"
                        " needed, or split it."
                    )
                parser.Parse(chunk)
                yield
        parser.Parse(b"", True)
        yield


def _refuse(*_declared: object) -> None:
    """No workbook declares entities; one that does may want to swell, or another file to be read."""
    raise Unreadable(_BROKEN)


class _Listener:
    """Hears elements by their bare names."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Text of an element."""


class _Attributes(_Listener):
    """Keeps the attributes of every element of one name."""

    def __init__(self, wanted: str) -> None:
        self._wanted = wanted
        self.found: list[dict[str, str]] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if _bare(name) == self._wanted:
            self.found.append({_bare(key): value for key, value in attributes.items()})


def _first_sheet(unpacker: _Unpacker) -> str:
    """The part with the first sheet that is not hidden."""
    sheets, targets = _Attributes("sheet"), _Attributes("Relationship")
    unpacker.parse("xl/workbook.xml", sheets)
    unpacker.parse("xl/_rels/workbook.xml.rels", targets)
    shown = [sheet for sheet in sheets.found if sheet.get("state", "visible") == "visible"] or sheets.found
    where = {target["Id"]: target["Target"] for target in targets.found}
    return posixpath.normpath(posixpath.join("/xl", where[shown[0]["id"]])).lstrip("/")


class _Texts(_Listener):
    """The texts that cells share; readings of Asian names beside them are left out."""

    def __init__(self) -> None:
        self.found: list[str] = []
        self._parts: list[str] = []
        self._left = MOST_TEXTS
        self._is_text, self._is_reading = False, False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        bare = _bare(name)
        self._is_text = bare == "t"
        self._is_reading = bare == "rPh" or (self._is_reading and bare == "t")

    def end(self, name: str) -> None:
        self._is_text = False
        if _bare(name) == "rPh":
            self._is_reading = False
        elif _bare(name) == "si":
            self.found.append("".join(self._parts))
            self._parts = []

    def text(self, data: str) -> None:
        if self._is_text and not self._is_reading:
            self._left -= len(data)
            if self._left < 0:
                raise Unreadable("The texts of the workbook are too long. Keep the columns that are needed.")
            self._parts.append(data)


class _Sheet(_Listener):
    """The rows of a sheet, as they become whole."""

    def __init__(self, texts: list[str]) -> None:
        self._texts = texts
        self._rows: list[TableRow] = []
        self._number = 0
        self._cells: list[str] = []
        self._column, self._kind = 0, ""
        self._parts: dict[str, list[str]] = {}
        self._inside = ""

    def take(self) -> list[TableRow]:
        """The rows that became whole since the last time."""
        done, self._rows = self._rows, []
        return done

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside = _bare(name)
        if self._inside == "row":
            self._number = int(attributes["r"]) if attributes.get("r", "").isdecimal() else self._number + 1
            self._cells = []
        elif self._inside == "c":
            self._column = _column(attributes.get("r", ""), len(self._cells))
            self._kind = attributes.get("t", "n")
            self._parts = {}

    def text(self, data: str) -> None:
        if self._inside in ("v", "f", "t"):
            held = self._parts.setdefault(self._inside, [])
            held.append(data)
            if sum(map(len, held)) > MOST_CELL:
                raise Unreadable(f"Row {self._number:,} has a cell of more than {MOST_CELL:,} characters.")

    def end(self, name: str) -> None:
        self._inside = ""
        bare = _bare(name)
        if bare == "c":
            self._cells += [""] * (self._column - len(self._cells))
            self._cells.append(self._value())
        elif bare == "row":
            self._rows.append(TableRow(self._number, checked(self._number, self._cells)))

    def _value(self) -> str:
        said = {name: "".join(parts) for name, parts in self._parts.items()}
        read: Callable[[str], str] = _READERS.get(self._kind, _number)
        if self._kind == "inlineStr":
            return said.get("t", "")
        if "v" not in said:
            # A formula that was never worked out.
            return f"={said['f']}" if said.get("f") else ""
        return self._texts[int(said["v"])] if self._kind == "s" else read(said["v"])


def _number(text: str) -> str:
    """A number as people write it: a phone number that was taken for one keeps its digits."""
    try:
        value = float(text)
    except ValueError:
        return text
    return str(int(value)) if value.is_integer() and abs(value) < 10**15 else text


_READERS: dict[str, Callable[[str], str]] = {
    "str": str,
    "d": str,
    "b": lambda text: "TRUE" if text == "1" else "FALSE",
    "e": lambda text: "",
}


def _column(reference: str, following: int) -> int:
    """The place of a cell by its reference, ``C5``; without one it follows the cell before."""
    letters = _COLUMN.match(reference)
    if letters is None:
        return following
    column = 0
    for letter in letters.group():
        column = column * 26 + ord(letter) - 64
    if column > _MOST_COLUMNS:
        raise Unreadable(f"The sheet has more than {_MOST_COLUMNS:,} columns. Keep those that are needed.")
    return max(column - 1, following)


def _bare(name: str) -> str:
    return name.rpartition(" ")[2]
