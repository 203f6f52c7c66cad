"""Programs with a key, at our routes over the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest
from httpx import Client

import settings
from api.v1.problems import PREFIX
from services import api_keys, catalogue
from services.api_keys import Scope
from services.identity import Person
from tests.support.described import is_as_described
from tests.support.people import person
from tests.support.servers import Database

Programs = Callable[[str], Client]
"""Makes a program that has a key."""


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    """Whose workspace it is."""
    return person("owner")


@pytest.fixture
def known_places(owner: Person) -> None:
    """The open data that comes along is there."""
    catalogue.ensure_first_fill()


@pytest.fixture
def keys(owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation with a key for each look-up, none of which is asked."""
    for name in ("HUNTER_IO_API_KEY", "NEVERBOUNCE_API_KEY"):
        monkeypatch.setenv(name, "a-key")
    settings.get.cache_clear()


@pytest.fixture
def programs(site: Client) -> Iterator[Programs]:
    """Makes programs, which go with the test, and whose every answer is held to the document."""
    with ExitStack() as running:

        def made(key: str) -> Client:
            client = httpx.Client(
                base_url=f"{site.base_url}{PREFIX}",
                headers={"Authorization": f"Bearer {key}"},
                event_hooks={"response": [is_as_described]},
                timeout=site.timeout,
            )
            return running.enter_context(client)

        yield made


@pytest.fixture
def api(programs: Programs, owner: Person) -> Client:
    """A program of the owner's that may order."""
    return programs(api_keys.create(owner, "A program", Scope.SUBMIT, 1))


@pytest.fixture
def reader(programs: Programs, owner: Person) -> Client:
    """A program of the owner's that may look."""
    return programs(api_keys.create(owner, "A dashboard", Scope.READ, 1))
