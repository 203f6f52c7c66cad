"""Requests to Pipedrive, and what its refusals mean.

Statuses: https://pipedrive.readme.io/docs/core-api-concepts-http-status-codes (401 invalid API token, 402 the account
is not open, 403 not allowed or a limit of the account), errors and their ``code``:
https://pipedrive.readme.io/docs/core-api-concepts-responses, limits (429 with Retry-After; a daily budget of tokens):
https://pipedrive.readme.io/docs/core-api-concepts-rate-limiting.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.crm import wire
from pipeline.crm.adapter import Access, CrmError
from pipeline.crm.wire import Rejected, objects_of, text_of
from pipeline.money.calls import Json

_LABEL = "Pipedrive"
_API = "api/v2/"
_MOST = "500"
_TOKEN, _CLOSED, _FORBIDDEN = 401, 402, 403


class Http:
    """Requests with the token, each path below ``api/v2``. Raises CrmError, and Rejected for what Pipedrive holds to be
    wrong."""

    def __init__(self, access: Access) -> None:
        self._http = wire.Http(_LABEL, wire.address_of(access.typed["host"], access), access, _refused)
        self._headers = {"x-api-token": access.typed["token"]}

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def get(self, path: str, params: Mapping[str, str]) -> object:
        """Ask with GET."""
        return self._http.get(_API + path, self._headers, params)

    def pages(self, path: str, params: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
        """The objects of a list, page after page."""
        cursor = ""
        while True:
            page = self.get(path, {**params, "limit": _MOST, **({"cursor": cursor} if cursor else {})})
            yield from objects_of(page, "data")
            cursor = text_of(page, "additional_data", "next_cursor")
            if not cursor:
                return

    def post(self, path: str, body: Json) -> object:
        """Make something."""
        return self._http.post(_API + path, self._headers, body)

    def patch(self, path: str, body: Json) -> object:
        """Change something."""
        return self._http.patch(_API + path, self._headers, body)


def _refused(status: int, body: object) -> CrmError:
    code = text_of(body, "code") or f"status {status}"
    if status == _TOKEN:
        return CrmError("Pipedrive refused the API token. Set another one.", is_final=True)
    if status == _CLOSED:
        return CrmError("The Pipedrive account is not open: see to its plan or payment there.", is_final=True)
    if status == _FORBIDDEN:
        return CrmError(f"Pipedrive does not allow that to the token's user: {code}.", is_final=True)
    return Rejected(_LABEL, code)
