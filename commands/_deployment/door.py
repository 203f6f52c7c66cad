"""What anybody meets: the address, its headers, the door, and the stream behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import httpx
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from commands._checks.finding import Finding, ok, skipped, warning, wrong
from commands._deployment.asked import Asked
from services.identity import SESSION_COOKIE

_STREAM = "/_stcore/stream"
_HEADERS = {
    "content-security-policy": r"frame-ancestors 'none'",
    "x-content-type-options": r"^nosniff$",
    "x-frame-options": r"^DENY$",
    "referrer-policy": r"^(same-origin|no-referrer)$",
}
_ANSWER_S = 10.0
_PROXY = "deploy/nginx.conf and deploy/Caddyfile show what a proxy has to pass on."


def reached(asked: Asked) -> Iterator[Finding]:
    """The address leads to an installation that can work with its database, by TLS unless it is this machine."""
    with asked.browser() as browser:
        answer = browser.get("/healthz")
        ready = browser.get("/api/v1/ready")
    if (answer.status_code, ready.status_code) != (200, 200):
        said = f"/healthz answers {answer.status_code}: {answer.text[:80]}"
        yield wrong("reached", said, "`manage.py doctor` on its machine says what is missing.")
    elif not asked.is_secure and urlsplit(asked.url).hostname not in ("localhost", "127.0.0.1", "::1"):
        said = "It answers, but not by TLS: passwords and keys can be read on the way."
        yield warning("reached", said, "Put a proxy with a certificate before it (docs/deployment.md).")
    else:
        yield ok("reached", "It answers and can work with its database.")


def headers(asked: Asked) -> Iterator[Finding]:
    """Browsers are told what they may do, whatever stands before the web server."""
    with asked.browser() as browser:
        answer = browser.get("/sign-in", follow_redirects=True)
    wanted = dict(_HEADERS)
    if asked.is_secure:
        wanted["strict-transport-security"] = r"max-age=\d{7,}"
    missing = [name for name, value in wanted.items() if not re.search(value, answer.headers.get(name, ""))]
    if missing:
        yield wrong("headers", f"Not as they should be: {', '.join(missing)}.", f"Set PUBLIC_URL. {_PROXY}")
    else:
        yield ok("headers", f"All {len(wanted)} are there.")


def sign_in(asked: Asked) -> Iterator[Finding]:
    """The form lets in who belongs in, and their page is live; it lets in nobody else."""
    with asked.browser() as browser:
        form = browser.get("/sign-in", follow_redirects=True)
        if 'type="password"' not in form.text:
            yield wrong("sign-in", f"{form.url} shows no form to sign in.", "Create the first administrator.")
            return
        refused = browser.post("/sign-in", data={"email": "nobody@example.com", "password": "not a password"})
        if SESSION_COOKIE in browser.cookies or refused.is_redirect:
            yield wrong("sign-in", "It lets in whom it does not know.", "Take it from the network.")
            return
        if not (asked.email and asked.password):
            yield skipped(
                "sign-in", "A form is there and refuses strangers; no account was given to sign in with."
            )
            yield _upgrades(asked)
            return
        yield from _inside(asked, browser)


def _inside(asked: Asked, browser: httpx.Client) -> Iterator[Finding]:
    answer = browser.post("/sign-in", data={"email": asked.email, "password": asked.password})
    told = [each for each in answer.headers.get_list("set-cookie") if each.startswith(SESSION_COOKIE)]
    if not answer.is_redirect or not told:
        yield wrong(
            "sign-in", "The account was not let in.", "Check the address, the password and PUBLIC_URL."
        )
        return
    flags = ["HttpOnly", "SameSite=lax", *(["Secure"] if asked.is_secure else [])]
    lacking = [flag for flag in flags if any(flag.casefold() not in each.casefold() for each in told)]
    if lacking:
        yield wrong("sign-in", f"Cookies lack {', '.join(lacking)}.", "Set SECURE_COOKIE=true.")
    elif "second-factor" in answer.headers["location"]:
        yield skipped("sign-in", "The password is taken; the account asks for a code as well.")
        yield _upgrades(asked)
        return
    else:
        yield ok("sign-in", "The account is let in, strangers are not.")
    yield _lives(asked, browser)
    browser.post("/sign-out")


def _lives(asked: Asked, browser: httpx.Client) -> Finding:
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    try:
        with _stream(asked, {"Cookie": cookies, "Origin": asked.url}) as stream:
            answered = stream.ping().wait(_ANSWER_S)
    except (WebSocketException, OSError) as error:
        return wrong("live page", f"No stream: {error}", _PROXY)
    if answered:
        return ok("live page", "Its stream opens and answers.")
    return wrong("live page", "Its stream opens, and nothing comes back.", _PROXY)


def _upgrades(asked: Asked) -> Finding:
    """Without a session a stream is refused, but by ours: a proxy that passes no WebSockets answers otherwise."""
    try:
        _stream(asked, {}).close()
    except InvalidStatus as refused:
        if refused.response.status_code == httpx.codes.FORBIDDEN:
            return skipped("live page", "Streams reach it, and none is opened without an account.")
        return wrong("live page", f"Streams are answered {refused.response.status_code}.", _PROXY)
    except (WebSocketException, OSError) as error:
        return wrong("live page", f"No stream: {error}", _PROXY)
    return wrong("live page", "A stream opens for whoever comes.", "Take it from the network.")


def _stream(asked: Asked, headers: Mapping[str, str]) -> ClientConnection:
    url = asked.url.replace("http", "ws", 1) + _STREAM
    return connect(url, additional_headers=headers, open_timeout=_ANSWER_S, proxy=None)
