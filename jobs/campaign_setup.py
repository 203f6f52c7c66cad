"""Everything one run of a campaign needs from outside, made from the settings and the lease."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from redis import Redis

import settings
from jobs.breaker import Breaker
from jobs.campaign_ports import (
    StoredBook,
    StoredCustomers,
    StoredMemory,
    StoredProgress,
    StoredSuppressions,
)
from jobs.catalogue_search import CatalogueSearch, known_locality
from jobs.own_list_search import OwnListSearch
from jobs.provider_calls import StoredCalls
from jobs.rate_limit import RateLimiter
from jobs.tracing import Stages
from pipeline.campaign import CampaignSpec
from pipeline.causes import Cause
from pipeline.contact.email_checks import CanReceive, FreeChecks
from pipeline.enrichment.qualifying import IfQualified, IfQualifiedTogether, Model, QualificationStep
from pipeline.enrichment.steps import OpenDataStep, SwitchedOff
from pipeline.money.calls import Endpoint
from pipeline.network.http import ProviderHttp
from pipeline.network.mx import Mail, MailCheck
from pipeline.ports import BatchStep, CampaignPorts, EnrichmentStep, PlaceSearch
from pipeline.providers.context import Locate, RunContext
from pipeline.providers.declaration import Kind, ProviderSpec
from pipeline.providers.registry import registry
from pipeline.providers.website import statements
from store import clock, in_force, known_companies, provider_setup
from store.database import Role, transaction
from store.leases import Lease

_REDIS_S = 0.5


@contextmanager
def ports(lease: Lease, spec: CampaignSpec, draining: threading.Event) -> Iterator[CampaignPorts]:
    """The ports of a campaign; its connections to providers are closed at the end."""
    with ExitStack() as stack:
        context = _context(lease, spec, draining, stack)
        stages = Stages(lease.job_id, lease.token)
        stack.callback(stages.end)
        yield CampaignPorts(
            searches=_searches(context),
            steps=[OpenDataStep(), *_steps(context)],
            memory=context.memory,
            progress=StoredProgress(lease, draining, stages),
            suppressions=context.suppressions,
            book=StoredBook(lease),
            customers=StoredCustomers(lease),
            today=context.today,
        )


def _context(lease: Lease, spec: CampaignSpec, draining: threading.Event, stack: ExitStack) -> RunContext:
    config, values = settings.get(), in_force.provider_values()
    with transaction(Role.WORKER) as conn:
        today = clock.today(conn)
    endpoints = provider_setup.endpoints(values)
    calls = _calls(lease, spec, endpoints, draining, stack)
    suppressions = StoredSuppressions(lease)
    mail = MailCheck(config.dns_server or None)
    agent = provider_setup.user_agent()
    http = _clients(endpoints, agent, stack)
    locators: list[Locate] = []
    context = RunContext(
        spec=spec,
        values=values,
        calls=calls,
        http=http,
        memory=StoredMemory(lease, today, refreshes=spec.refreshes),
        suppressions=suppressions,
        checks=FreeChecks(suppressions, _can_receive(mail)),
        catalogue=CatalogueSearch(),
        own_list=OwnListSearch(lease, spec, calls.simulated),
        known_locality=known_locality,
        locators=lambda: locators,
        is_online=lambda: mail.works,
        mark_simulated=calls.simulated,
        close_later=lambda close: _close_later(stack, close),
        user_agent=agent,
        today=today,
        proxy=config.outbound_proxy.get_secret_value(),
    )
    locators += _free_locators(context)
    return context


def _calls(
    lease: Lease,
    spec: CampaignSpec,
    endpoints: Mapping[str, Endpoint],
    draining: threading.Event,
    stack: ExitStack,
) -> StoredCalls:
    url = settings.get().redis_url.get_secret_value()
    redis = Redis.from_url(url, socket_connect_timeout=_REDIS_S, socket_timeout=_REDIS_S) if url else None
    if redis:
        stack.callback(redis.close)
    campaign = str(lease.campaign_id)
    limiters = {key: RateLimiter(redis, key, endpoint, campaign) for key, endpoint in endpoints.items()}
    breakers = {key: Breaker(redis, key, endpoint) for key, endpoint in endpoints.items()}
    since = None
    if spec.refreshes:
        with transaction(Role.WORKER, lease=lease) as conn:
            since = known_companies.placed_at(conn, lease)
    calls = StoredCalls(lease, endpoints, limiters, breakers, draining, since=since)
    stack.callback(calls.close)
    return calls


def _clients(
    endpoints: Mapping[str, Endpoint], agent: str, stack: ExitStack
) -> Callable[[str], ProviderHttp]:
    """One client a provider, made when it is first asked for."""
    made: dict[str, ProviderHttp] = {}

    def client(key: str) -> ProviderHttp:
        if key not in made:
            spec = registry().providers[key]
            made[key] = ProviderHttp(spec.label, endpoints[key], user_agent=agent, timeouts=spec.timeouts)
            stack.callback(made[key].close)
        return made[key]

    return client


def _close_later(stack: ExitStack, close: Callable[[], None]) -> None:
    stack.callback(close)


def _can_receive(mail: MailCheck) -> CanReceive:
    def check(domain: str) -> bool | None:
        return {Mail.RECEIVES: True, Mail.CANNOT: False, Mail.NOT_CHECKED: None}[mail.check(domain)]

    return check


def _free_locators(context: RunContext) -> list[Locate]:
    return [_built(spec, context).locate for spec in registry().locators if not spec.paid]


def _searches(context: RunContext) -> Sequence[PlaceSearch]:
    """The sources the order names that can work here, in the order of a campaign."""
    return [
        _built(spec, context)
        for spec in registry().sources
        if spec.order_key in context.spec.sources and _is_configured(spec, context)
    ]


def _steps(context: RunContext) -> list[EnrichmentStep | BatchStep]:
    """The look-ups of an order. Its criteria are answered before any that is paid, and spare those the companies that
    are not what was asked for."""
    keys = context.spec.waterfall
    if not context.spec.criteria:
        return [_step(key, context) for key in keys]
    read = next((place for place, key in enumerate(keys) if not _reads_sites(key)), len(keys))
    qualification = QualificationStep(context.spec.criteria, statements(context), _model(context))
    before = [_step(key, context) for key in keys[:read]]
    return [*before, qualification, *(_spared(key, _step(key, context)) for key in keys[read:])]


def _reads_sites(order_key: str) -> bool:
    spec = registry().by_order_key.get(order_key)
    return spec is not None and spec.kind is Kind.WEBSITE


def _spared(order_key: str, step: EnrichmentStep | BatchStep) -> EnrichmentStep | BatchStep:
    spec = registry().by_order_key.get(order_key)
    if spec is None or not spec.paid:
        return step
    return IfQualifiedTogether(step) if isinstance(step, BatchStep) else IfQualified(step)


def _model(context: RunContext) -> Model | None:
    """The language model that answers criteria; None where there is none, or nothing to pay it with."""
    for spec in registry().qualifiers:
        if _is_configured(spec, context):
            model: Model = _built(spec, context)
            return model if context.spec.budget_micros or not model.is_paid else None
    return None


def _step(order_key: str, context: RunContext) -> EnrichmentStep | BatchStep:
    spec = registry().by_order_key.get(order_key)
    off = partial(SwitchedOff, order_key, registry().order_label(order_key))
    if spec is None or not _is_configured(spec, context):
        return off(Cause.NOT_CONFIGURED)
    if spec.paid and provider_setup.price_micros(spec) and context.spec.budget_micros == 0:
        return off(Cause.NO_BUDGET)
    step: EnrichmentStep | BatchStep = _built(spec, context)
    return step


def _is_configured(spec: ProviderSpec, context: RunContext) -> bool:
    return provider_setup.is_configured(spec, {name for name, value in context.values.items() if value})


def _built(spec: ProviderSpec, context: RunContext) -> Any:  # noqa: ANN401 - what it is follows from its kind
    return spec.build(context)
