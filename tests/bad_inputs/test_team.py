"""Accounts that are deleted while they are at work, and invitations in the wrong hands."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pipeline.campaign import CampaignStatus
from services import administration, campaigns, invitations, teams
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from services.identity import Person, Visitor
from services.roles import MemberRole
from tests.bad_inputs.conftest import World
from tests.bad_inputs.table import Case
from tests.support.campaigns import submitted
from tests.support.people import PASSWORD, joins, person

DELETED = (
    Case(103, "without saying who takes over", False, Conflict),
    Case(103, "with a hand-over", True, None),
)


@pytest.mark.parametrize("case", DELETED, ids=str)
def test_an_account_whose_campaign_runs(
    world: World, case: Case[bool, type[Refused] | None], request: pytest.FixtureRequest
) -> None:
    owner = person(f"deleted{request.node.callspec.indices['case']}")
    campaign = submitted(owner)
    heir = joins(world.database, world.stranger, owner, MemberRole.VIEWER)
    if case.expected:
        with pytest.raises(case.expected):
            administration.delete(world.boss, owner.id, None)
        assert campaigns.get(heir, campaign).status is CampaignStatus.PENDING
        return
    administration.delete(world.boss, owner.id, heir.id)
    assert campaigns.get(heir, campaign).status is CampaignStatus.CANCELLED
    assert [each.role for each in teams.team(heir).members] == [MemberRole.OWNER]


Open = Callable[[Person, str], object]
OTHERS: tuple[Case[Open, type[Refused]], ...] = (
    Case(104, "another account", invitations.accept, NotAllowed),
    Case(
        104,
        "another address",
        lambda _who, key: invitations.join("else@example.com", PASSWORD, key, Visitor()),
        Invalid,
    ),
    Case(
        104,
        "an address that has an account",
        lambda who, key: invitations.join(who.email, PASSWORD, key, Visitor()),
        Invalid,
    ),
    Case(104, "a key cut short", lambda who, key: invitations.accept(who, key[:-1]), NotFound),
    Case(104, "a key of other letters", lambda who, _key: invitations.accept(who, "é\x00\ud800"), NotFound),
)


@pytest.mark.parametrize("case", OTHERS, ids=str)
def test_an_invitation_that_is_somebody_elses(world: World, case: Case[Open, type[Refused]]) -> None:
    link = invitations.invite(world.owner, "invited@example.com", MemberRole.VIEWER).link
    with pytest.raises(case.expected) as refused:
        case.given(world.stranger, link.partition("key=")[2])
    assert "invited@example.com" not in str(refused.value)
    assert [each.row.email for each in teams.team(world.owner).members] == [world.owner.email]
