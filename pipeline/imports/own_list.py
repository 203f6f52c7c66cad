"""A list of companies to look up: rows of a file somebody uploaded, as places of a source of their own, or companies
chosen from the book, as what their sources said of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pipeline.campaign import MAX_RESULTS, OWN_LIST
from pipeline.contact.contacts import is_free_mail
from pipeline.imports.company_list import BadRow, Column, Entry, entries
from pipeline.place import Area, Place

MOST_COMPANIES = MAX_RESULTS
"""Rows of an own list that can be used: as many as a campaign may have leads, so that none is dropped in silence."""
CATEGORY = "office=company"
_TOLD_APART_BY = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnList:
    """A list as it was uploaded, with what each column of its file is and the country of rows that name none.

    One that was chosen from the book has no columns: its file holds the ids of the companies alone.
    """

    id: UUID
    name: str
    data: bytes
    columns: tuple[tuple[str, int], ...]
    country: str | None
    uploaded_on: date

    @property
    def area(self) -> Area:
        """Stands where other sources have a place: only its name and country say something."""
        return Area(label=self.name, lat=0.0, lon=0.0, radius_km=0.0, country=self.country)

    @property
    def is_of_book(self) -> bool:
        """Whether its companies were chosen from the book."""
        return not self.columns

    @property
    def companies(self) -> tuple[UUID, ...]:
        """Those that were chosen from the book."""
        return tuple(UUID(line) for line in self.data.decode().split()) if self.is_of_book else ()

    def places(self) -> Iterator[Place]:
        """Every row that can be used. Raises Unreadable for a file that breaks off."""
        columns = {Column(name): place for name, place in self.columns}
        for row in entries(self.data, columns, self.country):
            if not isinstance(row, BadRow):
                yield self._place(row)

    def _place(self, row: Entry) -> Place:
        # Two lists of one name are told apart, or a row of one would be the company in that row of the other.
        ref = f"{self.name}, row {row.row} ({self.id.hex[-_TOLD_APART_BY:]})"
        return Place(
            source=OWN_LIST,
            source_ref=ref,
            name=_name(row),
            category=CATEGORY,
            lat=None,
            lon=None,
            street=row.street,
            city=row.city,
            postcode=row.postcode,
            country=row.country,
            phone=row.phone,
            website=row.website,
            email=row.email,
            observed_on=self.uploaded_on,
        )


def file_of(companies: Iterable[UUID]) -> bytes:
    """The file of a list that is chosen from the book."""
    return "\n".join(map(str, companies)).encode()


def _name(row: Entry) -> str:
    """What a row calls its company; without a name its domain, and without one its place in the file."""
    host = (row.email or "").rpartition("@")[2]
    own = host if host and not is_free_mail(host) else None
    return row.name or row.domain or own or f"Row {row.row}"
