"""Traces of campaigns for OpenTelemetry: what was ordered, run, reached and asked, and how long each took.

A trace has the id of its job, which travels through the outbox and Redis anyway: whichever worker takes the job,
however often, adds to the same trace, and nothing else has to be handed on. Ids are all that spans say of a campaign.
Without OTEL_EXPORTER_OTLP_ENDPOINT nothing of it is loaded from here; the Redis client loads a part by itself.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from uuid import UUID

import settings
from pipeline import events

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span as Measured

ORDER: Final = "campaign.order"
RUN: Final = "campaign.run"
STAGE: Final = "campaign.stage"
CALL: Final = "provider.call"
_NAME = "prospectpro"
_SENT_WITHIN_MS = 3000
_ids: ContextVar[tuple[int, int]] = ContextVar("ids_of_span")


class Span:
    """What is being measured; says no more than ``set`` and ``failed`` are told."""

    def set(self, name: str, value: str | int) -> None:
        """Add an attribute: an id, a number, or a word of ours."""

    def failed(self, why: str) -> None:
        """It did not come to a good end; ``why`` is a word of ours."""


@contextmanager
def ordered(job_id: UUID, campaign_id: UUID) -> Iterator[Span]:
    """A campaign is ordered: the root of its trace."""
    about = {"campaign_id": str(campaign_id), "request_id": events.request_id()}
    with _span(ORDER, job_id, _id_of(job_id), None, **about) as span:
        yield span


@contextmanager
def run(job_id: UUID, campaign_id: UUID, token: int, attempt: int) -> Iterator[Span]:
    """A worker runs a campaign; all of it has left this process when it ends."""
    about: dict[str, str | int] = {"campaign_id": str(campaign_id), "attempt": attempt}
    try:
        with _span(RUN, job_id, _id_of(job_id, token), _id_of(job_id), **about) as span:
            yield span
    finally:
        if is_on():
            _provider().force_flush(_SENT_WITHIN_MS)


@contextmanager
def part(name: str, job_id: UUID, token: int, identity: str, **about: str | int) -> Iterator[Span]:
    """A stage or a call of a run; ``identity`` tells it from others of this run."""
    with _span(name, job_id, _id_of(job_id, token, name, identity), _id_of(job_id, token), **about) as span:
        yield span


class Stages:
    """The stages a run reaches, each measured until another one is, or until the end; used by many threads."""

    def __init__(self, job_id: UUID, token: int) -> None:
        self._run = (job_id, token)
        self._open = ExitStack()
        self._here, self._reached = "", 0
        self._guard = threading.Lock()

    def reached(self, stage: str) -> None:
        """The run is in this stage now."""
        with self._guard:
            if stage == self._here:
                return
            self._open.close()
            self._here, self._reached = stage, self._reached + 1
            self._open.enter_context(part(STAGE, *self._run, f"{self._reached}", stage=stage))

    def end(self) -> None:
        """It is in none any more."""
        with self._guard:
            self._open.close()


def is_on() -> bool:
    """Whether anybody wants traces."""
    return bool(settings.get().otel_exporter_otlp_endpoint)


def _id_of(*parts: object) -> int:
    """The id of a span, the same wherever it is named."""
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:8]) or 1


@contextmanager
def _span(name: str, job_id: UUID, own: int, parent: int | None, **about: str | int) -> Iterator[Span]:
    if not is_on():
        yield Span()
        return
    from opentelemetry import trace

    before = trace.INVALID_SPAN_CONTEXT
    if parent is not None:
        sampled = trace.TraceFlags(trace.TraceFlags.SAMPLED)
        before = trace.SpanContext(job_id.int, parent, is_remote=True, trace_flags=sampled)
    context = trace.set_span_in_context(trace.NonRecordingSpan(before))
    known = _ids.set((job_id.int, own))
    try:
        opened = (
            _provider()
            .get_tracer(_NAME)
            .start_span(name, context, attributes={"job_id": str(job_id), **about})
        )
    finally:
        _ids.reset(known)
    try:
        yield _Told(opened)
    except BaseException as error:
        # Its message and its traceback may say what it was about.
        _Told(opened).failed(type(error).__name__)
        raise
    finally:
        opened.end()


class _Told(Span):
    def __init__(self, opened: Measured) -> None:
        self._opened = opened

    def set(self, name: str, value: str | int) -> None:
        self._opened.set_attribute(name, value)

    def failed(self, why: str) -> None:
        from opentelemetry.trace import StatusCode

        self._opened.set_status(StatusCode.ERROR, why)


def _provider() -> TracerProvider:
    """One of this process: a thread that sends does not outlive a fork."""
    return _made(os.getpid(), settings.get().otel_exporter_otlp_endpoint)


@lru_cache(maxsize=1)
def _made(_pid: int, endpoint: str) -> TracerProvider:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.id_generator import IdGenerator

    class Named(IdGenerator):
        """The ids that were decided before the span."""

        def generate_trace_id(self) -> int:
            return _ids.get()[0]

        def generate_span_id(self) -> int:
            return _ids.get()[1]

    named = os.environ.get("OTEL_SERVICE_NAME", _NAME)
    about = Resource.create({"service.name": named, "service.version": settings.version()})
    made = TracerProvider(resource=about, id_generator=Named())
    exporter = OTLPSpanExporter(f"{endpoint.rstrip('/')}/v1/traces", timeout=_SENT_WITHIN_MS // 1000)
    made.add_span_processor(BatchSpanProcessor(exporter))
    return made
