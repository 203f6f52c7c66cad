"""What of a lead is handed over, what of it is written where, and by what a company is told apart from others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

import phonenumbers

from pipeline.contact.websites import company_domain
from pipeline.crm.adapter import Known, Outgoing
from pipeline.output.export_presets import address_line, country, described, email
from pipeline.output.export_row import ExportRow
from pipeline.words.text import one_line

Mark = Callable[[str], str]
"""Turns a value into what can be kept of it: the same for the same value, and nobody reads it."""


def columns_of(row: ExportRow) -> dict[str, str]:
    """A lead by the names of ``adapter.COLUMNS``, without what is empty."""
    given = {
        "name": row.name,
        "email": email(row),
        "address": address_line(row),
        "street": row.street,
        "country": country(row),
        "description": described(row),
        "confidence": str(row.confidence),
        "reach": None if row.reach is None else str(row.reach),
        **{
            name: row.values.get(name)
            for name in ("domain", "website", "phone", "city", "postcode", "state", "opening_hours")
        },
    }
    return {name: one_line(value) for name, value in given.items() if value}


def outgoing(
    key: str,
    row: ExportRow,
    mapping: Mapping[str, str],
    *,
    known_id: str | None = None,
    contact_id: str | None = None,
    sent: Mapping[str, str] | None = None,
) -> Outgoing:
    """A lead as it would be written with this mapping of our columns to their properties."""
    columns = columns_of(row)
    return Outgoing(
        key=key,
        values={mapping[name]: value for name, value in columns.items() if mapping.get(name)},
        name=columns.get("name"),
        domain=columns.get("domain"),
        email=columns.get("email"),
        phone=columns.get("phone"),
        known_id=known_id,
        contact_id=contact_id,
        sent=sent or {},
    )


def changes(one: Outgoing, known: Known, mark: Mark) -> dict[str, str]:
    """What is written to a company that is there: empty properties, and those that still hold what an earlier push
    wrote. What their people typed stays."""
    return {name: value for name, value in one.values.items() if _may_write(name, value, one, known, mark)}


def made_already(
    wanted: Iterable[Outgoing], there: Sequence[Known], known_by: Callable[[Known], str]
) -> dict[str, Known]:
    """Those that are there under the same name (``known_by`` gives it) with all we would write, by our key: made by us
    when the answer was lost, or typed by people just like this. Of several the first."""
    found: dict[str, Known] = {}
    for one in wanted:
        for known in there:
            if one.name and known_by(known).casefold() == one.name.casefold() and _has_all(known, one):
                found.setdefault(one.key, known)
    return found


def domain_in(value: str) -> str:
    """The domain of a web address in whatever spelling; empty when it has none of its own."""
    address = value.strip().lower()
    if not re.fullmatch(r"[^\s@]+\.[^\s@]+", address):
        return ""
    try:
        return company_domain(address if "://" in address else f"https://{address}").value or ""
    except ValueError:
        return ""


def marks(one: Outgoing, mark: Mark) -> list[str]:
    """By what it is the same company as another one of ours."""
    return [mark(value) for value in (one.domain, one.email, one.phone) if value]


def sent(values: Mapping[str, str], mark: Mark) -> dict[str, str]:
    """What is kept of values that were written."""
    return {name: mark(f"{name}:{value}") for name, value in values.items()}


def seen(one: Outgoing, mark: Mark) -> str:
    """What is kept of all its values, so that it can be told whether they changed."""
    return mark("|".join(sorted(sent(one.values, mark).values())))


def spellings(phone: str) -> list[str]:
    """The ways people write a number (E.164) into a field of text; none for none."""
    if not phone:
        return []
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return [phone]
    forms = (phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.NATIONAL)
    written = [phone, *(phonenumbers.format_number(number, form) for form in forms)]
    return list(dict.fromkeys([*written, *(one.replace(" ", "").replace("-", "") for one in written[1:])]))


def _has_all(known: Known, one: Outgoing) -> bool:
    return all(
        known.values.get(name, "").casefold() == value.casefold() for name, value in one.values.items()
    )


def _may_write(name: str, value: str, one: Outgoing, known: Known, mark: Mark) -> bool:
    there = known.values.get(name, "")
    if not there:
        return True
    return there != value and one.sent.get(name) == mark(f"{name}:{there}")
