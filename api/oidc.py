"""The way to the site people sign in by, and the way back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

import settings
from api import cookies, document
from api.addresses import local_path
from api.posted_forms import see, visitor_of
from api.refusals import status_of
from api.sign_in_form import inside, sign_in_form
from services import identity, single_sign_on
from services.errors import Refused
from services.identity import Person

CALLBACK: Final = "/oidc/callback"


@dataclass(frozen=True, slots=True)
class Oidc:
    """The routes' handlers; ``mark`` is the logo the pages show."""

    mark: str

    async def start(self, request: Request) -> Response:
        """GET /oidc/start: to the other site; with the key of My account it connects the account of who is inside."""
        if not single_sign_on.is_on():
            return see("/sign-in")
        next_path = local_path(request.query_params.get("next"))
        try:
            connecting = await run_in_threadpool(_connecting, request)
            begun = await run_in_threadpool(single_sign_on.begin, _callback(request), next_path, connecting)
        except Refused as refused:
            return self._problem(request, refused, next_path)
        answer = RedirectResponse(begun.url, status_code=303, headers={"Cache-Control": "no-store"})
        cookies.keep_sign_on(answer, begun.kept, single_sign_on.MINUTES * 60)
        return answer

    async def callback(self, request: Request) -> Response:
        """GET /oidc/callback: the way back, which is gone once and by the browser that began."""
        if not single_sign_on.is_on():
            return see("/sign-in")
        returned = single_sign_on.Returned(
            query=dict(request.query_params),
            kept=cookies.kept_sign_on(request),
            token=cookies.session_token(request),
            visitor=visitor_of(request),
        )
        answer: Response
        try:
            arrived = await run_in_threadpool(single_sign_on.finish, _callback(request), returned)
        except Refused as refused:
            answer = self._problem(request, refused, "/")
        else:
            answer = see(arrived.next_path)
            if arrived.signed_in is not None:
                answer = inside(arrived.next_path, arrived.signed_in)
        cookies.forget_sign_on(answer)
        return answer

    def _problem(self, request: Request, refused: Refused, next_path: str) -> Response:
        form = replace(sign_in_form(request, next_path), error=str(refused))
        return document.page(form, self.mark, status_of(refused))


def _connecting(request: Request) -> Person | None:
    key = request.query_params.get("connect", "")
    person = identity.who_is(cookies.session_token(request)) if key else None
    return person if person and single_sign_on.is_connect_key(person, key) else None


def _callback(request: Request) -> str:
    """Our address for the way back, as it is registered at the other site."""
    ours = settings.get().public_url.rstrip("/")
    return f"{ours or str(request.base_url).rstrip('/')}{CALLBACK}"
