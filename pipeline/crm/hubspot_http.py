"""Requests to HubSpot, and what its refusals mean."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.crm import wire
from pipeline.crm.adapter import Access, CrmError
from pipeline.crm.wire import Rejected, text_of
from pipeline.money.calls import Json

_LABEL = "HubSpot"
_BASE_URL = "https://api.hubapi.com"
_NOT_ALLOWED = frozenset({401, 403})


class Http:
    """Requests with the token. Raises CrmError, and Rejected for what HubSpot holds to be wrong."""

    def __init__(self, access: Access) -> None:
        self._http = wire.Http(_LABEL, access.gateway or _BASE_URL, access, _refused)
        self._headers = {"Authorization": f"Bearer {access.typed['token']}"}

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def get(self, path: str) -> Mapping[str, Any]:
        """Ask with GET."""
        return _object(self._http.get(path, self._headers))

    def post(self, path: str, body: Json) -> Mapping[str, Any]:
        """Ask with a JSON body."""
        return _object(self._http.post(path, self._headers, body))


def objects_of(answer: Mapping[str, Any], name: str = "results") -> list[Mapping[str, Any]]:
    """The objects of a list in an answer."""
    return wire.objects_of(answer, name)


def _object(answer: object) -> Mapping[str, Any]:
    return answer if isinstance(answer, Mapping) else {}


def _refused(status: int, body: object) -> CrmError:
    if status in _NOT_ALLOWED:
        return CrmError("HubSpot refused the token, or it lacks a scope. Set another one.", is_final=True)
    return Rejected(_LABEL, text_of(body, "category") or f"status {status}")
