"""Who asks: a key and nothing else, so that no browser brings a session along."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.v1.problems import Problem, Refusal
from services import api_access
from services.identity import Person

_KEY = HTTPBearer(
    scheme_name="key",
    bearerFormat="ppk_…",
    description=(
        "A key made under *My account*: `read` looks at campaigns and leads, `submit` orders and changes as well,"
        " `admin` does all that whoever made it may do. It works in the workspace it was made for."
    ),
    auto_error=False,
)
WRONG_KEY = "Send a key that holds as “Authorization: Bearer ppk_…”. Keys are made under My account."
"""What is said of a key that opens nothing."""
CHALLENGE = {"WWW-Authenticate": 'Bearer realm="ProspectPro"'}


def _person(
    request: Request, given: Annotated[HTTPAuthorizationCredentials | None, Security(_KEY)]
) -> Person:
    entry = api_access.enter(given.credentials) if given else None
    if entry is None:
        raise Refusal(Problem.INVALID_KEY, WRONG_KEY, CHALLENGE)
    request.state.entry = entry
    if entry.is_refused:
        said = f"This key may make {entry.most:,} requests a minute. Go on in {entry.resets_in_s} s."
        raise Refusal(Problem.TOO_MANY, said, {"Retry-After": str(entry.resets_in_s)})
    if entry.closed:
        raise Refusal(Problem.NOT_ALLOWED, entry.closed)
    return entry.person


Asking = Annotated[Person, Depends(_person)]
"""The person a request acts for."""

IDEMPOTENCY = "Idempotency-Key"
IdempotencyKey = Annotated[
    str | None,
    Header(
        alias=IDEMPOTENCY,
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description=(
            "Any text that is new for each thing to be done, such as a UUID. The same request with the same key is"
            " carried out once and answered the same for a day; another request with it is refused."
        ),
        examples=["5f0c1d7e-3a52-4e4b-9c0e-2f3f1f4a7b11"],
    ),
]
"""What makes a request safe to send again."""
