"""Every address outside the pages."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from api import errors
from api.account_links import AccountLinks
from api.invitation import Invitation
from api.oidc import CALLBACK, Oidc
from api.passkeys import Passkeys
from api.sign_in import SignIn
from services import identity

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def routes(mark: str) -> list[Route]:
    """The routes in order of matching; ``mark`` is the logo as SVG."""
    forms = SignIn(mark)
    links = AccountLinks(mark)
    oidc = Oidc(mark)
    passkeys = Passkeys(mark)
    invitation = Invitation(mark)

    def favicon(request: Request) -> Response:
        return Response(mark, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})

    return [
        Route("/sign-in", forms.show_sign_in, methods=["GET"]),
        Route("/sign-in", forms.sign_in, methods=["POST"]),
        Route("/second-factor", forms.show_second_factor, methods=["GET"]),
        Route("/second-factor", forms.second_factor, methods=["POST"]),
        Route("/first-admin", forms.show_first_admin, methods=["GET"]),
        Route("/first-admin", forms.first_admin, methods=["POST"]),
        Route("/sign-out", forms.sign_out, methods=["POST"]),
        Route("/confirm-email", links.show_confirm_email, methods=["GET"]),
        Route("/confirm-email", links.confirm_email, methods=["POST"]),
        Route("/forgot-password", links.show_forgot_password, methods=["GET"]),
        Route("/forgot-password", links.forgot_password, methods=["POST"]),
        Route("/new-password", links.show_new_password, methods=["GET"]),
        Route("/new-password", links.new_password, methods=["POST"]),
        Route("/oidc/start", oidc.start, methods=["GET"]),
        Route(CALLBACK, oidc.callback, methods=["GET"]),
        Route("/passkey.js", passkeys.script, methods=["GET"]),
        Route("/passkeys/options", passkeys.options, methods=["POST"]),
        Route("/passkeys/sign-in", passkeys.sign_in, methods=["POST"]),
        Route("/passkeys/new", passkeys.show_new, methods=["GET"]),
        Route("/passkeys/new", passkeys.new, methods=["POST"]),
        Route("/passkeys/add", passkeys.add, methods=["POST"]),
        Route("/invitation", invitation.show, methods=["GET"]),
        Route("/invitation", invitation.accept, methods=["POST"]),
        Route("/favicon.png", favicon, methods=["GET"]),
        Route("/healthz", health, methods=["GET"]),
        Route("/api", unknown, methods=_METHODS),
        Route("/api/{path:path}", unknown, methods=_METHODS),
    ]


async def health(request: Request) -> Response:
    """Whether this process can reach its database; no secrets, no versions."""
    try:
        await run_in_threadpool(identity.needs_first_admin)
    except Exception:  # noqa: BLE001  whatever is wrong, a health check answers
        return JSONResponse({"status": "unavailable"}, status_code=503)
    return JSONResponse({"status": "ok"})


async def unknown(request: Request) -> Response:
    """Streamlit would answer an unknown address with its page and 200."""
    return errors.answer(request.scope, 404, "There is nothing at this address.")
