"""What a browser is told with every answer, and how many requests of one address are answered at a time."""

from __future__ import annotations

import base64
import hashlib
import re
from contextlib import ExitStack

import pytest
from httpx import Client
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

import settings
from services.identity import SESSION_COOKIE
from tests.api.conftest import served
from tests.api.test_errors import POST, connected
from tests.support.people import first_admin
from tests.support.servers import Database


@pytest.mark.parametrize(
    ("environment", "is_told"),
    [
        ({}, False),
        ({"PUBLIC_URL": "http://leads.example.com"}, False),
        ({"PUBLIC_URL": "https://leads.example.com"}, True),
        ({"SECURE_COOKIE": "true"}, True),
    ],
)
def test_browsers_keep_to_https_where_it_is_spoken(
    site: Client, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], is_told: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings.get.cache_clear()
    for path in ("/sign-in", "/campaigns", "/api/x", "/static/breaks", "/favicon.png"):
        told = site.get(path).headers.get("strict-transport-security")
        assert told == ("max-age=31536000" if is_told else None), path


def test_only_the_scripts_of_a_page_run_in_it(site: Client) -> None:
    site.cookies.set(SESSION_COOKIE, first_admin("boss@example.com", "correct horse"))
    page = site.get("/campaigns", headers={"If-None-Match": "*", "Range": "bytes=0-10"})
    (policy,) = re.findall(r"script-src ([^;]*)", page.headers["content-security-policy"])
    scripts = re.findall(r"<script>(.*?)</script>", page.text, re.DOTALL)
    assert len(scripts) == 2
    assert policy.split() == ["'self'", *(hash_of(script) for script in scripts)]
    # A copy kept from before would hold scripts that are not allowed any more.
    assert page.headers["cache-control"] == "no-store"
    assert {"etag", "last-modified"} & set(page.headers) == set()


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_no_script_runs_in_a_form(site: Client) -> None:
    first_admin("boss@example.com", "correct horse")
    form = site.get("/sign-in")
    (style,) = re.findall(r"<style>(.*?)</style>", form.text, re.DOTALL)
    policy = form.headers["content-security-policy"]
    assert policy.startswith(f"default-src 'none'; style-src {hash_of(style)}; ")
    assert "unsafe" not in policy
    assert "style=" not in form.text


def test_one_address_cannot_keep_everybody_waiting(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_PER_ADDRESS", "4")
    settings.get.cache_clear()
    with served() as site, ExitStack() as stack:
        for _ in range(4):
            waiting = stack.enter_context(connected(site))
            waiting.sendall(POST + b"Expect: 100-continue\r\nContent-Length: 10\r\n\r\n")
            # From here on it is being answered.
            assert waiting.recv(100).startswith(b"HTTP/1.1 100")
        answer = site.get("/healthz")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")
        with (
            pytest.raises(InvalidStatus) as refused,
            connect(f"ws://{site.base_url.netloc.decode()}/", proxy=None),
        ):
            pass
        assert refused.value.response.status_code == 403
        stack.close()
        while site.get("/healthz").status_code != 200:
            pass
