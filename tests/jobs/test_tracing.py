"""Traces: one campaign from its order to each question is one trace, sent over a real socket, and says ids alone."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

import settings
from jobs import campaign_job, tracing
from pipeline import events
from pipeline.errors import SourceError
from services import campaigns
from store import leases
from store.database import Role, transaction
from tests.jobs.test_provider_calls import AWAY, answer, calls_of, failing, look_up
from tests.support.campaigns import PAID, claimed, submitted
from tests.support.people import person
from tests.support.servers import Database
from tests.support.wire import Wire, plain, wire


@pytest.fixture
def collector(database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    with wire(plain("")) as server:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", server.url)
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        monkeypatch.setenv("HUNTER_IO_API_KEY", "a key")
        settings.get.cache_clear()
        yield server
    settings.get.cache_clear()


def spans(server: Wire) -> list[Span]:
    found = []
    for request in server.requests:
        head, _, body = request.partition(b"\r\n\r\n")
        assert head.startswith(b"POST /v1/traces ")
        told = ExportTraceServiceRequest.FromString(body)
        found += [span for each in told.resource_spans for scope in each.scope_spans for span in scope.spans]
    return found


def attributes(span: Span) -> dict[str, str]:
    return {each.key: each.value.string_value or str(each.value.int_value) for each in span.attributes}


def test_one_campaign_is_one_trace_from_its_order_to_each_question(collector: Wire) -> None:
    owner = person("owner")
    with events.request("req_1"):
        campaign = submitted(owner, PAID.model_copy(update={"waterfall": ("hunter",)}))
    lease = claimed(owner, campaign)
    with tracing.run(lease.job_id, campaign, lease.token, 0):
        calls_of(lease).ask(look_up("secret-cafe.test"), answer())
        with pytest.raises(SourceError):
            calls_of(lease).ask(look_up("lost.test"), failing(AWAY))
    with transaction(Role.WORKER, lease=lease) as conn:
        leases.hand_over(conn, lease)
    campaign_job.run(str(lease.job_id), 0)

    found = spans(collector)
    assert {UUID(bytes=span.trace_id) for span in found} == {lease.job_id}
    (order,) = (span for span in found if span.name == tracing.ORDER)
    runs = [span for span in found if span.name == tracing.RUN]
    assert order.parent_span_id == b""
    assert attributes(order)["request_id"] == "req_1"
    assert [run.parent_span_id for run in runs] == [order.span_id] * 2
    calls = [span for span in found if span.name == tracing.CALL]
    assert {call.parent_span_id for call in calls} == {runs[0].span_id}
    assert {attributes(call)["provider"] for call in calls} == {"hunter"}
    assert {call.status.code for call in calls} == {Status.STATUS_CODE_UNSET, Status.STATUS_CODE_ERROR}
    stages = [span for span in found if span.name == tracing.STAGE]
    assert {stage.parent_span_id for stage in stages} == {runs[1].span_id}
    assert "discovering_businesses" in [attributes(stage)["stage"] for stage in stages]
    assert attributes(runs[1])["status"] == campaigns.get(owner, campaign).status.value
    assert len({span.span_id for span in found}) == len(found)
    # Nothing of what it was about.
    everything = b"".join(collector.requests)
    for said in (b"secret-cafe", b"lost.test", b"Helsinki", b"owner@example.com", b"a key"):
        assert said not in everything


def test_without_the_setting_nothing_is_measured(database: Database, redis_url: str) -> None:
    assert not tracing.is_on()
    with tracing.ordered(UUID(int=1), UUID(int=2)) as span:
        span.set("status", "completed")
        span.failed("fault")
