"""How well one can call, write to or visit a business: what is there counts by what is known of it, worst first.

A value that a source wrote down counts less than one that somebody confirmed, and one that is known not to work
counts nothing. Evidence repeats no value of a source: some may be kept for a while only, and what was said of them
stays.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from pipeline.lead import Business, EmailStatus
from pipeline.scoring.figures import Rule, Share, Subject
from pipeline.words.register_tags import REGISTERS

SITE = "website"
"""The source of values that the company's own website confirmed."""
_MAILBOX: Mapping[EmailStatus, Share] = MappingProxyType(
    {
        EmailStatus.INVALID: (0, "The mailbox does not exist, so nothing can be written to it."),
        EmailStatus.DISPOSABLE: (0, "It is a throw-away address that nobody reads."),
        EmailStatus.UNKNOWN: (40, "The mailbox could not be checked."),
        EmailStatus.UNVERIFIED: (50, "An address is written down; nobody asked its mail server."),
        EmailStatus.TYPED: (50, "A person typed the address; nobody asked its mail server."),
        EmailStatus.CATCHALL: (
            50,
            "The domain takes any address, whether somebody reads it or not.",
        ),
        EmailStatus.ACCEPTED: (85, "The mail server takes the address."),
        EmailStatus.VERIFIED: (100, "The address is verified."),
    }
)
"""Worst first: the percent an address is worth by what is known of its mailbox; our own choice."""
_STATED, _FAILED, _SHARED = 70, 20, 40
_STATED_PHONE = 80
_ON_THE_MAP = 20
"""Percent of a website or a phone number nobody confirmed, of one that could not be read, of a page on somebody else's
site, and of a position without an address; our own choice."""


def _phone(subject: Subject) -> Share:
    business = subject.business
    if not business.phone:
        return 0, _empty(business, "phone")
    if _is_confirmed(business, "phone"):
        return 100, "It has a valid number, which its own website shows."
    return _STATED_PHONE, "It has a valid number; nobody called it."


def _email(subject: Subject) -> Share:
    business = subject.business
    if not business.email:
        return 0, _empty(business, "email")
    # An address without a verdict is one that was written down.
    return _MAILBOX.get(subject.mailbox, _MAILBOX[EmailStatus.UNVERIFIED])


def address(subject: Subject) -> Share:
    """Whether it can be visited."""
    business = subject.business
    street = business.street
    number = street is not None and any(char.isdigit() for char in street)
    parts = {
        "street": (40, street),
        "house number": (20, number),
        "postcode": (20, business.postcode),
        "city": (20, business.city),
    }
    there = [name for name, (_, value) in parts.items() if value]
    missing = [name for name, (_, value) in parts.items() if not value]
    share = sum(percent for percent, value in parts.values() if value)
    if not there:
        return 0, "No part of the address is recorded."
    if not missing:
        origin = business.provenance.get("address")
        is_office = origin is not None and origin.source in REGISTERS
        return 100, f"The {'registered office' if is_office else 'address'} is complete."
    return share, f"Recorded: {', '.join(there)}; missing: {', '.join(missing)}."


def _visit(subject: Subject) -> Share:
    share, said = address(subject)
    if share < _ON_THE_MAP and subject.business.lat is not None:
        return _ON_THE_MAP, f"{said} Its position on the map is known."
    return share, said


def _website(subject: Subject) -> Share:
    business = subject.business
    if not business.website:
        return 0, _empty(business, "website")
    if not business.domain:
        return _SHARED, _empty(business, "domain")
    if subject.site_problem:
        return _FAILED, f"Its own website could not be read: {subject.site_problem}"
    if _is_confirmed(business, "website"):
        return 100, "Its own website answers."
    return _STATED, "It has a website of its own; nobody looked at it."


def _is_confirmed(business: Business, field: str) -> bool:
    origin = business.provenance.get(field)
    return origin is not None and origin.source == SITE


def _empty(business: Business, field: str) -> str:
    return business.empty_reasons.get(field) or "Not recorded."


RULES: Mapping[str, Rule] = MappingProxyType(
    {"phone": _phone, "email": _email, "address": _visit, "website": _website}
)
