"""The page of the team: people, roles, the workspace."""

from __future__ import annotations

import pytest

from services import identity, invitations
from services.errors import NotFound
from services.identity import Person
from services.roles import MemberRole
from store import users
from store.database import Role, transaction
from tests.pages.conftest import Open, calm, words
from tests.support.people import joins
from tests.support.servers import Database

PAGE = "pages/team.py"


def test_an_owner_changes_a_role_removes_somebody_and_renames(
    open_page: Open, token: str, person: Person, colleague: str, database: Database
) -> None:
    other = identity.who_is(colleague)
    assert other is not None
    joins(database, other, person, MemberRole.VIEWER)
    app = open_page(PAGE, token)
    said = words(app)
    assert "boss@example.com · you are the owner here." in said
    assert "colleague@example.com" in said
    assert "spent $0.00 this month, $0.00 in all" in said
    calm(app.selectbox(key=f"role-{other.id}-viewer").set_value(MemberRole.ADMIN).run())
    assert "colleague@example.com is an admin now." in words(app)
    app.text_input(key="name").set_value("Sales")
    calm(app.button(key="rename_workspace").click().run())
    assert "Sales · you are the owner here." in words(app)
    calm(app.button(key=f"remove-{other.id}").click().run())
    calm(app.button(key="question_yes").click().run())
    assert "colleague@example.com is not in this workspace any more." in words(app)
    assert f"remove-{other.id}" not in [button.key for button in app.button]


def test_somebody_who_may_change_nothing_sees_who_is_there_and_can_leave(
    open_page: Open, person: Person, colleague: str, database: Database
) -> None:
    other = identity.who_is(colleague)
    assert other is not None
    joins(database, other, person, MemberRole.VIEWER)
    with transaction(Role.WEB, proof=other.proof) as conn:
        users.switch_workspace(conn, person.workspace_id)
    app = open_page(PAGE, colleague)
    assert "you are a viewer here." in words(app)
    assert [button.key for button in app.button] == ["leave"]
    assert not app.selectbox
    calm(app.button(key="leave").click().run())
    calm(app.button(key="question_yes").click().run())
    assert "You have left boss@example.com." in words(app)
    assert "colleague@example.com · you are the owner here." in words(app)


def test_a_link_is_shown_once_and_can_be_taken_back(open_page: Open, token: str) -> None:
    app = open_page(PAGE, token)
    app.text_input(key="invite_email").set_value("new@example.com")
    calm(app.button(key="invite_send").click().run())
    assert "new@example.com is invited. Send them this link yourself" in words(app)
    link = app.code[0].value
    assert "/invitation?key=" in link
    calm(app.run())
    assert not app.code
    (taken_back,) = (button for button in app.button if (button.key or "").startswith("revoke-"))
    calm(taken_back.click().run())
    assert "The link for new@example.com does not open anything any more." in words(app)
    with pytest.raises(NotFound):
        invitations.offer(link.partition("key=")[2])
