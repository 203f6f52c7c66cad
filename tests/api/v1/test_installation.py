"""How the installation does, told to administrators' programs alone."""

from __future__ import annotations

import pytest

import settings
from services import api_keys
from services.api_keys import Scope
from services.identity import Person
from store.schema_version import NEWEST
from tests.api.v1.conftest import Programs
from tests.support.people import person


def test_it_is_told_what_needs_somebody(programs: Programs, owner: Person) -> None:
    boss = person("boss", is_admin=True)
    told = programs(api_keys.create(boss, "A dashboard", Scope.ADMIN, 1)).get("/installation").json()
    assert (told["version"], told["schema_version"], told["workers"]) == (settings.version(), NEWEST, 0)
    assert [found["rule"] for found in told["findings"]] == ["no_worker"]
    assert told["mails"] == {"are_on": False, "waiting": 0, "problem": None, "last_sent_at": None}


@pytest.mark.parametrize(("mailbox", "scope"), [("boss", Scope.SUBMIT), ("other", Scope.ADMIN)])
def test_others_are_told_nothing(programs: Programs, owner: Person, mailbox: str, scope: Scope) -> None:
    asking = person(mailbox, is_admin=mailbox == "boss")
    refused = programs(api_keys.create(asking, "A program", scope, 1)).get("/installation")
    assert (refused.status_code, refused.json()["cause"]) == (403, "not_allowed")
