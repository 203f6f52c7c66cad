"""What the parts of one campaign's run are built from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, TypeVar

from pipeline.campaign import MICROS_PER_USD, CampaignSpec
from pipeline.contact.email_checks import FreeChecks
from pipeline.money.calls import ProviderCalls, SuppressionList
from pipeline.network.http import ProviderHttp
from pipeline.place import Area
from pipeline.ports import CampaignMemory, PlaceSearch
from pipeline.providers.declaration import Value

Made = TypeVar("Made")
Locate = Callable[[str, float | None], Area | None]
"""From a typed location and a radius in kilometres to an area; None when the place is not known."""


class Locator(Protocol):
    """Finds out what a typed place means."""

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        """The area of the text, None when it is not known. Raises SourceError and BudgetReached."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunContext:
    """Everything a provider's part of a run may need from outside.

    ``values`` are the settings of all providers by name, secrets in the clear: they go into requests and nowhere
    else. ``http`` gives the client of a provider by its key. ``catalogue`` searches the open data of this
    installation, ``own_list`` has the rows of the order's own list. ``known_locality`` locates by the list of places of
    the open data; ``locators`` are the other free ways.
    ``is_online``: whether this machine resolves names of the internet. ``mark_simulated`` notes that a stand-in
    answered. ``close_later`` takes what is to be closed at the end of the run. ``today`` is the day of the run.
    ``proxy`` leads out of the network this machine is in; empty for none.
    """

    spec: CampaignSpec
    values: Mapping[str, Value]
    calls: ProviderCalls
    http: Callable[[str], ProviderHttp]
    memory: CampaignMemory
    suppressions: SuppressionList
    checks: FreeChecks
    catalogue: PlaceSearch
    own_list: PlaceSearch
    known_locality: Locate
    locators: Callable[[], Sequence[Locate]]
    is_online: Callable[[], bool]
    mark_simulated: Callable[[], None]
    close_later: Callable[[Callable[[], None]], None]
    user_agent: str
    today: date
    proxy: str = field(default="", repr=False)
    _made: dict[str, Any] = field(default_factory=dict, repr=False)

    def once(self, key: str, make: Callable[[], Made]) -> Made:
        """What several parts of the run share; made when the first of them asks."""
        if key not in self._made:
            self._made[key] = make()
        made: Made = self._made[key]
        return made

    def text(self, setting: str) -> str:
        """The value of a setting that holds text."""
        return str(self.values[setting])

    def price_micros(self, setting: str) -> int:
        """A price, in millionths of a US dollar."""
        return micros(self.values[setting])


def micros(usd: Value) -> int:
    """An amount of US dollars in millionths."""
    return int(Decimal(usd) * MICROS_PER_USD)
