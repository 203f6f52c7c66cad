"""What a file of places is read into: one record after the other."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.place import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record of a file: a place, or the reason why it is none.

    ``position`` counts from 1 in the order of the file (the line number of a text file), so that an
    interrupted import can go on behind the last one it stored. ``odd`` says of a place which of its values could not
    be read and were left out. Of a record that is no place ``ref`` names the place it would have been; ``is_lost``:
    nothing tells which place it would have been. ``apart`` says what it is that is no business: nothing wrong with it.
    """

    position: int
    place: Place | None = None
    problem: str | None = None
    odd: tuple[str, ...] = ()
    ref: str | None = None
    is_lost: bool = False
    apart: str = ""
