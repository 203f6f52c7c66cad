"""Signing in, signing out and creating the first administrator: plain forms that work without scripts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api import cookies, document, posted_forms
from api.addresses import is_own_form, local_path
from api.document import CODE, EMAIL, NEW_PASSWORD, Form, Link
from api.posted_forms import LONGEST_KEY, WRONG_ORIGIN, Sent, see
from api.sign_in_form import inside, sign_in_form
from services import accounts, identity, second_factor
from services.errors import NotFound

FIRST_ADMIN = Form(
    action="/first-admin",
    title="Create the first administrator",
    lead="This is a new installation. The account you create now manages it.",
    button="Create administrator",
    fields=(EMAIL, NEW_PASSWORD),
)
SECOND_FACTOR = Form(
    action="/second-factor",
    title="One more step",
    lead="Your account asks for a code as well.",
    button="Continue",
    fields=(CODE,),
    links=(Link(label="Sign in as somebody else", path="/sign-in"),),
)
NO_LINK = Form(action="", title="Not set up yet", lead=accounts.NO_KEY, button="")


@dataclass(frozen=True, slots=True)
class SignIn:
    """The routes' handlers; ``mark`` is the logo the pages show."""

    mark: str

    async def show_sign_in(self, request: Request) -> Response:
        """GET /sign-in; a new installation goes on to the first administrator, a signed-in person inside."""
        if await run_in_threadpool(identity.needs_first_admin):
            return see("/first-admin")
        next_path = local_path(request.query_params.get("next"))
        if await run_in_threadpool(identity.who_is, cookies.session_token(request)):
            return see(next_path)
        notice = "You are signed out." if "signed-out" in request.query_params else ""
        form = await run_in_threadpool(sign_in_form, request, next_path)
        return document.page(replace(form, notice=notice), self.mark)

    async def show_first_admin(self, request: Request) -> Response:
        """GET /first-admin; only while nobody has an account, and the form only for who was given the link."""
        if not await run_in_threadpool(identity.needs_first_admin):
            return see("/sign-in")
        key = request.query_params.get("key", "")[:LONGEST_KEY]
        if not accounts.is_first_admin_key(key):
            return document.page(NO_LINK, self.mark, 403 if key else 200)
        next_path = local_path(request.query_params.get("next"))
        return document.page(replace(FIRST_ADMIN, next_path=next_path, key=key), self.mark)

    async def sign_in(self, request: Request) -> Response:
        """POST /sign-in."""

        def start(sent: Sent) -> Response:
            return inside(
                sent.next_path, identity.sign_in(sent.typed["email"], sent.typed["password"], sent.visitor)
            )

        form = await run_in_threadpool(sign_in_form, request, "/")
        return await posted_forms.answer(request, form, self.mark, start)

    async def show_second_factor(self, request: Request) -> Response:
        """GET /second-factor: the second step of a sign-in."""
        next_path = local_path(request.query_params.get("next"))
        return document.page(replace(SECOND_FACTOR, next_path=next_path), self.mark)

    async def second_factor(self, request: Request) -> Response:
        """POST /second-factor."""
        token = cookies.session_token(request)

        def finish(sent: Sent) -> Response:
            try:
                return inside(sent.next_path, second_factor.pass_by(token, sent.typed["code"], sent.visitor))
            except NotFound:
                # The sign-in that waited is over, or there was none.
                return see("/sign-in")

        return await posted_forms.answer(request, SECOND_FACTOR, self.mark, finish)

    async def first_admin(self, request: Request) -> Response:
        """POST /first-admin."""

        def start(sent: Sent) -> Response:
            typed = sent.typed
            return inside(
                sent.next_path,
                accounts.create_first_admin(typed["email"], typed["password"], sent.key, sent.visitor),
            )

        return await posted_forms.answer(request, FIRST_ADMIN, self.mark, start)

    async def sign_out(self, request: Request) -> Response:
        """POST /sign-out: the session ends on the server, then the cookie goes."""
        if not is_own_form(request):
            return PlainTextResponse(WRONG_ORIGIN, status_code=403)
        token = cookies.session_token(request)
        if token:
            await run_in_threadpool(identity.sign_out, token)
        response = see("/sign-in?signed-out")
        cookies.forget(response)
        return response
