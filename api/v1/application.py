"""The interface for programs as one application, mounted below ``/api/v1``."""

from __future__ import annotations

from functools import partial

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.responses import JSONResponse

import settings
from api.v1 import (
    activity,
    answers,
    book,
    bulk_orders,
    campaigns,
    document,
    exports,
    handlers,
    health,
    installation,
    leads,
    lists,
    people,
    plans,
    progress,
    scheduled_exports,
    schedules,
    spend,
    suppressions,
)
from api.v1.problems import PREFIX

_RESOURCES = (
    *(health, installation, plans, campaigns, bulk_orders, schedules, progress, scheduled_exports),
    *(leads, book, exports, lists, spend, suppressions, activity),
)
_ABOUT = (
    "Everything the pages of ProspectPro do, for programs. Send a key as `Authorization: Bearer ppk_…`. What goes wrong"
    " is told as problem details (RFC 9457) with a `cause` to go by. Amounts are US dollars as text, exactly; times are"
    " UTC."
)


def described() -> FastAPI:
    """A new one, without what stands around it."""
    app = FastAPI(
        title="ProspectPro",
        version=settings.version(),
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        servers=[{"url": PREFIX}],
        root_path_in_servers=False,
        redirect_slashes=False,
        generate_unique_id_function=_operation,
        responses=answers.problems(*answers.ALWAYS),
    )
    for resource in _RESOURCES:
        app.include_router(resource.router)
    app.include_router(people.team)
    app.include_router(people.keys)
    app.state.streams = progress.OpenStreams()
    handlers.register(app)
    app.openapi = partial(document.openapi, app)  # type: ignore[method-assign]

    def openapi() -> JSONResponse:
        """Read from the code once somebody asks, and not in the way of others."""
        return JSONResponse(app.openapi())

    app.add_api_route(document.PATH, openapi, include_in_schema=False, tags=["document"])
    return app


def _operation(route: APIRoute) -> str:
    """What a program calls an operation: ``campaigns_read``."""
    return f"{route.tags[0]}_{route.name}"
