"""Accepting an invitation: as who is signed in, or with a new account; a plain form that works without scripts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import cookies, document, posted_forms
from api.document import EMAIL, NEW_PASSWORD, Form, Link
from api.posted_forms import LONGEST_KEY, Sent, see
from api.refusals import status_of
from api.sign_in_form import inside
from services import identity, invitations
from services.errors import Refused
from services.identity import Person
from services.invitations import OfferRow
from services.roles import MemberRole

_TEAM = "/team"
_ELSEWHERE = (Link(label="Go to ProspectPro", path=_TEAM),)


@dataclass(frozen=True, slots=True)
class Invitation:
    """The routes' handlers; ``mark`` is the logo the pages show."""

    mark: str

    async def show(self, request: Request) -> Response:
        """GET /invitation?key=…: who is signed in has a button, anybody else a form for a new account."""
        try:
            person = await run_in_threadpool(_who, request)
            return document.page(await run_in_threadpool(_form, _key(request), person), self.mark)
        except Refused as refused:
            return self._told(refused)

    async def accept(self, request: Request) -> Response:
        """POST /invitation?key=…"""
        key, person = _key(request), await run_in_threadpool(_who, request)

        def join(sent: Sent) -> Response:
            if person is None:
                typed = sent.typed
                return inside(_TEAM, invitations.join(typed["email"], typed["password"], key, sent.visitor))
            invitations.accept(person, key)
            return see(_TEAM)

        try:
            form = await run_in_threadpool(_form, key, person)
        except Refused as refused:
            return self._told(refused)
        # Who is signed in as somebody else has nothing to press again.
        shown = replace(form, action="", links=_ELSEWHERE) if person else form
        return await posted_forms.answer(request, form, self.mark, join, shown=shown)

    def _told(self, refused: Refused) -> Response:
        said = Form(action="", title="Invitation", lead=str(refused), button="", links=_ELSEWHERE)
        return document.page(said, self.mark, status_of(refused))


def _key(request: Request) -> str:
    return request.query_params.get("key", "")[:LONGEST_KEY]


def _who(request: Request) -> Person | None:
    person = identity.who_is(cookies.session_token(request))
    # A guest has no address that could be invited; with an account they come back as somebody else.
    return None if person is not None and person.guest_until is not None else person


def _form(key: str, person: Person | None) -> Form:
    """The form for whoever has the link. Raises NotFound."""
    offer = invitations.offer(key)
    here = f"/invitation?key={quote(key, safe='')}"
    form = Form(action=here, title=f"Join {offer.workspace_name}", lead=_lead(offer, person), button="Join")
    if person:
        return replace(form, fields=())
    back = Link(label="I have an account: sign in", path=f"/sign-in?next={quote(here, safe='')}")
    return replace(form, button="Create account and join", fields=(EMAIL, NEW_PASSWORD), links=(back,))


def _lead(offer: OfferRow, person: Person | None) -> str:
    role = MemberRole(offer.role).with_article
    if person:
        return f"You are invited as {role}. You are signed in as {person.email}."
    return f"You are invited as {role}, with the address {offer.hint}."
