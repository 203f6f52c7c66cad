"""Who holds which page open: every live stream, and what the pages of one signed-in session were given."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from ui.protocol import Given, Watched

# Sessions whose pages are all closed: a page that comes back finds what it was given.
_MOST_ABSENT = 1000
# A page gives each button a new id at every rerun.
_MOST_GIVEN = 1000


class _Recent:
    """The last ids of a kind."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, None] = OrderedDict()

    def add(self, *ids: str) -> None:
        for each in ids:
            self._ids[each] = None
            self._ids.move_to_end(each)
        while len(self._ids) > _MOST_GIVEN:
            self._ids.popitem(last=False)

    def __contains__(self, one: str) -> bool:
        return one in self._ids

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)


@dataclass(eq=False, slots=True)
class Stream:
    """One open stream; ``ended`` is set when its session is over. ``watched`` is the running campaign its page shows,
    ``is_drawn`` whether the page has been drawn since it was last asked to by itself."""

    session: Session
    ended: asyncio.Future[None]
    takes_files: bool = False
    watched: Watched | None = None
    is_drawn: bool = True

    def note(self, given: Given) -> None:
        """Remember what its page was given."""
        pages, media, files = self.session.pages, self.session.media, self.session.files
        if given.page_id:
            pages.add(given.page_id)
        media.add(*given.media)
        files.add(*given.files)
        self.session.uploads.add(*given.uploads)
        self.takes_files = self.takes_files or given.takes_files
        if given.is_new or given.watched:
            self.watched = given.watched
        self.is_drawn = self.is_drawn or given.is_drawn


@dataclass(eq=False, slots=True)
class Session:
    """What the pages of one signed-in session hold: their ids, and what they may ask for."""

    person_id: UUID
    pages: _Recent = field(default_factory=_Recent)
    media: _Recent = field(default_factory=_Recent)
    files: _Recent = field(default_factory=_Recent)
    uploads: _Recent = field(default_factory=_Recent)
    uploaded: dict[str, int] = field(default_factory=dict)
    """Bytes by address of an upload."""
    streams: set[Stream] = field(default_factory=set)


class Streams:
    """All of a web server; used in the thread of its loop alone. A session is known by its key."""

    def __init__(self, close_page: Callable[[str], None]) -> None:
        self._close_page = close_page
        self._sessions: OrderedDict[bytes, Session] = OrderedDict()

    def open(self, key: bytes, person_id: UUID, most: int, most_of_person: int) -> Stream | None:
        """A new stream, or None when there are ``most`` in all or ``most_of_person`` of this person."""
        live = [stream for session in self._sessions.values() for stream in session.streams]
        own = sum(stream.session.person_id == person_id for stream in live)
        if len(live) >= most or own >= most_of_person:
            return None
        session = self._sessions.setdefault(key, Session(person_id))
        self._sessions.move_to_end(key)
        stream = Stream(session, asyncio.get_running_loop().create_future())
        session.streams.add(stream)
        return stream

    def close(self, stream: Stream) -> None:
        """The stream is gone; what its page was given stays known for a while."""
        stream.session.streams.discard(stream)
        absent = [key for key, session in self._sessions.items() if not session.streams]
        for key in absent[: max(0, len(absent) - _MOST_ABSENT)]:
            del self._sessions[key]

    def session(self, key: bytes) -> Session | None:
        """What a session's pages hold, if it has opened any."""
        return self._sessions.get(key)

    def end(self, key: bytes) -> None:
        """The session is over: its streams end, and with them what its pages hold."""
        session = self._sessions.pop(key, None)
        if session is None:
            return
        for stream in session.streams:
            if not stream.ended.done():
                stream.ended.set_result(None)
        for page_id in session.pages:
            self._close_page(page_id)
