"""Reads places from a JSON-lines file (``.jsonl`` or ``.jsonl.gz``), one place a line.

The columns are those of ``data/PROVENANCE.md``. Every line is checked by itself: a bad one becomes a Record
with a reason and the next is read. Lines, and how far a compressed file may swell, are bounded.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from pipeline.campaign import clean_text
from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.imports.record import Record
from pipeline.place import Place
from pipeline.words.osm_tags import LOCALITY_KINDS, SOURCE, is_business

MAX_LINE_BYTES = 1_000_000
# JSON lines of places shrink about tenfold; a file that grows a thousandfold is made to fill memory or time.
MAX_SWELLING = 1_000
_SWELLING_COUNTS_FROM_BYTES = 64_000_000
_GZIP_MAGIC = b"\x1f\x8b"


def _storable(value: object) -> object:
    """Raises ValueError for text Postgres cannot hold; an empty text is no value."""
    if isinstance(value, str):
        if "\x00" in value or any(0xD800 <= ord(char) <= 0xDFFF for char in value):
            raise ValueError("contains characters that cannot be stored")
        return value if value.strip() else None
    return value


_Text = Annotated[Annotated[str, Field(max_length=2_000)] | None, BeforeValidator(_storable)]
_Name = Annotated[Annotated[str, Field(max_length=500)] | None, BeforeValidator(clean_text)]
_Tag = Annotated[str, BeforeValidator(lambda value: _storable(value) or "")]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    osm_id: Annotated[str, Field(pattern=r"^[\w.:-]{1,50}/[\w.:-]{1,100}$")]
    name: _Name
    category: Annotated[str, Field(pattern=r"^[a-z_]+=[^\x00=]{1,100}$")]
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False)
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False)
    street: _Text = None
    housenumber: _Text = None
    city: _Text = None
    postcode: _Text = None
    country: _Text = None
    phone: _Text = None
    website: _Text = None
    email: _Text = None
    opening_hours: _Text = None
    brand: _Text = None
    wheelchair: _Text = None
    cuisine: _Text = None
    tags: dict[_Tag, _Tag] = Field(default_factory=dict, max_length=1_000)

    def place(self, observed_on: date | None) -> Place:
        extra = {"wheelchair": self.wheelchair, "cuisine": self.cuisine}
        columns = self.model_dump(exclude={"osm_id", "name", "tags", *extra})
        filled = {name: value for name, value in extra.items() if value}
        return Place(
            source=SOURCE,
            source_ref=self.osm_id,
            name=self.name or "",
            tags={**self.tags, **filled},
            observed_on=observed_on,
            **columns,
        )


def read(path: Path, observed_on: date | None = None) -> Iterator[Record]:
    """Every line of the file as a Record.

    Raises SourceError when the file is no JSON-lines file, ends in the middle of compressed data or swells
    beyond reason; the records before that point have been yielded.
    """
    with path.open("rb") as raw:
        packed = raw.read(2) == _GZIP_MAGIC
        raw.seek(0)
        lines = _lines(gzip.GzipFile(fileobj=raw) if packed else raw, raw)
        for number, line in enumerate(lines, start=1):
            if number == 1 and not line.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
                raise _refused(path, "is not a JSON-lines file of places")
            if line.strip():
                yield _record(number, line, observed_on)


def _lines(file: gzip.GzipFile | IO[bytes], raw: IO[bytes]) -> Iterator[bytes]:
    """Lines cut at MAX_LINE_BYTES; what exceeds that is read over without being kept."""
    unpacked = 0
    while True:
        try:
            line = file.readline(MAX_LINE_BYTES + 1)
            rest = line
            while len(rest) > MAX_LINE_BYTES and not rest.endswith(b"\n"):
                rest = file.readline(MAX_LINE_BYTES + 1)
                unpacked = _bounded(unpacked + len(rest), raw)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _refused(Path(raw.name), "is damaged or cut short; what comes before was read") from error
        if not line:
            return
        unpacked = _bounded(unpacked + len(line), raw)
        yield line


def _bounded(unpacked: int, raw: IO[bytes]) -> int:
    if unpacked > _SWELLING_COUNTS_FROM_BYTES and unpacked > MAX_SWELLING * raw.tell():
        raise _refused(Path(raw.name), "unpacks to far more than a file of places would")
    return unpacked


def _record(number: int, line: bytes, observed_on: date | None) -> Record:
    if len(line) > MAX_LINE_BYTES:
        return Record(position=number, problem="longer than a million bytes")
    try:
        row = _Row.model_validate_json(line.lstrip(b"\xef\xbb\xbf"))
    except ValidationError as error:
        return Record(position=number, problem=_reason(error))
    key, _, value = row.category.partition("=")
    if not (is_business(key, value) or (key == "place" and value in LOCALITY_KINDS)):
        return Record(position=number, problem=f"category {row.category} is no kind of business")
    return Record(position=number, place=row.place(observed_on))


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"][:2])[:60]
    return f"{where}: {first['msg']}" if where else "not valid JSON"


def _refused(path: Path, why: str) -> SourceError:
    return SourceError(Cause.BAD_FILE, detail=f"{path.name} {why}.")
