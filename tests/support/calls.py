"""Asking providers with nothing between an adapter and its server but a list of what was asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from pipeline.contact.email_checks import FreeChecks
from pipeline.errors import BudgetReached
from pipeline.money.calls import Answer, Call, Earlier, Endpoint, Json, Reply, Taken
from pipeline.network.http import ProviderHttp
from pipeline.providers.context import RunContext
from pipeline.providers.registry import registry
from tests.pipeline.memory import TODAY, ListMemory, ListSearch
from tests.pipeline.memory import ListSuppressions as ListSuppressions
from tests.pipeline.memory import spec as given_spec


@dataclass
class DirectCalls:
    """ProviderCalls that sends every question; ``answers`` holds what came, by operation and arguments."""

    budget_micros: int = 1_000_000_000
    asked: list[Call] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    spared: list[Call] = field(default_factory=list)
    remembered: list[tuple[Call, Json]] = field(default_factory=list)
    before: list[Earlier] = field(default_factory=list)
    restated: list[tuple[Call, Answer]] = field(default_factory=list)
    released: list[Call] = field(default_factory=list)
    own: dict[str, Reply] = field(default_factory=dict)
    """What this campaign was answered before, by operation and first argument; used by ``held``."""
    known: dict[str, Json] = field(default_factory=dict)
    """Bodies held for everybody, by the first argument of their call; used by ``held_many`` and ``take``."""

    def ask(self, call: Call, send: Callable[[], Answer]) -> Reply:
        if call.price_micros > self.budget_micros:
            raise BudgetReached()
        self.asked.append(call)
        answer = send()
        self.budget_micros -= answer.cost_micros
        self.answers.append(answer)
        return Reply(
            body=answer.body, cost_micros=answer.cost_micros, found=answer.found, subject=call.subject
        )

    def ask_free(self, call: Call, send: Callable[[], Answer]) -> Reply:
        return Reply(body=send().body)

    def held(self, call: Call) -> Reply | None:
        return self.own.get(f"{call.operation} {_first_argument(call)}")

    def held_many(self, calls: Sequence[Call]) -> Mapping[int, Reply]:
        return {
            place: Reply(body=self.known[name], saved_micros=call.price_micros)
            for place, call in enumerate(calls)
            if (name := _first_argument(call)) in self.known
        }

    def take(self, calls: Sequence[Call]) -> Taken:
        held = self.held_many(calls)
        return Taken(
            held=[(calls[place], reply) for place, reply in held.items()],
            mine=[call for place, call in enumerate(calls) if place not in held],
        )

    def wait_for(self, calls: Sequence[Call]) -> None:
        raise AssertionError("nobody else asks here")

    def release(self, calls: Sequence[Call]) -> None:
        self.released += calls

    def earlier(self, provider: str, operation: str) -> Sequence[Earlier]:
        return self.before

    def restate(self, call: Call, answer: Answer) -> None:
        self.restated.append((call, answer))

    def remember(self, call: Call, body: Json) -> None:
        self.remembered.append((call, body))

    def remember_many(self, answers: Sequence[tuple[Call, Json]]) -> None:
        self.remembered += answers

    def affordable(self, price_micros: int) -> int:
        return self.budget_micros // price_micros if price_micros else 1_000_000

    def spare(self, call: Call, why: str) -> None:
        self.spared.append(call)


def _first_argument(call: Call) -> str:
    return str(next(iter(call.arguments.values()), ""))


@contextmanager
def run_context(urls: Mapping[str, str]) -> Iterator[RunContext]:
    """What a provider's part of a run is built from: the defaults of its settings, and its server by its key."""
    with ExitStack() as stack:

        def client(key: str) -> ProviderHttp:
            http = ProviderHttp(registry().label(key), Endpoint(base_url=urls[key]), user_agent="t")
            stack.callback(http.close)
            return http

        suppressions = ListSuppressions()
        yield RunContext(
            spec=given_spec(budget_usd=1),
            values={setting.name: setting.default for setting in registry().settings},
            calls=DirectCalls(),
            http=client,
            memory=ListMemory(),
            suppressions=suppressions,
            checks=FreeChecks(suppressions, lambda _: None),
            catalogue=ListSearch(),
            own_list=ListSearch(),
            known_locality=lambda *_: None,
            locators=lambda: (),
            is_online=lambda: False,
            mark_simulated=lambda: None,
            close_later=lambda close: None,
            user_agent="t",
            today=TODAY,
        )
