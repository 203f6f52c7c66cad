"""Requests to a customer system, and what their statuses mean wherever they mean the same."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from pipeline.causes import Billed
from pipeline.crm.adapter import Access, CrmError, Outgoing, Refused
from pipeline.errors import SourceError
from pipeline.money.calls import Endpoint, Json
from pipeline.network.http import HttpReply, ProviderHttp, Timeouts
from pipeline.network.json_body import readable_items
from pipeline.network.public_address import Resolve, Unreachable, public_address, resolve

_WAIT_S = 10.0
"""They count requests of some seconds, and do not always say how long to wait."""
MOST_S: Final = 480.0
"""Seconds for all requests of one batch: below what a worker holds a hand-off for, so that nobody else goes on."""
_OK, _TOO_MANY, _SERVER = frozenset({200, 201, 204, 207}), 429, 500


class Rejected(CrmError):
    """The request cannot be as it is; ``category`` is the system's word for why."""

    def __init__(self, label: str, category: str) -> None:
        super().__init__(f"{label} did not understand what was asked: {category}.", is_final=True)
        self.category = category


class Http:
    """Requests to one system, which people call ``label``. ``explain`` says what a refusal means that is the system's
    own, by its status and body. Raises CrmError."""

    def __init__(
        self, label: str, base_url: str, access: Access, explain: Callable[[int, object], CrmError]
    ) -> None:
        endpoint = Endpoint(base_url=base_url, key="", limits=(), proxy=access.proxy)
        self._http = ProviderHttp(
            label, endpoint, user_agent=access.user_agent, timeouts=Timeouts(total_s=30.0)
        )
        self._label = label
        self._explain = explain
        self._until_s = time.monotonic() + MOST_S

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def get(self, path: str, headers: Mapping[str, str], params: Mapping[str, str] | None = None) -> Any:  # noqa: ANN401
        """What is answered to GET, as JSON."""
        return self._asked(lambda: self._http.get(path.lstrip("/"), params=params, headers=headers))

    def post(self, path: str, headers: Mapping[str, str], body: Json) -> Any:  # noqa: ANN401 - whatever was sent
        """What is answered to POST, as JSON."""
        return self._asked(lambda: self._http.post_json(path.lstrip("/"), body, headers=headers))

    def patch(self, path: str, headers: Mapping[str, str], body: Json) -> Any:  # noqa: ANN401 - whatever was sent
        """What is answered to PATCH, as JSON."""
        return self._asked(lambda: self._http.patch_json(path.lstrip("/"), body, headers=headers))

    def post_form(self, path: str, fields: Mapping[str, str]) -> Any:  # noqa: ANN401 - whatever was sent
        """What is answered to POST of form fields, as JSON."""
        return self._asked(lambda: self._http.post_form(path.lstrip("/"), fields))

    def _asked(self, ask: Callable[[], HttpReply]) -> Any:  # noqa: ANN401 - whatever was sent
        if time.monotonic() > self._until_s:
            raise CrmError(f"{self._label} answers too slowly.", is_lost=True)
        try:
            reply = ask()
        except SourceError as error:
            raise CrmError(
                str(error), is_lost=error.billed is not Billed.NO, wait_s=error.retry_after_s
            ) from None
        if reply.status in _OK:
            return reply.lenient_body
        if reply.status == _TOO_MANY:
            raise CrmError(
                f"{self._label} asks to be left alone for a while.", wait_s=reply.retry_after_s or _WAIT_S
            )
        if reply.status >= _SERVER:
            raise CrmError(
                f"{self._label} answered with the status {reply.status}.",
                is_lost=True,
                wait_s=reply.retry_after_s,
            )
        raise self._explain(reply.status, reply.lenient_body)


def made_singly(
    label: str, wanted: Sequence[Outgoing], make: Callable[[Outgoing], str]
) -> dict[str, str | Refused]:
    """What came of making companies one by one; after a failure those that were made are told, the others missing."""
    came: dict[str, str | Refused] = {}
    for one in wanted:
        try:
            made = make(one)
        except Rejected as error:
            came[one.key] = not_taken(label, error)
            continue
        except CrmError:
            if not came:
                raise
            break
        if made:
            came[one.key] = made
    return came


def not_taken(label: str, error: Rejected) -> Refused:
    """Why a company was not taken."""
    return Refused(why=f"{label} did not take it: {error.category}.")


def address_of(host: str, access: Access, resolver: Resolve = resolve) -> str:
    """The address of a host somebody typed, which must be a public one. Raises CrmError."""
    if access.gateway:
        return access.gateway
    try:
        public_address(host, resolver)
    except Unreachable as error:
        raise CrmError(f"{host} cannot be asked. {error}") from None
    return f"https://{host}"


def objects_of(answer: object, name: str) -> list[Mapping[str, Any]]:
    """The objects of a list in an answer."""
    return objects(of(answer, name))


def objects(answer: object) -> list[Mapping[str, Any]]:
    """The objects of an answer that is a list."""
    return [each for each in readable_items(answer) if isinstance(each, Mapping)]


def of(answer: object, *names: str) -> object:
    """What stands under these names, one inside the other; None where there is nothing."""
    for name in names:
        answer = answer.get(name) if isinstance(answer, Mapping) else None
    return answer


def text_of(answer: object, *names: str) -> str:
    """A text, or a number as a text; empty for anything else."""
    value = of(answer, *names)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
