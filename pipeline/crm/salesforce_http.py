"""Requests to a Salesforce org, and what its refusals mean.

The access token is asked for with the client credentials of an app (POST ``services/oauth2/token`` at the org's My
Domain): https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_client_credentials_flow.htm.
Errors are a list of ``errorCode`` and ``message``: 401 INVALID_SESSION_ID, on which one more token is asked for, 403
with REQUEST_LIMIT_EXCEEDED for the 24-hour limit:
https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm. Requests go to the My Domain
itself, never to an address that an answer names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from pipeline.crm import wire
from pipeline.crm.adapter import Access, CrmError
from pipeline.crm.wire import Rejected, objects, objects_of, of, text_of
from pipeline.money.calls import Json

_LABEL = "Salesforce"
_API = "services/data/v67.0"
_DATA = "/services/data/"
_SESSION, _FORBIDDEN = 401, 403
_LIMIT = "REQUEST_LIMIT_EXCEEDED"
_LIMIT_S = 4 * 3600.0
"""The limit counts the last 24 hours; as often as we try, that is a day."""
_T = TypeVar("_T")


class _SessionEnded(CrmError):
    """The access token is not taken any more; ``category`` is Salesforce's word for why."""

    def __init__(self, category: str) -> None:
        said = (
            f"Salesforce ended the session ({category}). See to the app there, or set another key and secret."
        )
        super().__init__(said, is_final=True)
        self.category = category


class Http:
    """Requests with an access token, which is asked for when it is needed. Raises CrmError, and Rejected for what
    Salesforce holds to be wrong."""

    def __init__(self, access: Access) -> None:
        self._http = wire.Http(_LABEL, wire.address_of(access.typed["host"], access), access, _refused)
        self._client = {
            "grant_type": "client_credentials",
            "client_id": access.typed["client_id"],
            "client_secret": access.typed["client_secret"],
        }
        self._headers: Mapping[str, str] = {}

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def get(self, path: str) -> object:
        """Ask with GET."""
        return self._asked(lambda: self._http.get(f"{_API}/{path}", self._headers))

    def query(self, soql: str) -> Iterator[Mapping[str, Any]]:
        """The records a query finds, page after page."""
        page = self._asked(lambda: self._http.get(f"{_API}/query", self._headers, {"q": soql}))
        while True:
            yield from objects_of(page, "records")
            further = text_of(page, "nextRecordsUrl")
            if of(page, "done") is not False or not further.startswith(_DATA):
                return
            page = self._more(further)

    def create(self, records: list[Json]) -> list[Mapping[str, Any]]:
        """Make records; a result of each, in their order."""
        body: Json = {"allOrNone": False, "records": records}
        return objects(
            self._asked(lambda: self._http.post(f"{_API}/composite/sobjects", self._headers, body))
        )

    def update(self, records: list[Json]) -> list[Mapping[str, Any]]:
        """Change records; a result of each, in their order."""
        body: Json = {"allOrNone": False, "records": records}
        return objects(
            self._asked(lambda: self._http.patch(f"{_API}/composite/sobjects", self._headers, body))
        )

    def _more(self, path: str) -> object:
        return self._asked(lambda: self._http.get(path, self._headers))

    def _asked(self, ask: Callable[[], _T]) -> _T:
        """What is answered; once with another token when the one at hand has ended, as nothing was done then."""
        if not self._headers:
            self._sign_in()
        try:
            return ask()
        except _SessionEnded:
            self._sign_in()
            return ask()

    def _sign_in(self) -> None:
        try:
            told = self._http.post_form("services/oauth2/token", self._client)
        except (Rejected, _SessionEnded) as error:
            said = f"Salesforce refused the consumer key and secret ({error.category}). Set others."
            raise CrmError(said, is_final=True) from None
        token = text_of(told, "access_token")
        if not token:
            raise CrmError("Salesforce answered without an access token.", is_lost=True)
        self._headers = {"Authorization": f"Bearer {token}"}


def _refused(status: int, body: object) -> CrmError:
    # The token endpoint answers with one object, all others with a list.
    told = next(iter(objects(body)), body)
    code = text_of(told, "errorCode") or text_of(told, "error") or f"status {status}"
    if status == _SESSION:
        return _SessionEnded(code)
    if code == _LIMIT:
        return CrmError("Salesforce's limit of requests in 24 hours is reached.", wait_s=_LIMIT_S)
    if status == _FORBIDDEN:
        return CrmError(f"Salesforce does not allow that to the app's user: {code}.", is_final=True)
    return Rejected(_LABEL, code)
