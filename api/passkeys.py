"""Passkeys: signing in by one, and adding one. The browser's part is ``passkey.js``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from api import cookies, document, posted_forms
from api.addresses import is_own_form
from api.document import PASSWORD, Field, Form, Link, PasskeyButton
from api.posted_forms import WRONG_ORIGIN, Sent, see
from api.sign_in_form import inside, sign_in_form, site_of
from services import identity, passkeys
from services.errors import NotAllowed
from services.passkeys import Ceremony

_NAME = Field(
    name="name", label="What to call it", kind="text", autocomplete="off", missing="Enter a name.", kept=True,
    hint="Such as “My phone” or “Blue key”.", longest=passkeys.LONGEST_NAME,
)  # fmt: skip
_BACK = (Link(label="Back to My account", path="/account"),)
ADD = Form(
    action="/passkeys/new",
    title="Add a passkey",
    lead="A passkey signs you in with this device or a security key, without password and code.",
    button="Continue",
    fields=(_NAME, PASSWORD),
    links=_BACK,
)
CREATE = Form(
    action="",
    title="Create the passkey",
    lead="Your browser asks where to keep it, and for your fingerprint, face or PIN.",
    button="",
    links=_BACK,
)
_NOT_HERE = (
    "Browsers make passkeys for names with encryption only. Open ProspectPro under its name with https://, or as"
    " localhost."
)
_CREDENTIAL = Field(
    name="credential", label="", kind="hidden", autocomplete="off", missing=passkeys.NOT_KNOWN
)
_SIGN_IN = Form(action="/sign-in", title="Sign in", lead="", button="", fields=(_CREDENTIAL,))


@dataclass(frozen=True, slots=True)
class Passkeys:
    """The routes' handlers; ``mark`` is the logo the pages show."""

    mark: str

    async def script(self, request: Request) -> Response:
        """GET /passkey.js."""
        return Response(_script(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    async def options(self, request: Request) -> Response:
        """POST /passkeys/options: what a sign-in asks the browser."""
        site = site_of(request)
        if not is_own_form(request) or site is None:
            return PlainTextResponse(WRONG_ORIGIN, status_code=403)
        ceremony = await run_in_threadpool(passkeys.begin_sign_in, site)
        answer = Response(
            ceremony.options, media_type="application/json", headers={"Cache-Control": "no-store"}
        )
        cookies.keep_passkey(answer, ceremony.kept, passkeys.SECONDS)
        return answer

    async def sign_in(self, request: Request) -> Response:
        """POST /passkeys/sign-in: what the browser signed."""
        kept, site = cookies.kept_passkey(request), site_of(request)

        def start(sent: Sent) -> Response:
            if site is None:
                raise NotAllowed(_NOT_HERE)
            signed_in = passkeys.sign_in(site, kept, sent.typed["credential"], sent.visitor)
            return inside(sent.next_path, signed_in)

        answer = await posted_forms.answer(
            request, _SIGN_IN, self.mark, start, shown=sign_in_form(request, "/")
        )
        cookies.forget_passkey(answer)
        return answer

    async def show_new(self, request: Request) -> Response:
        """GET /passkeys/new: a name, and the password once more."""
        if await run_in_threadpool(identity.who_is, cookies.session_token(request)) is None:
            return see("/sign-in?next=%2Faccount")
        form = ADD if site_of(request) else replace(ADD, action="", lead=_NOT_HERE)
        return document.page(form, self.mark)

    async def new(self, request: Request) -> Response:
        """POST /passkeys/new: on to the browser's part."""
        token, site = cookies.session_token(request), site_of(request)

        def begin(sent: Sent) -> Response:
            person = identity.who_is(token)
            if person is None or site is None:
                return see("/account")
            ceremony = passkeys.begin_adding(person, site, sent.typed["password"], sent.typed["name"])
            return self._create(ceremony)

        return await posted_forms.answer(request, ADD, self.mark, begin)

    async def add(self, request: Request) -> Response:
        """POST /passkeys/add: what the browser made."""
        token, kept, site = cookies.session_token(request), cookies.kept_passkey(request), site_of(request)

        def add(sent: Sent) -> Response:
            person = identity.who_is(token)
            if person is None or site is None:
                return see("/account")
            passkeys.add(person, site, kept, sent.typed["credential"])
            return see("/account")

        form = replace(ADD, fields=(_CREDENTIAL,))
        answer = await posted_forms.answer(request, form, self.mark, add, shown=ADD)
        cookies.forget_passkey(answer)
        return answer

    def _create(self, ceremony: Ceremony) -> Response:
        button = PasskeyButton(label="Create the passkey", action="/passkeys/add", options=ceremony.options)
        answer = document.page(replace(CREATE, passkey=button), self.mark)
        cookies.keep_passkey(answer, ceremony.kept, passkeys.SECONDS)
        return answer


@lru_cache(maxsize=1)
def _script() -> bytes:
    return Path(__file__).with_name("passkey.js").read_bytes()
