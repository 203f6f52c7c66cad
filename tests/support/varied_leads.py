"""Leads as different as sources, people and versions of the program make them; the same ones in every run."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any, TypeVar

from pipeline.causes import Cause
from pipeline.lead import Contact, EmailStatus, Lead, Origin, ScorePart, StepOutcome, StepResult
from tests.support.campaigns import business

T = TypeVar("T")

TEXTS = (
    "Café Anchor & Söhne", "Anchor", "", "=1+1", "+358 9 123", "-2", "@x", '"Quoted" and "more"', "a;b|c", "a; =1",
    "a, =1", "Ends; ", " starts", "two  blanks", "line\r\nbreak", "tab\there", "日本料理 錨", "مقهى", "\u3164@x",
    "\u200b=1", "＝1", "−1", "^", "a^", "a ^b", "0123", "١٢٣", "1;2,3", "Mo-Fr 08:00-18:00; Sa,Su off", "a; ?b", "a|_b",
    "naïve\u0301", "_low", "a\u00a0b", "a;\u00a0=1", "+123456^+1234567", "+35891234567; +35891234568", "Zürich;",
)  # fmt: skip
"""Texts a cell may be asked to hold, except those no database takes."""
PHONES = ("+358912345678", "+35891234567", "+123456", "+123456789012345")
# Of then: one more would deal everything else anew.
_CAUSES = tuple(cause for cause in Cause if cause not in (Cause.STOPPED, Cause.UNSTATED))
_OSM = Origin(
    source="openstreetmap", ref="node/7", observed_on=date(2019, 4, 1), url="https://example.test/7"
)
_GOOGLE = Origin(source="google_places", ref="ChIJ", observed_on=date(2026, 11, 20))
_GONE = Origin(source="a_plugin_of_then", ref="", url="https://example.test/?a=b&c=d")
_HUNTER = Origin(source="hunter", ref="anchor.test", observed_on=date(2026, 11, 23))


def varied_leads(count: int) -> list[Lead]:
    """So many leads."""
    random = Random(20261127)  # noqa: S311 - the same in every run
    return [_lead(number, random) for number in range(count)]


def _lead(number: int, random: Random) -> Lead:
    own = Origin(source="openstreetmap", ref=f"node/{number}", observed_on=date(2020, 1 + number % 12, 5))
    first = random.choice([own, own, own, Origin(source="google_places", ref=f"ChIJ{number}")])
    origins = (first, *random.sample([_OSM, _GOOGLE, _GONE], random.randrange(3)))
    values = {
        **_values(random),
        "name": random.choice([text for text in TEXTS if text]),
        "category": random.choice(["amenity=cafe", "shop=car_repair", "craft=of_old"]),
        "origins": origins,
        "confidence": number,
        "reach": random.choice([None, 0, 64, 100]),
        "lat": random.choice([None, 60.1234567891, -0.0, -33.9, 1e-7]),
        "lon": random.choice([None, 24.94, -180.0, 151.20732]),
    }
    given = [*values, "street", "other_phones", "other_emails"]
    values["provenance"] = {
        name: random.choice([*origins, _HUNTER]) for name in given if random.random() < 0.7
    }
    values["score_parts"] = tuple(_part(random) for _ in range(random.randrange(4)))
    values["reach_parts"] = tuple(_part(random) for _ in range(random.randrange(3)))
    return Lead(
        business=business(number, **values),
        email_status=random.choice([*EmailStatus]),
        is_role_address=random.random() < 0.5,
        steps=tuple(_step(random) for _ in range(random.randrange(4))),
        contacts=tuple(_contact(number, random) for _ in range(random.randrange(4))),
        profiles=tuple(
            random.sample(["https://social.example.com/a", "https://social.example.com/b"], number % 3)
        ),
    )


def _values(random: Random) -> dict[str, Any]:
    empty = ("phone", "website", "email", "opening_hours", "address")
    several = "; ".join(random.sample(PHONES, 2))
    return {
        "address": _maybe("Pier Street 5, 00100 Harbour Town", random),
        "postcode": _maybe("00100", random),
        "city": _maybe("Harbour Town", random),
        "country": _maybe("FI", random),
        "phone": _maybe(random.choice(PHONES), random),
        "website": _maybe("https://cafe.example.com/?a=b;c", random),
        "domain": _maybe("cafe.example.com", random),
        "email": _maybe("info@cafe.example.com", random),
        "opening_hours": _maybe(random.choice(TEXTS), random),
        "brand": _maybe(random.choice(TEXTS), random),
        "chain": _maybe("Anchor Cafés", random),
        "details": {
            name: value
            for name, value in {
                "street": "Pier Street 5",
                "state": random.choice(TEXTS),
                "other_phones": several,
                "other_emails": "info@cafe.example.com; sales@cafe.example.com",
                "other_websites": "https://cafe.example.com/menu",
                "profiles": "https://social.example.com/a",
                "also": "Bar; Restaurant",
                "doubt": random.choice(TEXTS),
                "region": "FI",
            }.items()
            if random.random() < 0.4
        },
        "empty_reasons": {
            name: f"OpenStreetMap lists no {name}." for name in empty if random.random() < 0.4
        },
    }  # fmt: skip


def _part(random: Random) -> ScorePart:
    return ScorePart(
        name=random.choice(["name", "record"]),
        points=random.randrange(3),
        weight=10,
        evidence=random.choice(TEXTS),
    )


def _step(random: Random) -> StepResult:
    return StepResult(
        step=random.choice(["open_data", "website", "hunter", "neverbounce", "a_plugin_of_then"]),
        outcome=random.choice([*StepOutcome]),
        detail=random.choice(["Hunter knows no address.", "No site.", *TEXTS]),
        cost_micros=random.choice([0, 0, 1, 24_500]),
        is_open=random.random() < 0.2,
        cause=random.choice([None, *_CAUSES]),
        shared_micros=random.choice([0, 7]),
    )


def _contact(number: int, random: Random) -> Contact:
    return Contact(
        email=f"{random.choice(['info', 'sales', 'ann'])}@cafe-{number}.example.com",
        origin=random.choice([_OSM, _GOOGLE, _HUNTER]),
        status=random.choice([*EmailStatus]),
        is_role_address=random.random() < 0.5,
        name=_maybe("Ann Example", random),
        position=_maybe("Owner", random),
        certainty=_maybe(90, random),
        opinion=_maybe(random.choice([*EmailStatus]), random),
    )


def _maybe(value: T, random: Random) -> T | None:
    return value if random.random() < 0.7 else None
