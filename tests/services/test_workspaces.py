"""Several workspaces of one person."""

from __future__ import annotations

import pytest

from services import campaigns, identity, teams, workspaces
from services.errors import Conflict, NotFound
from services.identity import Person
from services.roles import MemberRole
from tests.support.campaigns import submitted
from tests.support.people import joins, person, signed_in
from tests.support.servers import Database


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def colleague(owner: Person, database: Database) -> Person:
    """A member of the owner's workspace, at work in their own."""
    made = person("colleague")
    joins(database, made, owner, MemberRole.MEMBER)
    return made


def test_a_session_works_where_it_was_switched_to(owner: Person, colleague: Person) -> None:
    here, there = identity.who_is(signed_in("colleague")), signed_in("colleague")
    assert here is not None
    assert [each.name for each in workspaces.mine(here)] == ["colleague@example.com", "owner@example.com"]
    before = identity.who_is(there)
    assert before is not None
    workspaces.switch(before, owner.workspace_id)
    after = identity.who_is(there)
    assert after is not None
    assert (after.workspace_id, after.role) == (owner.workspace_id, MemberRole.MEMBER)
    with pytest.raises(NotFound):
        workspaces.switch(owner, colleague.workspace_id)


def test_a_campaign_is_found_in_any_workspace_of_ones_own_and_in_no_other(
    owner: Person, colleague: Person
) -> None:
    campaign = submitted(owner)
    found = workspaces.of_campaign(colleague, campaign)
    assert found is not None
    assert found.id == owner.workspace_id
    assert workspaces.of_campaign(person("stranger"), campaign) is None
    there = workspaces.at_work_in(colleague, "OWNER@example.com")
    assert campaigns.get(there, campaign).ordered_by == "owner@example.com"
    (row,) = campaigns.list_mine(there).rows
    assert row.created_by == owner.id


def test_a_name_is_told_from_another(owner: Person, colleague: Person) -> None:
    with pytest.raises(NotFound, match="no workspace called “Sales”"):
        workspaces.at_work_in(colleague, "Sales")
    teams.rename(owner, "Sales")
    teams.rename(colleague, "sales")
    assert len({each.name for each in workspaces.mine(colleague)}) == 2
    with pytest.raises(Conflict, match="several workspaces"):
        workspaces.at_work_in(colleague, "sales")
    assert workspaces.at_work_in(owner, "sales").workspace_id == owner.workspace_id
