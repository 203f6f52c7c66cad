"""Google: businesses by Places (New), typed places by Geocoding; both go by one key."""

from __future__ import annotations

from decimal import Decimal

from pipeline.money.expectations import locates, searches
from pipeline.providers.context import RunContext
from pipeline.providers.declaration import Kind, Limit, Operation, ProviderSpec, Setting, Terms
from pipeline.providers.google import geocoding, places
from pipeline.providers.google.answers import GEOCODING, PLACES
from pipeline.providers.locators import first_that_knows

_API_KEY, _PER_MINUTE = "GOOGLE_PLACES_API_KEY", "GOOGLE_PER_MINUTE"


def _search(context: RunContext) -> places.GooglePlacesSearch:
    # The free ways first: what they know need not be bought.
    locate = first_that_knows(context.known_locality, *context.locators(), _geocoding(context).locate)
    return places.GooglePlacesSearch(
        context.calls,
        context.http(places.KEY),
        context.text(_API_KEY),
        price_micros=context.price_micros("GOOGLE_TEXT_SEARCH_USD"),
        locate=locate,
        today=context.today,
        min_rating=(context.spec.min_rating or 0) if context.spec.wants_ratings else None,
    )


def _geocoding(context: RunContext) -> geocoding.GoogleGeocoding:
    return geocoding.GoogleGeocoding(
        context.calls,
        context.http(geocoding.KEY),
        context.text(_API_KEY),
        price_micros=context.price_micros("GOOGLE_GEOCODING_USD"),
    )


PROVIDERS = (
    ProviderSpec(
        key=places.KEY,
        label=PLACES,
        kind=Kind.PLACES,
        help="Businesses of Google Maps, by text search inside the area.",
        build=_search,
        origin=places.KEY,
        origin_label="Google Maps",
        # Those of the field mask; the facts are asked for when an order demands them.
        states=frozenset({"rating", "reviews"}),
        fields=frozenset(
            {"name", "category", "address", "city", "postcode", "country", "phone", "website", "domain"}
        ),
        rank=90,
        aliases=("google", "places"),
        endpoint="GOOGLE_PLACES_BASE_URL",
        needs=_API_KEY,
        limits=(Limit(setting=_PER_MINUTE, window_s=60),),
        operations=(
            Operation(
                name=places.SEARCH,
                label="Search for businesses",
                price="GOOGLE_TEXT_SEARCH_USD",
                unit="up to 20 businesses",
                counts=("page", "pages"),
                about=("text",),
            ),
        ),
        terms=Terms(
            url="https://cloud.google.com/maps-platform/terms",
            credit="Google Maps",
            retention="GOOGLE_RETENTION_DAYS",
            restricts_export=True,
            restricts_maps=True,
            about_export=(
                "Google's terms let place ids be kept, and restrict storing and exporting names, phone numbers and"
                " addresses."
            ),
        ),
        settings=(
            Setting(
                name=_API_KEY,
                help="Key for Google Places (New) and Geocoding; empty switches both off.",
                is_secret=True,
            ),
            Setting(
                name="GOOGLE_PLACES_BASE_URL",
                help="Where Google Places is asked.",
                default="https://places.googleapis.com",
            ),
            Setting(
                name="GOOGLE_TEXT_SEARCH_USD",
                help="Price of one page of Google Text Search with contacts, also with ratings (Enterprise tier: $35"
                " per 1,000).",
                default=Decimal("0.035"),
                most=100,
            ),
            Setting(
                name=_PER_MINUTE,
                help="Google Places requests a minute for the whole installation.",
                default=600,
                least=1,
                most=100_000,
            ),
            Setting(
                name="GOOGLE_RETENTION_DAYS",
                help="Days after which values that only Google gave are removed.",
                default=30,
                least=1,
                most=30,
            ),
        ),
        # The fields that are asked for; hours and addresses are not among them.
        expect=searches,
    ),
    ProviderSpec(
        key=geocoding.KEY,
        label=GEOCODING,
        kind=Kind.LOCATOR,
        help="Finds a typed place that no free way knows.",
        build=_geocoding,
        rank=90,
        endpoint="GOOGLE_GEOCODING_BASE_URL",
        needs=_API_KEY,
        limits=(Limit(setting=_PER_MINUTE, window_s=60),),
        operations=(
            Operation(
                name=geocoding.GEOCODE,
                label="Find the place",
                price="GOOGLE_GEOCODING_USD",
                unit="a place",
                counts=("place", "places"),
                about=("address",),
            ),
        ),
        terms=Terms(url="https://cloud.google.com/maps-platform/terms"),
        settings=(
            Setting(
                name="GOOGLE_GEOCODING_BASE_URL",
                help="Where Google Geocoding is asked.",
                default="https://maps.googleapis.com",
            ),
            Setting(
                name="GOOGLE_GEOCODING_USD",
                help="Price of one Google Geocoding request ($5 per 1,000).",
                default=Decimal("0.005"),
                most=100,
            ),
        ),
        expect=locates,
    ),
)
