"""A form of ours that was sent: read within bounds, checked for empty fields, done, or shown again with why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from api import cookies, document
from api.addresses import is_own_form, local_path
from api.document import Form
from api.refusals import status_of
from services.errors import Invalid, Refused
from services.identity import Visitor

LONGEST_KEY = 100
"""Characters that are read of what the link to a form held."""
WRONG_ORIGIN = "This form was sent from another site, so it was not accepted. Open ProspectPro and try again."
_LARGEST_FORM = 16 * 1024


@dataclass(frozen=True, slots=True)
class Sent:
    """What came with a form: its fields by name, where to go on, what the link to it held, and who sent it."""

    typed: dict[str, str]
    next_path: str
    key: str
    visitor: Visitor


async def answer(
    request: Request, form: Form, mark: str, act: Callable[[Sent], Response], *, shown: Form | None = None
) -> Response:
    """What ``act`` answers to the form that was sent. When it cannot be read, lacks something, or ``act`` raises a
    Refused, the form itself with a sentence, or ``shown`` in its place."""
    again = shown or form
    if not is_own_form(request):
        return document.page(replace(again, error=WRONG_ORIGIN), mark, 403)
    sent = await _sent(request, form)
    if sent is None:
        return document.page(replace(again, error="That was too long to read. Try again."), mark, 413)
    kept = {each.name: sent.typed[each.name][: each.longest] for each in form.fields if each.kept}
    filled = replace(again, typed=kept, next_path=sent.next_path, key=sent.key)
    for each in form.fields:
        if not sent.typed[each.name].strip():
            return document.page(replace(filled, error_field=each.name, error=each.missing), mark, 422)
    try:
        return await run_in_threadpool(act, sent)
    except Refused as refused:
        blamed = next(iter(refused.fields), "") if isinstance(refused, Invalid) else ""
        problem = replace(filled, error=str(refused), error_field=blamed)
        return document.page(problem, mark, status_of(refused))


def visitor_of(request: Request) -> Visitor:
    """Where a form was sent from."""
    return Visitor(
        ip=request.client.host if request.client else "unknown",
        device=request.headers.get("user-agent", ""),
        device_token=cookies.device_token(request),
    )


def see(path: str) -> RedirectResponse:
    """Go on to a path of ours."""
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})


async def _sent(request: Request, form: Form) -> Sent | None:
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit() or int(length) > _LARGEST_FORM:
        return None
    try:
        fields = await request.form(max_files=0, max_fields=10)
    except HTTPException:
        return None
    return Sent(
        typed={each.name: str(fields.get(each.name, "")) for each in form.fields},
        next_path=local_path(str(fields.get("next", ""))),
        key=str(fields.get("key", ""))[:LONGEST_KEY],
        visitor=visitor_of(request),
    )
