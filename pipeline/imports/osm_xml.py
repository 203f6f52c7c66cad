"""What the XML of an OpenStreetMap file says beside its objects, which the reader of objects passes over.

JOSM keeps objects that were deleted in its files (https://wiki.openstreetmap.org/wiki/JOSM_file_format), and Overpass
ends an answer it could not complete with a ``remark``
(https://wiki.openstreetmap.org/wiki/Overpass_API/Overpass_QL#Error_messages).
"""

from __future__ import annotations

import bz2
import gzip
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from xml.parsers import expat

_OBJECTS = frozenset({"node", "way", "relation"})
_GZIP, _BZIP2 = b"\x1f\x8b", b"BZ"
_CHUNK_BYTES = 1 << 20


@dataclass(slots=True)
class Said:
    """Objects that are deleted or invisible, as ``node/5``, and what the server remarked."""

    gone: set[str] = field(default_factory=set)
    remark: str = ""


def said(path: Path) -> Said:
    """What the file says; of a file that is no XML, nothing. Broken XML is read up to where it breaks."""
    with path.open("rb") as raw:
        start = raw.read(2)
    found = Said()
    with _opened(path, start) as file:
        _parse(file, found)
    return found


def _opened(path: Path, start: bytes) -> IO[bytes] | gzip.GzipFile | bz2.BZ2File:
    """The text of a file that begins with two bytes, unpacked."""
    if start == _GZIP:
        return gzip.GzipFile(path)
    return bz2.BZ2File(path) if start == _BZIP2 else path.open("rb")


def _parse(file: IO[bytes] | gzip.GzipFile | bz2.BZ2File, found: Said) -> None:
    listener = _Listener(found)
    parser = expat.ParserCreate()
    parser.StartElementHandler = listener.start
    parser.EndElementHandler = listener.end
    parser.CharacterDataHandler = listener.text
    parser.EntityDeclHandler = listener.entity
    try:
        while chunk := file.read(_CHUNK_BYTES):
            parser.Parse(chunk)
    except (expat.ExpatError, OSError, EOFError):
        # The reader of objects says what is wrong with the file.
        return


class _Listener:
    """Notes what the parser comes by."""

    def __init__(self, found: Said) -> None:
        self._found = found
        self._is_remark = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._is_remark = name == "remark"
        if name not in _OBJECTS:
            return
        ref = f"{name}/{attributes.get('id')}"
        if attributes.get("action") == "delete" or attributes.get("visible") == "false":
            self._found.gone.add(ref)
        else:
            # A later version of an object may be there again.
            self._found.gone.discard(ref)

    def entity(self, *_declared: object) -> None:
        """No OpenStreetMap file declares any; one that does may want to swell, or another file to be read."""
        raise expat.ExpatError("entities are declared")

    def end(self, name: str) -> None:
        self._is_remark = False

    def text(self, data: str) -> None:
        if self._is_remark:
            self._found.remark += data
