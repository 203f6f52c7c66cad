"""A page open in a browser, as the server sees it: Streamlit's messages on a raw stream, and no browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from services.identity import SESSION_COOKIE
from tests.support.figures import figures_in
from tests.support.web_server import WebServer

# Generous: only a broken server never says what it should.
_WAIT_S = 60.0


class Tab:
    """One stream; ``heard`` is everything the server said on it."""

    def __init__(self, stream: ClientConnection) -> None:
        self.stream = stream
        self.heard: list[Any] = []

    @property
    def page_id(self) -> str:
        """What Streamlit calls the page."""
        (named,) = {each.new_session.initialize.session_id for each in self._kind("new_session")}
        return str(named)

    @property
    def media(self) -> list[str]:
        """Addresses of files it was given."""
        return [each.url for each in self._buttons() if each.url]

    @property
    def files(self) -> list[str]:
        """Ids of files that are made on demand."""
        return [each.deferred_file_id for each in self._buttons() if each.deferred_file_id]

    @property
    def draws(self) -> int:
        """How often it, or a part of it, was begun to be drawn."""
        return len(self._kind("new_session"))

    def pages(self) -> list[str]:
        """The page each drawing was of, by its address, without repetitions."""
        named = {each.page_script_hash: each.url_pathname for each in self._menu}
        hashes = [each.new_session.page_script_hash for each in self._kind("new_session")]
        return [named.get(page, "") for page, _ in groupby(hashes)]

    @property
    def _menu(self) -> list[Any]:
        drawn = self._kind("navigation")
        return list(drawn[-1].navigation.app_pages) if drawn else []

    def figures(self) -> list[str]:
        """All figures it was given, in their order: ``Total cost: $0.00``."""
        drawn = (figures_in(each.delta.new_element.html.body) for each in self._kind("delta"))
        return [f"{label}: {value}" for found in drawn for label, value in found.items()]

    def texts(self) -> list[str]:
        """All plain texts it was given, in their order."""
        found = (each.delta.new_element for each in self._kind("delta"))
        return [element.text.body for element in found if element.WhichOneof("type") == "text"]

    def tick(self) -> None:
        """Ask for the part that is drawn anew by itself."""
        said = BackMsg()
        said.rerun_script.fragment_id = self._kind("auto_rerun")[-1].auto_rerun.fragment_id
        said.rerun_script.is_auto_rerun = True
        said.rerun_script.page_script_hash = self._kind("navigation")[-1].navigation.page_script_hash
        self.say(said)

    def settle(self) -> None:
        """Wait until the server has taken in what was said before."""
        said = BackMsg()
        said.app_heartbeat = True
        self.say(said)
        self.until(lambda each: each.WhichOneof("type") == "heartbeat_ack")

    def ask(self, query: str = "", page: str = "") -> None:
        """Ask for the page, and do not wait for it."""
        said = BackMsg()
        said.rerun_script.query_string, said.rerun_script.page_name = query, page
        for there in self._menu:
            if there.url_pathname == page:
                said.rerun_script.page_script_hash = there.page_script_hash
        self.say(said)

    def run(self, query: str = "", page: str = "") -> Tab:
        """Draw the page, up to its end."""
        self.ask(query, page)
        self.until(lambda each: each.WhichOneof("type") == "script_finished")
        return self

    def make(self, file_id: str, page_id: str = "") -> Any:  # noqa: ANN401 - a message of Streamlit's
        """Ask for a file that is made on demand."""
        said = BackMsg()
        asked = said.backend_operation_request
        asked.request_id, asked.session_id = "1", page_id or self.page_id
        asked.deferred_file.file_id = file_id
        self.say(said)
        found = self.until(lambda each: each.WhichOneof("type") == "backend_operation_response")
        return found.backend_operation_response

    def ask_for_uploads(self, count: int) -> list[str]:
        """Ask where to send ``count`` files."""
        said = BackMsg()
        said.file_urls_request.request_id = "1"
        said.file_urls_request.file_names.extend(f"{number}.csv" for number in range(count))
        self.say(said)
        found = self.until(lambda each: each.WhichOneof("type") == "file_urls_response")
        return [each.upload_url for each in found.file_urls_response.file_urls]

    def say(self, message: BackMsg) -> None:
        """Send one message."""
        self.stream.send(message.SerializeToString())

    def until(self, is_it: Callable[[Any], bool]) -> Any:  # noqa: ANN401 - a message of Streamlit's
        """Read up to the first message that is it."""
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.stream.recv(_WAIT_S, decode=False))
            self.heard.append(message)
            if is_it(message):
                return message

    def end(self) -> int:
        """Read up to the end, which the server makes; the code it gives."""
        try:
            while True:
                self.stream.recv(_WAIT_S)
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 0

    def _kind(self, kind: str) -> list[Any]:
        return [each for each in self.heard if each.WhichOneof("type") == kind]

    def _buttons(self) -> list[Any]:
        return [each.delta.new_element.download_button for each in self._kind("delta")]


@contextmanager
def tab(server: WebServer, token: str, page_id: str = "", **headers: str) -> Iterator[Tab]:
    """A page that opens with this session; ``page_id`` is the one it wants to go on with. Raises InvalidStatus."""
    wanted = ["streamlit", "a-token", *([page_id] if page_id else [])]
    sent = {"Cookie": f"{SESSION_COOKIE}={token}", "Origin": server.url, **headers}
    address = f"ws://{server.host}/_stcore/stream"
    with connect(address, additional_headers=sent, subprotocols=wanted, proxy=None, max_size=None) as stream:  # type: ignore[arg-type]
        yield Tab(stream)
