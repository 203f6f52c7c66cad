"""NeverBounce's ``POST account/info``: the credits of an account."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.network.http import ProviderHttp
from pipeline.providers.account_answers import Account, number, part
from pipeline.providers.declaration import Value
from pipeline.providers.neverbounce.answers import NAME, body_of


def account(http: ProviderHttp, values: Mapping[str, Value]) -> Account:
    """The account behind the key. Raises SourceError."""
    body = body_of(http.post_form("account/info", {"key": str(values["NEVERBOUNCE_API_KEY"])}))
    paid = part(body, "credits_info").get("paid_credits_remaining")
    # An account that pays by the month has no such number.
    return Account() if paid is None else Account(credit_left=number(NAME, paid))
