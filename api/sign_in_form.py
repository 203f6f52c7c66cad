"""The sign-in with all its ways, and the way inside."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

import settings
from api import cookies
from api.document import Form, Link, PasskeyButton
from api.posted_forms import see
from services import guests, identity, passkeys, single_sign_on
from services.identity import SignedIn
from services.passkeys import Site

SIGN_IN = Form(
    action="/sign-in",
    title="Sign in",
    lead="Welcome back. Your campaigns are where you left them.",
    button="Sign in",
    links=(Link(label="Forgot your password?", path="/forgot-password"),),
)


def sign_in_form(request: Request, next_path: str) -> Form:
    """The sign-in with all its ways, which come back to ``next_path``; asks the database."""
    links = SIGN_IN.links
    if single_sign_on.is_on():
        path = f"/oidc/start?next={quote(next_path, safe='')}"
        links = (Link(label=f"Continue with {single_sign_on.name()}", path=path, stands_out=True), *links)
    if guests.terms() is not None:
        links = (Link(label="Try it without an account", path="/guest", stands_out=True), *links)
    button = None
    if site_of(request) is not None:
        button = PasskeyButton(label="Use a passkey", action="/passkeys/sign-in", next_path=next_path)
    return replace(SIGN_IN, next_path=next_path, links=links, passkey=button)


def site_of(request: Request) -> Site | None:
    """The site as the browser sees it; None where it has no passkeys, and under another name than the public one."""
    ours = settings.get().public_url
    site = passkeys.site_of(ours or str(request.base_url))
    is_here = site is not None and request.url.hostname == site.host
    return site if is_here and identity.can_vouch() else None


def inside(next_path: str, signed_in: SignedIn) -> Response:
    """Go on inside, or to the second factor; the browser gets its cookies."""
    query = f"?next={quote(next_path, safe='')}" if next_path != "/" else ""
    response = see(f"/second-factor{query}" if signed_in.is_half else next_path)
    cookies.remember(response, signed_in)
    return response
