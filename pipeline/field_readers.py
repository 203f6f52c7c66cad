"""How fields of a lead are read from a place where more than a tag or a column has to be looked at."""

from __future__ import annotations

from pipeline import place_contacts
from pipeline.contact.contacts import NOTHING, Reading
from pipeline.contact.websites import company_domain
from pipeline.place import Place
from pipeline.place_address import text
from pipeline.words import register_tags
from pipeline.words.categories import known_label, label_for
from pipeline.words.hours import is_readable
from pipeline.words.osm_tags import kinds_of

BETWEEN = "; "
"""Parts the values of a field that has several. No value holds it: addresses have no blank, phone numbers no sign."""


def hours(place: Place, region: str | None) -> Reading:
    """The first that is written in the map's language of hours, else the first."""
    said = [
        line for raw in (place.opening_hours, place.tags.get("contact:opening_hours")) if (line := text(raw))
    ]
    return Reading(next((line for line in said if is_readable(line)), next(iter(said), None)))


def domain(place: Place, region: str | None) -> Reading:
    """The company's own registered host."""
    website = place_contacts.websites(place, region).value
    return company_domain(website) if website else NOTHING


def profiles(place: Place, region: str | None) -> Reading:
    """Its pages on social networks."""
    return Reading(BETWEEN.join(place_contacts.profiles(place)) or None)


def legal_name(place: Place, region: str | None) -> Reading:
    """What a register calls it."""
    return Reading(text(place.name)) if place.source in register_tags.REGISTERS else NOTHING


def register(place: Place, region: str | None) -> Reading:
    """Which register has it, as people call that."""
    return Reading(register_tags.REGISTERS.get(place.tags.get(register_tags.REGISTER, "")))


def further_categories(place: Place, region: str | None) -> Reading:
    """What it is besides its category, and what finer kind of it: a restaurant that is also a bar, or a pizzeria."""
    main = label_for(place.category)
    labels = (known_label(kind) for kind in kinds_of(place.category, place.tags))
    others = dict.fromkeys(label for label in labels if label and label != main)
    return Reading(BETWEEN.join(others) or None)
