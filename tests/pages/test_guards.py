"""Who may see which page, however they got there."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

import settings
from services import identity
from tests.pages.conftest import Open, calm, words
from tests.pages.stored import make_known
from ui.session import TOKEN_KEY

PAGES = sorted(path.name for path in (settings.PROJECT_ROOT / "pages").glob("*.py"))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("session", [None, "", "invented"])
def test_nobody_sees_a_page_without_a_session(
    open_page: Open, token: str, page: str, session: str | None
) -> None:
    app = open_page(f"pages/{page}", session)
    assert [element.value for element in app.header] == ["Please sign in again"]
    assert not app.button
    assert not app.metric


@pytest.mark.parametrize("page", PAGES)
def test_the_guard_holds_when_a_page_is_run_by_itself(token: str, page: str) -> None:
    app = calm(AppTest.from_file(str(settings.PROJECT_ROOT / "pages" / page), default_timeout=30).run())
    assert [element.value for element in app.header] == ["Please sign in again"]
    assert not app.button


@pytest.mark.parametrize("page", PAGES)
def test_a_revoked_session_ends_at_the_next_rerun(open_page: Open, token: str, page: str) -> None:
    app = open_page(f"pages/{page}", token)
    assert "Please sign in again" not in words(app)
    identity.sign_out(token)
    assert "Please sign in again" in words(calm(app.run()))


def test_the_jobs_page_is_for_administrators(open_page: Open, colleague: str) -> None:
    app = open_page("pages/admin_jobs.py", colleague)
    assert "This page is for administrators." in words(app)
    assert not app.metric


def test_the_jobs_page_by_itself_is_for_administrators_too(colleague: str) -> None:
    app = AppTest.from_file(str(settings.PROJECT_ROOT / "pages" / "admin_jobs.py"), default_timeout=30)
    app.session_state[TOKEN_KEY] = colleague
    assert "This page is for administrators." in words(calm(app.run()))
    assert not app.metric


def test_signing_in_again_brings_back_what_was_typed(open_page: Open, token: str) -> None:
    make_known("Helsinki")
    app = open_page("pages/new_campaign.py", token, where="Helsinki", type=["Café"])
    app.number_input(key="count").set_value(77)
    identity.sign_out(token)
    calm(app.run())
    link = app.get("html")[-1].proto.body
    assert "Please sign in again" in words(app)
    for part in ("where%3DHelsinki", "type%3DCaf%25C3%25A9", "count%3D77"):
        assert part in link
