"""How a provider is asked: in turn, not while it is down, and again only where that cannot cost money unseen."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping

from jobs.breaker import Breaker
from jobs.provider_health import ProviderHealth
from jobs.rate_limit import RateLimiter, Slot
from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.money.calls import Call, Reply
from pipeline.providers.registry import registry
from store.provider_stops import Stop

MAX_REPEATS = 3
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 20.0
_LOOK_S = 0.5
_REPEATS_PER_CALL = 0.1  # Of all calls, at most so many may be repeats: a dying provider is not hammered.
_FREE_REPEATS = 20
MOST_LOST = 40
"""So many paid calls in a row whose answers are lost end a provider for the run: each may have been billed. More than
all threads of a run have on their way, so that a short outage, which the breaker waits for, does not."""


class CallPolicy:
    """The rules of one run for asking every provider; used by many threads.

    ``stop`` is asked while waiting and raises when there is no point; ``say`` shows what the campaign waits for.
    """

    def __init__(
        self,
        limiters: Mapping[str, RateLimiter],
        breakers: Mapping[str, Breaker],
        *,
        stop: Callable[[], None],
        say: Callable[[str | None], None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._limiters = limiters
        self._breakers = breakers
        self._stop = stop
        self._say = say
        self._sleep = sleep
        self._health = ProviderHealth()
        self._waiting: Counter[str] = Counter()
        self._telling = threading.Lock()
        self._guard = threading.Lock()
        self._sent: Counter[str] = Counter()
        self._repeated: Counter[str] = Counter()
        self._lost: dict[str, tuple[int, float]] = {}

    def steered(self, stops: Mapping[str, Stop]) -> None:
        """What administrators want now of each provider."""
        again = self._health.steered(stops)
        with self._guard:
            for provider in again:
                self._lost.pop(provider, None)

    def refuse_gone(self, provider: str) -> None:
        """Raises SourceError when this provider is out for this run."""
        self._health.refuse_gone(provider)

    def wait_turn(self, provider: str, in_vain: Callable[[], None] = lambda: None) -> Slot:
        """The moment at which the next call to a provider may leave, once it is near; ``in_vain`` is asked while the
        provider is down and raises when the call could not leave anyway. Raises SourceError when the provider is out,
        and Stopped."""
        breaker = self._breakers.get(provider)

        def stop() -> None:
            self._stop()
            self.refuse_gone(provider)
            in_vain()

        while True:
            self._stop()
            self.refuse_gone(provider)
            if breaker:
                breaker.wait(registry().label(provider), stop, self._saying(provider))
            slot = self._booked(provider)
            # Those who waited for the same limit may have found out that the provider is down.
            if not self._health.is_gone(provider) and (breaker is None or not breaker.is_open()):
                return slot
            self.not_sent(provider, slot)

    def _booked(self, provider: str) -> Slot:
        """A turn under the provider's rate limit. Raises Stopped."""
        try:
            return self._limiters[provider].book(self._stop) if provider in self._limiters else Slot()
        except BaseException:
            self.not_sent(provider, Slot())
            raise

    def not_sent(self, provider: str, slot: Slot) -> None:
        """The turn is not used: others may have it."""
        slot.give_back()
        if provider in self._breakers:
            self._breakers[provider].not_tried()

    def has_come(self, provider: str, slot: Slot) -> bool:
        """Sleep until the slot, or a later one near by when it was missed; False when there is none."""
        limiter, next_slot = self._limiters.get(provider), slot
        while not next_slot.has_come():
            found = limiter.book_now() if limiter else Slot()
            if found is None:
                self.not_sent(provider, Slot())
                return False
            next_slot = found
        return True

    def with_repeats(self, call: Call, once: Callable[[], Reply]) -> Reply:
        """The reply of ``once``, asked again after what failed for nothing, with growing pauses of random length.

        What may have been billed is asked again once, and only for a ``repeatable`` call: both count, and the budget is
        asked each time.
        """
        may_pay_again = call.repeatable
        for number in range(MAX_REPEATS + 1):
            with self._guard:
                self._sent[call.provider] += 1
            try:
                reply = once()
            except SourceError as error:
                self._learn(call.provider, error)
                self._count_lost(call, error)
                is_free = error.is_free or call.price_micros == 0
                is_last = number == MAX_REPEATS or not error.cause.may_pass or not (is_free or may_pay_again)
                may_pay_again = may_pay_again and is_free
                if is_last or not self._may_repeat(call.provider):
                    raise
                self._pause(number, error.retry_after_s)
            else:
                with self._guard:
                    self._lost.pop(call.provider, None)
                self._health.well(call.provider)
                self._is_there(call.provider)
                return reply
        raise AssertionError("unreachable")

    def _saying(self, provider: str) -> Callable[[str | None], None]:
        """Tells the campaign's owner and the administrators that a provider is waited for, as long as any call does."""

        def say(label: str | None) -> None:
            with self._telling:
                before = +self._waiting
                self._waiting[provider] += 1 if label else -1
                still = +self._waiting
                if still.keys() != before.keys():
                    self._say(" and ".join(map(registry().label, still)) or None)
            if label:
                self._health.waiting(provider)

        return say

    def _learn(self, provider: str, error: SourceError) -> None:
        """What a failure says of the provider: out, in a hurry, down, or well and of another opinion."""
        if error.cause is Cause.STOPPED:
            return
        if error.cause.is_gone:
            self._health.gone(provider, error)
        elif error.cause is Cause.TOO_FAST:
            self._is_there(provider)
            self._slow_down(provider, error.retry_after_s)
        elif error.cause.is_outage:
            if provider in self._breakers:
                self._breakers[provider].failed()
        else:
            self._is_there(provider)

    def _count_lost(self, call: Call, error: SourceError) -> None:
        """A provider that bills and does not answer must not use up the budget, whether there is a breaker or not."""
        if error.is_free or not error.cause.is_outage or call.price_micros == 0:
            return
        with self._guard:
            count, since_s = self._lost.get(call.provider, (0, time.monotonic()))
            self._lost[call.provider] = count + 1, since_s
        if count + 1 >= MOST_LOST:
            label = registry().label(call.provider)
            silent_s = f"{time.monotonic() - since_s:.0f}"
            self._health.gone(call.provider, SourceError(Cause.STAYED_AWAY, label, detail=silent_s))

    def _is_there(self, provider: str) -> None:
        if provider in self._breakers:
            self._breakers[provider].succeeded()

    def _slow_down(self, provider: str, retry_after_s: float | None) -> None:
        if provider in self._limiters:
            self._limiters[provider].slow_down()
        if provider in self._breakers and retry_after_s:
            self._breakers[provider].rest(retry_after_s)

    def _may_repeat(self, provider: str) -> bool:
        with self._guard:
            if self._repeated[provider] >= _FREE_REPEATS + self._sent[provider] * _REPEATS_PER_CALL:
                return False
            self._repeated[provider] += 1
            return True

    def _pause(self, number: int, retry_after_s: float | None) -> None:
        """Full jitter, and never less than the provider asked for."""
        longest = min(_LONGEST_PAUSE_S, _FIRST_PAUSE_S * 2**number)
        left = max(random.uniform(0, longest), retry_after_s or 0.0)  # noqa: S311 - jitter
        while left > 0:
            self._stop()
            self._sleep(min(left, _LOOK_S))
            left -= _LOOK_S
