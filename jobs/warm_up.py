"""Loads what every campaign reads before the first one is forked: words, chains, endings of domains, phone numbers,
certificates.

A run would load them again each time, for more than half a second of processor time, and meanwhile hold up the
heartbeat of its own lease on a busy machine. ``python -m bench.campaign`` shows what a campaign takes.
"""

from __future__ import annotations

from datetime import date

from pipeline.chains.brands import by_wikidata
from pipeline.discovery.businesses import from_records
from pipeline.discovery.records import read
from pipeline.network.http import trusted
from pipeline.place import Place
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import scored
from pipeline.words.lexicon import labels
from pipeline.words.understanding import match_types

_DAY = date(2000, 1, 1)
# Every reader has something to read; nothing of it is kept. The country decides which numbers and chains are loaded;
# those of another one add little.
_PLACE = Place(
    source="openstreetmap",
    source_ref="node/1",
    name="Anchor",
    category="amenity=cafe",
    lat=0.0,
    lon=0.0,
    street="Pier Street",
    housenumber="5",
    postcode="10115",
    city="Harbour Town",
    country="DE",
    phone="+49 30 123456",
    website="https://anchor.example.com/",
    email="info@example.com",
    opening_hours="Mo-Fr 09:00-17:00",
    observed_on=_DAY,
)


def warm_up() -> None:
    """Understand, read, merge and score one place, as a campaign does."""
    types = match_types(["cafe"])
    labels()
    by_wikidata()
    trusted()
    for business in from_records([read(_PLACE, _PLACE.country)], types):
        scored(business, ScoreContext(types=types, today=_DAY))
