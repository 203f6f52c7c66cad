"""Many questions of one kind at once: what is held, what others are asking, and what may be asked together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from jobs.campaign_ports import fenced, owned
from jobs.flights import Flights
from pipeline.causes import Billed, Cause
from pipeline.errors import SourceError
from pipeline.money.calls import Call, Json, Reply, Taken
from pipeline.providers.registry import registry
from store import crash_points, flights, ledger, ledger_entries, ledger_unsent, provider_cache
from store.database import Connection
from store.leases import Lease
from store.ledger import Entry
from store.ledger_entries import Question
from store.ledger_unsent import Held

Questions = Callable[[Call], Question | None]


class ManyCalls:
    """What ``ProviderCalls`` promises for many calls, for one run."""

    def __init__(
        self, lease: Lease, in_flight: Flights, question: Questions, since: datetime | None = None
    ) -> None:
        """``since``: what was kept for everybody before that moment does not count."""
        self._lease = lease
        self._since = since
        self._flights = in_flight
        self._question = question

    def held(self, calls: Sequence[Call]) -> dict[int, Reply]:
        """As ``ProviderCalls.held_many``."""
        if not calls:
            return {}
        with fenced(self._lease) as conn:
            entries = ledger_entries.latest_of(conn, self._lease, calls)
            found = {place: reply(entry) for place, entry in entries.items() if entry.is_answered}
            rest = [place for place in range(len(calls)) if place not in entries]
            return found | self._cached(conn, calls, dict.fromkeys(rest, 1))

    def take(self, calls: Sequence[Call]) -> Taken:
        """As ``ProviderCalls.take``."""
        if not calls:
            return Taken()
        claimed: set[int] = set()
        try:
            with fenced(self._lease) as conn:
                found, attempts, uncertain = self._known(conn, calls)
                found |= self._cached(conn, calls, attempts)
                rest = attempts.keys() - found.keys()
                claimed = self._claimed(conn, calls, rest)
                # An answer may have come, and its flight have ended, between the two looks.
                late = self._cached(conn, calls, {place: attempts[place] for place in claimed})
                self._drop(conn, [calls[place] for place in late])
                crash_points.here("take.committing")
        except BaseException:
            self._flights.landed(self._questions([calls[place] for place in claimed]))
            raise
        crash_points.here("take.committed")
        self._flights.landed(self._questions([calls[place] for place in late]))
        found |= late
        return Taken(
            held=[(calls[place], found[place]) for place in sorted(found)],
            uncertain=uncertain,
            elsewhere=[calls[place] for place in sorted(rest - claimed)],
            mine=[calls[place] for place in sorted(claimed - late.keys())],
        )

    def came_since(self, call: Call) -> Reply | None:
        """The answer that came since the moment that counts, waited for where somebody else asks; None when it is this
        run's to ask."""
        while True:
            taken = self.take([call])
            for _, error in taken.uncertain:
                raise error
            if taken.mine:
                return None
            if taken.held:
                return taken.held[0][1]
            self.wait([call])

    def _known(
        self, conn: Connection, calls: Sequence[Call]
    ) -> tuple[dict[int, Reply], dict[int, int], list[tuple[Call, SourceError]]]:
        """By place: the answers the campaign has, and the numbers of the attempts that may be made; what may not."""
        entries = ledger_entries.latest_of(conn, self._lease, calls)
        found = {place: reply(entry) for place, entry in entries.items() if entry.is_answered}
        attempts: dict[int, int] = {}
        uncertain: list[tuple[Call, SourceError]] = []
        for place, call in enumerate(calls):
            entry = entries.get(place)
            if place not in found:
                try:
                    attempts[place] = next_attempt(conn, self._lease, call, entry) if entry else 1
                except SourceError as error:
                    uncertain.append((call, error))
        return found, attempts, uncertain

    def wait(self, calls: Sequence[Call]) -> None:
        """As ``ProviderCalls.wait_for``."""
        if questions := self._questions(calls):
            self._flights.wait(questions)

    def release(self, calls: Sequence[Call]) -> None:
        """As ``ProviderCalls.release``."""
        self._flights.release(self._questions(calls))

    def remember(self, answers: Sequence[tuple[Call, Json]], question: Callable[[Call], Question]) -> None:
        """As ``ProviderCalls.remember_many``."""
        if not answers:
            return
        questions = [question(call) for call, _ in answers]
        with owned(self._lease) as conn:
            simulated = ledger.is_simulated(conn, self._lease)
            provider_cache.put_many(
                conn,
                {
                    question(call): ({"body": body, "simulated": simulated}, call.keep_days or 1)
                    for call, body in answers
                },
            )
            flights.release(conn, self._lease, questions)
            crash_points.here("remember.committing")
        self._flights.landed(questions)

    def _cached(
        self, conn: Connection, calls: Sequence[Call], attempts: Mapping[int, int]
    ) -> dict[int, Reply]:
        """What is kept for everybody among the calls at these places, noted as held by these attempts."""
        asked = {place: question for place in attempts if (question := self._question(calls[place]))}
        if not asked:
            return {}
        answers = provider_cache.get_many(conn, list(set(asked.values())), self._since)
        found = {place: answers[question] for place, question in asked.items() if question in answers}
        if found:
            held = [Held(call=calls[p], answer=answer, attempt=attempts[p]) for p, answer in found.items()]
            ledger_unsent.note_held(conn, self._lease, held)
        return {
            place: Reply(body=answer["body"], saved_micros=calls[place].price_micros)
            for place, answer in found.items()
        }

    def _claimed(self, conn: Connection, calls: Sequence[Call], places: set[int]) -> set[int]:
        """Which places are this run's to ask; of equal calls the first is asked."""
        first: dict[Question, int] = {}
        mine: set[int] = set()
        for place in sorted(places):
            question = self._question(calls[place])
            if question is None:
                mine.add(place)
            else:
                first.setdefault(question, place)
        return mine | {first[question] for question in self._flights.claim(conn, list(first))}

    def _drop(self, conn: Connection, calls: Sequence[Call]) -> None:
        if questions := self._questions(calls):
            flights.release(conn, self._lease, questions)

    def _questions(self, calls: Sequence[Call]) -> list[Question]:
        return [question for call in calls if (question := self._question(call))]


def next_attempt(conn: Connection, lease: Lease, call: Call, entry: Entry) -> int:
    """The number of the attempt that may be made now after one without an answer. Raises SourceError when none may."""
    close_stale(conn, lease, entry)
    if entry.state == "failed_free":
        return entry.attempt
    if call.repeatable or entry.may_repeat or entry.is_forgotten:
        return entry.attempt + 1
    label = registry().label(call.provider)
    raise SourceError(Cause.INTERRUPTED, label, billed=Billed.UNKNOWN, subject=entry.subject)


def close_stale(conn: Connection, lease: Lease, entry: Entry) -> None:
    """Nobody will hear the answer to a question whose worker died; it may have been billed."""
    if entry.state == "intent" and entry.lease_token != lease.token:
        problem = "The worker died before the answer came."
        ledger.fail(conn, lease.workspace_id, entry.key, problem, billed=True)


def reply(entry: Entry) -> Reply:
    """The answer of a call that has one, with what the campaign paid for it."""
    stored = entry.response if isinstance(entry.response, dict) else {}
    return Reply(
        body=stored.get("body"),
        cost_micros=entry.cost_micros,
        saved_micros=entry.saved_micros,
        found=entry.found is not False,
        subject=entry.subject,
    )
