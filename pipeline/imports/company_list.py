"""A list of companies somebody uploads: which column says what, and what each row says of a company."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from pipeline.contact.contacts import Reading, email_address, phone_e164, shown
from pipeline.contact.websites import company_domain, website_url
from pipeline.geo.countries import country_code
from pipeline.imports import table_head, tables
from pipeline.imports.list_titles import TITLES
from pipeline.imports.table_text import TableRow, Unreadable
from pipeline.place_address import text
from pipeline.words.text import one_line

MOST_ROWS = 100_000
"""Rows of a list; our own choice."""
_MOST_ID = 100


class Column(StrEnum):
    """What a column of a list can say of a company."""

    NAME = "name"
    WEBSITE = "website"
    EMAIL = "email"
    PHONE = "phone"
    STREET = "street"
    CITY = "city"
    POSTCODE = "postcode"
    COUNTRY = "country"
    EXTERNAL_ID = "external_id"


@dataclass(frozen=True, slots=True)
class Head:
    """The beginning of a list: the title of each column, each once; what they are taken for; the first rows."""

    titles: tuple[str, ...]
    guessed: Mapping[Column, int]
    sample: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a row says of a company, in normal form: phone in E.164, website as an absolute URL, country as a code.

    ``domain`` is the company's own. ``remarks`` say which values could not be used and why.
    """

    row: int
    name: str | None = None
    website: str | None = None
    domain: str | None = None
    email: str | None = None
    phone: str | None = None
    street: str | None = None
    city: str | None = None
    postcode: str | None = None
    country: str | None = None
    external_id: str | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used, and why."""

    row: int
    why: str


def head(data: bytes, most: int = 10) -> Head:
    """The titles of a list, what they mean as far as their words tell, and the first rows. Raises Unreadable."""
    cells, sample = table_head.beginning(data, most)
    words = {column: TITLES[column] for column in Column}
    return Head(table_head.titles(cells), table_head.guessed(cells, words), sample)


def entries(data: bytes, columns: Mapping[Column, int], country: str | None) -> Iterator[Entry | BadRow]:
    """What every row below the titles says. ``country`` (ISO 3166 alpha-2) is that of rows that name none.

    Raises Unreadable, also after some rows, for a file that breaks off or has more than ``MOST_ROWS``.
    """
    found = tables.read(data)
    next(found, None)
    for count, row in enumerate(found, start=1):
        if count > MOST_ROWS:
            raise Unreadable(
                f"The file has more than {MOST_ROWS:,} rows, and no more are read at once. Split it."
            )
        yield entry(row, columns, country)


def entry(row: TableRow, columns: Mapping[Column, int], country: str | None) -> Entry | BadRow:
    """What a row says of a company; a row that does not tell which one is bad."""
    said = {column: table_head.cell(row, place) for column, place in columns.items()}
    remarks: list[str] = []
    named = said.get(Column.COUNTRY)
    own = country_code(named) if named else None
    if named and own is None:
        remarks.append(f"{shown(named)} is no country.")
    region = own or country
    website = _read(website_url(said.get(Column.WEBSITE)), remarks)
    made = Entry(
        row=row.number,
        name=text(said.get(Column.NAME)),
        website=website,
        domain=_read(company_domain(website), remarks) if website else None,
        email=_read(email_address(said.get(Column.EMAIL)), remarks),
        phone=_read(phone_e164(said.get(Column.PHONE), region), remarks),
        street=text(said.get(Column.STREET)),
        city=text(said.get(Column.CITY)),
        postcode=text(said.get(Column.POSTCODE)),
        country=own,
        external_id=(one_line(said.get(Column.EXTERNAL_ID) or "")[:_MOST_ID]) or None,
    )
    if made.domain or made.email or made.phone or (made.name and (made.city or made.postcode)):
        return replace(made, remarks=tuple(remarks))
    return BadRow(row.number, " ".join(remarks) or _lacks(made))


def _lacks(made: Entry) -> str:
    if made.name:
        return f"{shown(made.name)} has no town or postcode, website, phone or e-mail to be known by."
    return "The row has no website, phone or e-mail, nor a name with a town or postcode."


def _read(reading: Reading, remarks: list[str]) -> str | None:
    if reading.value is None and reading.reason:
        remarks.append(reading.reason.replace("The listed ", "The ", 1))
    return reading.value
