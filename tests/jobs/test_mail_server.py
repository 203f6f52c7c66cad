"""Handing one mail to a mail server that refuses, hangs, lies or is not there, on a real socket."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest
import trustme

import settings
from jobs.mail_server import GiveUp, MailError, MailTimeouts, ServerAway, TryLater, send
from settings import Settings
from tests.support.mail_server import MailServer, mail_server

SHORT = MailTimeouts(answer_s=0.3, in_all_s=1.0)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


def chosen(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return settings.load(with_installation=False)


def mail() -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "mail@prospectpro.example.com", "owner@example.com", "Hello"
    made.set_content("Hello.")
    return made


def failure(given: Settings, timeouts: MailTimeouts = SHORT) -> MailError:
    with pytest.raises(MailError) as caught:
        send(mail(), given, timeouts)
    return caught.value


def test_a_mail_arrives(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    send(mail(), chosen(monkeypatch, **server.settings()))
    assert [taken["Subject"] for taken in server.mails] == ["Hello"]


@pytest.mark.parametrize(
    ("command", "answer", "kind", "said"),
    [
        ("RCPT", "450 mailbox busy", TryLater, "The mailbox was refused (450)."),
        ("RCPT", "550 no such mailbox", GiveUp, "The mailbox was refused (550)."),
        ("DATA", "451 try later", TryLater, "The mail was refused (451)."),
        ("DATA", "554 looks like spam", GiveUp, "The mail was refused (554)."),
        ("MAIL", "550 not your domain", ServerAway, "The sender in MAIL_FROM was refused (550)."),
    ],
)
def test_every_refusal_is_told_apart(
    server: MailServer,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    answer: str,
    kind: type[MailError],
    said: str,
) -> None:
    server.answers[command] = answer
    error = failure(chosen(monkeypatch, **server.settings()))
    assert (type(error), str(error)) == (kind, said)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_a_server_that_hangs_is_left(
    server: MailServer, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    server.answers[command] = None
    assert isinstance(failure(chosen(monkeypatch, **server.settings())), ServerAway)


@pytest.mark.parametrize(
    "greeting", [b"", b"554 go away\r\n", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"220-and\r\n"]
)
def test_whatever_answers_instead_of_a_mail_server(greeting: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing, a refusal, another protocol, and a greeting that never ends although something comes all the time."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        thread = threading.Thread(target=_say_again_and_again, args=(listener, greeting), daemon=True)
        thread.start()
        port = str(listener.getsockname()[1])
        given = chosen(
            monkeypatch,
            SMTP_HOST="127.0.0.1",
            SMTP_PORT=port,
            MAIL_FROM="a@example.com",
            SMTP_SECURITY="none",
        )
        assert isinstance(failure(given), ServerAway)
        thread.join(30)
        assert not thread.is_alive()


def _say_again_and_again(listener: socket.socket, greeting: bytes) -> None:
    connection, _ = listener.accept()
    connection.settimeout(0.1)
    with connection:
        while True:
            try:
                connection.sendall(greeting)
                if connection.recv(1000) == b"":
                    return
            except TimeoutError:
                continue
            except OSError:
                return


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = str(listener.getsockname()[1])
    given = chosen(
        monkeypatch, SMTP_HOST="127.0.0.1", SMTP_PORT=port, MAIL_FROM="a@example.com", SMTP_SECURITY="none"
    )
    assert str(failure(given)) == "The mail server does not answer (ConnectionRefusedError)."


@pytest.mark.parametrize(("security", "said"), [("starttls", "SMTP_SECURITY"), ("tls", "encrypted")])
def test_a_connection_that_cannot_be_encrypted_is_not_used(
    monkeypatch: pytest.MonkeyPatch, security: str, said: str
) -> None:
    with mail_server(asks_password=True) as server:
        given = {"SMTP_SECURITY": security, "SMTP_USER": "somebody", "SMTP_PASSWORD": "right"}
        error = failure(chosen(monkeypatch, **{**server.settings(), **given}))
    assert isinstance(error, ServerAway)
    assert said in str(error)
    assert (server.passwords, server.mails) == ([], [])


@pytest.fixture
def certificate(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ssl.SSLContext:
    """Of a server called localhost, by an authority this machine trusts."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_encrypted_connection_is_used_when_its_certificate_is_the_servers(
    monkeypatch: pytest.MonkeyPatch, certificate: ssl.SSLContext, security: str
) -> None:
    with mail_server(asks_password=True, **{security: certificate}) as server:
        given = {"SMTP_SECURITY": security, "SMTP_USER": "somebody", "SMTP_PASSWORD": "right"}
        named = {**server.settings(), **given, "SMTP_HOST": "localhost"}
        send(mail(), chosen(monkeypatch, **named))
        assert server.passwords == ["right"]
        another_name = {**named, "SMTP_HOST": "127.0.0.1"}
        assert "could not be encrypted" in str(failure(chosen(monkeypatch, **another_name)))
    assert len(server.mails) == 1


def test_signing_in_with_the_right_and_the_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(asks_password=True) as server:
        monkeypatch.setenv("SMTP_USER", "somebody")
        send(mail(), chosen(monkeypatch, **server.settings(), SMTP_PASSWORD="right"))
        error = failure(chosen(monkeypatch, **server.settings(), SMTP_PASSWORD="canary-password"))
    assert server.passwords[-1] == "canary-password"
    assert len(server.mails) == 1
    assert str(error) == "SMTP_USER and SMTP_PASSWORD were refused (535)."


def test_a_mailbox_no_old_server_can_write_to_is_given_up(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, foreign = chosen(monkeypatch, **server.settings()), mail()
    foreign.replace_header("To", "käyttäjä@example.com")
    with pytest.raises(GiveUp, match="letters"):
        send(foreign, given)
