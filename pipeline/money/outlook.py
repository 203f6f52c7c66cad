"""What can be expected of a provider before a campaign starts: how often it is asked, what that costs and takes."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.campaign import CampaignSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What is known, before the start, of the leads that reach a provider.

    ``known`` counts matching records that the free sources hold; ``leads`` the leads that are expected;
    ``with_domain`` those of them with a website of their own and no address yet; ``addresses_low`` and
    ``addresses_high`` those with an address to check. ``hit_share`` (0-1) is the share of questions to this provider
    that found something; ``price_micros`` the price of one question; ``per_s`` the questions it allows a second, None
    without a limit.
    """

    spec: CampaignSpec
    known: int
    leads: int
    with_domain: int
    addresses_low: int = 0
    addresses_high: int = 0
    hit_share: float = 0.5
    price_micros: int = 0
    per_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What one provider is expected to do: questions and cost from low to high, seconds, and the outlook for those
    that come after it."""

    low: int = 0
    high: int = 0
    cost_low_micros: int = 0
    cost_high_micros: int = 0
    duration_s: float = 0.0
    after: Outlook
