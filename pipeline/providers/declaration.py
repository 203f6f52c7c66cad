"""What a provider declares about itself; everything else about it is read from here.

An adapter's file holds one ``ProviderSpec`` beside the code that asks it. The settings, the form, the plan, the
waterfall, the command line, the Spend and Providers pages and the documents read the declaration, so that a provider
is added with one file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from pipeline.enrichment.qualifying import Model
    from pipeline.money.calls import Json
    from pipeline.money.outlook import Expectation, Outlook
    from pipeline.network.http import ProviderHttp, Timeouts
    from pipeline.ports import BatchStep, EnrichmentStep, PlaceSearch
    from pipeline.providers.account_answers import Account
    from pipeline.providers.context import Locator, RunContext

Value: TypeAlias = str | int | Decimal


class Kind(StrEnum):
    """What a provider does. The order is that of a campaign: places are found before contacts are. A qualifier answers
    the criteria of an order, and comes with them."""

    PLACES = "places"
    LOCATOR = "locator"
    WEBSITE = "website"
    QUALIFIER = "qualifier"
    FINDER = "finder"
    VERIFIER = "verifier"

    @property
    def is_step(self) -> bool:
        """Whether a person puts it into the waterfall of look-ups."""
        return self in (Kind.WEBSITE, Kind.FINDER, Kind.VERIFIER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """An environment variable of a provider; the type of its value is that of ``default``.

    ``least`` and ``most`` bound a number. A ``is_secret`` value is never shown.
    """

    name: str
    help: str
    default: Value = ""
    is_secret: bool = False
    least: int = 0
    most: int = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """At most as many calls as ``setting`` says in any ``window_s`` seconds, for the whole installation."""

    setting: str
    window_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One kind of question: its name in the ledger, what people call it, and what it costs at most.

    ``price`` names the setting with the price in US dollars, None for a free one; ``unit`` says what that buys ("a
    company found"), ``counts`` what a plan counts, one and several. ``about`` names the arguments that say what a
    question was about; the first that is there counts.
    """

    name: str
    label: str
    price: str | None = None
    unit: str = ""
    counts: tuple[str, str] = ("call", "calls")
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the provider's terms ask for: where they stand, whom to credit, what may be kept, drawn and exported.

    ``retention`` names the setting with the days after which values that only this provider gave are removed.
    ``restricts_export``: an administrator decides whether such values may leave in a file. ``restricts_maps``: they
    may not be drawn on a map of somebody else.
    """

    url: str
    credit: str = ""
    licence: str = ""
    retention: str | None = None
    restricts_export: bool = False
    restricts_maps: bool = False
    about_export: str = ""


NO_TERMS = Terms(url="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A further source that a provider hands on: what its values are marked with, what people call it, its terms.

    Without a licence in its ``terms`` each of its records says its own.
    """

    origin: str
    label: str
    terms: Terms


@dataclass(frozen=True, slots=True)
class Kept:
    """How an answer about a domain or an address is found among those kept for everybody.

    ``operation`` and ``arguments`` are those of the question; ``emails`` reads the addresses of what was asked about
    out of the kept answer, the one to write to first.
    """

    operation: str
    arguments: Callable[[str], Mapping[str, Json]]
    emails: Callable[[Json, str], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSpec:
    """One outside system.

    ``key`` names it in the ledger, ``choice``, the same unless given, in an order; ``label`` and ``choice_label`` are
    what people call the two. ``origin`` is the source its values are marked with, ``origin_label`` what people call
    that; ``datasets`` are further ones that it hands on under their own names. ``needs`` names the setting without
    which it is off, which tells accounts apart: a key, an account, or the address of a server somebody runs;
    ``needs_also`` names further ones. ``endpoint`` names the setting with its address, ``gateway`` the one that leads
    there without the internet; ``timeouts`` says how long its answers may take
    where that is unusual. ``rank`` orders providers of a kind; ``aliases`` are other words for it at the command line.
    ``probe`` asks whether it can be reached, for one that is only switched on by itself where that is so. ``fields``
    are those of a business it is asked for (``Business`` names them); None: a source for all of them, a finder for the
    e-mail address. ``states`` are facts (names of ``pipeline.fields``) that an order may demand and only this and few
    other sources state. ``is_offered``: people choose it for an order; one that is not comes with the order.
    ``account`` asks, for nothing and with the settings by name, whether the key is taken, and says what credit is left;
    it raises SourceError. ``kept`` says how answers that are held are found. ``build`` makes its part of a
    run, ``expect`` says what it would cost and take.
    """

    key: str
    label: str
    kind: Kind
    help: str
    build: Callable[[RunContext], PlaceSearch | EnrichmentStep | BatchStep | Locator | Model]
    choice: str = ""
    choice_label: str = ""
    origin: str = ""
    origin_label: str = ""
    datasets: tuple[Dataset, ...] = ()
    settings: tuple[Setting, ...] = ()
    endpoint: str = ""
    needs: str = ""
    needs_also: tuple[str, ...] = ()
    timeouts: Timeouts | None = None
    gateway: str = ""
    limits: tuple[Limit, ...] = ()
    operations: tuple[Operation, ...] = ()
    terms: Terms = NO_TERMS
    rank: int = 50
    aliases: tuple[str, ...] = ()
    probe: Callable[[ProviderHttp], bool] | None = None
    account: Callable[[ProviderHttp, Mapping[str, Value]], Account] | None = None
    kept: Kept | None = None
    expect: Callable[[Outlook], Expectation] | None = None
    fields: frozenset[str] | None = None
    states: frozenset[str] = frozenset()
    is_offered: bool = True

    def is_asked_for(self, field: str) -> bool:
        """Whether a business may get this field from it."""
        if self.fields is not None:
            return field in self.fields
        return self.kind is Kind.PLACES or (self.kind is Kind.FINDER and field == "email")

    @property
    def order_key(self) -> str:
        """Its name in an order."""
        return self.choice or self.key

    @property
    def order_label(self) -> str:
        """What people call it where they choose it."""
        return self.choice_label or self.label

    @property
    def required(self) -> tuple[str, ...]:
        """The settings without which it is off."""
        return tuple(name for name in (self.needs, *self.needs_also) if name)

    @property
    def keys(self) -> tuple[Setting, ...]:
        """What tells the provider who asks: its secrets, and what else it cannot do without that is no address."""
        return tuple(
            setting
            for setting in self.settings
            if setting.is_secret or (setting.name in self.required and setting.name != self.endpoint)
        )

    @property
    def paid(self) -> tuple[Operation, ...]:
        """The operations that cost money."""
        return tuple(operation for operation in self.operations if operation.price)

    def operation(self, name: str) -> Operation | None:
        """An operation by its name in the ledger."""
        return next((operation for operation in self.operations if operation.name == name), None)
