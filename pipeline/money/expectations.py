"""What providers of each kind are expected to do; a declaration takes the one that fits, or has its own."""

from __future__ import annotations

import math
from dataclasses import replace

from pipeline.money.outlook import Expectation, Outlook

PAGE = 20
"""Businesses a page of a paid search holds, as with Google."""
AT_ONCE = 24
"""Leads looked up at a time."""
_SEARCH_S = 0.6
_LOOK_UP_S = 0.8
_CHECK_S = 1.5
_SITE_S = 2.0
# The low end assumes half the usual hits, the high end that everybody who is asked finds something.
_LOW = 0.5


def searches(outlook: Outlook) -> Expectation:
    """A paid search, asked for what the free sources leave open; a page may repeat what is known already."""
    missing = max(0, outlook.spec.max_results - outlook.known)
    pages = math.ceil(missing / PAGE)
    return Expectation(
        low=pages,
        high=pages * 2,
        cost_low_micros=pages * outlook.price_micros,
        cost_high_micros=pages * 2 * outlook.price_micros,
        duration_s=pages * _SEARCH_S,
        after=outlook,
    )


def sites(outlook: Outlook) -> Expectation:
    """Reading the companies' own websites, for nothing."""
    return Expectation(duration_s=outlook.with_domain * _SITE_S / AT_ONCE, after=outlook)


def look_ups(outlook: Outlook) -> Expectation:
    """Asking for the addresses of every company that has a website and no address yet; only a hit costs."""
    asked = outlook.with_domain
    slowest_s = asked / outlook.per_s if outlook.per_s else 0.0
    low = math.ceil(asked * outlook.hit_share * _LOW)
    return Expectation(
        low=math.ceil(asked * _LOW),
        high=asked,
        cost_low_micros=round(asked * outlook.hit_share * _LOW) * outlook.price_micros,
        cost_high_micros=asked * outlook.price_micros,
        duration_s=max(asked * _LOOK_UP_S / AT_ONCE, slowest_s),
        after=replace(outlook, addresses_low=low, addresses_high=asked),
    )


def checks(outlook: Outlook) -> Expectation:
    """Verifying every address that was found."""
    low = outlook.addresses_low or math.ceil(outlook.with_domain * outlook.hit_share * _LOW)
    high = max(low, outlook.addresses_high or outlook.with_domain)
    return Expectation(
        low=low,
        high=high,
        cost_low_micros=low * outlook.price_micros,
        cost_high_micros=high * outlook.price_micros,
        duration_s=_CHECK_S if high else 0.0,
        after=outlook,
    )
