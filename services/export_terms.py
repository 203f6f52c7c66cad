"""Values that a provider's terms restrict: which they are, and an administrator's decision whether they may leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.providers.declaration import ProviderSpec
from pipeline.providers.registry import registry
from services.errors import NotFound
from services.identity import Person
from services.permissions import Right, require
from store import audit, provider_choices
from store.database import Connection, Role, transaction
from store.provider_choices import Decision

_NAME, _ALLOWED, _WITHHELD = "export", "allowed", "withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction:
    """A provider whose terms restrict exports: what they say, and what was decided about it, by whom and when."""

    key: str
    label: str
    about: str
    decision: Decision | None

    @property
    def is_allowed(self) -> bool:
        """Whether its values leave in files all the same."""
        return self.decision is not None and self.decision.value == _ALLOWED


def restrictions(person: Person) -> tuple[Restriction, ...]:
    """Every provider whose terms restrict exports. Raises NotAllowed for anyone but administrators."""
    require(person, Right.DECIDE_EXPORT)
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return tuple(
            Restriction(
                key=spec.key,
                label=spec.origin_label or spec.label,
                about=spec.terms.about_export,
                decision=provider_choices.decision(conn, spec.key, _NAME),
            )
            for spec in _restricted()
        )


def decide(person: Person, key: str, *, allowed: bool) -> None:
    """Record the decision about a provider. Raises NotAllowed for anyone but administrators, and NotFound."""
    require(person, Right.DECIDE_EXPORT)
    if key not in {spec.key for spec in _restricted()}:
        raise NotFound("There is no such provider.")
    value = _ALLOWED if allowed else _WITHHELD
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        provider_choices.decide(conn, key, _NAME, value, person.id)
        audit.record(conn, person.id, f"export_{value}:{key}", person.workspace_id, person.id)


def withheld_origins() -> frozenset[str]:
    """Origins whose values may not leave in a file, as nobody decided otherwise."""
    with transaction(Role.WEB) as conn:
        return withheld_as_of(conn)


def withheld_as_of(conn: Connection) -> frozenset[str]:
    """The same, asked in a transaction that is open."""
    return frozenset(
        spec.origin for spec in _restricted() if provider_choices.latest(conn, spec.key, _NAME) != _ALLOWED
    )


def withheld_labels(sources: Iterable[str]) -> tuple[str, ...]:
    """What people call those sources of an order whose values downloads leave out."""
    withheld = withheld_origins()
    chosen = registry().chosen(sources)
    return tuple(spec.origin_label or spec.label for spec in chosen if spec.origin in withheld)


def _restricted() -> tuple[ProviderSpec, ...]:
    return tuple(spec for spec in registry() if spec.terms.restricts_export)
