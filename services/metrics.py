"""The figures of the installation for a program that watches it, which proves itself by a token of the settings."""

from __future__ import annotations

import hmac

import settings
from pipeline.health.exposition import CONTENT_TYPE as CONTENT_TYPE
from pipeline.health.exposition import exposition
from services.errors import NotAllowed, NotFound
from store import measures
from store.database import Role, transaction


def read(token: str) -> str:
    """All figures in Prometheus's text format. Raises NotFound while METRICS_TOKEN is empty, NotAllowed for another
    token."""
    wanted = settings.get().metrics_token.get_secret_value()
    if not wanted:
        raise NotFound("There is nothing at this address.")
    if not hmac.compare_digest(token.encode(), wanted.encode()):
        raise NotAllowed("Send METRICS_TOKEN as a bearer token.")
    with transaction(Role.WEB) as conn:
        return exposition(measures.everything(conn))
