"""Leads as vCard 4.0 for address books (RFC 6350; pages on social networks: RFC 9554, 3.5).

A card has a line for each value there is and none for the others. A lead without a name has no card, because FN is
required (6.2.1). An address whose mailbox does not exist is left out, as a card cannot say so of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC
from typing import BinaryIO

from pipeline.fields import BETWEEN
from pipeline.geo.countries import country_name
from pipeline.lead import EmailStatus
from pipeline.output.export import About, ExportFormat, ExportRow, Layout
from pipeline.words.text import one_line

_MOST_OCTETS = 75
"""Of a line, without its end (RFC 6350, 3.2)."""
_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})
_URI_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,"})


def _cards(rows: Sequence[ExportRow], about: About) -> bytes:
    return b"".join(_lines(rows, about))


def _pour(rows: Iterable[ExportRow], about: Callable[[], About], layout: Layout, target: BinaryIO) -> None:
    target.writelines(_lines(rows, about()))


def _lines(rows: Iterable[ExportRow], about: About) -> Iterator[bytes]:
    written = f"REV:{about.exported_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return (_folded(line) for row in rows for line in _card(row, written))


def _card(row: ExportRow, written: str) -> Iterator[str]:
    value = row.values.get
    yield from ("BEGIN:VCARD", "VERSION:4.0", "PRODID:-//ProspectPro//EN", "KIND:org")
    if row.id:
        yield f"UID:urn:uuid:{row.id}"
    shown = _text(row.shown_name or "")
    yield f"FN:{shown}"
    yield f"ORG:{shown}"
    yield f"CATEGORIES:{_text(row.category)}"
    yield from _numbered("TEL;VALUE=uri;TYPE=work", "tel:", value("phone"), value("other_phones"))
    email = None if row.email_status is EmailStatus.INVALID else value("email")
    yield from _numbered("EMAIL;TYPE=work", "", email, value("other_emails"))
    yield from _address(row)
    if row.lat is not None and row.lon is not None:
        # The comma is escaped in every value: RFC 6350, 3.4, and its verified erratum 3846 on GEO.
        yield f"GEO:geo:{row.lat:.7f}\\,{row.lon:.7f}"
    yield from _numbered("URL", "", value("website"), value("other_websites"), is_uri=True)
    yield from (f"SOCIALPROFILE:{_uri(page)}" for page in _several(value("profiles")))
    yield f"NOTE:{_text(' · '.join(_notes(row)))}"
    yield written
    yield "END:VCARD"


def _numbered(
    head: str, scheme: str, first: str | None, others: str | None, *, is_uri: bool = False
) -> Iterator[str]:
    """The value of a field, which is preferred, and its further ones."""
    for place, one in enumerate([*([first] if first else []), *_several(others)]):
        preferred = ";PREF=1" if place == 0 and first else ""
        yield f"{head}{preferred}:{scheme}{_uri(one) if is_uri else _text(one)}"


def _address(row: ExportRow) -> Iterator[str]:
    """ADR; the first two parts stay empty, as the RFC asks. Then street, town, region, code and country."""
    parts = [row.street, *(row.values.get(name) for name in ("city", "state", "postcode"))]
    country = row.values.get("country")
    parts.append(country_name(country) if country else None)
    if any(parts):
        yield f"ADR;TYPE=work:;;{';'.join(_text(part or '') for part in parts)}"


def _notes(row: ExportRow) -> Iterator[str]:
    """What a card has no property for: what is known of the address, opening hours, and whom to credit."""
    if "email" in row.values:
        yield f"E-mail {row.email_status.value}"
    if hours := row.values.get("opening_hours"):
        yield f"Open {hours}"
    if row.is_simulated:
        yield "Contacts are simulated and not real"
    yield row.attribution


def _several(values: str | None) -> list[str]:
    return values.split(BETWEEN) if values else []


def _text(value: str) -> str:
    return one_line(value).translate(_ESCAPES)


def _uri(value: str) -> str:
    return one_line(value).translate(_URI_ESCAPES)


def _folded(line: str) -> bytes:
    """A line in parts of at most 75 octets, each but the first behind a blank; no character is cut in two."""
    parts, part, room = [], bytearray(), _MOST_OCTETS
    for char in line:
        octets = char.encode()
        if len(part) + len(octets) > room:
            parts.append(bytes(part))
            part, room = bytearray(), _MOST_OCTETS - 1
        part += octets
    return b"\r\n ".join([*parts, bytes(part)]) + b"\r\n"


FORMAT = ExportFormat(
    key="vcard",
    label="vCard",
    mime="text/vcard; charset=utf-8",
    extension="vcf",
    write=_cards,
    stream=_pour,
    takes=lambda row: bool(row.name),
    told="One card a lead, for address books. Leads whose name must not leave have none.",
)
