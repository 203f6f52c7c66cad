"""The businesses the stand-in knows: the shipped ones, then synthetic ones named after things."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import date

import settings
from pipeline.imports import places_file
from pipeline.place import Place

_SHIPPED = settings.PROJECT_ROOT / "data" / "helsinki-core.jsonl.gz"
_THINGS = (
    "anchor",
    "lantern",
    "barrel",
    "compass",
    "kettle",
    "ladder",
    "needle",
    "pebble",
    "ribbon",
    "saddle",
)
_CENTRE = (60.17, 24.94)


@dataclass(frozen=True, slots=True)
class Shop:
    """One business; ``domain`` and ``email`` are None when it has none that anybody knows."""

    number: int
    name: str
    category: str
    lat: float
    lon: float
    street: str
    domain: str | None
    email: str | None
    verdict: str

    @property
    def place_id(self) -> str:
        return f"ChIJ{self.number:08d}"

    @property
    def site_email(self) -> str | None:
        """The address its own site shows: one site in three does."""
        return self.email if self.email and self.number % 3 == 0 else None


class World:
    """Every business, and where to find it.

    ``known``: of a hundred companies with a domain, so many have an address; every other one unless given.
    """

    def __init__(self, synthetic: int, known: int | None = None) -> None:
        places = [record.place for record in places_file.read(_SHIPPED, date(2019, 4, 21)) if record.place]
        self.shops = [_shipped(number, place, known) for number, place in enumerate(places)]
        start = len(self.shops)
        self.shops += [_synthetic(start + number, number, known) for number in range(synthetic)]
        self.by_domain = {shop.domain: shop for shop in self.shops if shop.domain}
        self.by_email = {shop.email: shop for shop in self.shops if shop.email}

    def matching(self, text: str, box: tuple[float, float, float, float]) -> list[Shop]:
        """Businesses of the kind a text names, inside south, west, north, east."""
        south, west, north, east = box
        words = set(re.findall(r"\w+", text.casefold()))
        tags = {shop.category for shop in self.shops if words & _words(shop.category)}
        if words & {"coffee", "café"}:
            tags.add("amenity=cafe")
        return [
            shop
            for shop in self.shops
            if shop.category in tags and south <= shop.lat <= north and west <= shop.lon <= east
        ]


def _words(category: str) -> set[str]:
    return set(category.partition("=")[2].split("_"))


def _shipped(number: int, place: Place, known: int | None) -> Shop:
    slug = "-".join(re.findall(r"[a-z0-9]+", place.name.casefold()))[:30] or "shop"
    lat, lon = place.point
    return _shop(number, place.name, place.category, (lat, lon), f"{slug}-{number}", known)


def _synthetic(number: int, index: int, known: int | None) -> Shop:
    name = f"{_THINGS[index % len(_THINGS)].title()} Pottery {index:05d}"
    lat = _CENTRE[0] + (index % 97 - 48) * 0.0003
    lon = _CENTRE[1] + (index // 97 % 89 - 44) * 0.0006
    return _shop(number, name, "craft=pottery", (round(lat, 6), round(lon, 6)), f"pottery-{index:05d}", known)


def _shop(
    number: int, name: str, category: str, point: tuple[float, float], slug: str, known: int | None
) -> Shop:
    chance = int.from_bytes(hashlib.sha256(slug.encode()).digest()[:4], "big")
    domain = f"{slug}.test" if chance % 10 < 7 else None
    is_known = chance // 10 % 2 if known is None else chance // 10 % 100 < known
    email = f"info@{domain}" if domain and is_known else None
    verdicts = ("valid", "valid", "valid", "catchall", "invalid", "unknown")
    street = f"Harbour street {number + 1}"
    return Shop(
        number, name, category, *point, street, domain, email, verdicts[chance // 100 % len(verdicts)]
    )
