"""A source and a finder in a folder of plugins, followed from the command line to the ledger and every page."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

import settings
from pipeline.output.provider_pages import frame
from pipeline.providers.registry import registry
from services import campaigns, catalogue, identity
from services.identity import Person, Visitor
from tests.pages.conftest import Open, calm, words
from tests.pages.conftest import open_page as open_page
from tests.support.checklists import source_of
from tests.support.people import PASSWORD, person
from tests.support.plugins import add_plugin, added_plugin
from tests.support.servers import Database, rows
from tests.support.terminal import manage
from tests.support.wire import plain, wire
from tests.support.workers import worker

FINDER = source_of("pipeline/providers/example_finder.py")
PLACES = source_of("pipeline/providers/example_places.py")
ORDER = ("--sources", "example-places", "--waterfall", "example_finder", "--budget", "1", "--max", "2")


def answer(connection: socket.socket, request: bytes) -> None:
    """Two cafés, and an address for every domain."""
    cafes = [
        {"id": name, "name": name, "tag": "amenity=cafe", "lat": 60.17, "lon": 24.94 + 0.01 * number}
        | {"website": f"https://{name.lower()}.com/"}
        for number, name in enumerate(("Anchorhouse", "Lanternhouse"))
    ]
    domain = request.partition(b"domain=")[2].partition(b" ")[0].decode()
    body = json.dumps(cafes if request.startswith(b"GET /near") else {"email": f"info@{domain}"})
    plain(body, "200 OK", "X-Simulated: 1")(connection, request)


@pytest.fixture
def owner(
    database: Database, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Person]:
    """An administrator of an installation with both plugins, whose servers answer."""
    catalogue.ensure_first_fill()
    add_plugin(tmp_path, "example_places", PLACES)
    with wire(answer) as server, added_plugin(tmp_path, "example_finder", FINDER):
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        monkeypatch.setenv("EXAMPLE_PLACES_BASE_URL", server.url)
        monkeypatch.setenv("EXAMPLE_FINDER_BASE_URL", server.url)
        monkeypatch.setenv("NOMINATIM_BASE_URL", "http://127.0.0.1:9")  # Nobody listens there.
        monkeypatch.setenv("EXAMPLE_FINDER_API_KEY", "canary-key")
        settings.get.cache_clear()
        yield person("owner", is_admin=True)


def test_an_order_at_the_command_line_asks_them_and_pays(
    owner: Person, database: Database, open_page: Open, tmp_path: Path
) -> None:
    with worker(tmp_path):
        done = manage("campaign", "cafe", "Helsinki", "--min-confidence", "0", *ORDER)
    assert done.returncode == 0, done.stderr
    assert "2 leads, $0.02" in done.stdout
    found = rows(database.superuser_url, "select email from leads order by name")
    assert found == [("info@anchorhouse.com",), ("info@lanternhouse.com",)]
    paid = (
        "select provider, operation, state, count(*), sum(cost_micros) from provider_calls"
        " where provider like 'example%' group by 1, 2, 3"
    )
    assert sorted(rows(database.superuser_url, paid)) == [
        ("example_finder", "find", "done", 2, 20_000),
        ("example_places", "near", "done", 1, 0),
    ]
    token = identity.sign_in(owner.email, PASSWORD, Visitor()).token
    calls = open_page("pages/spend.py", token).dataframe[-1].value.query("Outcome == 'Answered'")
    assert sorted(zip(calls["Provider"], calls["What"], calls["Asked for"], strict=True)) == [
        ("Example Finder", "Address of a company", "anchorhouse.com"),
        ("Example Finder", "Address of a company", "lanternhouse.com"),
        ("Example Places", "Businesses near a point", "Helsinki"),
    ]
    assert campaigns.list_mine(owner).rows[0].spent_micros == 20_000


def test_every_page_shows_them(owner: Person, open_page: Open) -> None:
    token = identity.sign_in(owner.email, PASSWORD, Visitor()).token
    order = {"type": "Cafe", "where": "Helsinki", "budget": "1", "source": "Example Places"}
    app = open_page("pages/new_campaign.py", token, **order, lookup="Example Finder")
    assert "Example Places: free" in words(app)
    assert "Example Finder: $0.01 for an address found" in words(app)
    assert re.search(r"Example Finder: (up to |\d+–)\d+ calls, (up to |\$0\.\d+ – )\$0\.\d+", words(app))
    calm(app.button(key="start").click().run())
    (view,) = campaigns.list_mine(owner).rows
    assert (view.spec.sources, view.spec.waterfall) == (("example_places",), ("example_finder",))
    said = words(open_page("pages/admin_providers.py", token))
    assert "Example Places" in said
    assert "Knows an e-mail address for a company's domain." in said


def test_the_command_line_lists_them_and_frames_their_pages(owner: Person) -> None:
    said = manage("providers").stdout
    assert "example_places (Example Places, places): on." in said
    assert "EXAMPLE_FINDER_API_KEY: Key for Example Finder." in said
    assert "canary-key" not in said
    by_key = {found["key"]: found for found in json.loads(manage("providers", "--json").stdout)}
    assert by_key["example_finder"]["operations"][0]["price"] == "EXAMPLE_FINDER_PRICE_USD"
    page = source_of("docs/providers/example_finder.md")
    assert manage("providers", "--page", "example_finder").stdout == frame(
        registry().providers["example_finder"]
    )
    assert [
        line for line in frame(registry().providers["example_finder"]).splitlines() if line not in page
    ] == []
    none = manage("providers", "--page", "nobody")
    assert (none.returncode, "There is no provider “nobody”." in none.stderr) == (1, True)
