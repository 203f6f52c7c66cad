"""What a client link opens: leads as a plain table, without an account and without scripts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from html import escape
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api import cookies, document, posted_forms
from api.document import Field, Form
from api.posted_forms import LONGEST_KEY, Sent, see
from api.refusals import status_of
from services import shared_leads
from services.errors import NotFound, TooMany
from services.shared_leads import CLOSED, HOURS_OPEN, TITLES, Door, Offer, SharedPage, SheetFile

PATH = "/shared/{token}"
_BASE = "/shared/"
_PASSWORD = Field(
    name="password", label="Password", kind="password", autocomplete="off",
    missing="Enter the password you were given with the link.",
)  # fmt: skip
_CLOSED = Form(action="", title="This link cannot be opened", lead=CLOSED, button="")
# Nobody's index and nobody's cache has it, and no website learns the address it was opened from.
_QUIET = {"X-Robots-Tag": "noindex, nofollow, noarchive", "Cache-Control": "no-store"}
_NO_REFERRER = {"Referrer-Policy": "no-referrer"}
_EMPTY = '<p class="notice">There is nothing to show here at this moment.</p>'


@dataclass(frozen=True, slots=True)
class Shared:
    """The routes' handlers; ``mark`` is the logo the pages show."""

    mark: str

    async def show(self, request: Request) -> Response:
        """GET /shared/…: the table, or the form for its password."""
        try:
            after = request.query_params.get("after")
            found = await run_in_threadpool(shared_leads.page, _door(request), after)
        except NotFound:
            return self._closed()
        if not found.offer.is_open:
            return _quiet(document.page(_form(request), self.mark))
        body = _table(found) + _ways(found, _here(request))
        title = found.offer.shows or ""
        return _quiet(document.sheet(title, _lead(found.offer), self.mark, body), _NO_REFERRER)

    async def enter(self, request: Request) -> Response:
        """POST /shared/…: a password."""

        def compare(sent: Sent) -> Response:
            visit = shared_leads.enter(_token(request), sent.typed["password"])
            response = see(_here(request))
            cookies.keep_visit(response, visit, _here(request), HOURS_OPEN * 3600)
            return response

        return _quiet(await posted_forms.answer(request, _form(request), self.mark, compare))

    async def file(self, request: Request) -> Response:
        """GET /shared/…/leads.csv."""
        try:
            if sheet := await run_in_threadpool(shared_leads.sheet, _door(request)):
                return _quiet(_streamed(sheet), _NO_REFERRER)
            name, data = await run_in_threadpool(shared_leads.file, _door(request))
        except NotFound as refused:
            return self._closed(str(refused))
        except TooMany as refused:
            return _quiet(document.page(replace(_CLOSED, lead=str(refused)), self.mark, status_of(refused)))
        named = {"Content-Disposition": f'attachment; filename="{name}"'}
        return _quiet(Response(data, media_type="text/csv; charset=utf-8", headers=named), _NO_REFERRER)

    def _closed(self, why: str = CLOSED) -> Response:
        return _quiet(document.page(replace(_CLOSED, lead=why), self.mark, 404), _NO_REFERRER)


def _streamed(sheet: SheetFile) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{sheet.name}"',
        "Content-Length": str(sheet.size),
    }
    return StreamingResponse(sheet.parts, media_type="text/csv; charset=utf-8", headers=headers)


def _token(request: Request) -> str:
    return str(request.path_params["token"])[:LONGEST_KEY]


def _here(request: Request) -> str:
    return _BASE + quote(_token(request), safe="")


def _door(request: Request) -> Door:
    return Door(_token(request), cookies.visit(request))


def _quiet(response: Response, more: dict[str, str] | None = None) -> Response:
    response.headers.update(_QUIET | (more or {}))
    return response


def _form(request: Request) -> Form:
    lead = "Whoever sent you this link gave you a password for it."
    title = "Leads shared with you"
    return Form(action=_here(request), title=title, lead=lead, button="Open", fields=(_PASSWORD,))


def _lead(offer: Offer) -> str:
    until = f"Shared with you until {offer.expires_at.day} {offer.expires_at:%B %Y}."
    return (
        until if offer.shows_contacts else f"{until} Contacts are masked; ask whoever sent the link for them."
    )


def _table(found: SharedPage) -> str:
    if not found.rows:
        return _EMPTY
    head = "".join(f'<th scope="col">{title}</th>' for title in TITLES)
    rows = "".join(f"<tr>{''.join(map(_cell, TITLES, row))}</tr>" for row in found.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cell(title: str, value: str) -> str:
    said = escape(value)
    if title == "Website" and value.startswith(("https://", "http://")):
        shown = escape(value.partition("://")[2].removeprefix("www.").rstrip("/"))
        href = escape(value, quote=True)
        said = f'<a href="{href}" rel="noopener noreferrer nofollow" target="_blank">{shown}</a>'
    return f'<td data-title="{title}">{said}</td>'


def _ways(found: SharedPage, here: str) -> str:
    ways = []
    if found.next_cursor:
        ways.append((f"{here}?after={quote(found.next_cursor, safe='')}", "More leads"))
    if found.offer.allows_download and found.rows:
        ways.append((f"{here}/leads.csv", "Download as CSV"))
    links = "".join(f'<a href="{escape(path, quote=True)}">{words}</a>' for path, words in ways)
    credit = f'<p class="hint">{escape(" · ".join(found.credits))}</p>' if found.credits else ""
    return credit + (f'<p class="ways">{links}</p>' if links else "")
