"""The call of the application that ProspectPro grew out of: what was written for it goes on working, with a key.

``POST /functions/v1/business-discovery-background`` orders, and the same address with ``?jobId=`` gives the job as that
application kept it: asked now and then, or as a stream of server-sent events.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, FastAPI, Query, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from api.v1 import handlers
from api.v1.door import Asking, IdempotencyKey
from api.v1.orders import Order
from api.v1.progress import STREAM, OpenStreams, Stream
from pipeline.campaign import MAX_RADIUS_KM, CampaignSpec, CampaignStatus
from pipeline.output import order_errors
from pipeline.output.export import ExportRow
from services import campaigns, leads_that_leave, original_jobs
from services.campaigns import CampaignView
from services.errors import Invalid
from services.identity import Person
from services.lead_filter import LeadFilter
from services.plan_facts import usd
from services.results import LeadSort

PREFIX = "/functions/v1"
_PATH = "/business-discovery-background"
_MOST_RESULTS, _USUAL_RESULTS = 200, 5
_KM_OF_MILE = 1.609344
_LOOK_S = 1.0
# That application knew four states.
_STATUS = {
    CampaignStatus.PARTIAL: "completed",
    CampaignStatus.CANCELLED: "failed",
}
router = APIRouter(tags=["original"])


class Asked(BaseModel):
    """What is ordered, by the names of that application; others of its fields had no effect and have none here. Without
    ``budgetLimit`` nothing that costs money is asked."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    business_type: str = Field(min_length=1, max_length=2000)
    location: str
    max_results: int = _USUAL_RESULTS
    budget_limit: Decimal = Decimal(0)
    min_confidence_score: int = 0
    keywords: list[str] | str = ()  # type: ignore[assignment]
    search_radius: str | None = Field(default=None, max_length=40)
    session_user_id: str | None = Field(default=None, max_length=200)

    def spec(self) -> CampaignSpec:
        """The order. Raises Invalid with a sentence for each value that cannot be."""
        types = _parts(self.business_type)
        words = self.keywords if isinstance(self.keywords, list | tuple) else _parts(self.keywords)
        given = {
            "business_types": [*types, *words],
            "by_name": list(words),
            "location": self.location,
            "max_results": self.max_results,
            "budget_usd": str(self.budget_limit),
            "min_confidence": self.min_confidence_score,
            "radius_km": _kilometres(self.search_radius),
        }
        try:
            return Order.model_validate(given).spec()
        except ValidationError as error:
            raise Invalid(order_errors.sentences(error)) from None


def application() -> FastAPI:
    """What is mounted below ``/functions/v1``."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    app.include_router(router)
    app.state.streams = OpenStreams()
    handlers.register(app)
    return app


@router.post(_PATH)
def order(
    request: Request, person: Asking, asked: Asked, idempotency_key: IdempotencyKey = None
) -> JSONResponse:
    """Order a campaign; it answers at once."""
    spec = asked.spec()
    key = f"original-{person.id}-{idempotency_key or request.state.request_id}"
    view = campaigns.get(person, campaigns.submit(person, spec, key))
    hashed = hashlib.sha256(
        f"{asked.business_type}|{spec.location}|{spec.min_confidence}".encode()
    ).hexdigest()
    return JSONResponse(
        {
            "success": True,
            "message": "Campaign started",
            "jobId": str(view.job_id),
            "campaignId": str(view.id),
            "status": "processing",
            "estimatedTime": "1-2 minutes",
            "realtimeChannel": f"discovery_jobs:id=eq.{view.job_id}",
            "deduplication": {
                "campaignHash": hashed,
                "mode": "session" if asked.session_user_id else "user",
                "trackedId": asked.session_user_id or str(person.id),
            },
        }
    )


@router.get(_PATH)
async def job(request: Request, person: Asking, job_id: Annotated[UUID, Query(alias="jobId")]) -> Response:
    """The job as it is now, or with ``Accept: text/event-stream`` whenever it changes until it has ended."""
    record = await run_in_threadpool(_record, person, job_id)
    if STREAM not in request.headers.get("accept", ""):
        return JSONResponse(record)
    streams: OpenStreams = request.app.state.streams
    streams.enter(person)
    return Stream(_told(person, job_id), lambda: streams.leave(person))


async def _told(person: Person, job_id: UUID) -> AsyncIterator[str]:
    shown: dict[str, Any] | None = None
    while True:
        record = await run_in_threadpool(_record, person, job_id)
        if record != shown:
            yield f"data: {json.dumps(record, ensure_ascii=False)}\n\n"
            shown = record
        if record["completed_at"]:
            return
        await asyncio.sleep(_LOOK_S)


def _record(person: Person, job_id: UUID) -> dict[str, Any]:
    view = original_jobs.campaign_of(person, job_id)
    found = leads_that_leave.of_campaign(person, view.id, LeadFilter(), LeadSort.BEST, None, _MOST_RESULTS)
    return {
        "id": str(view.job_id),
        "campaign_id": str(view.id),
        "user_id": str(view.created_by),
        "status": _STATUS.get(view.status, view.status.value),
        "progress": view.progress,
        "current_stage": view.stage.value,
        "config": _config(view),
        "results": [_result(row) for row in found.rows],
        "metrics": _metrics(view),
        "error": view.outcome_reason
        if view.status in (CampaignStatus.FAILED, CampaignStatus.CANCELLED)
        else None,
        "created_at": view.created_at.isoformat(),
        "started_at": view.started_at.isoformat() if view.started_at else None,
        "completed_at": view.ended_at.isoformat() if view.ended_at else None,
    }


def _config(view: CampaignView) -> dict[str, Any]:
    return {
        "business_type": ", ".join(view.spec.business_types),
        "location": view.spec.location,
        "max_results": view.spec.max_results,
        "budget_limit": float(usd(view.budget_micros)),
        "min_confidence_score": view.spec.min_confidence,
        "search_radius": view.spec.radius_km,
    }


def _metrics(view: CampaignView) -> dict[str, Any]:
    return {
        "businesses_found": view.businesses_found,
        "qualified_leads": view.qualified_leads,
        "leads_enriched": view.leads_enriched,
        "leads_found": view.lead_count,
        "total_found": view.lead_count,
        "total_cost": float(usd(view.spent_micros)),
        "avg_confidence": float(view.avg_confidence) if view.avg_confidence is not None else None,
    }


def _result(row: ExportRow) -> dict[str, Any]:
    names = ("address", "phone", "website", "email")
    return {
        "id": str(row.id),
        "business_name": row.name,
        **{name: row.values.get(name) for name in names},
        "confidence_score": row.confidence,
        "validation_cost": float(usd(row.cost_micros)),
        "email_status": row.email_status.value,
        "data_sources": list(row.sources),
    }


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _kilometres(radius: str | None) -> float | None:
    """``10 miles`` or ``5 km``; without a unit it is miles."""
    found = re.fullmatch(r"\s*(\d{1,4}(?:\.\d{1,3})?)\s*(km|mi|miles?)?\s*", radius or "", re.IGNORECASE)
    if found is None:
        return None
    far = float(found[1]) * (1 if (found[2] or "").casefold() == "km" else _KM_OF_MILE)
    return min(far, float(MAX_RADIUS_KM)) or None
