"""Everything one run of a campaign needs from outside, made from the settings and the lease."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date

from redis import Redis

import settings
from jobs import provider_setup
from jobs.breaker import Breaker
from jobs.campaign_ports import StoredMemory, StoredProgress, StoredSuppressions
from jobs.catalogue_search import CatalogueSearch
from jobs.provider_calls import StoredCalls
from jobs.rate_limit import RateLimiter
from pipeline.campaign import CampaignSpec, Source, Step
from pipeline.contact.email_checks import CanReceive, FreeChecks
from pipeline.enrichment.steps import OpenDataStep, SwitchedOff
from pipeline.money.calls import Endpoint, Prices, Provider
from pipeline.network.http import ProviderHttp
from pipeline.network.mx import Mail, MailCheck
from pipeline.ports import BatchStep, CampaignPorts, EnrichmentStep, PlaceSearch
from pipeline.providers.google.geocoding import GoogleGeocoding
from pipeline.providers.google.places import GooglePlacesSearch, Locate
from pipeline.providers.hunter import HunterStep
from pipeline.providers.locators import first_that_knows
from pipeline.providers.neverbounce.verifier import NeverBounceStep
from pipeline.providers.nominatim import Nominatim
from pipeline.providers.overpass import OverpassSearch
from pipeline.providers.website.crawl import Crawler
from pipeline.providers.website.guard import Fetcher
from pipeline.providers.website.step import WebsiteStep
from store import clock
from store.database import Role, transaction
from store.leases import Lease

_NO_BUDGET = "{} costs money and the budget is $0."
_NO_KEY = "{} has no key on this installation."
_REDIS_S = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outside:
    """What sources and steps are built from."""

    spec: CampaignSpec
    calls: StoredCalls
    http: dict[Provider, ProviderHttp]
    endpoints: dict[Provider, Endpoint]
    prices: Prices
    memory: StoredMemory
    suppressions: StoredSuppressions
    checks: FreeChecks
    mail: MailCheck
    fetcher: Fetcher
    today: date


@contextmanager
def ports(lease: Lease, spec: CampaignSpec, draining: threading.Event) -> Iterator[CampaignPorts]:
    """The ports of a campaign; its connections to providers are closed at the end."""
    with ExitStack() as stack:
        outside = _outside(lease, spec, draining, stack)
        yield CampaignPorts(
            searches=_searches(outside),
            steps=[OpenDataStep(), *(_step(step, outside) for step in spec.waterfall)],
            memory=outside.memory,
            progress=StoredProgress(lease, draining),
            today=outside.today,
        )


def _outside(lease: Lease, spec: CampaignSpec, draining: threading.Event, stack: ExitStack) -> _Outside:
    chosen = settings.get()
    with transaction(Role.WORKER) as conn:
        today = clock.today(conn)
    url = chosen.redis_url.get_secret_value()
    redis = Redis.from_url(url, socket_connect_timeout=_REDIS_S, socket_timeout=_REDIS_S) if url else None
    endpoints = provider_setup.endpoints(chosen)
    campaign = str(lease.campaign_id)
    limiters = {name: RateLimiter(redis, name, endpoint, campaign) for name, endpoint in endpoints.items()}
    breakers = {name: Breaker(redis, name, endpoint) for name, endpoint in endpoints.items()}
    agent = provider_setup.user_agent()
    http = {name: ProviderHttp(name, endpoint, user_agent=agent) for name, endpoint in endpoints.items()}
    fetcher = Fetcher(agent, gateway=chosen.website_gateway or None)
    for close in (*(client.close for client in http.values()), fetcher.close):
        stack.callback(close)
    if redis:
        stack.callback(redis.close)
    suppressions = StoredSuppressions(lease)
    mail = MailCheck(chosen.dns_server or None)
    return _Outside(
        spec=spec,
        calls=StoredCalls(lease, endpoints, limiters, breakers, draining),
        http=http,
        endpoints=endpoints,
        prices=provider_setup.prices(chosen),
        memory=StoredMemory(lease, today),
        suppressions=suppressions,
        checks=FreeChecks(suppressions, _can_receive(mail)),
        mail=mail,
        fetcher=fetcher,
        today=today,
    )


def _can_receive(mail: MailCheck) -> CanReceive:
    def check(domain: str) -> bool | None:
        return {Mail.RECEIVES: True, Mail.CANNOT: False, Mail.NOT_CHECKED: None}[mail.check(domain)]

    return check


def _searches(outside: _Outside) -> Sequence[PlaceSearch]:
    catalogue = CatalogueSearch()
    nominatim = Nominatim(outside.calls, outside.http[Provider.NOMINATIM])
    live = OverpassSearch(
        outside.calls,
        outside.http[Provider.OVERPASS],
        locate=first_that_knows(nominatim.locate, catalogue.locate),
        today=outside.today,
    )
    return [live, catalogue, *_google(outside, [catalogue.locate, nominatim.locate])]


def _google(outside: _Outside, locators: Sequence[Locate]) -> list[PlaceSearch]:
    key = outside.endpoints[Provider.GOOGLE_PLACES].key
    if not key or Source.GOOGLE_PLACES not in outside.spec.sources:
        return []
    geocoding = GoogleGeocoding(
        outside.calls,
        outside.http[Provider.GOOGLE_GEOCODING],
        key,
        price_micros=outside.prices.google_geocoding_micros,
    )
    return [
        GooglePlacesSearch(
            outside.calls,
            outside.http[Provider.GOOGLE_PLACES],
            key,
            price_micros=outside.prices.google_text_search_micros,
            # The free ways first: what they know need not be bought.
            locate=first_that_knows(*locators, geocoding.locate),
            today=outside.today,
        )
    ]


def _step(step: Step, outside: _Outside) -> EnrichmentStep | BatchStep:
    if step is Step.WEBSITE:
        return _website(outside)
    provider = Provider(step.value)
    if not outside.endpoints[provider].key:
        return SwitchedOff(step, _NO_KEY.format(provider.label))
    if outside.spec.budget_micros == 0:
        return SwitchedOff(step, _NO_BUDGET.format(provider.label))
    return _hunter(outside) if step is Step.HUNTER else _neverbounce(outside)


def _website(outside: _Outside) -> EnrichmentStep:
    has_gateway = bool(settings.get().website_gateway)
    return WebsiteStep(
        Crawler(outside.fetcher),
        checks=outside.checks,
        online=lambda: has_gateway or outside.mail.works,
        simulated=outside.calls.simulated,
        today=outside.today,
    )


def _hunter(outside: _Outside) -> EnrichmentStep:
    return HunterStep(
        outside.calls,
        outside.http[Provider.HUNTER],
        outside.endpoints[Provider.HUNTER].key,
        price_micros=outside.prices.hunter_credit_micros,
        checks=outside.checks,
        suppressions=outside.suppressions,
        memory=outside.memory,
        today=outside.today,
    )


def _neverbounce(outside: _Outside) -> BatchStep:
    return NeverBounceStep(
        outside.calls,
        outside.http[Provider.NEVERBOUNCE],
        outside.endpoints[Provider.NEVERBOUNCE].key,
        price_micros=outside.prices.neverbounce_check_micros,
        checks=outside.checks,
    )
