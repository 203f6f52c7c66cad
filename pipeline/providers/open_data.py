"""The open-data catalogue of this installation: places of OpenStreetMap and other sources that were imported, searched
for nothing."""

from __future__ import annotations

from pipeline.licences import ODBL, in_words
from pipeline.ports import PlaceSearch
from pipeline.providers.context import RunContext
from pipeline.providers.declaration import Dataset, Kind, ProviderSpec, Terms
from pipeline.words.osm_tags import CREDIT, SOURCE
from pipeline.words.register_tags import REGISTERS

KEY = "open_data"
OSM_TERMS = Terms(
    url="https://www.openstreetmap.org/copyright",
    credit=CREDIT,
    licence=in_words(ODBL),
)
"""The credit OpenStreetMap asks for, and the licence of its data."""
_OVERTURE = Dataset(
    origin="overture",
    label="Overture Maps",
    terms=Terms(
        url="https://docs.overturemaps.org/attribution/", credit="Overture Maps Foundation, overturemaps.org"
    ),
)
_FOURSQUARE = Dataset(
    origin="foursquare",
    label="Foursquare",
    terms=Terms(
        url="https://docs.foursquare.com/data-products/docs/fsq-places-open-source",
        credit="Foursquare OS Places, Copyright 2024 Foursquare Labs, Inc. All rights reserved.",
    ),
)
_PRH = Dataset(
    origin="prh",
    label="PRH Finland",
    terms=Terms(
        url="https://avoindata.prh.fi/en",
        credit="Finnish Patent and Registration Office (PRH) and Tax Administration, YTJ open data, avoindata.prh.fi",
    ),
)
_COMPANIES_HOUSE = Dataset(
    origin="companies_house",
    label=REGISTERS["companies_house"],
    terms=Terms(
        url="https://www.gov.uk/guidance/companies-house-data-products",
        credit="Companies House, Free Company Data Product. Contains public sector information licensed under the Open"
        " Government Licence v3.0.",
    ),
)
_ALLTHEPLACES = Dataset(
    origin="alltheplaces",
    label="AllThePlaces",
    terms=Terms(url="https://www.alltheplaces.xyz/", credit="All the Places, alltheplaces.xyz"),
)


def _build(context: RunContext) -> PlaceSearch:
    return context.catalogue


PROVIDERS = (
    ProviderSpec(
        key=KEY,
        label="Open data",
        kind=Kind.PLACES,
        help="Places of OpenStreetMap, Overture Maps, Foursquare and AllThePlaces, and companies of registers, imported"
        " into this installation.",
        build=_build,
        origin=SOURCE,
        origin_label="OpenStreetMap",
        # Registers do.
        states=frozenset({"founded", "company_size"}),
        datasets=(_OVERTURE, _FOURSQUARE, _ALLTHEPLACES, _PRH, _COMPANIES_HOUSE),
        rank=20,
        aliases=("catalogue", "catalog"),
        terms=OSM_TERMS,
    ),
)
