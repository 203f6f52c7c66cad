"""Which ticks reach a page: a page that shows a running campaign asks each second to be drawn anew, and what it shows
has mostly stayed the same.
"""

from __future__ import annotations

import asyncio

from api.standing import Standing
from api.streams import Stream
from services.watching import News
from ui.protocol import Watched

DRAWN_AGAIN_S = 10.0
"""How long a page may stand: it shows how long its campaign takes. A drawing that nobody finished counts as done then,
too."""
_QUIET_S, _SELDOM_S = 30.0, 3.0


class Ticks:
    """Of one stream."""

    def __init__(self, stream: Stream, standing: Standing) -> None:
        self._stream, self._standing = stream, standing
        self._watched: Watched | None = None
        self._since = self._asked = self._passed = 0.0

    async def matters(self) -> bool:
        """Whether this tick has to reach the page. Where nothing has happened for a while, few are looked into."""
        now, watched = asyncio.get_running_loop().time(), self._stream.watched
        if watched is None:
            return True
        if watched != self._watched:
            self._watched, self._since, self._passed = watched, now, now
        is_late = now - self._passed >= DRAWN_AGAIN_S
        is_quiet = now - self._since >= _QUIET_S
        if (not self._stream.is_drawn and not is_late) or (is_quiet and now - self._asked < _SELDOM_S):
            return False
        self._asked = now
        news = await self._standing.news(watched)
        if news is News.SESSION_OVER or (news is News.NONE and not is_late):
            return False
        self._passed, self._stream.is_drawn = now, False
        return True
