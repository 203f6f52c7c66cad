"""The cookies: which there are, how they are set and how they are taken away."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

import settings
from services.identity import SESSION_COOKIE, SignedIn

DEVICE_COOKIE = "prospectpro_device"
"""The cookie by which a browser is known that has signed in before: it signs nobody in, but the wrong guesses of others
do not keep it out."""
_LONGEST_TOKEN = 200
_DEVICE_DAYS = 365


def session_token(connection: HTTPConnection) -> str | None:
    """The session token the browser sent, if it can be one."""
    return _token(connection, SESSION_COOKIE)


def device_token(connection: HTTPConnection) -> str | None:
    """The token of a browser that has signed in before, if the browser sent one."""
    return _token(connection, DEVICE_COOKIE)


def remember(response: Response, signed_in: SignedIn) -> None:
    """Give the browser its session: no script can read it, no other site can use it."""
    hours = settings.get().session_hours
    _set(response, SESSION_COOKIE, signed_in.token, hours * 3600)
    _set(response, DEVICE_COOKIE, signed_in.device_token, _DEVICE_DAYS * 86_400)


def _set(response: Response, name: str, value: str, max_age_s: int) -> None:
    secure = settings.get().secure_cookie
    response.set_cookie(name, value, max_age=max_age_s, httponly=True, samesite="lax", secure=secure)


def _token(connection: HTTPConnection, name: str) -> str | None:
    token = connection.cookies.get(name)
    return token if token and len(token) <= _LONGEST_TOKEN else None


def forget(response: Response) -> None:
    """Take the session cookie out of the browser."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", secure=settings.get().secure_cookie)
