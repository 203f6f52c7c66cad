"""Every provider there is: those in this folder, and those somebody added as a plugin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache

from pipeline.errors import BrokenPlugin
from pipeline.plugins import file_of, modules
from pipeline.providers.declaration import NO_TERMS, Dataset, Kind, Operation, ProviderSpec, Setting, Terms

_ORDER = list(Kind)


class Registry:
    """The providers in the order of a campaign: by what they do, then by rank and key."""

    def __init__(self, providers: Iterable[ProviderSpec]) -> None:
        ordered = sorted(providers, key=lambda spec: (_ORDER.index(spec.kind), spec.rank, spec.key))
        self.providers: Mapping[str, ProviderSpec] = {spec.key: spec for spec in ordered}

    def __iter__(self) -> Iterator[ProviderSpec]:
        return iter(self.providers.values())

    @cached_property
    def sources(self) -> tuple[ProviderSpec, ...]:
        """Where businesses are looked for."""
        return tuple(spec for spec in self if spec.kind is Kind.PLACES)

    @cached_property
    def steps(self) -> tuple[ProviderSpec, ...]:
        """What the waterfall of look-ups may hold."""
        return tuple(spec for spec in self if spec.kind.is_step)

    @cached_property
    def waterfall(self) -> Mapping[str, ProviderSpec]:
        """The steps by their name in an order."""
        return {spec.order_key: spec for spec in self.steps}

    @cached_property
    def locators(self) -> tuple[ProviderSpec, ...]:
        """Who finds out what a typed place means."""
        return tuple(spec for spec in self if spec.kind is Kind.LOCATOR)

    @cached_property
    def qualifiers(self) -> tuple[ProviderSpec, ...]:
        """Who answers the criteria of an order."""
        return tuple(spec for spec in self if spec.kind is Kind.QUALIFIER)

    @cached_property
    def by_order_key(self) -> Mapping[str, ProviderSpec]:
        """Sources and steps by their name in an order."""
        return {spec.order_key: spec for spec in (*self.sources, *self.steps)}

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Other words for sources and steps, to their names in an order."""
        return {word: spec.order_key for spec in self.by_order_key.values() for word in spec.aliases}

    @cached_property
    def by_origin(self) -> Mapping[str, ProviderSpec]:
        """Providers by the source their values are marked with; of several the first in the order."""
        return {spec.origin: spec for spec in reversed(list(self)) if spec.origin}

    @cached_property
    def _datasets(self) -> Mapping[str, tuple[ProviderSpec, Dataset]]:
        return {dataset.origin: (spec, dataset) for spec in self for dataset in spec.datasets}

    def origins(self) -> Iterator[str]:
        """The sources that businesses come from, as their values are marked."""
        for spec in self.sources:
            yield from filter(None, (spec.origin, *(dataset.origin for dataset in spec.datasets)))

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """The settings of all providers."""
        return tuple(setting for spec in self for setting in spec.settings)

    def chosen(self, order_keys: Iterable[str]) -> tuple[ProviderSpec, ...]:
        """The providers an order names, in its order; what is not known here is left out."""
        return tuple(self.by_order_key[key] for key in order_keys if key in self.by_order_key)

    def label(self, key: str) -> str:
        """What people call a provider; one that is gone is called by its key."""
        return self.providers[key].label if key in self.providers else key

    def order_label(self, order_key: str) -> str:
        """What people call a source or step they choose."""
        spec = self.by_order_key.get(order_key)
        return spec.order_label if spec else order_key.replace("_", " ")

    def origin_label(self, origin: str) -> str:
        """What people call the source of a value."""
        if origin in self._datasets:
            return self._datasets[origin][1].label
        spec = self.by_origin.get(origin)
        return (spec.origin_label or spec.label) if spec else origin

    def is_asked_for(self, origin: str, field: str) -> bool:
        """Whether a source of values was asked for a field; one that is gone may have been."""
        spec = self._datasets[origin][0] if origin in self._datasets else self.by_origin.get(origin)
        return spec is None or spec.is_asked_for(field)

    def terms(self, origin: str) -> Terms:
        """What the terms of a source of values ask for; nothing of one that is gone."""
        if origin in self._datasets:
            return self._datasets[origin][1].terms
        spec = self.by_origin.get(origin)
        return spec.terms if spec else NO_TERMS

    def credit(self, origin: str) -> str:
        """Whom to credit for a value: what the terms of its source ask for, or else its name."""
        return self.terms(origin).credit or self.origin_label(origin)

    def operation(self, key: str, name: str) -> Operation | None:
        """An operation of a provider as it was declared."""
        return self.providers[key].operation(name) if key in self.providers else None

    def restricted_exports(self) -> frozenset[str]:
        """Origins whose values leave in a file only by an administrator's decision."""
        return frozenset(spec.origin for spec in self if spec.origin and spec.terms.restricts_export)

    def restricted_maps(self) -> frozenset[str]:
        """Origins whose values may not be drawn on a map of somebody else."""
        return frozenset(spec.origin for spec in self if spec.origin and spec.terms.restricts_maps)

    def retained_briefly(self) -> Mapping[str, str]:
        """Origins whose values are removed after some days, with the setting that says how many."""
        return {spec.origin: spec.terms.retention for spec in self if spec.origin and spec.terms.retention}


@lru_cache(maxsize=1)
def registry() -> Registry:
    """All providers, read on first use. Raises BrokenPlugin."""
    found: dict[str, ProviderSpec] = {}
    taken: set[str] = set()
    for module in modules("pipeline.providers"):
        for spec in getattr(module, "PROVIDERS", ()):
            if not isinstance(spec, ProviderSpec):
                raise BrokenPlugin(file_of(module), "PROVIDERS has to hold declarations of providers.")
            names = {spec.key, spec.order_key, *(setting.name for setting in spec.settings)}
            if names & taken:
                raise BrokenPlugin(file_of(module), f"{', '.join(sorted(names & taken))} is taken already.")
            taken |= names
            found[spec.key] = spec
    return Registry(found.values())
