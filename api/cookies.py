"""The cookies: which there are, how they are set and how they are taken away."""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import Response

import settings
from services.identity import SESSION_COOKIE, SignedIn

DEVICE_COOKIE = "prospectpro_device"
"""The cookie by which a browser is known that has signed in before: it signs nobody in, but the wrong guesses of others
do not keep it out."""
SIGN_ON_COOKIE = "prospectpro_sign_on"
"""The cookie of a sign-in that is on its way to another site and back; only the server can read what it says."""
PASSKEY_COOKIE = "prospectpro_passkey"
"""The same for a passkey that the browser is asked for."""
SHARED_COOKIE = "prospectpro_shared"
"""The cookie of a browser that gave the password of a client link; it is sent to that link alone."""
_LONGEST_TOKEN = 200
_LONGEST_KEPT = 4000
_DEVICE_DAYS = 365
_HALF_S = 600


def session_token(connection: HTTPConnection) -> str | None:
    """The session token the browser sent, if it can be one."""
    return _token(connection, SESSION_COOKIE)


def device_token(connection: HTTPConnection) -> str | None:
    """The token of a browser that has signed in before, if the browser sent one."""
    return _token(connection, DEVICE_COOKIE)


def remember(response: Response, signed_in: SignedIn) -> None:
    """Give the browser its session: no script can read it, no other site can use it. Half a sign-in lasts ten
    minutes, and its browser is not known yet."""
    if signed_in.is_half:
        return _set(response, SESSION_COOKIE, signed_in.token, _HALF_S)
    hours = settings.get().session_hours
    _set(response, SESSION_COOKIE, signed_in.token, hours * 3600)
    _set(response, DEVICE_COOKIE, signed_in.device_token, _DEVICE_DAYS * 86_400)


def kept_sign_on(connection: HTTPConnection) -> str:
    """What the browser brought back of a sign-in by another site."""
    return connection.cookies.get(SIGN_ON_COOKIE, "")[:_LONGEST_KEPT]


def keep_passkey(response: Response, kept: str, max_age_s: int) -> None:
    """Have the browser bring back what it was asked a passkey for."""
    _set(response, PASSKEY_COOKIE, kept, max_age_s)


def kept_passkey(connection: HTTPConnection) -> str:
    """What the browser brought back of that."""
    return connection.cookies.get(PASSKEY_COOKIE, "")[:_LONGEST_KEPT]


def forget_passkey(response: Response) -> None:
    """It was answered."""
    _forget(response, PASSKEY_COOKIE)


def keep_visit(response: Response, visit: str, path: str, max_age_s: int) -> None:
    """Have the browser show at this path what it was given for the password."""
    _set(response, SHARED_COOKIE, visit, max_age_s, path)


def visit(connection: HTTPConnection) -> str:
    """What the browser was given for the password of a client link."""
    return _token(connection, SHARED_COOKIE) or ""


def keep_sign_on(response: Response, kept: str, max_age_s: int) -> None:
    """Have the browser bring back what a sign-in by another site needs to go on."""
    _set(response, SIGN_ON_COOKIE, kept, max_age_s)


def forget_sign_on(response: Response) -> None:
    """Such a sign-in is over."""
    _forget(response, SIGN_ON_COOKIE)


def _set(response: Response, name: str, value: str, max_age_s: int, path: str = "/") -> None:
    secure = settings.get().secure_cookie
    response.set_cookie(name, value, max_age_s, path=path, httponly=True, samesite="lax", secure=secure)


def _token(connection: HTTPConnection, name: str) -> str | None:
    token = connection.cookies.get(name)
    return token if token and len(token) <= _LONGEST_TOKEN else None


def forget(response: Response) -> None:
    """Take the session cookie out of the browser."""
    _forget(response, SESSION_COOKIE)


def _forget(response: Response, name: str) -> None:
    response.delete_cookie(name, httponly=True, samesite="lax", secure=settings.get().secure_cookie)
