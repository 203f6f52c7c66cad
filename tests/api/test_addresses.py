"""Nobody is sent off this site, and no other site's form is accepted."""

from __future__ import annotations

import pytest
from starlette.requests import Request

from api.addresses import is_own_form, local_path


@pytest.mark.parametrize(
    "path", ["/", "/campaigns", "/progress?campaign=1&x=%2F%2Fy", "/?type=Cafe&where=M%C3%BCnchen"]
)
def test_a_path_of_ours_is_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        None,
        "",
        "campaigns",
        "//evil.test",
        "/\\evil.test",
        "\\\\evil.test",
        "https://evil.test",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=y",
        "/\x00",
        "/ü",
        "/" + "x" * 5000,
        "/sign-in?next=/sign-in",
        "/Sign-Out",
        "/first-admin/",
    ],
)
def test_everything_else_goes_home(path: str | None) -> None:
    assert local_path(path) == "/"


def posted(**headers: str) -> Request:
    raw = [(b"host", b"app.test:8501")]
    raw += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/sign-in", "query_string": b"", "headers": raw}
    return Request({**scope, "scheme": "http", "server": ("app.test", 8501)})


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin"},
        {"origin": "http://app.test:8501"},
        {"origin": "http://APP.test:8501", "sec_fetch_site": "same-origin"},
    ],
)
def test_our_own_form_is_accepted(headers: dict[str, str]) -> None:
    assert is_own_form(posted(**headers))


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://evil.test"},
        {"origin": "http://app.test:8502"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site", "origin": "http://app.test:8501"},
        {"sec_fetch_site": "none"},
    ],
)
def test_any_other_form_is_refused(headers: dict[str, str]) -> None:
    assert not is_own_form(posted(**headers))
