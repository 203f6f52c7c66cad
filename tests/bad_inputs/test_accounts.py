"""Links for a new password in the wrong hands or at the wrong time, and addresses that are taken."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from services import accounts, identity, own_account, resets
from services.errors import Invalid, NotFound
from services.identity import Person, Visitor
from services.own_account import SPENT_LINK
from tests.bad_inputs.conftest import World
from tests.bad_inputs.table import Case
from tests.support.people import PASSWORD, person, signed_in
from tests.support.servers import change

NEW = "quite another good password"


def key_for(world: World, whom: Person) -> str:
    """The key of a new link for somebody."""
    return accounts.reset_link(world.boss, whom.id).partition("key=")[2]


def _used(_world: World, _whom: Person, key: str) -> str:
    resets.choose_password(key, NEW)
    return key


def _old(world: World, _whom: Person, key: str) -> str:
    change(world.database.superuser_url, "update account_links set expires_at = now()")
    return key


def _replaced(world: World, whom: Person, key: str) -> str:
    resets.choose_password(key_for(world, whom), NEW)
    return key


Spoilt = Callable[[World, Person, str], str]
LINKS: tuple[Case[Spoilt, str], ...] = (
    Case(101, "used already", _used, SPENT_LINK),
    Case(101, "too old", _old, SPENT_LINK),
    Case(101, "another link was used since", _replaced, SPENT_LINK),
    Case(101, "cut short", lambda _world, _whom, key: key[:-1], SPENT_LINK),
    Case(101, "of other letters", lambda _world, _whom, _key: "\x00é\ud800", SPENT_LINK),
)


@pytest.mark.parametrize("case", LINKS, ids=str)
def test_a_link_that_cannot_be_used(
    world: World, case: Case[Spoilt, str], request: pytest.FixtureRequest
) -> None:
    whom = person(f"forgot{request.node.callspec.indices['case']}")
    key = case.given(world, whom, key_for(world, whom))
    with pytest.raises(NotFound) as refused:
        resets.choose_password(key, NEW + " again")
    assert str(refused.value) == case.expected
    with pytest.raises(Invalid):
        identity.sign_in(whom.email, NEW + " again", Visitor())


ADDRESSES: tuple[Case[str, str], ...] = (
    Case(102, "somebody else's", "{stranger}", "cannot be used here"),
    Case(102, "somebody else's in other letters", "{STRANGER}", "cannot be used here"),
    Case(102, "one's own", "{owner}", "already"),
    Case(102, "none at all", "not an address", "cannot be used"),
)


@pytest.mark.parametrize("case", ADDRESSES, ids=str)
def test_an_address_that_cannot_be_taken(
    world: World, case: Case[str, str], request: pytest.FixtureRequest
) -> None:
    mailbox = f"moves{request.node.callspec.indices['case']}"
    person(mailbox)
    owner = identity.who_is(signed_in(mailbox))
    assert owner is not None
    names = {
        "stranger": world.stranger.email,
        "STRANGER": world.stranger.email.upper(),
        "owner": owner.email,
    }
    with pytest.raises(Invalid, match=case.expected):
        own_account.change_email(owner, PASSWORD, case.given.format(**names))
    assert identity.named(owner.email).id == owner.id
