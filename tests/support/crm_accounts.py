"""Accounts of customer systems: what the local servers that speak their documented wire formats have in common."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from tests.support.wire import plain, wire

Objects = dict[str, dict[str, str]]


@dataclass(slots=True, kw_only=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: Mapping[str, str]
    head: str
    content: bytes

    @property
    def body(self) -> Any:  # noqa: ANN401 - whatever was sent
        """The JSON it carries."""
        return json.loads(self.content) if self.content else {}

    def has(self, header: str, value: str) -> bool:
        return f"{header}: {value}".lower() in self.head.lower().split("\r\n")


@dataclass(slots=True)
class Account:
    """What is in it, by what its properties are called there. ``refuses``: names it holds to be wrong; ``faults``
    happen to the next requests that end so: a status with headers, or ``lost``: done, and no answer.

    ``MAPPING`` is what a workspace hands over, ``CREATE`` how requests end that make companies, ``REFUSAL`` why a
    name in ``refuses`` fails.
    """

    SYSTEM: ClassVar[str]
    MAPPING: ClassVar[Mapping[str, str]]
    CREATE: ClassVar[str]
    REFUSAL: ClassVar[str]

    token: str = "a-right-token"
    companies: Objects = field(default_factory=dict)
    contacts: Objects = field(default_factory=dict)
    refuses: set[str] = field(default_factory=set)
    faults: list[tuple[str, str]] = field(default_factory=list)
    next_id: int = 100
    asked: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def credentials(self) -> dict[str, str]:
        """What an admin types to connect it."""
        return {"token": self.token}

    def company(self, **values: str) -> str:
        """Somebody typed a company, by our columns; its id."""
        return self.make(self.companies, {self.MAPPING[column]: value for column, value in values.items()})

    def contact(self, email: str, company: str = "") -> str:
        """Somebody typed a contact; its id."""
        return self.make(self.contacts, {"email": email, "company": company})

    def customer(self, number: int, *, is_one: bool = True) -> None:
        """Somebody typed a company, and that it is a customer."""
        raise NotImplementedError

    def value(self, id: str, column: str) -> str:
        """What a company has, by our column."""
        return self.companies[id].get(self.MAPPING[column], "")

    def names(self) -> list[str]:
        """The names of all companies."""
        return sorted(self.value(id, "name") for id in self.companies)

    def writes(self) -> list[str]:
        """What was written."""
        raise NotImplementedError

    def told(self, asked: Asked) -> tuple[str, object]:
        """The status and the answer; done by the way."""
        raise NotImplementedError

    def make(self, of: Objects, values: Mapping[str, str]) -> str:
        """A new object; its id."""
        self.next_id += 1
        of[str(self.next_id)] = dict(values)
        return str(self.next_id)

    def answer(self, connection: socket.socket, request: bytes) -> None:
        """Answer a request."""
        head, _, content = request.partition(b"\r\n\r\n")
        method, target, _ = head.decode().split("\r\n")[0].split(" ")
        address = urlsplit(target)
        asked = Asked(
            method=method,
            path=address.path,
            query=dict(parse_qsl(address.query)),
            head=head.decode(),
            content=content,
        )
        line = f"{method} {asked.path}"
        self.asked.append(line)
        fault = next((each for each in self.faults if line.endswith(each[0])), None)
        if fault:
            self.faults.remove(fault)
            if fault[1] != "lost":
                status, *headers = fault[1].split("; ")
                plain("{}", status, *headers)(connection, request)
                return
        status, told = self.told(asked)
        if fault is None:
            plain(json.dumps(told), status)(connection, request)


@contextmanager
def running(account: Account) -> Iterator[Account]:
    """The account as a server."""
    with wire(account.answer) as server:
        account.url = server.url
        yield account
