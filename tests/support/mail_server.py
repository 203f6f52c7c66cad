"""A mail server on a real socket that keeps what it is sent, and refuses or keeps waiting when told to."""

from __future__ import annotations

import asyncio
import email.policy
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.workers import eventually

SENDER = "ProspectPro <mail@prospectpro.example.com>"


class MailServer:
    """Keeps every mail it took. ``answers`` says what to answer to a command instead of taking it; the answer None
    never comes."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.mails: list[EmailMessage] = []
        self.answers: dict[str, str | None] = {}
        self.port = 0
        self.waiting: set[str] = set()
        self.passwords: list[str] = []
        self._loop = loop

    def wait_for(self, command: str) -> None:
        """Return once somebody waits for the answer to ``command``."""
        eventually(lambda: command in self.waiting, f"{command} to arrive")

    def settings(self) -> dict[str, str]:
        """Environment variables under which mails go here."""
        return {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.port),
            "SMTP_SECURITY": "none",
            "MAIL_FROM": SENDER,
        }

    async def handle_EHLO(
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self._answer("MAIL", "250 OK")

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self._answer(f"RCPT {address}", await self._answer("RCPT", "250 OK"))

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        answer = await self._answer("DATA", "250 OK")
        if answer.startswith("250"):
            content = cast(bytes, envelope.content)
            self.mails.append(message_from_bytes(content, policy=email.policy.default))
        return answer

    async def _answer(self, command: str, usual: str) -> str:
        answer = self.answers.get(command, usual)
        while answer is None:
            self.waiting.add(command)
            await asyncio.sleep(0.05)
            answer = self.answers.get(command, usual)
        return answer

    def authenticate(self, _server: SMTP, _session: Any, _envelope: Any, _kind: str, data: Any) -> AuthResult:  # noqa: ANN401
        """Take one password only."""
        given = cast(LoginPassword, data).password.decode()
        self.passwords.append(given)
        return AuthResult(success=given == "right", handled=False, message=f"535 no such password: {given}")


@contextmanager
def mail_server(
    *, asks_password: bool = False, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[MailServer]:
    """A running server on a free port, which with a certificate offers or begins with encryption."""
    loop = asyncio.new_event_loop()
    made = MailServer(loop)

    def protocol() -> SMTP:
        return SMTP(
            made,
            loop=loop,
            enable_SMTPUTF8=False,
            authenticator=made.authenticate if asks_password else None,
            auth_require_tls=starttls is not None,
            tls_context=starttls,
        )

    server = loop.run_until_complete(loop.create_server(protocol, "127.0.0.1", 0, ssl=tls))
    made.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        made.answers = {}
        asyncio.run_coroutine_threadsafe(_ended(server), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


async def _ended(server: asyncio.Server) -> None:
    """Take nobody new, and end every conversation."""
    server.close()
    conversations = asyncio.all_tasks() - {cast("asyncio.Task[Any]", asyncio.current_task())}
    for conversation in conversations:
        conversation.cancel()
    await asyncio.gather(*conversations, return_exceptions=True)
