"""Sends the messages that webhooks were promised: at least once, always under the same id and with the same body."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Final

import settings
from pipeline import events
from pipeline.network.public_address import Unreachable
from pipeline.network.web_post import Poster
from pipeline.output import webhook_message
from pipeline.output.webhook_message import Message
from store import provider_setup, sealing, webhooks
from store.database import Role, transaction
from store.webhooks import PURPOSE, Claimed

log = logging.getLogger(__name__)

_MINUTE_S, _HOUR_S = 60, 3600
WAITS_S: Final = (5, 5 * _MINUTE_S, 30 * _MINUTE_S, 2 * _HOUR_S, 5 * _HOUR_S, 10 * _HOUR_S, 18 * _HOUR_S)
"""Seconds until the next try, which is the last one a day and a half after the first; our own choice."""
# Above what one message may take, so that nobody sends it a second time meanwhile.
_HOLD_S = 60
_ROUND_S = 60.0
_FIRST_GOOD, _FIRST_OTHER = 200, 300


def are_due() -> bool:
    """Whether a message waits to be sent."""
    with transaction(Role.SYSTEM) as conn:
        return webhooks.are_due(conn)


def send_due() -> Iterator[str]:
    """Send what is due, for a minute at most; yields a line on each."""
    config = settings.get()
    poster = Poster(
        provider_setup.user_agent(),
        gateway=config.webhook_gateway,
        proxy=config.outbound_proxy.get_secret_value(),
    )
    until_s = time.monotonic() + _ROUND_S
    try:
        while time.monotonic() < until_s:
            with transaction(Role.SYSTEM) as conn:
                claimed = webhooks.claim(conn, _HOLD_S)
            if claimed is None:
                return
            yield f"Webhook message {claimed.id}: {_sent(poster, claimed) or 'sent.'}"
    finally:
        poster.close()


def _sent(poster: Poster, claimed: Claimed) -> str | None:
    """Why it did not arrive; None when it did."""
    status, problem = None, None
    try:
        status = poster.post(claimed.url, *_composed(claimed))
        if not _FIRST_GOOD <= status < _FIRST_OTHER:
            problem = f"It answered with the status {status}."
    except (Unreachable, sealing.Unreadable) as error:
        problem = str(error) or "The secret cannot be read: APP_SECRET changed. Renew it."
    wait_s = _wait_s(claimed.tries) if problem else None
    with transaction(Role.SYSTEM) as conn:
        webhooks.done(conn, claimed, status, problem, wait_s)
    if problem:
        events.warning(log, "webhook_failed", delivery_id=claimed.id, reason=problem)
    return problem


def _composed(claimed: Claimed) -> tuple[bytes, dict[str, str]]:
    secrets = [
        sealing.unseal(PURPOSE, sealed) for sealed in (claimed.secret, claimed.earlier_secret) if sealed
    ]
    message = Message(id=claimed.id, event=claimed.event, at=claimed.created_at, data=claimed.data)
    return message.body(), webhook_message.headers(message, claimed.now_s, secrets)


def _wait_s(tries: int) -> int | None:
    return WAITS_S[tries - 1] if tries <= len(WAITS_S) else None
