"""What this installation learnt that an order's plan can use: of each company, of each look-up, of the same order
before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import settings
from pipeline.campaign import CampaignSpec
from pipeline.money.orders import Before, Order
from pipeline.money.outlook import Candidate, ProviderFigures
from pipeline.money.shares import ALL, EVEN, MOST, SITES, Share, of_campaigns
from pipeline.ports import KNOWN_FOR_DAYS
from pipeline.providers.declaration import Kind, ProviderSpec
from pipeline.providers.registry import registry
from pipeline.scoring.ceiling import Most, most_before_look_ups, out_of_reach
from pipeline.scoring.demands import conditions
from services.identity import Person
from store import earlier_orders, experience, provider_cache, provider_setup, spend_sums
from store.database import Connection
from store.experience import Sighting, StepCount

_SAME_FOR_DAYS = 30
"""How long an order that was carried out tells what the same order would find; our own choice."""
_MARGIN = 17
"""Points a business may miss of what its source can tell: a type only the source knows counts half, and most businesses
have one record, with which no other agrees."""

_ON_RECORD = 0.2
"""The least share of businesses that belong to no chain; our own choice, as with supermarkets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What was learnt before: how each look-up goes, shares by source, hits by provider."""

    steps: Mapping[str, StepCount]
    domains: Mapping[str, tuple[int, int]]
    hits: Mapping[str, Share]


def known(conn: Connection, person: Person) -> Known:
    """Read what was learnt."""
    everybody = {
        key: Share(asked=asked, hits=hits) for key, (asked, hits) in spend_sums.hit_rates(conn).items()
    }
    own = {key: of_campaigns(told) for key, told in experience.hits(conn, person.workspace_id).items()}
    return Known(
        steps=experience.steps(conn, person.workspace_id),
        domains=experience.domains(conn, person.workspace_id),
        hits=everybody | own,
    )


def before(conn: Connection, person: Person, spec: CampaignSpec) -> Before | None:
    """The same order carried out lately, as its leads were before they were looked up."""
    run = earlier_orders.earlier_run(conn, person.workspace_id, spec, _SAME_FOR_DAYS)
    if run is None:
        return None
    leads = tuple(
        Candidate(domain=lead.domain, email=lead.source_email, has_phone=lead.phone is not None)
        for lead in run.leads
    )
    return Before(candidates=leads, questions=run.questions, wanted=run.wanted)


def informed(conn: Connection, person: Person, candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The candidates with what the workspace learnt of their companies."""
    domains = sorted({candidate.domain for candidate in candidates if candidate.domain})
    if not domains:
        return tuple(candidates)
    sightings = experience.of_companies(conn, person.workspace_id, domains)
    verified = experience.verified(conn, person.workspace_id, domains, KNOWN_FOR_DAYS)
    return tuple(
        replace(
            candidate,
            told=_told(sightings[candidate.domain]) if candidate.domain in sightings else {},
            site_email=_site_email(sightings.get(candidate.domain)) if candidate.domain else None,
            is_verified=candidate.domain in verified,
        )
        for candidate in candidates
    )


def figures(
    conn: Connection, order: Order, learnt: Known, candidates: Sequence[Candidate]
) -> dict[str, ProviderFigures]:
    """Of each provider of an order; finders first, as what they hold is what verifiers are asked about."""
    found: dict[str, ProviderFigures] = {}
    addresses = {email for c in candidates for email in (c.email, c.site_email) if email}
    domains = {candidate.domain for candidate in candidates if candidate.domain}
    for provider in (
        *order.sources,
        *order.locators,
        *sorted(order.steps, key=lambda step: step.kind is Kind.VERIFIER),
    ):
        wanted = {address.casefold() for address in addresses} if provider.kind is Kind.VERIFIER else domains
        held = _held(conn, provider, sorted(wanted))
        addresses |= {email for emails in held.values() for email in emails}
        found[provider.key] = _figures(provider, order.spec, learnt, held)
    return found


