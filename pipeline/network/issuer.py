"""HTTP to the one site that people sign in by: bounded in time and size, no redirects, nothing in what is raised."""

from __future__ import annotations

import json
from collections.abc import Mapping

import httpx

from pipeline.network.deadline import DeadlineTransport
from pipeline.network.http import trusted

_TIMEOUT = httpx.Timeout(10.0, connect=5.0)
_MOST_BYTES = 500_000


class IssuerAway(Exception):
    """The site did not answer, or not as it should; the message says which of the two."""


def asked(
    url: str,
    *,
    form: Mapping[str, str] | None = None,
    auth: tuple[str, str] | None = None,
    bearer: str = "",
    proxy: str = "",
) -> dict[str, object]:
    """The JSON object at ``url``, by way of a ``proxy`` if any; with a ``form`` it is posted. Raises IssuerAway."""
    headers = {"Accept": "application/json"} | ({"Authorization": f"Bearer {bearer}"} if bearer else {})
    try:
        with (
            httpx.Client(
                timeout=_TIMEOUT,
                transport=DeadlineTransport(verify=trusted(), limits=httpx.Limits(), proxy=proxy),
                follow_redirects=False,
                trust_env=False,
            ) as client,
            client.stream(
                "GET" if form is None else "POST", url, data=form, auth=auth, headers=headers
            ) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                raise IssuerAway(f"answered {answer.status_code}")
            return _object(answer)
    except (httpx.HTTPError, httpx.InvalidURL):
        raise IssuerAway("did not answer") from None


def _object(answer: httpx.Response) -> dict[str, object]:
    body = b""
    for part in answer.iter_bytes():
        body += part
        if len(body) > _MOST_BYTES:
            raise IssuerAway("answered too much")
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise IssuerAway("answered something else than JSON")
    return found
