"""Keys act for who made them, in one workspace, no further than their scope."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from uuid import UUID

import pytest

import settings
from services import api_keys, campaigns, continuing, exporting, identity, operations
from services.api_keys import Scope
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.results import LeadFilter, LeadSort
from tests.support.campaigns import PAID, claimed, end, finished, lead, spent, submitted
from tests.support.people import person
from tests.support.servers import Database, change, rows


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner", is_admin=True)


def acting(key: str) -> Person:
    found = identity.of_key(key)
    assert found is not None
    return found


def test_a_key_is_shown_once_and_kept_as_a_hash(owner: Person, database: Database) -> None:
    key = api_keys.create(owner, "Nightly import", Scope.READ, 30)
    assert key.startswith(api_keys.PREFIX)
    ((kept,),) = rows(database.superuser_url, "select api_keys::text from api_keys")
    assert key not in str(kept)
    assert identity.proof_of(key) not in str(kept)
    (view,) = api_keys.listing(owner)
    assert (view.name, view.scope, view.is_own, view.last_used_at) == ("Nightly import", "read", True, None)
    assert acting(key).email == owner.email
    assert identity.who_is(key) is None, "a key opens no page"
    assert api_keys.listing(owner)[0].last_used_at is not None


@pytest.mark.parametrize("scope", Scope)
def test_a_key_goes_as_far_as_its_scope(owner: Person, scope: Scope) -> None:
    campaign = finished(owner, [lead(1)])
    asking = acting(api_keys.create(owner, "A program", scope, 1))
    assert campaigns.get(asking, campaign).id == campaign
    if scope is Scope.READ:
        for act in (
            lambda: campaigns.cancel(asking, campaign),
            lambda: exporting.export(asking, campaign, LeadFilter(), LeadSort.CONFIDENCE, "csv"),
        ):
            with pytest.raises(NotAllowed, match="The key does not go that far"):
                act()
    else:
        assert exporting.export(asking, campaign, LeadFilter(), LeadSort.CONFIDENCE, "csv").rows == 1
    if scope is Scope.ADMIN:
        assert operations.jobs(asking).rows
    else:
        with pytest.raises(NotAllowed):
            operations.jobs(asking)
    # Whatever it may do, it makes no other keys.
    with pytest.raises(NotAllowed):
        api_keys.create(asking, "Another", Scope.READ, 1)


@pytest.mark.parametrize(
    "change_made",
    [
        "update api_keys set expires_at = now()",
        "update users set disabled_at = now()",
        "delete from workspaces",
    ],
)
def test_a_key_ends_with_what_it_stands_on(owner: Person, database: Database, change_made: str) -> None:
    key = api_keys.create(owner, "A program", Scope.READ, 1)
    change(database.superuser_url, change_made)
    assert identity.of_key(key) is None


def test_who_made_a_key_revokes_it_and_a_stranger_finds_none(owner: Person) -> None:
    key = api_keys.create(owner, "A program", Scope.READ, 1)
    (view,) = api_keys.listing(owner)
    stranger = person("stranger")
    assert api_keys.listing(stranger) == ()
    with pytest.raises(NotFound):
        api_keys.revoke(stranger, view.id)
    api_keys.revoke(owner, view.id)
    assert identity.of_key(key) is None
    assert api_keys.listing(owner) == ()
    with pytest.raises(NotFound):
        api_keys.revoke(owner, view.id)


def test_admins_see_and_revoke_the_keys_of_their_workspace(owner: Person, database: Database) -> None:
    worker = person("worker")
    change(
        database.superuser_url,
        f"insert into memberships values ('{owner.workspace_id}', '{worker.id}', 'member');"
        f" update sessions set workspace_id = '{owner.workspace_id}' where user_id = '{worker.id}'",
    )
    here = identity.named("worker@example.com")
    change(database.superuser_url, f"update sessions set workspace_id = '{owner.workspace_id}'")
    api_keys.create(here, "Mine", Scope.SUBMIT, 1)
    with pytest.raises(NotAllowed):
        api_keys.create(here, "Too far", Scope.ADMIN, 1)
    (view,) = api_keys.listing(owner)
    assert (view.email, view.is_own) == ("worker@example.com", False)
    api_keys.revoke(owner, view.id)
    assert api_keys.listing(owner) == ()


@pytest.mark.parametrize(
    ("name", "days", "said"),
    [(" ", 1, "what the key is for"), ("x" * 61, 1, "60"), ("x", 0, "days"), ("x", 366, "days")],
)
def test_a_key_that_cannot_be_made_says_why(owner: Person, name: str, days: int, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        api_keys.create(owner, name, Scope.READ, days)


def test_nobody_has_more_than_twenty(owner: Person) -> None:
    for number in range(20):
        api_keys.create(owner, f"Program {number}", Scope.READ, 1)
    with pytest.raises(NotAllowed, match="20 keys"):
        api_keys.create(owner, "One more", Scope.READ, 1)


def test_commands_make_a_key_and_act_with_it(owner: Person) -> None:
    def run(*words: str, key: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=settings.PROJECT_ROOT,
            env={**os.environ, identity.KEY_VARIABLE: key},
            capture_output=True,
            text=True,
            check=False,
        )

    made = run("create-key", owner.email, "--scope", "read")
    assert made.returncode == 0, made.stderr
    key = made.stdout.strip()
    assert acting(key).email == owner.email
    order = ("campaign", "cafe", "Helsinki", "--budget", "0")
    refused = run(*order, key=key)
    assert "The key does not go that far" in refused.stderr
    unknown = run(*order, key="ppk_nobody")
    assert "unknown, expired or revoked" in unknown.stderr
    assert {refused.returncode, unknown.returncode} == {1}
    assert "There is no scope" in run("create-key", owner.email, "--scope", "all").stderr


def test_all_that_a_key_orders_costs_at_most_its_limit(keys: None, owner: Person) -> None:
    asking = acting(api_keys.create(owner, "An agent", Scope.SUBMIT, 1, Decimal(5)))

    def order(budget: int, idem_key: str) -> UUID:
        return campaigns.submit(asking, PAID.model_copy(update={"budget_usd": Decimal(budget)}), idem_key)

    def ordered() -> int | None:
        (view,) = api_keys.listing(owner)
        assert view.limit_micros == 5_000_000
        return view.ordered_micros

    first = order(3, "first")
    with pytest.raises(Conflict, match=r"leaves \$2\.00"):
        order(3, "second")
    second = order(2, "second")
    assert order(3, "first") == first, "an answer given again costs nothing"
    assert order(0, "free") != first
    lease = claimed(owner, second)
    spent(lease, "canary.test", 24_500)
    end(lease)
    assert ordered() == 3_024_500
    assert campaigns.get(asking, order(1, "third")).budget_micros == 1_000_000
    with pytest.raises(Conflict, match="limit of this key"):
        continuing.add_budget(asking, second, Decimal(1), "more")
    with pytest.raises(Conflict, match="limit of this key"):
        continuing.go_on(asking, second)
    # Whoever made it goes on with what it ordered; it lets money into nothing of theirs.
    continuing.add_budget(owner, second, Decimal(1), "more")
    own = claimed(owner, submitted(owner, PAID))
    end(own)
    with pytest.raises(Conflict, match="ordered with it"):
        continuing.add_budget(asking, own.campaign_id, Decimal(1), "more")


def test_orders_of_a_key_sent_at_once_never_pass_its_limit(keys: None, owner: Person) -> None:
    asking = acting(api_keys.create(owner, "An agent", Scope.SUBMIT, 1, Decimal(5)))
    spec = PAID.model_copy(update={"budget_usd": Decimal(2)})

    def order(number: int) -> bool:
        try:
            return bool(campaigns.submit(asking, spec, str(number)))
        except Conflict:
            return False

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(order, range(6))) == 2


def test_a_limit_that_cannot_be_is_refused(owner: Person) -> None:
    for amount in (Decimal(-1), Decimal(2_000_000)):
        with pytest.raises(Invalid, match="at most"):
            api_keys.create(owner, "An agent", Scope.SUBMIT, 1, amount)
