"""By what a company on a list is known again: the values that stand on the suppression list, and its name without the
legal form, which one file writes and the next one leaves out.

A branch of a chain shares its domain with all the others, so of a chain a domain says nothing.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.contact.suffixes import registered_domain
from pipeline.discovery.records import name_words
from pipeline.imports.company_list import Entry
from pipeline.lead import Business
from pipeline.suppression import (
    MAX_NAME,
    Subject,
    SuppressedKind,
    company,
    emails_of,
    in_form,
    keys_of,
    phones_of,
)
from pipeline.words.text import folded

_COMPANY = "company:"


def subjects_of(entry: Entry) -> dict[str, Subject]:
    """Everything a row names a company by, as it would stand on the suppression list, by value."""
    given = (
        (SuppressedKind.DOMAIN, entry.domain),
        (SuppressedKind.PHONE, entry.phone),
        (SuppressedKind.EMAIL, entry.email and entry.email.casefold()),
    )
    found = [in_form(kind, value) for kind, value in given if value]
    places = (entry.city, entry.postcode)
    name = entry.name if entry.name and folded(entry.name) and len(entry.name) <= MAX_NAME else None
    named = [company(name, place) for place in places if name and place and folded(place.partition(",")[0])]
    return {subject.value: subject for subject in (*found, *named) if subject}


def keys_of_entry(entry: Entry) -> dict[str, Subject]:
    """By what the companies a row means are known again; a mailbox at a company's own domain tells the domain."""
    found = subjects_of(entry)
    host = (entry.email or "").rpartition("@")[2]
    domain = in_form(SuppressedKind.DOMAIN, registered_domain(host)) if host and not entry.domain else None
    if domain:
        found[domain.value] = domain
    bare = " ".join(name_words(entry.name)) if entry.name else ""
    for subject in list(found.values()):
        if subject.kind is SuppressedKind.COMPANY:
            value = _named(bare, subject.place)
            found.setdefault(value, replace(subject, value=value))
    return found


def keys_of_company(business: Business) -> frozenset[str]:
    """The values a business is compared by."""
    places = {business.city, business.postcode, f"{business.postcode or ''} {business.city or ''}"}
    name = " ".join(name_words(business.name))
    bare = {_named(name, place) for place in places if place and folded(place)}
    known = {value for value in keys_of(business) if not (business.chain and _is_domain(value))}
    return frozenset(known | bare)


def subjects_of_company(business: Business) -> dict[str, Subject]:
    """Everything that keeps a business away once it is on the suppression list, by value: its domain, numbers and
    addresses, and its name in its town and at its postcode. A branch of a chain shares the first ones with all others,
    so of a chain it is the name alone."""
    named = [
        company(business.name, place)
        for place in (business.city, business.postcode)
        if place
        and folded(place.partition(",")[0])
        and folded(business.name)
        and len(business.name) <= MAX_NAME
    ]
    given = [
        *((SuppressedKind.DOMAIN, value) for value in (business.domain,) if value),
        *((SuppressedKind.PHONE, value) for value in phones_of(business)),
        *((SuppressedKind.EMAIL, value.casefold()) for value in emails_of(business)),
    ]
    own = [] if business.chain else [in_form(kind, value) for kind, value in given]
    return {subject.value: subject for subject in (*own, *named) if subject}


def _is_domain(value: str) -> bool:
    return not value.startswith(("+", _COMPANY))


def _named(name: str, place: str) -> str:
    return f"{_COMPANY}{name}|{folded(place)}"
