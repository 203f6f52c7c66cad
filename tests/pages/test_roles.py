"""What the pages show to colleagues: links of another workspace, and nothing to press for a viewer."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

import settings
from pipeline.campaign import CampaignStatus
from services import campaigns, identity, workspaces
from services.errors import NotAllowed
from services.identity import Person
from services.roles import MemberRole
from store.progress import End
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import ended
from tests.support.campaigns import lead, submitted
from tests.support.people import joins
from tests.support.servers import Database
from ui.session import TOKEN_KEY

_STEERING = {
    *("new", "first", "rename", "cancel", "add_budget", "go_on", "ask_again", "edit_again"),
    *("again-", "edit-", "delete-", "tags", "Download", "download_", "calls_csv"),
}


def who(token: str) -> Person:
    found = identity.who_is(token)
    assert found is not None
    return found


@pytest.fixture
def viewer(person: Person, colleague: str, database: Database) -> str:
    """The session of a viewer of the administrator's workspace, at work in their own."""
    joins(database, who(colleague), person, MemberRole.VIEWER)
    return colleague


@pytest.mark.parametrize("page", ["progress", "results", "spend"])
def test_a_link_takes_a_member_to_its_workspace(
    open_page: Open, person: Person, viewer: str, page: str
) -> None:
    campaign = ended(person, [lead(1)])
    app = open_page(f"pages/{page}.py", viewer, campaign=str(campaign))
    assert "You work in boss@example.com now: this campaign is there." in words(app)
    assert "Café in Helsinki" in words(app)
    assert who(viewer).workspace_id == person.workspace_id
    # Another tab switches back: this one asks before it takes the workspace along again.
    (own,) = (each.id for each in workspaces.mine(who(viewer)) if each.id != person.workspace_id)
    workspaces.switch(who(viewer), own)
    calm(app.run())
    assert "This campaign is in boss@example.com. You work in colleague@example.com now." in words(app)
    assert who(viewer).workspace_id == own
    calm(app.button(key="to_workspace").click().run())
    assert "Café in Helsinki" in words(app)


def test_a_stranger_sees_what_a_missing_campaign_shows(
    open_page: Open, person: Person, colleague: str
) -> None:
    campaign = submitted(person)
    theirs = words(open_page("pages/progress.py", colleague, campaign=str(campaign)))
    missing = words(open_page("pages/progress.py", colleague, campaign=str(person.id)))
    assert theirs == missing
    assert "We can't find that campaign" in theirs


def test_the_workspace_is_chosen_in_the_menu(open_page: Open, person: Person, viewer: str) -> None:
    submitted(person)
    app = AppTest.from_file(str(settings.PROJECT_ROOT / "streamlit_app.py"), default_timeout=30)
    app.session_state[TOKEN_KEY] = viewer
    (menu,) = calm(app.run()).sidebar.selectbox
    calm(menu.set_value(person.workspace_id).run())
    assert who(viewer).workspace_id == person.workspace_id
    assert "In this workspace you are a viewer. To" in words(app)
    assert "ordered by boss@example.com" in words(open_page("pages/campaigns.py", viewer))


def test_a_viewer_has_nothing_to_press_that_changes_or_takes_anything(
    open_page: Open, token: str, person: Person, viewer: str
) -> None:
    waiting, done = submitted(person), ended(person, [lead(1)])
    failed = ended(person, [], End(status=CampaignStatus.FAILED, message="The end."))
    workspaces.switch(who(viewer), person.workspace_id)
    places = [
        ("progress", waiting),
        ("progress", done),
        ("progress", failed),
        ("results", done),
        ("compare", done),
        ("spend", None),
    ]
    for page, campaign in [*places, ("campaigns", None), ("new_campaign", None)]:
        query = {"campaign": str(campaign)} if campaign else {}
        if page == "compare":
            query["with"] = str(failed)
        app = open_page(f"pages/{page}.py", viewer, **query)
        pressed = {each.key or "" for each in app.button if not each.disabled}
        pressed |= {each.proto.label for each in app.get("download_button")}
        assert not [key for key in pressed if key.startswith(tuple(_STEERING)) or key == "start"], page
        if page not in ("spend",) and campaign != waiting:
            assert "In this workspace you are a viewer. To" in words(app), page
    with pytest.raises(NotAllowed):
        campaigns.cancel(who(viewer), waiting)
    keys = {each.key for each in open_page("pages/progress.py", token, campaign=str(waiting)).button}
    assert {"rename", "cancel"} <= keys
