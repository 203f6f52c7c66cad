"""What a provider's server may do to us, and what that means for the bill."""

from __future__ import annotations

import gzip
import logging
import socket
import ssl
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import trustme

from pipeline.causes import Billed
from pipeline.errors import SourceError
from pipeline.money.calls import Endpoint
from pipeline.network.http import HttpReply, ProviderHttp, Timeouts, retry_after_s, trusted
from pipeline.network.json_body import strict_json
from tests.support.wire import Answerer, plain, raw, wire

KEY = "canary-key-of-nobody"
QUICK = Timeouts(connect_s=1.0, read_s=0.3, total_s=0.6)


def ask(answer: Answerer, timeouts: Timeouts = QUICK) -> HttpReply:
    with wire(answer) as server:
        http = ProviderHttp(
            "Hunter", Endpoint(base_url=server.url, key=KEY), user_agent="t", timeouts=timeouts
        )
        try:
            return http.get("thing", params={"key": KEY}, headers={"X-API-KEY": KEY})
        finally:
            http.close()


def head(*lines: str) -> bytes:
    return ("\r\n".join(["HTTP/1.1 200 OK", "Content-Type: application/json", *lines]) + "\r\n\r\n").encode()


def test_an_answer_arrives_with_its_status_and_value() -> None:
    reply = ask(plain('{"a": [1, 2.5, null]}', "201 Created", "X-Simulated: 1"))
    assert (reply.status, reply.body, reply.simulated) == (201, {"a": [1, 2.5, None]}, True)


def test_a_server_nobody_reaches_costs_nothing_and_may_be_tried_again() -> None:
    http = ProviderHttp("Hunter", Endpoint(base_url="http://127.0.0.1:9", key=KEY), user_agent="t")
    with pytest.raises(SourceError) as caught:
        http.get("thing")
    assert (caught.value.billed, caught.value.cause.may_pass) == (Billed.NO, True)
    http.close()


def test_a_companys_own_authority_is_trusted_besides_the_usual_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    usual = len(httpx.create_ssl_context(trust_env=False).get_ca_certs())

    def asked() -> HttpReply:
        trusted.cache_clear()
        with wire(plain("{}"), tls=context) as server:
            http = ProviderHttp("Hunter", Endpoint(base_url=server.url, key=KEY), user_agent="t")
            try:
                return http.get("thing")
            finally:
                http.close()

    with pytest.raises(SourceError):
        asked()
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    assert asked().status == 200
    assert len(trusted().get_ca_certs()) == usual + 1
    trusted.cache_clear()


def silence(connection: socket.socket, _request: bytes) -> None:
    """Says nothing until the other side gives up."""
    connection.recv(1)


def drip(connection: socket.socket, _request: bytes) -> None:
    """A byte now and then, for as long as anybody listens."""
    connection.sendall(head("Content-Length: 100000"))
    connection.settimeout(0.05)
    while True:
        connection.sendall(b" ")
        with suppress(TimeoutError):
            if not connection.recv(1):
                return


def drip_head(connection: socket.socket, _request: bytes) -> None:
    """A header that never ends, a byte now and then."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    connection.settimeout(0.05)
    while True:
        connection.sendall(b"x")
        with suppress(TimeoutError):
            if not connection.recv(1):
                return


BROKEN: dict[str, Answerer] = {
    "no answer at all": raw(b""),
    "silence": silence,
    "a byte now and then": drip,
    "a byte of the header now and then": drip_head,
    "half a header": raw(b"HTTP/1.1 200 OK\r\nContent-Ty"),
    "fewer bytes than promised": raw(head("Content-Length: 500") + b'{"a": 1'),
    "a chunk cut short": raw(head("Transfer-Encoding: chunked") + b'40\r\n{"a": 1'),
    "cut gzip": raw(
        head("Content-Encoding: gzip", "Connection: close") + gzip.compress(b'{"a": 1}' * 50)[:20]
    ),
    "gzip that is none": plain("{}", "200 OK", "Content-Encoding: gzip"),
    "three megabytes": plain(b"[" + b"0," * 1_500_000 + b"0]"),
    "a gzip bomb": plain(gzip.compress(b" " * 50_000_000), "200 OK", "Content-Encoding: gzip"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_whatever_breaks_after_the_request_was_sent_may_have_been_billed(name: str) -> None:
    with pytest.raises(SourceError) as caught:
        ask(BROKEN[name])
    assert caught.value.billed is Billed.UNKNOWN
    assert KEY not in repr(caught.value)


@pytest.mark.parametrize(
    "body",
    [
        b"<html>Sign in</html>", b"", b"{", b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 1e999}', b"[" * 100_000,
        b"[" * 500 + b"]" * 500, b'{"result": "invalid", "result": "valid"}',
        '{"a": 1}'.encode("utf-16"), b'{"a": "\xff"}',
    ],
)  # fmt: skip
def test_what_is_no_sane_json_has_no_value(body: bytes) -> None:
    assert strict_json(body) is None
    assert ask(plain(body), Timeouts()).body is None


def test_what_no_database_stores_is_replaced() -> None:
    assert strict_json(b'{"a\\u0000": ["\\ud800", "\\ud83d\\ude00"]}') == {
        "a\ufffd": ["\ufffd", "\U0001f600"]
    }


def test_a_type_that_is_missing_changes_nothing() -> None:
    reply = ask(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"))
    assert (reply.body, reply.content_type) == ({}, "")


@pytest.mark.parametrize("status", ["204 No Content", "200 OK"])
def test_an_answer_without_a_body_may_be_called_packed(status: str) -> None:
    assert ask(plain("", status, "Content-Encoding: gzip")).body is None


def test_a_certificate_that_is_none_costs_nothing() -> None:
    """The request never left, so it may be sent again."""

    def answer(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with wire(answer, until=b"\x16") as server:
        secure = server.url.replace("http:", "https:")
        http = ProviderHttp("Hunter", Endpoint(base_url=secure, key=KEY), user_agent="t")
        with pytest.raises(SourceError) as caught:
            http.get("thing", params={"key": KEY})
        http.close()
    assert (caught.value.billed, caught.value.cause.may_pass) == (Billed.NO, True)
    assert KEY not in repr(caught.value)


def test_redirects_are_not_followed() -> None:
    reply = ask(plain("", "301 Moved Permanently", "Location: http://127.0.0.1:9/"))
    assert (reply.status, reply.body) == (301, None)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("2", 2.0), ("99999", 60.0), ("-1", None), ("soon", None), ("", None), (None, None), ("1e9", None)],
)
def test_retry_after_is_believed_up_to_a_minute(header: str | None, seconds: float | None) -> None:
    assert retry_after_s(header) == seconds


def test_retry_after_may_be_a_date() -> None:
    assert retry_after_s("Fri, 01 Jan 2100 00:00:00 GMT") == 60.0
    assert retry_after_s("Fri, 01 Jan 1999 00:00:00 GMT") is None


def test_no_log_holds_the_key(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        ask(plain("{}"))
    assert KEY not in caplog.text
