"""Whom a file names for the suppression list: one a row, by address, domain, phone number, or name and place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.imports.table_text import TableRow, Unreadable, rows
from pipeline.suppression import MAX_REASON, Subject, SuppressedKind, of_kind, subject_of
from pipeline.words.text import folded, one_line

MOST_ROWS = 100_000
"""Rows that are read at once; our own choice."""
_TITLES: Mapping[str, frozenset[str]] = {
    "email": frozenset({"email", "e mail", "mail", "email address", "e mail address"}),
    "domain": frozenset({"domain", "website", "url", "host", "web"}),
    "phone": frozenset({"phone", "telephone", "tel", "mobile", "phone number"}),
    "value": frozenset({"value", "entry", "contact"}),
    "name": frozenset({"name", "company", "company name", "business"}),
    "place": frozenset({"place", "city", "town", "location", "postcode"}),
    "reason": frozenset({"reason", "note", "why"}),
    "country": frozenset({"country"}),
}
_NAMING = ("email", "domain", "phone", "value")


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody a row names, and the reason it gives."""

    row: int
    subject: Subject
    reason: str


@dataclass(frozen=True, slots=True)
class SubjectFile:
    """What a file says: whom it names, each once; which rows cannot be used and why; how many were there twice."""

    named: tuple[Named, ...]
    bad: tuple[tuple[int, str], ...]
    repeated: int


def read(data: bytes, country: str | None = None) -> SubjectFile:
    """Whom a file names. ``country`` (ISO 3166 alpha-2) is that of phone numbers without ``+``.

    A row may name several: each of its columns counts. Without a row of titles every cell of the first column counts.
    Raises Unreadable for a file that is no table or has no column of use.
    """
    table = rows(data, MOST_ROWS)
    columns = _columns(table[0].cells)
    if columns is None:
        columns, body = {"value": 0}, table
    else:
        body = table[1:]
        if not body:
            raise Unreadable("The file has a row of titles and nothing below it.")
    named: dict[str, Named] = {}
    bad: list[tuple[int, str]] = []
    read_in_all = 0
    for row in body:
        try:
            found = _named(row, columns, country)
        except ValueError as problem:
            bad.append((row.number, str(problem)))
            continue
        read_in_all += len(found)
        for one in found:
            named.setdefault(one.subject.value, one)
    return SubjectFile(tuple(named.values()), tuple(bad), read_in_all - len(named))


def _columns(titles: Sequence[str]) -> dict[str, int] | None:
    """Which column is what, or None when the first row is no row of titles. Raises Unreadable for titles that do not
    say whom a row names."""
    known: dict[str, int] = {}
    plain = [folded(title) for title in titles]
    for place, title in enumerate(plain):
        for meaning, words in _TITLES.items():
            if title in words:
                if meaning in known:
                    raise Unreadable(
                        f"Two columns are titled alike: {_quoted(titles, [known[meaning], place])}."
                    )
                known[meaning] = place
    if any(name in known for name in _NAMING) or {"name", "place"} <= known.keys():
        return known
    if known:
        raise Unreadable(
            f"No column says who is meant. There are {_quoted(titles, range(len(titles)))}; needed is one titled email,"
            " domain or phone, or both name and place."
        )
    if len(titles) == 1 or _is_subject(titles[0]):
        return None
    raise Unreadable(
        f"No column is known: {_quoted(titles, range(len(titles)))}. Title them email, domain, phone, or name and"
        " place."
    )


def _named(row: TableRow, columns: Mapping[str, int], country: str | None) -> list[Named]:
    if len(row.cells) <= max(columns.values()):
        cells = (*row.cells, *[""] * (max(columns.values()) + 1 - len(row.cells)))
    else:
        cells = row.cells
    values = {meaning: cells[place].strip() for meaning, place in columns.items()}
    country = values.get("country") or country
    reason = one_line(values.get("reason", ""))[:MAX_REASON]
    found = [
        Named(row.number, of_kind(kind, values[kind.value], country), reason)
        for kind in (SuppressedKind.EMAIL, SuppressedKind.DOMAIN, SuppressedKind.PHONE)
        if values.get(kind.value)
    ]
    if values.get("value"):
        found.append(Named(row.number, subject_of(values["value"], country=country), reason))
    if values.get("name") and values.get("place"):
        found.append(Named(row.number, subject_of(values["name"], values["place"]), reason))
    if not found:
        raise ValueError(
            "The row names nobody: it has no address, domain or phone number, nor name and place."
        )
    return found


def _is_subject(text: str) -> bool:
    try:
        subject_of(text)
    except ValueError:
        return False
    return True


def _quoted(titles: Sequence[str], places: Iterable[int]) -> str:
    return ", ".join(f"“{one_line(titles[place])[:40]}”" for place in places)
