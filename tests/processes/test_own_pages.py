"""A page's stream, files and uploads are its own session's alone, and end with it; before a real Streamlit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import httpx
import psutil
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.exceptions import ConnectionClosed, InvalidStatus

import settings
from embedded.postgres import Postgres
from services import identity
from services.identity import SESSION_COOKIE, Visitor
from store import database as store_database
from store.ids import new_id
from tests.support.page_with_files import TAKES_FILES
from tests.support.people import PASSWORD, person
from tests.support.servers import APP_SECRET, Database, cloned
from tests.support.tabs import Tab, tab
from tests.support.web_server import WebServer, web_server
from tests.support.wire import Wire, plain, wire

APP = "tests.support.page_with_files:app"
OVER, REFUSED = 1008, 403
_MB = 1024 * 1024


@pytest.fixture(scope="module")
def outside() -> Iterator[Wire]:
    """Everything beyond this machine, as the server sees it."""
    with wire(plain("192.0.2.7")) as everything:
        yield everything


@pytest.fixture(scope="module")
def shared(
    postgres: Postgres, migrated: str, outside: Wire, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Database, WebServer]]:
    """One server for all, as it takes longer to start than a test does."""
    limits = {"STREAMS_PER_PERSON": "2", "STREAMS": "6", "UPLOAD_MB": "5", "UPLOADS_MB": "2"}
    with cloned(postgres, migrated) as made:
        named = {"DATABASE_URL": made.owner_url, "APP_SECRET": APP_SECRET}
        named |= {"HTTP_PROXY": outside.url, "HTTPS_PROXY": outside.url}
        with web_server(APP, tmp_path_factory.mktemp("web") / "web.log", **named, **limits) as running:
            yield made, running


@pytest.fixture
def server(
    shared: tuple[Database, WebServer], clean_settings: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WebServer]:
    made, running = shared
    monkeypatch.setenv("DATABASE_URL", made.owner_url)
    monkeypatch.setenv("APP_SECRET", APP_SECRET)
    settings.get.cache_clear()
    store_database.dispose()
    yield running
    store_database.dispose()


def signed_in() -> str:
    """The session of a new person."""
    return again(person(str(new_id())).email)


def again(email: str) -> str:
    """One more session."""
    return identity.sign_in(email, PASSWORD, Visitor()).token


def email_of(token: str) -> str:
    who = identity.who_is(token)
    assert who is not None
    return who.email


def browser(server: WebServer, token: str) -> httpx.Client:
    return httpx.Client(base_url=server.url, cookies={SESSION_COOKIE: token}, headers={"Origin": server.url})


def test_nobody_else_gets_at_anything_by_its_id(
    server: WebServer, record_property: Callable[[str, object], None]
) -> None:
    mine, others, over = signed_in(), signed_in(), signed_in()
    identity.sign_out(over)
    refused = 0
    with tab(server, mine) as page:
        (there,), (on_demand,) = page.run(TAKES_FILES).media, page.files
        made = page.make(on_demand).deferred_file.url
        (upload,) = page.ask_for_uploads(1)
        by_id = [("GET", there), ("HEAD", there), ("GET", made), ("PUT", upload), ("DELETE", upload)]
        foreign = {"Origin": "http://evil.example"}
        for token, origin in (
            ("", {}),
            (over, {}),
            (others, {}),
            (mine, foreign),
            (mine, {"Origin": "null"}),
        ):
            with browser(server, token) as asking:
                for method, path in by_id:
                    answer = asking.request(method, path, headers=origin)
                    assert answer.status_code in (303, 401, 403, 404), (method, path, token == mine)
                    assert mine not in answer.text
                    refused += 1
            if token == others:
                with tab(server, token, page.page_id) as other:
                    assert other.run().page_id != page.page_id
            else:
                with pytest.raises(InvalidStatus), tab(server, token, page.page_id, **origin):
                    pass
            refused += 1
        with browser(server, mine) as asking:
            assert [asking.get(path).status_code for path in (there, made)] == [200, 200]
    record_property("requests refused", refused)
    assert refused == 5 * (len(by_id) + 1)


def test_the_server_asks_nobody_outside(server: WebServer, outside: Wire) -> None:
    mine = signed_in()
    for origin in ("http://evil.example", "http://localhost:1", "http://192.0.2.7", "null"):
        with pytest.raises(InvalidStatus), tab(server, mine, Origin=origin):
            pass
        with browser(server, mine) as asking:
            for path in (
                "/",
                "/_stcore/health",
                "/_stcore/host-config",
                "/media/x",
                "/static/x",
                "/component/x",
            ):
                assert asking.get(path, headers={"Origin": origin}).status_code == REFUSED, path
    with tab(server, mine) as page:
        page.run()
        peers = [each.raddr.ip for each in psutil.Process(server.process.pid).net_connections() if each.raddr]
    assert set(peers) == {"127.0.0.1"}
    assert outside.requests == []


def test_files_are_served_to_the_session_that_made_them_alone(server: WebServer) -> None:
    mine, others = signed_in(), signed_in()
    with tab(server, mine) as page, tab(server, others) as other:
        page.run()
        other.run()
        (there,), (on_demand,) = page.media, page.files
        made = page.make(on_demand).deferred_file.url
        for path, text in ((there, f"there for {mine}"), (made, f"made for {mine}")):
            for token, status in ((mine, 200), (others, 404), ("made-up", 303)):
                with browser(server, token) as asking:
                    answer = asking.get(path)
                    assert (answer.status_code, text in answer.text) == (status, status == 200), (
                        path,
                        status,
                    )
                    assert asking.get(path.rpartition(".")[0]).status_code != 200
        # Another's button does nothing, whichever page it claims to be on; the stream goes on.
        said = BackMsg()
        said.backend_operation_request.session_id = other.page_id
        said.backend_operation_request.deferred_file.file_id = on_demand
        other.say(said)
        other.run()
        assert [each for each in other.heard if each.WhichOneof("type") == "backend_operation_response"] == []
        assert other.make(other.files[-1]).deferred_file.url
        identity.sign_out(mine)
        with browser(server, mine) as asking:
            assert asking.get(there).status_code == 303
            assert asking.get(made).status_code == 303


def test_the_id_of_a_page_opens_nothing(server: WebServer) -> None:
    mine, others = signed_in(), signed_in()
    with tab(server, mine) as page:
        page.run()
        with pytest.raises(InvalidStatus) as refused, tab(server, "", page.page_id):
            pass
        assert refused.value.response.status_code == REFUSED
        with tab(server, others, page.page_id) as other:
            assert other.run().page_id != page.page_id
        # It was not taken away either.
        assert page.run().page_id
    with tab(server, mine, page.page_id) as again:
        assert again.run().page_id == page.page_id
        with tab(server, mine, page.page_id) as once_more:
            assert once_more.run().page_id == page.page_id
    assert page.page_id not in server.said()


def test_an_open_stream_ends_with_its_session(server: WebServer) -> None:
    mine, others = signed_in(), signed_in()
    email = email_of(mine)
    with tab(server, mine) as page, tab(server, mine) as second, tab(server, others) as other:
        for each in (page, second, other):
            each.run()
        (file,) = page.files
        with browser(server, mine) as asking:
            assert asking.post("/sign-out").status_code == 303
        assert (page.end(), second.end()) == (OVER, OVER)
        assert other.run().page_id
        # One that ends elsewhere: no file leaves any more, and a silent page is found out.
        identity.sign_out(others)
        assert other.end() == OVER
    with pytest.raises(InvalidStatus), tab(server, mine, page.page_id):
        pass
    with tab(server, again(email), page.page_id) as page_again:
        assert page_again.run().page_id != page.page_id
        said = BackMsg()
        said.backend_operation_request.session_id = page_again.page_id
        said.backend_operation_request.deferred_file.file_id = file
        page_again.say(said)
        assert page_again.make(page_again.files[0]).deferred_file.url


def test_no_file_is_made_for_a_session_that_has_just_ended(server: WebServer) -> None:
    mine = signed_in()
    with tab(server, mine) as page:
        (file,) = page.run().files
        identity.sign_out(mine)
        said = BackMsg()
        said.backend_operation_request.session_id = page.page_id
        said.backend_operation_request.deferred_file.file_id = file
        page.say(said)
        assert page.end() == OVER


def test_uploads_go_where_a_page_asked_for_them_alone(server: WebServer) -> None:
    mine, others = signed_in(), signed_in()
    with tab(server, mine) as page, tab(server, others) as other, browser(server, mine) as asking:
        xsrf = {"X-Xsrftoken": asking.get("/_stcore/health").cookies["_streamlit_xsrf"]}
        other.run()
        said = BackMsg()
        said.file_urls_request.file_names.append("a.csv")
        other.say(said)
        other.run()
        assert [each for each in other.heard if each.WhichOneof("type") == "file_urls_response"] == []
        page.run(TAKES_FILES)
        first, second, third = page.ask_for_uploads(3)

        def put(address: str, size: int, by: httpx.Client = asking) -> int:
            return by.put(address, files={"file": ("a.csv", b"x" * size)}, headers=xsrf).status_code

        with browser(server, others) as stranger:
            stranger.cookies.set("_streamlit_xsrf", xsrf["X-Xsrftoken"])
            assert put(first, 10, stranger) == 404
            assert stranger.delete(first, headers=xsrf).status_code == 404
        assert put(f"/_stcore/upload_file/{page.page_id}/made-up", 10) == 404
        assert put(f"/_stcore/upload_file/{other.page_id}/x", 10) == 404
        assert put(first, _MB) == 204
        assert put(second, _MB) == 413
        assert asking.delete(first, headers=xsrf).status_code == 204
        assert put(second, _MB) == 204
        assert put(third, 5 * _MB + 2 * _MB) == 413
        assert asking.put(third, content=iter([b"x"]), headers=xsrf).status_code == 411
        asking.post("/sign-out")
        assert page.end() == OVER
        assert put(third, 10) == 401


def test_what_no_page_needs_is_not_answered(server: WebServer) -> None:
    mine = signed_in()
    with tab(server, mine) as page:
        page.run()
        for ask in ("load_git_info", "clear_cache", "set_run_on_save", "debug_shutdown_runtime"):
            said = BackMsg()
            setattr(said, ask, True)
            page.say(said)
        said = BackMsg()
        said.backend_operation_request.session_id = page.page_id
        said.backend_operation_request.install_skills.SetInParent()
        page.say(said)
        before = len(page.heard)
        page.run()
        kinds = {each.WhichOneof("type") for each in page.heard[before:]}
        assert kinds & {"git_info_changed", "backend_operation_response"} == set()
        assert len(set(page.texts())) == 1, "nobody empties the cache of everybody"
        page.stream.send("text")
        assert page.end() == 1003
    with tab(server, mine) as page:
        page.run()
        page.stream.send(b"\xff\xff\xff")
        assert page.end() == 1002
    with tab(server, mine) as page:
        page.run()
        # The server may have hung up before all of it was sent.
        with suppress(ConnectionClosed):
            page.stream.send(b"\x00" * (2 * _MB))
        assert page.end() in (1009, 0)
    assert "Traceback" not in server.said()


def test_open_pages_are_counted(server: WebServer) -> None:
    people = [signed_in() for _ in range(3)]
    with ExitStack() as pages:
        for token in people * 2:
            pages.enter_context(opened(server, token))
        with pytest.raises(InvalidStatus), tab(server, signed_in()):
            pass
    with opened(server, people[0]), opened(server, people[0]):
        # A person counts, however often they sign in.
        for token in (people[0], again(email_of(people[0]))):
            with pytest.raises(InvalidStatus), tab(server, token):
                pass
        with opened(server, people[1]) as page:
            assert page.run().page_id


@contextmanager
def opened(server: WebServer, token: str) -> Iterator[Tab]:
    """A page that opens as soon as the server has noticed that others were closed."""
    with ExitStack() as stack:
        page = None
        while page is None:
            with suppress(InvalidStatus):
                page = stack.enter_context(tab(server, token))
        yield page
