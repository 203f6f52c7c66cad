"""Trying ProspectPro without an account, and signing up to keep what was found: forms that work without scripts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import cookies, document, posted_forms
from api.addresses import local_path
from api.document import EMAIL, NEW_PASSWORD, Form, Link
from api.posted_forms import Sent, see
from api.sign_in_form import inside
from pipeline.output.notices import counted
from services import guests, identity
from services.errors import NotFound
from services.guests import Terms
from services.identity import Person

_TO_SIGN_IN = Link(label="I have an account: sign in", path="/sign-in")
GUEST = Form(
    action="/guest",
    title="Try ProspectPro",
    lead="",
    button="Start as a guest",
    fields=(),
    links=(_TO_SIGN_IN,),
)
SIGN_UP = Form(
    action="/sign-up",
    title="Keep what you found",
    lead="Sign up, and the campaigns you ran as a guest are yours.",
    button="Sign up",
    fields=(EMAIL, NEW_PASSWORD),
    links=(Link(label="Go on as a guest", path="/"),),
)
OVER = Form(action="", title="Sign up", lead=guests.OVER, button="", fields=(), links=(_TO_SIGN_IN,))
OFF = Form(action="", title="Try ProspectPro", lead=guests.OFF, button="", fields=(), links=(_TO_SIGN_IN,))


@dataclass(frozen=True, slots=True)
class Guest:
    """The routes' handlers; ``mark`` is the logo the pages show."""

    mark: str

    async def show_guest(self, request: Request) -> Response:
        """GET /guest: what a guest gets; who is signed in goes inside."""
        if await run_in_threadpool(_who, request):
            return see("/")
        given = await run_in_threadpool(guests.terms)
        return document.page(_offer(given) if given else OFF, self.mark, 200 if given else 404)

    async def guest(self, request: Request) -> Response:
        """POST /guest."""
        given = await run_in_threadpool(guests.terms)

        def start(sent: Sent) -> Response:
            return inside("/", guests.arrive(sent.visitor))

        return await posted_forms.answer(request, _offer(given) if given else OFF, self.mark, start)

    async def show_sign_up(self, request: Request) -> Response:
        """GET /sign-up, for a guest."""
        person = await run_in_threadpool(_who, request)
        if person is None or person.guest_until is None:
            return document.page(OVER, self.mark, 404)
        return document.page(
            replace(SIGN_UP, next_path=local_path(request.query_params.get("next"))), self.mark
        )

    async def sign_up(self, request: Request) -> Response:
        """POST /sign-up."""
        person = await run_in_threadpool(_who, request)

        def keep(sent: Sent) -> Response:
            try:
                typed = sent.typed
                return inside(
                    sent.next_path, guests.sign_up(person, typed["email"], typed["password"], sent.visitor)
                )
            except NotFound:
                return document.page(OVER, self.mark, 404)

        return await posted_forms.answer(request, SIGN_UP, self.mark, keep)


def _who(request: Request) -> Person | None:
    return identity.who_is(cookies.session_token(request))


def _offer(given: Terms) -> Form:
    lead = (
        f"Without an account you get {guests.terms_in_words(given)}. Everything is removed after"
        f" {counted(given.days, 'day')}, unless you sign up."
    )
    return replace(GUEST, lead=lead)
