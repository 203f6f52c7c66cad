"""One question to a provider, its answer, and the seam every such question goes through.

An adapter says what it asks, what that may cost at most and how to send it; whoever implements
``ProviderCalls`` decides whether it may be sent: a held answer, the budget, the ledger, the rate limit and
the breaker all live behind ``ask``. No adapter sends a billable request on any other way.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from pipeline.errors import SourceError
from pipeline.suppression import Listed

Json: TypeAlias = "Mapping[str, Json] | Sequence[Json] | str | int | float | bool | None"
"""A JSON value as Python reads it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One question, identified by its provider's key, operation and ``arguments`` (normalised, JSON, never a secret).

    ``price_micros`` is the most it can cost, in millionths of a US dollar; 0 for a free one. ``subject`` is
    the key of the business it is asked for, None for an overhead such as a search. ``repeatable``: when it
    is uncertain whether an earlier attempt was answered, ask again and count both (searches); else leave it
    uncertain (look-ups). ``keep_days``: how long the answer may serve anybody from the tenant-free cache;
    None when the provider's terms forbid that.
    """

    provider: str
    operation: str
    arguments: Mapping[str, Json]
    price_micros: int = 0
    subject: str | None = None
    repeatable: bool = False
    keep_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a provider said: its status, the part of the body worth keeping, what this answer cost.

    ``cost_micros`` is at most the call's price. ``found`` is False when the money, if any, bought nothing.
    ``keep_days`` shortens how long the call's answer may be kept.
    ``simulated``: it comes from a stand-in, not from the provider.
    """

    http_status: int
    body: Json
    cost_micros: int = 0
    found: bool = True
    simulated: bool = False
    keep_days: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer in the hands of the campaign.

    ``cost_micros`` is what the campaign paid for it, once: a resumed campaign that meets the same question
    again gets the same reply with the same cost. ``saved_micros`` is what an answer held for everybody would
    have cost. ``subject`` is the business the question was first asked for: its lead bears the cost.
    """

    body: Json
    cost_micros: int = 0
    saved_micros: int = 0
    found: bool = True
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """A question an interrupted run of the campaign had sent. ``reply`` is None when no answer came, so that it
    may have been billed; ``may_repeat``: its owner wants it asked again all the same. ``price_micros`` is the most it
    could cost."""

    arguments: Mapping[str, Json]
    reply: Reply | None
    may_repeat: bool = False
    price_micros: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of many questions that were to be asked together; each call stands in one of the four.

    ``held``: answered already, noted and free. ``uncertain``: asked by this campaign before and perhaps billed, so
    not asked again; with the error that says so. ``elsewhere``: somebody is asking right now, and the answer will be
    free. ``mine``: to be asked by the caller, who then calls ``remember_many`` or ``release`` for each of them.
    """

    held: Sequence[tuple[Call, Reply]] = ()
    uncertain: Sequence[tuple[Call, SourceError]] = ()
    elsewhere: Sequence[Call] = ()
    mine: Sequence[Call] = ()


class ProviderCalls(Protocol):
    """The only way to ask a provider; safe to use from many threads."""

    def ask(self, call: Call, send: Callable[[], Answer]) -> Reply:
        """The answer to ``call``: one that is held, or that of ``send``, called at most once an attempt.

        Waits for the rate limit and, for a short while, for a provider that is down; repeats only failures
        that were free. Raises BudgetReached before anything is sent; SourceError when there is no answer, or when
        this provider is out for this campaign (its cause and ``billed`` tell); Stopped.
        """

    def ask_free(self, call: Call, send: Callable[[], Answer]) -> Reply:
        """As ``ask`` for a free question whose every answer is new, such as the state of a job: rate limit,
        breaker and retries apply, nothing is stored."""

    def held(self, call: Call) -> Reply | None:
        """The answer to ``call`` when it is held; nothing is asked."""

    def held_many(self, calls: Sequence[Call]) -> Mapping[int, Reply]:
        """The answers to those of ``calls`` that are held, by their place in ``calls``; one look for all."""

    def take(self, calls: Sequence[Call]) -> Taken:
        """Claim questions that the caller will ask together, in a list; one look for all.

        Until ``remember_many`` or ``release`` nobody else asks what is ``mine``: another campaign waits for its answer.
        Ask it before waiting for what is ``elsewhere``, so that two campaigns never wait for each other. The claim
        lasts while the campaign runs and goes through ``ask_free`` at least every few seconds.
        """

    def wait_for(self, calls: Sequence[Call]) -> None:
        """Return when one of these, which were ``elsewhere``, may be answered; then ``take`` them again.

        No money is reserved meanwhile. Raises Stopped.
        """

    def release(self, calls: Sequence[Call]) -> None:
        """Give back what was ``mine`` and has no answer: somebody else may ask. Nothing happens to other calls."""

    def earlier(self, provider: str, operation: str) -> Sequence[Earlier]:
        """What this campaign asked of a provider before, oldest first, when only part of a question was used."""

    def restate(self, call: Call, answer: Answer) -> None:
        """What a question that was sent came to after all: the answer to one that counted as unanswered, or a lower
        cost than was booked, as the provider states it. No cost is ever raised, and a question that failed for nothing
        stays as it is."""

    def remember(self, call: Call, body: Json) -> None:
        """Keep an answer that came with that of another, paid call, as if ``call`` had been asked for nothing."""

    def remember_many(self, answers: Sequence[tuple[Call, Json]]) -> None:
        """As ``remember`` for many at once; those that were taken are given back, and whoever waits has the answer."""

    def affordable(self, price_micros: int) -> int:
        """How many calls at this price the budget still allows; a large number when they are free."""

    def spare(self, call: Call, why: str) -> None:
        """Note that a free check made this call needless, and so saved its price."""


class SuppressionList(Protocol):
    """Who must not be contacted, kept as keyed hashes of the normal forms of ``pipeline.suppression``."""

    def suppressed(self, values: Sequence[str]) -> frozenset[str]:
        """Those of the values that are on the list, themselves or through their domain."""

    def entries(self, values: Sequence[str]) -> Mapping[str, Listed]:
        """As ``suppressed``, with what the entry of each says."""

    def suppress(self, value: str, reason: str) -> None:
        """Put an e-mail address or a domain on the list for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimit:
    """At most ``calls`` in any ``window_s`` seconds."""

    calls: int
    window_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where and as whom a provider is asked, and by which ``proxy``, if any. ``key`` is a secret and never printed."""

    base_url: str
    key: str = field(default="", repr=False)
    limits: tuple[RateLimit, ...] = ()
    proxy: str = field(default="", repr=False)

    @property
    def fingerprint(self) -> str:
        """Tells this provider account from others where the key must not be readable."""
        return hashlib.sha256(f"{self.base_url}|{self.key}".encode()).hexdigest()[:16]
