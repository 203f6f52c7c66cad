"""Hunter's ``GET account``: what is left of the month, in one kind of credits or in searches, as the plan has it."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.network.http import ProviderHttp
from pipeline.providers.account_answers import Account, number, part
from pipeline.providers.declaration import Value
from pipeline.providers.hunter_errors import NAME, failure_of


def account(http: ProviderHttp, values: Mapping[str, Value]) -> Account:
    """The account behind the key. Raises SourceError."""
    reply = http.get("account", headers={"X-API-KEY": str(values["HUNTER_IO_API_KEY"])})
    if reply.status != 200:
        raise failure_of(reply)
    month = part(reply.body, "data", "requests")
    counts = part(month, "credits") or part(month, "searches")
    whole = number(NAME, counts.get("available"))
    return Account(credit_left=whole - number(NAME, counts.get("used")), whole=whole)
