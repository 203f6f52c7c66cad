"""What the document says of answers: problems by status, parts of lists, and what else comes than JSON."""

from __future__ import annotations

from typing import Any

from api.v1.problems import OF_STATUS

Answers = dict[int | str, dict[str, Any]]
_HEADERS = {
    "Request-Id": ("What the request is found by in the log.", "string"),
    "RateLimit-Limit": ("Requests the key may make a minute.", "integer"),
    "RateLimit-Remaining": ("How many of them are left.", "integer"),
    "RateLimit-Reset": ("Seconds until they are there again.", "integer"),
}
ALWAYS = (400, 401, 403, 411, 413, 421, 422, 429, 500, 503)
"""Problems any request may be told."""


def headers(more: dict[str, tuple[str, str]] | None = None) -> dict[str, Any]:
    """The headers of an answer, as the document describes them."""
    named = {**_HEADERS, **(more or {})}
    return {name: {"description": told, "schema": {"type": kind}} for name, (told, kind) in named.items()}


def problems(*statuses: int) -> Answers:
    """The problems with these statuses."""
    return {status: {"description": OF_STATUS[status].called} for status in statuses}


def created(what: str) -> Answers:
    """Something made, which may have been made before by the same request."""
    replayed = {
        "Location": ("Where it is.", "string"),
        "Idempotency-Replayed": ("There when the answer is that of an earlier request.", "string"),
    }
    return {201: {"description": what, "headers": headers(replayed)}, **problems(404, 409)}


def page(what: str) -> Answers:
    """A part of a list."""
    link = {"Link": ("The next part, as rel=next (RFC 8288).", "string")}
    return {200: {"description": what, "headers": headers(link)}}


def also(status: int, kinds: dict[str, str]) -> Answers:
    """Other kinds of contents than JSON, each with an example."""
    return {
        status: {
            "content": {
                kind: {"schema": {"type": "string"}, "example": example} for kind, example in kinds.items()
            }
        }
    }
