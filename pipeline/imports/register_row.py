"""What rows of all registers of companies have in common: checked, in the letter case of people, with its tags."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import Field, ValidationError

from pipeline.imports.places_row import Columns, checked, reason
from pipeline.imports.record import Record
from pipeline.place import Place
from pipeline.words import register_tags
from pipeline.words.kinds import MOST_KINDS, NO_BUSINESS, together_as
from pipeline.words.nace import Scheme, kind_of

ACTIVITY = "company:activity"
"""What the register calls what the company does, which can be searched for."""
_SMALL_WORDS = frozenset(("and", "by", "cum", "in", "le", "next", "of", "on", "the", "under", "upon", "with"))


class _Row(Columns):
    ID = re.compile("^[A-Z0-9-]{6,12}$")
    IS_PLACED = False

    id: Annotated[str, Field(pattern=ID.pattern)]
    lat: None = None  # type: ignore[assignment]
    lon: None = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A register: its key among the sources, whom to credit under which licence (SPDX), whose codes it states, and the
    country (ISO 3166 alpha-2) of addresses that name none."""

    key: str
    licence: str
    credit: str
    scheme: Scheme
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A row as its register states it. ``codes`` say what it does, the first of them mainly, ``activity`` in words.
    ``doubt`` says in words why it may not be there any more; ``ended_on`` the day it ended, empty where no day is
    stated."""

    number: str
    name: str
    codes: Sequence[tuple[str, Scheme]]
    columns: Mapping[str, str | None]
    founded: str = ""
    size: str = ""
    status: str = ""
    activity: str = ""
    also_called: str = ""
    doubt: str = ""
    is_ended: bool = False
    ended_on: str = ""


def record(position: int, company: Company, register: Register, observed_on: date | None) -> Record:
    """A company as a record, without a position."""
    told = _kinds(company.codes)
    if isinstance(told, str):
        return Record(position=position, apart=told)
    category, kinds = told
    given = {name: value for name, value in company.columns.items() if value}
    needed = {"id": company.number, "name": company.name, "category": category}
    ref = company.number or None
    try:
        columns, odd = checked(_Row, {**given, **needed, "tags": {**kinds, **_tags(company, register)}})
    except ValidationError as error:
        return Record(position=position, problem=reason(error), ref=ref, is_lost=ref is None)
    place = Place(
        source=register.key,
        source_ref=columns.pop("id"),
        observed_on=observed_on,
        licence=register.licence,
        attribution=register.credit,
        is_by_postcode=True,
        **columns,
    )
    return Record(position=position, place=place, odd=tuple(odd))


def _tags(company: Company, register: Register) -> dict[str, str]:
    tags = {
        register_tags.REGISTER: register.key,
        register_tags.NUMBER: company.number,
        register_tags.FOUNDED: company.founded,
        register_tags.SIZE: company.size,
        register_tags.STATUS: company.status,
        ACTIVITY: company.activity,
        "alt_name": company.also_called,
        "note": f"{company.doubt}, says {register_tags.REGISTERS[register.key]}" if company.doubt else "",
    }
    if company.is_ended:
        tags |= {"operational_status": "closed", "end_date": company.ended_on}
    return {name: value for name, value in tags.items() if value}


def _kinds(codes: Sequence[tuple[str, Scheme]]) -> tuple[str, dict[str, str]] | str:
    """The category and the tags of what else it is; or why it is no business."""
    kinds = [(code, kind_of(code, scheme)) for code, scheme in codes[:MOST_KINDS]]
    known = [kind for _, kind in kinds if kind and kind != NO_BUSINESS]
    if known:
        return _together(tuple(dict.fromkeys(known)))
    if not kinds:
        return "without a line of business"
    code, kind = kinds[0]
    return (
        f"of the line of business {code[:6]}"
        if kind
        else f"of a line of business that is not known, {code[:12]!a}"
    )


@lru_cache(maxsize=4096)
def _together(kinds: tuple[str, ...]) -> tuple[str, dict[str, str]]:
    main, *others = kinds
    return together_as(main, others)


@lru_cache(maxsize=8192)
def in_lower_case(text: str) -> str:
    """A name of a street or town that is written in capitals, as people write it: ``NEWCASTLE UPON TYNE``."""
    if not text.isupper():
        return text
    words = text.split()
    said = [
        word if _is_code(word) else "-".join(_capital(part) for part in word.split("-")) for word in words
    ]
    return " ".join(
        word.lower() if place and word.casefold() in _SMALL_WORDS else word for place, word in enumerate(said)
    )


def _is_code(word: str) -> bool:
    """Whether it is a number, a letter, or the ``PO`` of a box."""
    letters = re.sub(r"\W", "", word)
    return any(char.isdigit() for char in word) or len(letters) <= 1 or letters == "PO"


def _capital(word: str) -> str:
    return word[:1] + word[1:].lower()
