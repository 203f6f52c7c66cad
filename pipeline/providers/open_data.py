"""The open-data catalogue of this installation: OpenStreetMap places that were imported, searched for nothing."""

from __future__ import annotations

from pipeline.ports import PlaceSearch
from pipeline.providers.context import RunContext
from pipeline.providers.declaration import Kind, ProviderSpec, Terms

KEY = "open_data"
OSM_TERMS = Terms(
    url="https://www.openstreetmap.org/copyright",
    credit="© OpenStreetMap contributors, https://www.openstreetmap.org/copyright",
    licence="Open Database License (ODbL) 1.0, https://opendatacommons.org/licenses/odbl/1-0/",
)
"""The credit OpenStreetMap asks for, and the licence of its data."""


def _build(context: RunContext) -> PlaceSearch:
    return context.catalogue


PROVIDERS = (
    ProviderSpec(
        key=KEY,
        label="Open data (OpenStreetMap)",
        kind=Kind.PLACES,
        help="Places of OpenStreetMap that were imported into this installation.",
        build=_build,
        origin="openstreetmap",
        origin_label="OpenStreetMap",
        rank=20,
        aliases=("catalogue", "catalog"),
        terms=OSM_TERMS,
    ),
)
