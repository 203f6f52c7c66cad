"""Values of a company that a person types: each comes to the same form as those of sources, or is refused in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pipeline.campaign import clean_text
from pipeline.contact.contacts import email_address, is_mobile, is_role_address, phone_e164, shown
from pipeline.contact.websites import company_domain, website_url
from pipeline.geo.addresses import address_line
from pipeline.lead import Business
from pipeline.words.categories import known_label
from pipeline.words.hours import is_readable
from pipeline.words.normal_week import normal_week

Typed = Mapping[str, str | bool | None]
"""Every value of a lead that a correction sets, by its name; None where a person says that there is none."""
PARTS: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "category": ("category",),
    "address": ("street", "postcode", "city"),
    "phone": ("phone",),
    "email": ("email",),
    "website": ("website",),
    "opening_hours": ("opening_hours",),
}
"""What people can correct, and what they type for each."""
WORKED_OUT = ("open_week", "time_zone")
"""What a correction sets that nobody typed and no source gave."""
_LONGEST = 300
"""Characters of a value; our own choice."""


def correction(field: str, typed: Mapping[str, str], business: Business) -> Typed:
    """What a corrected field of ``PARTS`` sets, from what was typed for each of its parts; empty text means that there
    is no value. Raises ValueError with a sentence."""
    return _READERS[field]({part: _line(typed.get(part, "")) for part in PARTS[field]}, business)


def _line(text: str) -> str:
    try:
        line = str(clean_text(text))
    except ValueError as problem:
        raise ValueError(f"It {problem}.") from None
    if len(line) > _LONGEST:
        raise ValueError(f"At most {_LONGEST} characters.")
    return line


def _name(typed: Mapping[str, str], business: Business) -> Typed:
    if not typed["name"]:
        raise ValueError("A company needs a name.")
    return {"name": typed["name"]}


def _category(typed: Mapping[str, str], business: Business) -> Typed:
    if known_label(typed["category"]) is None:
        raise ValueError("Choose a type from the list.")
    return {"category": typed["category"]}


def _address(typed: Mapping[str, str], business: Business) -> Typed:
    street, postcode, city = (typed[part] or None for part in PARTS["address"])
    state, country = business.details.get("state"), business.region
    line = address_line(street, postcode, city, state=state, country=country)
    return {"address": line, "street": street, "postcode": postcode, "city": city}


def _phone(typed: Mapping[str, str], business: Business) -> Typed:
    read = phone_e164(typed["phone"], business.region)
    if typed["phone"] and read.value is None:
        raise ValueError((read.reason or "").replace("The listed phone ", ""))
    return {"phone": read.value, "phone_is_mobile": bool(read.value and is_mobile(read.value))}


def _email(typed: Mapping[str, str], business: Business) -> Typed:
    read = email_address(typed["email"])
    if typed["email"] and read.value is None:
        raise ValueError((read.reason or "").replace("The listed e-mail ", ""))
    return {"email": read.value, "is_role_address": bool(read.value and is_role_address(read.value))}


def _website(typed: Mapping[str, str], business: Business) -> Typed:
    read = website_url(typed["website"])
    if typed["website"] and read.value is None:
        raise ValueError((read.reason or "").replace("The listed website ", ""))
    return {"website": read.value, "domain": company_domain(read.value).value if read.value else None}


def _hours(typed: Mapping[str, str], business: Business) -> Typed:
    hours = typed["opening_hours"]
    if hours and not is_readable(hours):
        raise ValueError(f"{shown(hours)} cannot be read. Write hours as Mo-Fr 09:00-17:00; Sa 10:00-14:00.")
    week = normal_week(hours, business.lat, business.lon)
    return {
        "opening_hours": hours or None,
        "open_week": week.open_week if week else None,
        "time_zone": week.time_zone if week else None,
    }


_READERS: Mapping[str, Callable[[Mapping[str, str], Business], Typed]] = {
    "name": _name,
    "category": _category,
    "address": _address,
    "phone": _phone,
    "email": _email,
    "website": _website,
    "opening_hours": _hours,
}
