"""Reaching providers and websites by a proxy, on real sockets."""

from __future__ import annotations

import re
import socket
import ssl
from pathlib import Path

import pytest
import trustme

import settings
from pipeline.causes import Billed
from pipeline.errors import SourceError
from pipeline.money.calls import Endpoint
from pipeline.network.http import HttpReply, ProviderHttp, Timeouts, trusted
from pipeline.network.proxy import proxy_of
from pipeline.network.public_address import Unreachable
from pipeline.network.web_post import Poster
from pipeline.providers.website.guard import Fetcher
from tests.support.wire import Answerer, plain, raw, wire

QUICK = Timeouts(connect_s=0.5, read_s=0.5, total_s=1.0)
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


def tunnel(answer: Answerer, tls: ssl.SSLContext | None = None) -> Answerer:
    """A proxy that is the other side as well, whatever it is called."""

    def answered(connection: socket.socket, _request: bytes) -> None:
        connection.sendall(ESTABLISHED)
        with tls.wrap_socket(connection, server_side=True) if tls else connection as talk:
            answer(talk, talk.recv(65_536))

    return answered


def whole(connection: socket.socket, request: bytes) -> None:
    """An answer to all of a request, its body ``{}`` as well."""
    if request.startswith(b"POST") and not request.endswith(b"{}"):
        connection.recv(65_536)
    plain("{}")(connection, request)


def ask(proxy: str, url: str = "http://api.provider.example") -> HttpReply:
    endpoint = Endpoint(base_url=url, proxy=proxy)
    http = ProviderHttp("Hunter", endpoint, user_agent="t", timeouts=QUICK)
    try:
        return http.get("thing")
    finally:
        http.close()


def test_a_provider_is_asked_through_a_tunnel() -> None:
    with wire(tunnel(plain('{"a": 1}'))) as proxy:
        assert ask(proxy.url.replace("//", "//somebody:a%20word@")).body == {"a": 1}
    assert proxy.requests[0].splitlines()[:3] == [
        b"CONNECT api.provider.example:80 HTTP/1.1",
        b"Host: api.provider.example:80",
        b"Proxy-Authorization: Basic c29tZWJvZHk6YSB3b3Jk",
    ]


def test_the_certificate_is_that_of_the_other_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority, context = trustme.CA(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("api.provider.example", "www.example.org").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    trusted.cache_clear()
    with wire(tunnel(whole, context)) as proxy:
        assert ask(proxy.url, "https://api.provider.example").status == 200
        with pytest.raises(SourceError):
            ask(proxy.url, "https://another.example")
        # A website stays pinned to the address that was found to be a public one.
        fetcher = Fetcher("t", resolver=lambda _host: ["93.184.216.34"], proxy=proxy.url)
        assert fetcher.get("https://www.example.org/").status == 200
        fetcher.close()
        assert proxy.requests[-1].startswith(b"CONNECT 93.184.216.34:443 ")
        poster = Poster("t", resolver=lambda _host: ["93.184.216.35"], proxy=proxy.url)
        assert poster.post("https://www.example.org/hook", b"{}", {}) == 200
        with pytest.raises(Unreachable):
            poster.post("https://another.example/hook", b"{}", {})
        poster.close()
        assert proxy.requests[-1].startswith(b"CONNECT 93.184.216.35:443 ")
    trusted.cache_clear()


def test_a_website_in_a_private_network_is_not_asked_for() -> None:
    with wire(tunnel(plain("{}"))) as proxy:
        fetcher = Fetcher("t", resolver=lambda _host: ["10.0.0.7"], proxy=proxy.url)
        with pytest.raises(Unreachable, match="private network"):
            fetcher.get("https://www.example.org/")
        fetcher.close()
    assert proxy.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        raw(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"),
        raw(b"HTTP/1.1 200"),
        raw(b"nonsense\r\n\r\n"),
        raw(b""),
        raw(b"x" * 40_000),
        lambda connection, _request: connection.recv(1),
    ],
)
def test_a_proxy_that_does_not_connect_costs_nothing(answer: Answerer) -> None:
    with wire(answer) as proxy, pytest.raises(SourceError) as caught:
        ask(proxy.url)
    assert (caught.value.billed, caught.value.cause.may_pass) == (Billed.NO, True)


def test_this_machine_is_asked_directly() -> None:
    with wire(plain("{}")) as here:
        assert ask("http://127.0.0.1:9", here.url).status == 200


@pytest.mark.parametrize(
    ("host", "leads"),
    [
        ("api.hunter.io", True), ("93.184.216.34", True), ("2606:2800:220:1::1", True),
        ("localhost", False), ("reacher", False), ("reacher.internal", False), ("printer.local", False),
        ("127.0.0.1", False), ("10.1.2.3", False), ("192.168.1.1", False), ("::1", False), ("fd00::1", False),
    ],
)  # fmt: skip
def test_whom_the_proxy_is_asked_for(host: str, leads: bool) -> None:
    proxy = proxy_of("http://proxy.example.com:3128")
    assert proxy
    assert proxy.leads_to(host) is leads


@pytest.mark.parametrize(
    "address",
    ["proxy.example.com:3128", "https://proxy.example.com:3128", "http://proxy.example.com", "http://:1"],
)
def test_an_address_that_is_no_proxy_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("OUTBOUND_PROXY", address)
    with pytest.raises(settings.SettingsError, match=re.escape("OUTBOUND_PROXY: has to be like http://")):
        settings.load(with_installation=False)


def test_its_password_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTBOUND_PROXY", "http://somebody:canary@proxy.example.com:3128")
    config = settings.load(with_installation=False)
    proxy = proxy_of(config.outbound_proxy.get_secret_value())
    assert "canary" not in f"{config!r}"
    assert proxy
    assert proxy.authorization not in repr(proxy)
