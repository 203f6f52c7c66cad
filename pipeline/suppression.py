"""Whom not to store and not to ask about: what can stand on a suppression list, and how it is told apart.

An entry is kept as a keyed hash of its normal form, so typed values and those of businesses have to
come to the same form: addresses without letter case, domains without ``www.``, phone numbers in E.164, companies by
the words of their name and of a place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

import phonenumbers

from pipeline.contact.contacts import email_address, host_ascii, is_free_mail, phone_e164, shown
from pipeline.contact.suffixes import is_everybodys
from pipeline.fields import BETWEEN
from pipeline.lead import Business
from pipeline.words.text import folded, one_line

MAX_REASON = 200
"""Characters of a reason; our own choice."""
MAX_NAME = 200
"""Characters of a company's name; our own choice."""
_COMPANY = "company:"
_NUMBER = re.compile(r"[+(]?[\d\s()./+-]{5,}")


class SuppressedKind(StrEnum):
    """What an entry is about."""

    EMAIL = "email"
    DOMAIN = "domain"
    PHONE = "phone"
    COMPANY = "company"


class SuppressedBy(StrEnum):
    """Where an entry came from."""

    TYPED = "typed"
    FILE = "file"
    COMMAND = "command"
    PROVIDER = "provider"
    ERASURE = "erasure"


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody who can stand on the list: ``value`` in its normal form, and a ``hint`` that tells nobody who it is.

    ``name`` and ``place`` are those of a company, as typed.
    """

    kind: SuppressedKind
    value: str
    hint: str
    name: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """Why somebody is left out: what the entry is about, where it came from, the reason given."""

    kind: SuppressedKind
    source: SuppressedBy
    reason: str


def subject_of(typed: str, place: str = "", country: str | None = None) -> Subject:
    """What a text means: an address, a domain (also as a web address), a phone number, or with ``place`` the name of a
    company. ``country`` (ISO 3166 alpha-2) is that of numbers without ``+``.

    Raises ValueError with a sentence for a text that is none of them, and for what would cover strangers.
    """
    text = one_line(typed)
    if "\x00" in typed:
        raise ValueError(f"{shown(text)} holds a NUL character.")
    if place.strip():
        return company(text, place)
    for kind, looks in _LOOKS.items():
        if looks(text):
            return _READERS[kind](text, country)
    raise ValueError(
        f"{shown(text)} is no e-mail address, domain or phone number. A company's name needs its place."
        if text
        else "There is no value."
    )


def of_kind(kind: SuppressedKind, typed: str, country: str | None = None) -> Subject:
    """What a text means that is known to be an address, a domain or a phone number. Raises ValueError."""
    return _READERS[kind](one_line(typed), country)


def in_form(kind: SuppressedKind, value: str) -> Subject | None:
    """Somebody by an address, domain or phone number that is in its normal form already; None for a domain that
    belongs to many people."""
    if kind is SuppressedKind.DOMAIN and (is_free_mail(value) or is_everybodys(value)):
        return None
    return Subject(kind, value, _HINTS[kind](value))


def company(name: str, place: str) -> Subject:
    """A company by its name and its town or postcode. Raises ValueError without words in both."""
    town = one_line(place).partition(",")[0]
    if not folded(name) or not folded(town) or len(name) > MAX_NAME:
        raise ValueError(f"{shown(name)} in {shown(place)}: a company needs a name and its town or postcode.")
    value = _company_key(name, town)
    return Subject(SuppressedKind.COMPANY, value, f"in {town[:60]}", name=one_line(name), place=town)


def keys_of(business: Business) -> Iterator[str]:
    """The normal forms under which a business itself may be on the list; its e-mail addresses are not among them, for a
    business whose address is suppressed may still be visited."""
    if business.domain:
        yield business.domain
    for website in _several(business, "other_websites"):
        if host := _host(website):
            yield host
    yield from phones_of(business)
    places = {business.city, business.postcode, f"{business.postcode or ''} {business.city or ''}"}
    for town in places:
        if town and folded(town) and folded(business.name):
            yield _company_key(business.name, town)


def phones_of(business: Business) -> Iterator[str]:
    """Every phone number of a business."""
    if business.phone:
        yield business.phone
    yield from _several(business, "other_phones")


def emails_of(business: Business) -> Iterator[str]:
    """Every e-mail address its sources gave."""
    if business.email:
        yield business.email
    yield from _several(business, "other_emails")


def left_out_line(left_out: Mapping[Listed, int]) -> str:
    """``3 businesses left out: on the suppression list.``; empty when nobody was."""
    number = sum(left_out.values())
    noun = "business" if number == 1 else "businesses"
    return f"{number:,} {noun} left out: on the suppression list." if number else ""


def _several(business: Business, field: str) -> list[str]:
    return [part for part in (business.details.get(field) or "").split(BETWEEN) if part]


def _company_key(name: str, place: str) -> str:
    return f"{_COMPANY}{folded(name)}|{folded(place)}"


def _email(text: str, country: str | None) -> Subject:
    read = email_address(text)
    if read.value is None:
        raise ValueError(read.reason or "There is no address.")
    value = read.value.casefold()
    return Subject(SuppressedKind.EMAIL, value, _ending(value))


def _domain(text: str, country: str | None) -> Subject:
    host = _host(text)
    if host is None:
        raise ValueError(f"{shown(text)} is no domain.")
    subject = in_form(SuppressedKind.DOMAIN, host)
    if subject is None:
        raise ValueError(f"{host} belongs to many people. Name the address or the company instead.")
    return subject


def _phone(text: str, country: str | None) -> Subject:
    read = phone_e164(text, country.upper() if country else None)
    if read.value is None:
        raise ValueError((read.reason or "There is no number.").replace("The listed phone ", ""))
    return Subject(SuppressedKind.PHONE, read.value, _calling_code(read.value))


def _ending(value: str) -> str:
    return f"ending in .{value.rpartition('.')[2]}"


def _calling_code(number: str) -> str:
    """No calling code begins another one (ITU-T E.164, 6.2), and none has more than three digits."""
    codes = (number[1:end] for end in (2, 3, 4))
    known = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    return f"+{next((code for code in codes if int(code) in known), '')} …"


def _host(text: str) -> str | None:
    address = text if "//" in text else f"//{text}"
    try:
        host = urlsplit(address).hostname
    except ValueError:
        return None
    return (host_ascii(host) or "").removeprefix("www.") or None if host else None


_READERS: Final[Mapping[SuppressedKind, Callable[[str, str | None], Subject]]] = {
    SuppressedKind.EMAIL: _email,
    SuppressedKind.DOMAIN: _domain,
    SuppressedKind.PHONE: _phone,
}
_HINTS: Final[Mapping[SuppressedKind, Callable[[str], str]]] = {
    SuppressedKind.EMAIL: _ending,
    SuppressedKind.DOMAIN: _ending,
    SuppressedKind.PHONE: _calling_code,
}
_LOOKS: Final[Mapping[SuppressedKind, Callable[[str], bool]]] = {
    SuppressedKind.EMAIL: lambda text: "@" in text and "//" not in text,
    SuppressedKind.PHONE: lambda text: bool(_NUMBER.fullmatch(text)),
    SuppressedKind.DOMAIN: lambda text: "." in text and " " not in text,
}
