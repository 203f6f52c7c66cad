"""Every address outside the pages."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from api import errors, exports, metrics, stripe_events
from api.account_links import AccountLinks
from api.agents import endpoint
from api.agents.endpoint import Agents
from api.guest import Guest
from api.invitation import Invitation
from api.map_tiles import PATH as TILES
from api.map_tiles import MapTiles
from api.oidc import CALLBACK, Oidc
from api.passkeys import Passkeys
from api.posted_forms import see
from api.shared import PATH as SHARED
from api.shared import Shared
from api.sign_in import SignIn
from api.v1 import docs_page, original
from api.v1.application import described
from api.v1.docs_page import DocsPage
from api.v1.outside import Outside
from api.v1.problems import PREFIX
from services import fitness

_Handler = Callable[[Request], Awaitable[Response]]
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def routes(mark: str, tiles: MapTiles | None = None) -> list[Route | Mount]:
    """The routes in order of matching; ``mark`` is the logo as SVG."""
    forms = SignIn(mark)
    links = AccountLinks(mark)
    oidc = Oidc(mark)
    passkeys = Passkeys(mark)
    invitation = Invitation(mark)
    guest = Guest(mark)

    def favicon(request: Request) -> Response:
        return Response(mark, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})

    return [
        *_form("/sign-in", forms.show_sign_in, forms.sign_in),
        *_form("/second-factor", forms.show_second_factor, forms.second_factor),
        *_form("/first-admin", forms.show_first_admin, forms.first_admin),
        *_form("/guest", guest.show_guest, guest.guest),
        *_form("/sign-up", guest.show_sign_up, guest.sign_up),
        Route("/sign-out", forms.sign_out, methods=["POST"]),
        *_form("/confirm-email", links.show_confirm_email, links.confirm_email),
        *_form("/forgot-password", links.show_forgot_password, links.forgot_password),
        *_form("/new-password", links.show_new_password, links.new_password),
        Route("/oidc/start", oidc.start, methods=["GET"]),
        Route(CALLBACK, oidc.callback, methods=["GET"]),
        Route("/passkey.js", passkeys.script, methods=["GET"]),
        Route("/passkeys/options", passkeys.options, methods=["POST"]),
        Route("/passkeys/sign-in", passkeys.sign_in, methods=["POST"]),
        *_form("/passkeys/new", passkeys.show_new, passkeys.new),
        Route("/passkeys/add", passkeys.add, methods=["POST"]),
        *_form("/invitation", invitation.show, invitation.accept),
        *_shared(Shared(mark)),
        Route(TILES, (tiles or MapTiles()).tile, methods=["GET"]),
        Route(exports.PATH, exports.file, methods=["GET"]),
        Route("/home", home, methods=["GET"]),
        Route("/favicon.png", favicon, methods=["GET"]),
        Route("/healthz", health, methods=["GET"]),
        *_programs(),
        Route("/api", unknown, methods=_METHODS),
        Route("/api/{path:path}", unknown, methods=_METHODS),
    ]


def _programs() -> tuple[Route | Mount, ...]:
    """The interface for programs, the page that explains it, the call of the application before this
    one, the tools for agents, figures for Prometheus, and where Stripe tells of changes."""
    app = described()
    page = DocsPage(app.openapi)
    return (
        Route(docs_page.PATH, page.show, methods=["GET"]),
        Mount(PREFIX, Outside(app)),
        Mount(original.PREFIX, Outside(original.application())),
        Route(endpoint.PATH, Agents()),
        Route(metrics.PATH, metrics.scrape, methods=["GET"]),
        Route(stripe_events.PATH, stripe_events.receive, methods=["POST"]),
    )


def _shared(shared: Shared) -> tuple[Route, ...]:
    """What clients were sent links to; nothing below them is Streamlit's."""
    return (
        *_form(SHARED, shared.show, shared.enter),
        Route(f"{SHARED}/leads.csv", shared.file, methods=["GET"]),
        Route("/shared/{path:path}", unknown, methods=_METHODS),
    )


def _form(path: str, show: _Handler, send: _Handler) -> tuple[Route, Route]:
    """A form: what shows it, and what takes it."""
    return Route(path, show, methods=["GET"]), Route(path, send, methods=["POST"])


async def home(request: Request) -> Response:
    """GET /home: Home is the first page, and its name is no address of Streamlit's."""
    return see(str(request.url.replace(scheme="", netloc="", path="/")))


async def health(request: Request) -> Response:
    """Whether this process can do its work with its database; no secrets, no versions."""
    try:
        trouble = await run_in_threadpool(fitness.trouble)
    except Exception:  # noqa: BLE001  whatever is wrong, a health check answers
        trouble = "unknown"
    if trouble:
        return JSONResponse({"status": "unavailable", "reason": trouble}, status_code=503)
    return JSONResponse({"status": "ok"})


async def unknown(request: Request) -> Response:
    """Streamlit would answer an unknown address with its page and 200."""
    return errors.answer(request.scope, 404, "There is nothing at this address.")
