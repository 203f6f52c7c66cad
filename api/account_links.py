"""The pages that links in mails lead to. Opening one changes nothing, as programs that check mails open links, too; the
button on it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from api import document, posted_forms
from api.document import EMAIL, NEW_PASSWORD, Form, Link
from api.posted_forms import LONGEST_KEY, Sent
from services import notifying, own_account, resets
from services.errors import NotFound
from services.own_account import LinkKind

_TO_SIGN_IN = (Link(label="Go to the sign-in", path="/sign-in"),)
CONFIRM_EMAIL = Form(
    action="/confirm-email",
    title="Confirm your address",
    lead="",
    button="Confirm",
    fields=(),
)
FORGOT = Form(
    action="/forgot-password",
    title="Forgot your password?",
    lead="We send a link by which you choose another one.",
    button="Send me a link",
    fields=(EMAIL,),
    links=(Link(label="Back to the sign-in", path="/sign-in"),),
)
NO_MAIL = replace(FORGOT, action="", lead=resets.NO_MAIL)
ON_ITS_WAY = replace(
    FORGOT,
    action="",
    title="Look into your mailbox",
    lead="If there is an account with this address, a link is on its way. It is good for an hour.",
)
RESET = Form(
    action="/new-password",
    title="Choose a new password",
    lead="",
    button="Keep this password",
    fields=(NEW_PASSWORD,),
)
SPENT = Form(
    action="", title="This link cannot be used", lead=own_account.SPENT_LINK, button="", links=_TO_SIGN_IN
)


@dataclass(frozen=True, slots=True)
class AccountLinks:
    """The routes' handlers; ``mark`` is the logo the pages show."""

    mark: str

    async def show_confirm_email(self, request: Request) -> Response:
        """GET /confirm-email."""
        return await self._show(request, LinkKind.EMAIL, _confirming)

    async def confirm_email(self, request: Request) -> Response:
        """POST /confirm-email: the new address counts."""

        def confirm(sent: Sent) -> Response:
            try:
                email = own_account.confirm_email(sent.key)
            except NotFound:
                return self._spent()
            lead = f"From now on you sign in with {email}."
            done = Form(action="", title="Your address is confirmed", lead=lead, button="", links=_TO_SIGN_IN)
            return document.page(done, self.mark)

        return await posted_forms.answer(request, CONFIRM_EMAIL, self.mark, confirm)

    async def show_forgot_password(self, request: Request) -> Response:
        """GET /forgot-password."""
        return document.page(FORGOT if notifying.are_on() else NO_MAIL, self.mark)

    async def forgot_password(self, request: Request) -> Response:
        """POST /forgot-password: the same answer whoever has the address."""

        def ask(sent: Sent) -> Response:
            resets.ask(sent.typed["email"], sent.visitor)
            return document.page(ON_ITS_WAY, self.mark)

        return await posted_forms.answer(request, FORGOT, self.mark, ask)

    async def show_new_password(self, request: Request) -> Response:
        """GET /new-password: what a link of a reset leads to."""
        return await self._show(request, LinkKind.RESET, _choosing)

    async def new_password(self, request: Request) -> Response:
        """POST /new-password."""

        def choose(sent: Sent) -> Response:
            try:
                email = resets.choose_password(sent.key, sent.typed["password"])
            except NotFound:
                return self._spent()
            lead = f"All sessions of {email} have ended. Sign in with your new password."
            done = Form(action="", title="Your password is changed", lead=lead, button="", links=_TO_SIGN_IN)
            return document.page(done, self.mark)

        return await posted_forms.answer(request, RESET, self.mark, choose)

    async def _show(self, request: Request, kind: LinkKind, form_for: Callable[[str], Form]) -> Response:
        key = request.query_params.get("key", "")[:LONGEST_KEY]
        try:
            link = await run_in_threadpool(own_account.seen_link, key, kind)
        except NotFound:
            return self._spent()
        return document.page(replace(form_for(link.email), key=key), self.mark)

    def _spent(self) -> Response:
        return document.page(SPENT, self.mark, 404)


def _choosing(email: str) -> Form:
    return replace(RESET, lead=f"For the account {email}. All its sessions will end.")


def _confirming(email: str) -> Form:
    return replace(CONFIRM_EMAIL, lead=f"{email} will be the address you sign in with.")
