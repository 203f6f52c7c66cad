"""Snov.io's ``GET v1/get-balance``: the credits of an account."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.network.http import ProviderHttp
from pipeline.providers.account_answers import Account, number, part
from pipeline.providers.declaration import Value
from pipeline.providers.snov.token import NAME, fetched


def account(http: ProviderHttp, values: Mapping[str, Value]) -> Account:
    """The account behind the key. Raises SourceError."""
    token = fetched(http, str(values["SNOV_CLIENT_ID"]), str(values["SNOV_CLIENT_SECRET"]))
    reply = http.get("v1/get-balance", headers={"Authorization": f"Bearer {token}"})
    if reply.status in (401, 403):
        raise SourceError(Cause.KEY_REFUSED, NAME)
    return Account(credit_left=number(NAME, part(reply.body, "data").get("balance")))
