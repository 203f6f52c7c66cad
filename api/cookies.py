"""The session cookie: its name, how it is set and how it is taken away."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

import settings
from services.identity import SESSION_COOKIE

_LONGEST_TOKEN = 200


def session_token(connection: HTTPConnection) -> str | None:
    """The session token the browser sent, if it can be one."""
    token = connection.cookies.get(SESSION_COOKIE)
    return token if token and len(token) <= _LONGEST_TOKEN else None


def remember(response: Response, token: str) -> None:
    """Give the browser its session: no script can read it, no other site can use it."""
    ours = settings.get()
    response.set_cookie(
        SESSION_COOKIE,
        token,
        max_age=ours.session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=ours.secure_cookie,
    )


def forget(response: Response) -> None:
    """Take the session cookie out of the browser."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", secure=settings.get().secure_cookie)
