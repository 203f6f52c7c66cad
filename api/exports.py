"""Large files of leads, for whoever had them made: sent part by part, so that any size needs the same memory."""

from __future__ import annotations

from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api import errors
from api.middleware import asking
from services import book_files
from services.errors import NotAllowed, NotFound

PATH = "/exports/{file}"


async def file(request: Request) -> Response:
    """GET /exports/ID: the file, to be saved; kept by nobody on the way."""
    person = asking(request.scope).person
    try:
        file_id = UUID(request.path_params["file"])
        found = await run_in_threadpool(book_files.download, person, file_id)
    except (ValueError, NotFound):
        return errors.answer(request.scope, 404)
    except NotAllowed as refused:
        return errors.answer(request.scope, 403, str(refused))
    headers = {
        "Content-Disposition": f'attachment; filename="{found.name}"',
        "Content-Length": str(found.size),
        "Cache-Control": "no-store",
    }
    return StreamingResponse(found.parts, media_type=found.mime, headers=headers)
