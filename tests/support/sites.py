"""Company websites served from a table, and what the website step makes of them."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from pipeline.contact.email_checks import FreeChecks
from pipeline.lead import Lead
from pipeline.providers.website.crawl import Crawler
from pipeline.providers.website.guard import Fetcher
from pipeline.providers.website.step import WebsiteStep
from tests.pipeline.memory import TODAY, from_places, full_place
from tests.support.calls import ListSuppressions
from tests.support.wire import Answerer, Wire, plain, wire

HTML = "Content-Type: text/html; charset=utf-8"
Hosts = Mapping[str, Mapping[str, str | bytes | Answerer]]


def moved(location: str) -> Answerer:
    """A page that redirects."""
    return plain("", "301 Moved Permanently", f"Location: {location}")


def hosted(hosts: Hosts, *, closed: Sequence[str] = ()) -> Answerer:
    """Pages by host and path; ``closed`` are the schemes nobody answers under."""

    def answer(connection: socket.socket, request: bytes) -> None:
        head = request.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
        path, pages = head[0].split(" ")[1], hosts.get(headers["host"])
        if headers.get("x-forwarded-proto") in closed or pages is None:
            return
        page = pages.get(path)
        if page is None:
            plain("gone", "404 Not Found", HTML)(connection, request)
        elif callable(page):
            page(connection, request)
        else:
            kind = "Content-Type: text/plain" if path == "/robots.txt" else HTML
            plain(page, "200 OK", kind)(connection, request)

    return answer


@dataclass(slots=True)
class Visit:
    """A lead after its site was read, and what was asked for: host and path."""

    lead: Lead
    asked: list[str] = field(default_factory=list)
    pauses_s: list[float] = field(default_factory=list)

    @property
    def says(self) -> str:
        """The sentence of the step."""
        return self.lead.steps[-1].detail

    @property
    def emails(self) -> list[str]:
        """The addresses in the order they are to be tried."""
        return [contact.email for contact in self.lead.contacts]


class Web:
    """All websites there are: ``hosts`` may change between visits. ``closed`` are the schemes nobody answers under."""

    def __init__(self, server: Wire, fetcher: Fetcher) -> None:
        self.hosts: Hosts = {}
        self.closed: Sequence[str] = ()
        self._server = server
        self._fetcher = fetcher

    def visits(
        self,
        *companies: Mapping[str, object],
        listed: ListSuppressions | None = None,
        country: str | None = "FI",
    ) -> list[Visit]:
        """Each company's site read by one step, as in one campaign."""
        pauses: list[float] = []
        step = WebsiteStep(
            Crawler(self._fetcher, wait=pauses.append),
            checks=FreeChecks(listed or ListSuppressions(), lambda _: None),
            online=lambda: True,
            simulated=lambda: None,
            today=date(2026, 11, 24),
        )
        found: list[Visit] = []
        for number, company in enumerate(companies or [{}]):
            given = {"website": "https://anchor.test/", "phone": None, "lat": 60 + number / 10} | dict(
                company
            )
            (business,) = from_places([full_place(f"node/{number}", **given)], country, TODAY)
            before, waited = len(self._server.requests), len(pauses)
            lead = step.enrich(Lead(business=business))
            asked = [_asked(request) for request in self._server.requests[before:]]
            found.append(Visit(lead, asked, [pause for pause in pauses[waited:] if pause]))
        return found


@contextmanager
def web() -> Iterator[Web]:
    """A server for every host."""
    with wire(lambda connection, request: hosted(it.hosts, closed=it.closed)(connection, request)) as server:
        fetcher = Fetcher("ProspectPro/1", gateway=server.url)
        it = Web(server, fetcher)
        try:
            yield it
        finally:
            fetcher.close()


def visits(
    hosts: Hosts,
    *companies: Mapping[str, object],
    listed: ListSuppressions | None = None,
    country: str | None = "FI",
    closed: Sequence[str] = (),
) -> list[Visit]:
    """Each company's site read by one step, as in one campaign."""
    with web() as it:
        it.hosts, it.closed = hosts, closed
        return it.visits(*companies, listed=listed, country=country)


def visit(home: str, **pages: str) -> Visit:
    """The site of Anchor with this first page, and others by the name of their path."""
    others = {f"/{name.replace('__', '.')}": page for name, page in pages.items()}
    return visits({"anchor.test": {"/": home, **others}})[0]


def _asked(request: bytes) -> str:
    head = request.decode("latin-1").split("\r\n")
    host = next(line for line in head if line.lower().startswith("host: "))[6:]
    return host + head[0].split(" ")[1]
