"""What Prometheus reads."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import errors
from services import metrics
from services.errors import NotAllowed, NotFound

PATH = "/metrics"


async def scrape(request: Request) -> Response:
    """GET /metrics, with ``Authorization: Bearer`` and the token."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        told = await run_in_threadpool(metrics.read, token.strip() if scheme.lower() == "bearer" else "")
    except NotFound:
        return errors.answer(request.scope, 404)
    except NotAllowed as refused:
        return errors.answer(request.scope, 401, str(refused))
    return Response(told, media_type=metrics.CONTENT_TYPE, headers={"Cache-Control": "no-store"})
