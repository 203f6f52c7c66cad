"""Signing in, signing out and creating the first administrator: plain forms that work without scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from api import cookies, document
from api.addresses import is_own_form, local_path
from api.document import Form
from api.refusals import status_of
from services import accounts, identity
from services.errors import Invalid, Refused
from services.identity import SignedIn, Visitor

_LARGEST_FORM = 16 * 1024
_LONGEST_KEY = 100
_WRONG_ORIGIN = (
    "This form was sent from another site, so it was not accepted. Open ProspectPro and try again."
)

SIGN_IN = Form(
    action="/sign-in",
    title="Sign in",
    lead="Welcome back. Your campaigns are where you left them.",
    button="Sign in",
    new_password=False,
    next_path="/",
)
FIRST_ADMIN = Form(
    action="/first-admin",
    title="Create the first administrator",
    lead="This is a new installation. The account you create now manages it.",
    button="Create administrator",
    new_password=True,
    next_path="/",
)
NO_LINK = Form(
    action="", title="Not set up yet", lead=accounts.NO_KEY, button="", new_password=False, next_path="/"
)
Typed = dict[str, str]
"""The fields of a form as they were sent: email, password, next, key."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """The routes' handlers; ``mark`` is the logo the pages show."""

    mark: str

    async def show_sign_in(self, request: Request) -> Response:
        """GET /sign-in; a new installation goes on to the first administrator, a signed-in person inside."""
        if await run_in_threadpool(identity.needs_first_admin):
            return _see("/first-admin")
        next_path = local_path(request.query_params.get("next"))
        if await run_in_threadpool(identity.who_is, cookies.session_token(request)):
            return _see(next_path)
        notice = "You are signed out." if "signed-out" in request.query_params else ""
        return document.page(replace(SIGN_IN, next_path=next_path, notice=notice), self.mark)

    async def show_first_admin(self, request: Request) -> Response:
        """GET /first-admin; only while nobody has an account, and the form only for who was given the link."""
        if not await run_in_threadpool(identity.needs_first_admin):
            return _see("/sign-in")
        key = request.query_params.get("key", "")[:_LONGEST_KEY]
        if not accounts.is_first_admin_key(key):
            return document.page(NO_LINK, self.mark, 403 if key else 200)
        next_path = local_path(request.query_params.get("next"))
        return document.page(replace(FIRST_ADMIN, next_path=next_path, key=key), self.mark)

    async def sign_in(self, request: Request) -> Response:
        """POST /sign-in."""

        def start(typed: Typed, visitor: Visitor) -> SignedIn:
            return identity.sign_in(typed["email"], typed["password"], visitor)

        return await self._start(request, SIGN_IN, start)

    async def first_admin(self, request: Request) -> Response:
        """POST /first-admin."""

        def start(typed: Typed, visitor: Visitor) -> SignedIn:
            return accounts.create_first_admin(typed["email"], typed["password"], typed["key"], visitor)

        return await self._start(request, FIRST_ADMIN, start)

    async def sign_out(self, request: Request) -> Response:
        """POST /sign-out: the session ends on the server, then the cookie goes."""
        if not is_own_form(request):
            return PlainTextResponse(_WRONG_ORIGIN, status_code=403)
        token = cookies.session_token(request)
        if token:
            await run_in_threadpool(identity.sign_out, token)
        response = _see("/sign-in?signed-out")
        cookies.forget(response)
        return response

    async def _start(
        self, request: Request, form: Form, start: Callable[[Typed, Visitor], SignedIn]
    ) -> Response:
        if not is_own_form(request):
            return document.page(replace(form, error=_WRONG_ORIGIN), self.mark, 403)
        typed = await _typed(request)
        if typed is None:
            return document.page(replace(form, error="That was too long to read. Try again."), self.mark, 413)
        filled = replace(
            form,
            email=typed["email"][:320],
            next_path=local_path(typed["next"]),
            key=typed["key"][:_LONGEST_KEY],
        )
        missing = _missing(typed)
        if missing:
            return document.page(replace(filled, error_field=missing[0], error=missing[1]), self.mark, 422)
        try:
            signed_in = await run_in_threadpool(start, typed, visitor_of(request))
        except Refused as refused:
            blamed = next(iter(refused.fields), "") if isinstance(refused, Invalid) else ""
            problem = replace(filled, error=str(refused), error_field=blamed)
            return document.page(problem, self.mark, status_of(refused))
        response = _see(filled.next_path)
        cookies.remember(response, signed_in)
        return response


def visitor_of(request: Request) -> Visitor:
    """Where a form was sent from."""
    return Visitor(
        ip=request.client.host if request.client else "unknown",
        device=request.headers.get("user-agent", ""),
        device_token=cookies.device_token(request),
    )


async def _typed(request: Request) -> Typed | None:
    length = request.headers.get("content-length", "")
    if not length.isascii() or not length.isdigit() or int(length) > _LARGEST_FORM:
        return None
    try:
        form = await request.form(max_files=0, max_fields=10)
    except HTTPException:
        return None
    return {name: str(form.get(name, "")) for name in ("email", "password", "next", "key")}


def _missing(typed: Typed) -> tuple[str, str] | None:
    if not typed["email"].strip():
        return "email", "Enter your e-mail address."
    return None if typed["password"] else ("password", "Enter your password.")


def _see(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})
