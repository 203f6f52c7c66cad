"""The stand-in providers as a process of their own, and the settings that point an installation at them."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import httpx

import settings
from tests.providers_server.faults import LATE

GOOGLE_KEY, HUNTER_KEY, NEVERBOUNCE_KEY = "canary-google-key", "canary-hunter-key", "secret_canary-bounce-key"
SNOV_SECRET, REACHER_SECRET, LLM_KEY = "canary-snov-secret", "canary-reacher-secret", "canary-llm-key"
SECRETS = (GOOGLE_KEY, HUNTER_KEY, NEVERBOUNCE_KEY, SNOV_SECRET, REACHER_SECRET, LLM_KEY, "canary-token-")
"""All that may stand nowhere; the last begins every token of Snov.io."""


class Providers:
    """A running stand-in."""

    def __init__(self, url: str, dns: str) -> None:
        self.url = url
        self.dns = dns
        # One client: making one reads all certificates, which takes longer than most of what is asked here.
        self._desk = httpx.Client(base_url=url, limits=httpx.Limits(max_keepalive_connections=0))

    def settings(self) -> dict[str, str]:
        """Environment variables under which every provider is this one."""
        return {
            "GOOGLE_PLACES_API_KEY": GOOGLE_KEY,
            "HUNTER_IO_API_KEY": HUNTER_KEY,
            "NEVERBOUNCE_API_KEY": NEVERBOUNCE_KEY,
            "GOOGLE_PLACES_BASE_URL": self.url,
            "GOOGLE_GEOCODING_BASE_URL": self.url,
            "HUNTER_BASE_URL": f"{self.url}/v2",
            "NEVERBOUNCE_BASE_URL": f"{self.url}/v4.2",
            "SNOV_CLIENT_ID": "an-account",
            "SNOV_CLIENT_SECRET": SNOV_SECRET,
            "SNOV_BASE_URL": self.url,
            "REACHER_BASE_URL": self.url,
            "REACHER_SECRET": REACHER_SECRET,
            "REACHER_PER_SECOND": "100",
            "LLM_BASE_URL": f"{self.url}/v1",
            "LLM_API_KEY": LLM_KEY,
            "LLM_MODEL": "believes-all",
            "OVERPASS_BASE_URL": f"{self.url}/api",
            "NOMINATIM_BASE_URL": self.url,
            "WEBSITE_GATEWAY": self.url,
            "DNS_SERVER": self.dns,
        }

    def bill(self, provider: str | None = None) -> list[dict[str, Any]]:
        """What it charged and refused, in order."""
        lines: list[dict[str, Any]] = self._desk.get("/_bill").json()
        return [line for line in lines if provider in (None, line["provider"])]

    def billed_micros(self) -> int:
        """All it charged, in millionths of a US dollar."""
        return sum(int(line["price_micros"]) for line in self.bill())

    def calls(self, operation: str) -> int:
        """How often it was asked, whatever it answered, since the last order of faults."""
        return int(self._desk.get("/_calls").json().get(operation, 0))

    def order_faults(self, *faults: dict[str, Any]) -> None:
        """What is to go wrong from now on: fields of ``tests.providers_server.faults.Fault``."""
        self._desk.post("/_faults", json=list(faults)).raise_for_status()

    def opt_out(self, *domains: str) -> None:
        """Domains whose contacts asked Hunter not to be found."""
        self._desk.post("/_opt_out", json=list(domains))

    def reset(self) -> None:
        """Forget bill, faults and calls."""
        self._desk.post("/_reset")

    def close(self) -> None:
        """Leave it alone."""
        self._desk.close()


def lost(operation: str, kind: str, **when: int) -> dict[str, Any]:
    """A fault on order: answers that were billed are lost in one of the ways of LATE; ``when``: first, last, every."""
    return {**LATE[kind], "operation": operation, "late": True, **when}


def lost_in_turn(operation: str, every: int) -> list[dict[str, Any]]:
    """Every so many billed answers are lost, each time in another way, but those that wait for a timeout."""
    kinds = [kind for kind in LATE if kind != "hangs"]
    return [
        lost(operation, kind, first=every * number, every=every * len(kinds))
        for number, kind in enumerate(kinds, 1)
    ]


@contextmanager
def providers(*options: str) -> Iterator[Providers]:
    """A stand-in started with these options, stopped at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.providers_server", *options],
        cwd=settings.PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        with closing(Providers(*process.stdout.readline().split())) as running:
            yield running
    finally:
        if process.stdout:
            process.stdout.close()
        process.send_signal(signal.SIGTERM)
        process.wait(30)
