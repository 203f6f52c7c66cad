"""Streamlit's own messages, as far as the gate has to read them: what a page is given, and what it asks for."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from enum import Enum, auto
from uuid import UUID

from google.protobuf.message import DecodeError
from streamlit import runtime
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_PAGE_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_NAMES_PAGES = ("runtime", "app_session", "websocket_session_manager")


_WATCHED = re.compile(r'<[^>]* data-watched="([0-9a-f-]{36}) ([0-9a-f]{32})"')


class Unreadable(Exception):
    """A message that is none of Streamlit's."""


class Wish(Enum):
    """What a message of a browser is about."""

    PAGE = auto()
    """To be drawn, stopped, or to know that somebody is there."""
    TICK = auto()
    """A part of the page asks, by itself and again and again, to be drawn anew."""
    FILE = auto()
    """The file behind a download button."""
    UPLOAD = auto()
    """Addresses to send files to."""
    OTHER = auto()
    """What no page of ours needs: the state of the source code, everybody's cache, installing things."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A campaign that a page shows, and what stands for all that it shows of it."""

    campaign_id: UUID
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What one message gives a page: its id, and addresses and ids that it may use from then on. ``is_new``: all of the
    page is drawn from here on; ``is_drawn``: what was being drawn is."""

    page_id: str = ""
    is_new: bool = False
    is_drawn: bool = False
    watched: Watched | None = None
    media: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    uploads: tuple[str, ...] = ()
    takes_files: bool = False


def given(message: bytes) -> Given:
    """Read a message to a browser; raises Unreadable."""
    said = ForwardMsg()
    _read(said, message)
    match said.WhichOneof("type"):
        case "new_session":
            is_new = not said.metadata.run.fragment_ids
            return Given(page_id=said.new_session.initialize.session_id, is_new=is_new)
        case "script_finished":
            return Given(is_drawn=True)
        case "delta":
            element = said.delta.new_element
            if element.WhichOneof("type") == "html":
                return Given(watched=_watched(element.html.body))
            button = element.download_button
            return Given(
                media=_filled(button.url),
                files=_filled(button.deferred_file_id),
                takes_files=element.WhichOneof("type") == "file_uploader",
            )
        case "backend_operation_response":
            return Given(media=_filled(said.backend_operation_response.deferred_file.url))
        case "file_urls_response":
            return Given(uploads=tuple(each.upload_url for each in said.file_urls_response.file_urls))
    return Given()


def watching(campaign_id: UUID, state: str) -> str:
    """An attribute for markup of ours by which ``given`` knows that the page shows a campaign in this state."""
    return f' data-watched="{campaign_id} {state}"'


def wish(message: bytes) -> tuple[Wish, str]:
    """Read a message of a browser: what it is about, and the id of the file it asks for; raises Unreadable."""
    said = BackMsg()
    _read(said, message)
    match said.WhichOneof("type"):
        case "rerun_script" | "stop_script" | "app_heartbeat":
            return (Wish.TICK if said.rerun_script.is_auto_rerun else Wish.PAGE), ""
        case "file_urls_request":
            return Wish.UPLOAD, ""
        case "backend_operation_request":
            asked = said.backend_operation_request
            kind = asked.WhichOneof("payload")
            if kind == "deferred_file":
                return Wish.FILE, asked.deferred_file.file_id
            # Rows of a long table: Streamlit itself gives them to the page that holds the table alone.
            return (Wish.PAGE if kind == "dataframe_chunk" else Wish.OTHER), ""
    return Wish.OTHER, ""


def close(page_id: str) -> None:
    """End a page on the server with everything it holds; only in the thread of the server's loop."""
    if runtime.exists():
        runtime.get_instance().close_session(page_id)


def keep_page_ids_out_of_logs() -> None:
    """Whoever reads a log learns no page's id."""
    for name in _NAMES_PAGES:
        logging.getLogger(f"streamlit.runtime.{name}").addFilter(_without_page_ids)


def _without_page_ids(record: logging.LogRecord) -> bool:
    record.msg, record.args = _PAGE_ID.sub("…", record.getMessage()), ()
    return True


def _read(said: BackMsg | ForwardMsg, message: bytes) -> None:
    try:
        said.ParseFromString(message)
    except DecodeError:
        raise Unreadable from None


def _watched(markup: str) -> Watched | None:
    found = _WATCHED.match(markup)
    return Watched(UUID(found[1]), found[2]) if found else None


def _filled(value: str) -> tuple[str, ...]:
    return (value,) if value else ()
