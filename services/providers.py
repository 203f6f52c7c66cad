"""What the providers of this installation are, cost and do: for the form, the plan and the administrators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import settings
from jobs.provider_setup import endpoints, prices
from pipeline.calls import Provider
from pipeline.campaign import CampaignSpec, Source, Step
from pipeline.estimate import EMAIL_SHARE, Market
from pipeline.money import money
from services.identity import Person
from services.permissions import Right, may, require
from store import audit, provider_choices, provider_status, spending
from store.database import Role, transaction
from store.provider_choices import Decision

_NEED_A_KEY = {
    Provider.GOOGLE_PLACES: "GOOGLE_PLACES_API_KEY",
    Provider.HUNTER: "HUNTER_IO_API_KEY",
    Provider.NEVERBOUNCE: "NEVERBOUNCE_API_KEY",
}
_ALARMING = ("refused", "exhausted")
_LEAST_SAMPLE = 50  # Below it, a share of hits says more about chance than about the provider.


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A source or a step of the waterfall that a person may choose; ``why_not`` when it cannot work here."""

    value: str
    price: str
    why_not: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderRow:
    """One provider as administrators see it. Money in micro-dollars, today in UTC."""

    label: str
    needs: str | None
    configured: bool
    state: str
    message: str
    since: datetime | None
    limits: str
    calls_today: int
    spent_today_micros: int


def is_demonstration() -> bool:
    """Whether the providers of this installation are a stand-in by intention."""
    return settings.get().simulated


def sources() -> tuple[Choice, ...]:
    """The sources of businesses."""
    asks = {Source.GOOGLE_PLACES: Provider.GOOGLE_PLACES}
    return tuple(_choice(source.value, asks.get(source)) for source in Source)


def steps() -> tuple[Choice, ...]:
    """The steps of the waterfall."""
    asks = {Step.HUNTER: Provider.HUNTER, Step.NEVERBOUNCE: Provider.NEVERBOUNCE}
    return tuple(_choice(step.value, asks.get(step)) for step in Step)


def defaults() -> tuple[tuple[Source, ...], tuple[Step, ...]]:
    """What a new order has switched on: everything that works here and asks for no money by itself.

    The live map only counts as working when a worker has reached it within the last minutes.
    """
    is_online = _is_online()
    waterfall: list[Step] = [
        step for step in Step if step is not Step.WEBSITE and _has_key(Provider(step.value))
    ]
    if is_online or settings.get().website_gateway:
        waterfall.insert(0, Step.WEBSITE)
    return ((Source.OSM_LIVE, Source.OPEN_DATA) if is_online else (Source.OPEN_DATA,)), tuple(waterfall)


def why_not(spec: CampaignSpec) -> str | None:
    """Why an order cannot be carried out here, or None."""
    wanted = [Provider.GOOGLE_PLACES] if Source.GOOGLE_PLACES in spec.sources else []
    wanted += [Provider(step.value) for step in spec.waterfall if step is not Step.WEBSITE]
    missing = next((provider for provider in wanted if not _has_key(provider)), None)
    if missing is None:
        return None
    return f"{missing.label} has no key on this installation; an administrator sets {_NEED_A_KEY[missing]}."


def market() -> Market:
    """Prices, limits and past hits, as the plan of an order needs them."""
    chosen = settings.get()
    with transaction(Role.WEB) as conn:
        rates = spending.hit_rates(conn)
    hits = {
        provider: found / asked
        for provider in Provider
        for asked, found in [rates.get(provider.value, (0, 0))]
        if asked >= _LEAST_SAMPLE
    }
    return Market(
        prices=prices(chosen),
        on=frozenset(provider for provider in _NEED_A_KEY if _has_key(provider)),
        hits={Provider.HUNTER: EMAIL_SHARE, **hits},
        per_s={Provider.HUNTER: min(chosen.hunter_per_second, max(1.0, chosen.hunter_per_minute / 60))},
    )


def overview(person: Person) -> tuple[ProviderRow, ...]:
    """Every provider. Raises NotAllowed for anyone but administrators."""
    require(person, Right.SEE_PROVIDERS)
    with transaction(Role.ADMIN, user_id=person.id) as conn:
        states = provider_status.everything(conn)
        today = spending.today_by_provider(conn)
    rows: list[ProviderRow] = []
    for provider, endpoint in endpoints(settings.get()).items():
        state = states.get(provider.value)
        # Both of Google's go by one key.
        needs = _NEED_A_KEY.get(Provider.GOOGLE_PLACES if provider is Provider.GOOGLE_GEOCODING else provider)
        calls, spent = today.get(provider.value, (0, 0))
        limits = ", ".join(f"{limit.calls} in {limit.window_s:g} s" for limit in endpoint.limits)
        rows.append(
            ProviderRow(
                label=provider.label,
                needs=needs,
                configured=needs is None or bool(endpoint.key),
                state=state.state if state else "unknown",
                message=state.message if state else "It was not asked yet.",
                since=state.since if state else None,
                limits=limits,
                calls_today=calls,
                spent_today_micros=spent,
            )
        )
    return tuple(rows)


def google_export_allowed() -> bool:
    """Whether an administrator decided that values only Google gave may be exported."""
    with transaction(Role.WEB) as conn:
        return provider_choices.latest(conn, Provider.GOOGLE_PLACES, "export") == "allowed"


def google_export_decision(person: Person) -> Decision | None:
    """Who decided about exporting what only Google said, and when; None while nobody did.

    Raises NotAllowed for anyone but administrators.
    """
    require(person, Right.DECIDE_EXPORT)
    with transaction(Role.ADMIN, user_id=person.id) as conn:
        return provider_choices.decision(conn, Provider.GOOGLE_PLACES, "export")


def alarms(person: Person) -> tuple[str, ...]:
    """What an administrator has to mend: keys that were refused and credits that are used up. Empty for others."""
    if not may(person, Right.SEE_PROVIDERS):
        return ()
    with transaction(Role.ADMIN, user_id=person.id) as conn:
        states = provider_status.everything(conn)
    return tuple(
        state.message
        for provider in _NEED_A_KEY
        if (state := states.get(provider.value)) and state.state in _ALARMING and _has_key(provider)
    )


def allow_google_export(person: Person, *, allowed: bool) -> None:
    """Record the decision. Raises NotAllowed for anyone but administrators."""
    require(person, Right.DECIDE_EXPORT)
    with transaction(Role.ADMIN, user_id=person.id) as conn:
        value = "allowed" if allowed else "withheld"
        provider_choices.decide(conn, Provider.GOOGLE_PLACES, "export", value, person.id)
        audit.record(conn, person.id, f"google_export_{value}", person.workspace_id, person.id)


def _choice(value: str, provider: Provider | None) -> Choice:
    if provider is None:
        return Choice(value=value, price="free", why_not=None)
    amounts = prices(settings.get())
    price = {
        Provider.GOOGLE_PLACES: f"{money(amounts.google_text_search_micros)} for up to 20 businesses",
        Provider.HUNTER: f"{money(amounts.hunter_credit_micros)} a company found",
        Provider.NEVERBOUNCE: f"{money(amounts.neverbounce_check_micros)} an address",
    }[provider]
    problem = None if _has_key(provider) else f"{provider.label} needs {_NEED_A_KEY[provider]}."
    return Choice(value=value, price=price, why_not=problem)


def _has_key(provider: Provider) -> bool:
    return bool(endpoints(settings.get())[provider].key)


def _is_online() -> bool:
    with transaction(Role.WEB) as conn:
        state = provider_status.everything(conn).get(Provider.OVERPASS.value)
    return state is not None and state.state == "ok" and state.is_recent
