"""Our pages as a person sees them, through Streamlit's own test driver, over the real database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

import settings
from services import accounts, identity
from services.identity import Person, Visitor
from tests.support.figures import words_in
from tests.support.people import first_admin
from tests.support.servers import Database
from ui.session import TOKEN_KEY

Open = Callable[..., AppTest]
PASSWORD = "correct horse battery"


@pytest.fixture
def token(database: Database, redis_url: str) -> str:
    """The session of the first administrator."""
    return first_admin("boss@example.com", PASSWORD)


@pytest.fixture
def person(token: str) -> Person:
    found = identity.who_is(token)
    assert found is not None
    return found


@pytest.fixture
def colleague(token: str) -> str:
    """The session of somebody who is no administrator."""
    accounts.create_user("colleague@example.com", PASSWORD, is_admin=False)
    return identity.sign_in("colleague@example.com", PASSWORD, Visitor()).token


@pytest.fixture
def open_page() -> Iterator[Open]:
    """``open_page("pages/x.py", token, key=value)``: the page after its first run.

    ``before`` is what the session already holds.
    """
    st.cache_data.clear()

    def _open(
        page: str,
        session: str | None,
        /,
        before: Mapping[str, object] | None = None,
        **query: str | list[str],
    ) -> AppTest:
        app = AppTest.from_file(str(settings.PROJECT_ROOT / "streamlit_app.py"), default_timeout=30)
        if session is not None:
            app.session_state[TOKEN_KEY] = session
        for name, value in (before or {}).items():
            app.session_state[name] = value
        app.switch_page(page)
        for key, value in query.items():
            app.query_params[key] = value
        return calm(app.run())

    yield _open
    st.cache_data.clear()


def calm(app: AppTest) -> AppTest:
    """The page, which must not have failed."""
    assert [error.value for error in app.exception] == []
    return app


def words(app: AppTest) -> str:
    """Everything the page says, without the escapes of markdown."""
    kinds = (
        app.title,
        app.header,
        app.subheader,
        app.markdown,
        app.caption,
        app.text,
        app.success,
        app.info,
        app.warning,
        app.error,
    )
    said = [str(element.value) for kind in kinds for element in kind]
    said += [element.proto.text for element in app.get("progress")]
    said += [element.proto.label for element in app.get("download_button")]
    said += [words_in(html.proto.body) for html in app.get("html") if "pp-card" in html.proto.body]
    said += [f"{metric.label}: {metric.value}" for metric in app.metric]
    return "\n".join(said).replace("\\", "").replace("\u2060", "")
