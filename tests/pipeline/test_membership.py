"""What a record of the map says of where it is decides whether it belongs to a named area."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.geo.membership import elsewhere
from pipeline.place import Level, Named
from tests.pipeline.memory import HARBOUR, place

CITY = Named(level=Level.CITY, spellings=("Harbour Town", "Saint Anchor"))
PART = Named(level=Level.PART, spellings=("Old Docks",), outer=("Harbour Town",))
CODE = Named(level=Level.POSTCODE, spellings=("00100",), outer=("Harbour Town",))
STATE = Named(level=Level.STATE, spellings=("Coast",))


@pytest.mark.parametrize(
    ("named", "said", "is_elsewhere"),
    [
        (CITY, {}, False),
        (CITY, {"city": "harbour  town"}, False),
        (CITY, {"city": "St. Anchor"}, False),
        (CITY, {"city": "Old Docks, Harbour Town"}, False),
        (CITY, {"city": "Hilltop"}, True),
        (CITY, {"city": "7"}, False),
        (PART, {"tags": {"addr:suburb": "Old Docks"}}, False),
        (PART, {"city": "Old Docks"}, False),
        (PART, {"city": "Harbour Town"}, False),
        (PART, {"tags": {"addr:suburb": "New Docks"}}, True),
        (PART, {"city": "Hilltop"}, True),
        (CODE, {"postcode": "FI-00100"}, False),
        (CODE, {"postcode": "00120"}, True),
        (CODE, {"city": "Hilltop"}, True),
        (STATE, {"tags": {"addr:state": "CO"}}, False),
    ],
)
def test_a_record_that_names_another_place_is_not_of_this_one(
    named: Named, said: dict[str, object], is_elsewhere: bool
) -> None:
    area = replace(HARBOUR, named=named)
    assert elsewhere(area)(place("node/1", **said)) is is_elsewhere
    # Other sources write names in a language of their own.
    assert not elsewhere(area)(place("id", source="google_places", **said))
    assert not elsewhere(HARBOUR)(place("node/1", **said))
