"""Programs with a key, at our routes over the network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import httpx
import pytest
from httpx import Client

from api.v1.problems import PREFIX
from services import api_keys, catalogue
from services.api_keys import Scope
from services.identity import Person
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
def programs(site: Client) -> Iterator[Programs]:
    """Makes programs, which go with the test."""
    with ExitStack() as running:

        def made(key: str) -> Client:
            headers = {"Authorization": f"Bearer {key}"}
            client = httpx.Client(base_url=f"{site.base_url}{PREFIX}", headers=headers, timeout=site.timeout)
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
