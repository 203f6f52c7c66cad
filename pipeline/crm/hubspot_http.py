"""Requests to HubSpot, and what its statuses mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.causes import Billed
from pipeline.crm.adapter import CrmError
from pipeline.errors import SourceError
from pipeline.money.calls import Endpoint, Json
from pipeline.network.http import HttpReply, ProviderHttp, Timeouts
from pipeline.network.json_body import readable_items

_LABEL = "HubSpot"
_WAIT_S = 10.0
"""HubSpot counts requests of ten seconds, and does not always say how long to wait."""
_OK, _SERVER = frozenset({200, 201, 204, 207}), 500
_NOT_ALLOWED, _TOO_MANY = frozenset({401, 403}), 429


class Rejected(CrmError):
    """The request cannot be as it is; ``category`` is HubSpot's word for why."""

    def __init__(self, category: str) -> None:
        super().__init__(f"HubSpot did not understand what was asked: {category}.", is_final=True)
        self.category = category


class Http:
    """Requests with the token. Raises CrmError, and Rejected for what HubSpot holds to be wrong."""

    def __init__(self, base_url: str, token: str, user_agent: str, proxy: str) -> None:
        endpoint = Endpoint(base_url=base_url, key=token, limits=(), proxy=proxy)
        self._http = ProviderHttp(_LABEL, endpoint, user_agent=user_agent, timeouts=Timeouts(total_s=30.0))
        self._headers = {"Authorization": f"Bearer {token}"}

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def get(self, path: str) -> Mapping[str, Any]:
        """Ask with GET."""
        try:
            return _read(self._http.get(path.lstrip("/"), headers=self._headers))
        except SourceError as error:
            raise _failed(error) from None

    def post(self, path: str, body: Json) -> Mapping[str, Any]:
        """Ask with a JSON body."""
        try:
            return _read(self._http.post_json(path.lstrip("/"), body, headers=self._headers))
        except SourceError as error:
            raise _failed(error) from None


def objects_of(answer: Mapping[str, Any], name: str = "results") -> list[Mapping[str, Any]]:
    """The objects of a list in an answer."""
    return [each for each in readable_items(answer.get(name)) if isinstance(each, Mapping)]


def text_of(of: Mapping[str, Any], name: str) -> str:
    """A text, or a number as a text; empty for anything else."""
    value = of.get(name)
    return str(value) if isinstance(value, str | int) else ""


def _read(reply: HttpReply) -> Mapping[str, Any]:
    body: Mapping[str, Any] = reply.lenient_body if isinstance(reply.lenient_body, Mapping) else {}
    if reply.status in _OK:
        return body
    if reply.status in _NOT_ALLOWED:
        raise CrmError("HubSpot refused the token, or it lacks a scope. Set another one.", is_final=True)
    if reply.status == _TOO_MANY:
        raise CrmError("HubSpot asks to be left alone for a while.", wait_s=reply.retry_after_s or _WAIT_S)
    if reply.status >= _SERVER:
        raise CrmError(
            f"HubSpot answered with the status {reply.status}.", is_lost=True, wait_s=reply.retry_after_s
        )
    raise Rejected(text_of(body, "category") or f"status {reply.status}")


def _failed(error: SourceError) -> CrmError:
    return CrmError(str(error), is_lost=error.billed is not Billed.NO, wait_s=error.retry_after_s)
