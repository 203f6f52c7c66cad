"""Each provider as the settings describe it: where it is, under which key, how fast, at what price."""

from __future__ import annotations

from decimal import Decimal

import settings
from pipeline.campaign import MICROS_PER_USD
from pipeline.money.calls import Endpoint, Prices, Provider, RateLimit
from settings import Settings

PRODUCT = "ProspectPro/1"


def endpoints(chosen: Settings) -> dict[Provider, Endpoint]:
    """Every provider; one without the key it needs is there, but not ``available``."""
    google = chosen.google_places_api_key.get_secret_value()
    per_minute = (RateLimit(calls=chosen.google_per_minute, window_s=60),)
    return {
        Provider.GOOGLE_PLACES: Endpoint(
            base_url=chosen.google_places_base_url, key=google, limits=per_minute
        ),
        Provider.GOOGLE_GEOCODING: Endpoint(
            base_url=chosen.google_geocoding_base_url, key=google, limits=per_minute
        ),
        Provider.HUNTER: Endpoint(
            base_url=chosen.hunter_base_url,
            key=chosen.hunter_io_api_key.get_secret_value(),
            limits=(
                RateLimit(calls=chosen.hunter_per_second, window_s=1),
                RateLimit(calls=chosen.hunter_per_minute, window_s=60),
            ),
        ),
        Provider.NEVERBOUNCE: Endpoint(
            base_url=chosen.neverbounce_base_url,
            key=chosen.neverbounce_api_key.get_secret_value(),
            limits=(RateLimit(calls=chosen.neverbounce_per_second, window_s=1),),
        ),
        Provider.OVERPASS: Endpoint(
            base_url=chosen.overpass_base_url,
            limits=(RateLimit(calls=chosen.overpass_per_second, window_s=1),),
        ),
        Provider.NOMINATIM: Endpoint(
            base_url=chosen.nominatim_base_url,
            limits=(RateLimit(calls=chosen.nominatim_per_second, window_s=1),),
        ),
    }


def prices(chosen: Settings) -> Prices:
    """The prices of the settings, in millionths of a US dollar."""
    return Prices(
        google_text_search_micros=_micros(chosen.google_text_search_usd),
        google_geocoding_micros=_micros(chosen.google_geocoding_usd),
        hunter_credit_micros=_micros(chosen.hunter_credit_usd),
        neverbounce_check_micros=_micros(chosen.neverbounce_check_usd),
    )


def user_agent() -> str:
    """How we introduce ourselves, as OpenStreetMap's usage policies and site owners expect."""
    contact = settings.get().operator_contact
    return f"{PRODUCT} (+{contact})" if contact else PRODUCT


def _micros(usd: Decimal) -> int:
    return int(usd * MICROS_PER_USD)
