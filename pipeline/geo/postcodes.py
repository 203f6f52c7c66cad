"""Postcodes as they are compared, and the district a long one lies in.

The forms are those of the Universal Postal Union's addressing guides, https://www.upu.int/en/Postal-Solutions/Programmes-Services/Addressing-Solutions
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Codes that go before the digits: of a country or, on older letters, of its cars.
_PREFIX = re.compile(r"^(?:[A-Z]{1,3})[-\s](?=\d)|^(?:AD|FI|SE|LV|LT|MD|SI|HR|BG|AZ|LU)(?=\d)")
# The first group is the district people name: the outward code in Britain, the four digits in Portugal.
_WITH_DISTRICT = tuple(
    map(
        re.compile,
        (
            r"([A-Z]{1,2}\d[A-Z\d]?) ?\d[A-Z]{2}",  # GB and its islands: EC1N 2LL
            r"(\d{4})-\d{3}",  # PT: 4000-443
            r"(\d{4}) ?[A-Z]{2}",  # NL: 1012 AB
            r"(\d{5})-\d{4}",  # US: 21201-1234
            r"([A-Z]\d[A-Z]) ?\d[A-Z]\d",  # CA: K1A 0B1
            r"([A-Z]\d[\dW]) ?[A-Z\d]{4}",  # IE: D02 X285
        ),
    )
)
_POSSIBLE = re.compile(r"(?=.*\d)[A-Z\d][A-Z\d \-]{1,9}")


def codes(recorded: str) -> Iterator[str]:
    """Each postcode a record holds, and the district of each, in capitals; what is none is left out."""
    for part in re.split(r"[;,/]", recorded):
        code = " ".join(part.upper().split())
        if _POSSIBLE.fullmatch(code):
            yield code
            district = district_of(code)
            if district:
                yield district


def district_of(code: str) -> str | None:
    """The district of a postcode in capitals, None where people name none."""
    found = next((form for pattern in _WITH_DISTRICT if (form := pattern.fullmatch(code))), None)
    return found[1] if found else None


def code_keys(code: str) -> tuple[str, ...]:
    """A postcode as it is compared: with and without its country's letters, never with spaces."""
    capitals = code.upper().strip()
    plain = _PREFIX.sub("", capitals)
    return tuple(dict.fromkeys(re.sub(r"[\s-]", "", text).casefold() for text in (plain, capitals)))
