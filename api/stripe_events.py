"""Where Stripe tells of changes; there is nothing at this address where plans are not sold."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from api import errors
from services import billing_events
from services.errors import Invalid, NotFound

PATH = "/api/stripe/events"
_SIGNATURE = "stripe-signature"


async def receive(request: Request) -> Response:
    """POST: an event, signed over its very bytes. Whatever it is about, 200 says that it is kept."""
    try:
        await run_in_threadpool(
            billing_events.told, await request.body(), request.headers.get(_SIGNATURE, "")
        )
    except NotFound:
        return errors.answer(request.scope, 404, "There is nothing at this address.")
    except Invalid as refused:
        return JSONResponse({"error": str(refused)}, status_code=400)
    return JSONResponse({"received": True})
