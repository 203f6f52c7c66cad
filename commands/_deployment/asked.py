"""Which installation is looked at, by whose eyes, and how a look that fails is told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from clients.prospectpro import Problem, ProspectPro

FAILURES = (httpx.HTTPError, httpx.InvalidURL, Problem, OSError)
"""What a look at a site that is not as it should be may raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """``url`` without a slash at its end; keys and the account are empty where they were not given. ``kind`` and
    ``location`` are those of the campaign, which may take ``within_s`` seconds."""

    url: str
    key: str = field(repr=False)
    other_key: str = field(repr=False)
    email: str = field(repr=False)
    password: str = field(repr=False)
    kind: str
    location: str
    within_s: float

    @property
    def is_secure(self) -> bool:
        """Whether browsers speak TLS with it."""
        return self.url.casefold().startswith("https:")

    @contextmanager
    def browser(self) -> Iterator[httpx.Client]:
        """Somebody who is not signed in, at its pages."""
        with httpx.Client(base_url=self.url, timeout=30.0, headers={"Origin": self.url}) as client:
            yield client

    @contextmanager
    def program(self, key: str) -> Iterator[ProspectPro]:
        """A program with this key."""
        with ProspectPro(self.url, key) as client:
            yield client