def _figures(
    provider: ProviderSpec, spec: CampaignSpec, learnt: Known, held: Mapping[str, Sequence[str]]
) -> ProviderFigures:
    limits = (
        provider_setup.endpoint(provider, settings.get().provider_values()).limits
        if provider.endpoint
        else ()
    )
    leads, with_domain = learnt.domains.get(provider.origin, (0, 0))
    needs_site = bool(out_of_reach(spec, _bare(provider)))
    return ProviderFigures(
        key=provider.key,
        price_micros=provider_setup.price_micros(provider),
        hits=_hits(provider, learnt),
        asked=_asked(provider, learnt.steps.get(provider.key, StepCount())),
        limits=limits,
        held=held,
        qualified=_qualified(provider, spec),
        domains=ALL if needs_site else Share(asked=leads, hits=with_domain, prior=SITES.prior),
    )


def _hits(provider: ProviderSpec, learnt: Known) -> Share:
    """Of a paid finder the workspace's questions tell, or else everybody's; of what is free the workspace's leads."""
    if provider.paid:
        return learnt.hits.get(provider.key, EVEN)
    count = learnt.steps.get(provider.order_key, StepCount())
    return Share(asked=count.asked, hits=count.gave)


def _asked(provider: ProviderSpec, count: StepCount) -> Share:
    passed = count.passed_with if provider.kind is Kind.VERIFIER else count.passed_without
    return Share(asked=count.asked + passed, hits=count.asked, tells=10.0, prior=MOST.prior)


def _qualified(provider: ProviderSpec, spec: CampaignSpec) -> tuple[float, float]:
    """The least and the largest share of a source's businesses that can meet an order before look-ups."""
    least, most = _reaching(provider, spec)
    # How many of them are chains, or have a website, differs from trade to trade.
    return (least * _ON_RECORD ** len(conditions(spec)), most)


def _reaching(provider: ProviderSpec, spec: CampaignSpec) -> tuple[float, float]:
    best, bare = most_before_look_ups([provider]), _bare(provider)
    if out_of_reach(spec, best):
        return 0.0, 0.05
    if out_of_reach(spec, _less_the_margin(bare)):
        return (0.0, 1.0) if out_of_reach(spec, _less_the_margin(best)) else (0.4, 1.0)
    return 0.85, 1.0


def _less_the_margin(most: Most) -> Most:
    return {figure: points - _MARGIN for figure, points in most.items()}


def _bare(provider: ProviderSpec) -> Most:
    """The most of a business that has no website of its own."""
    return most_before_look_ups([provider], without=("website", "domain"))


def _held(conn: Connection, provider: ProviderSpec, asked: Sequence[str]) -> dict[str, Sequence[str]]:
    """Answers held about these domains or addresses, with the addresses in them."""
    kept = provider.kept
    if kept is None or not asked:
        return {}
    endpoint = provider_setup.endpoint(provider, settings.get().provider_values()).base_url
    questions = [kept.arguments(about) for about in asked]
    answers = provider_cache.held(conn, provider.key, kept.operation, endpoint, questions)
    return {asked[place]: kept.emails(answer["body"], asked[place]) for place, answer in answers.items()}


def _told(sighting: Sighting) -> dict[str, bool | None]:
    """What each look-up came to; one that passed a company over only tells something where it was in need of it."""
    told: dict[str, bool | None] = {}
    for step in sighting.steps:
        name, outcome = str(step["step"]), step["outcome"]
        if outcome in ("found", "not_found", "uncertain"):
            told[name] = any(contact["origin"]["source"] == name for contact in sighting.contacts)
        elif outcome == "skipped" and not step["is_open"] and sighting.email is None and sighting.domain:
            told[name] = None
    return told


def _site_email(sighting: Sighting | None) -> str | None:
    """The address a company's own website showed."""
    if sighting is None:
        return None
    sites = {step.key for step in registry().steps if step.kind is Kind.WEBSITE}
    return next((c["email"] for c in sighting.contacts if c["origin"]["source"] in sites), None)
