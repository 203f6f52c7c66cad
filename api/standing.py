"""Whether the session behind a stream still holds, and whether there is news of what its page watches."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool

from pipeline import events
from services import identity, watching
from services.watching import News
from ui.protocol import Watched

_LOG = logging.getLogger(__name__)
LOOK_S = 5.0
"""How long a session that is over may go unnoticed while its page is silent."""


class Standing:
    """Whether the session of one stream is still one; ``when_over`` is called when it is not."""

    def __init__(self, token: str, when_over: Callable[[], None]) -> None:
        self._token, self._when_over = token, when_over
        self._looked = asyncio.get_running_loop().time()

    async def holds(self, *, now: bool) -> bool | None:
        """As of this very moment or of some seconds ago; None while nobody can say."""
        at = asyncio.get_running_loop().time()
        if not now and at - self._looked < LOOK_S:
            return True
        self._looked = at
        try:
            person = await run_in_threadpool(identity.who_is, self._token)
        except Exception as error:  # noqa: BLE001 - whatever keeps the database from answering
            events.warning(_LOG, "session_not_looked_up", reason=type(error).__name__)
            return None
        if person is None:
            self._when_over()
        return person is not None

    async def news(self, watched: Watched) -> News | None:
        """Whether there is anything of a campaign that its page does not show yet; None while nobody can say."""
        self._looked = asyncio.get_running_loop().time()
        try:
            proof = identity.proof_of(self._token)
            found = await run_in_threadpool(watching.news, proof, watched.campaign_id, watched.state)
        except Exception as error:  # noqa: BLE001 - whatever keeps the database from answering
            events.warning(_LOG, "campaign_not_watched", reason=type(error).__name__)
            return None
        if found is News.SESSION_OVER:
            self._when_over()
        return found
