"""One mail to the mail server: within a bounded time, encrypted as asked, and in clear words what
came of it. What the server says is not repeated: it may hold what it was sent, the password included."""

from __future__ import annotations

import logging
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage

from email_validator import validate_email

from pipeline import events
from settings import MailServer, SmtpSecurity
from store import in_force

log = logging.getLogger(__name__)

_READY, _FOR_GOOD = 220, 500


class MailError(Exception):
    """The mail was not sent; the message names the step and the server's code.

    ServerAway    the server cannot be reached or takes no mail of ours at all: the others can wait, too
    TryLater      this one was refused for now
    GiveUp        this one was refused for good
    """


class ServerAway(MailError):
    """No mail of ours goes through at the moment."""


class TryLater(MailError):
    """This mail was refused for now."""


class GiveUp(MailError):
    """This mail was refused for good."""


@dataclass(frozen=True, slots=True)
class MailTimeouts:
    """The longest silence of the server, and the longest one mail may take however often the server says a little,
    in seconds."""

    answer_s: float = 10.0
    in_all_s: float = 30.0


_USUAL = MailTimeouts()


def send(mail: EmailMessage, config: MailServer, timeouts: MailTimeouts = _USUAL) -> None:
    """Hand ``mail`` over; returns once the server has taken it. Raises ServerAway, TryLater and GiveUp."""
    with _reached(config, timeouts) as server:
        _hand_over(mail, server)


def greet(config: MailServer, timeouts: MailTimeouts = _USUAL) -> None:
    """Sign in and send nothing: whether the settings are right. Raises ServerAway."""
    with _reached(config, timeouts):
        pass


@contextmanager
def _reached(config: MailServer, timeouts: MailTimeouts) -> Iterator[smtplib.SMTP]:
    try:
        with _connected(config, timeouts) as server:
            yield server
    except smtplib.SMTPAuthenticationError as error:
        raise ServerAway(f"SMTP_USER and SMTP_PASSWORD were refused ({error.smtp_code}).") from None
    except smtplib.SMTPNotSupportedError:
        raise ServerAway("The mail server does not offer what SMTP_SECURITY or SMTP_USER need.") from None
    except smtplib.SMTPResponseException as error:
        raise ServerAway(f"The mail server refused ({error.smtp_code}).") from None
    except ssl.SSLError:
        raise ServerAway("The connection to the mail server could not be encrypted.") from None
    except (smtplib.SMTPException, OSError) as error:
        raise ServerAway(f"The mail server does not answer ({type(error).__name__}).") from None


def handed_over(compose: Callable[[], EmailMessage], **about: object) -> MailError | None:
    """Compose a mail and hand it over; why it was not taken, or None. ``about`` goes into the log."""
    try:
        try:
            mail = compose()
        except (ValueError, MessageError):
            raise GiveUp("This address cannot be written to.") from None
        send(mail, in_force.mail())
    except MailError as error:
        events.warning(log, "mail_failed", reason=error, **about)
        return error
    return None


def deliverable(address: str) -> str:
    """The address of an account as every mail server knows it: a domain in other letters has such a form. Raises
    ValueError for one that is none."""
    checked = validate_email(address, check_deliverability=False, test_environment=True)
    return checked.ascii_email or checked.normalized


def _hand_over(mail: EmailMessage, server: smtplib.SMTP) -> None:
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        code = min(code for code, _ in error.recipients.values())
        raise _refused("The mailbox was refused", code) from None
    except smtplib.SMTPDataError as error:
        raise _refused("The mail was refused", error.smtp_code) from None
    except smtplib.SMTPSenderRefused as error:
        raise ServerAway(f"The sender in MAIL_FROM was refused ({error.smtp_code}).") from None
    except smtplib.SMTPNotSupportedError:
        raise GiveUp("The mail server cannot write to an address with these letters.") from None


def _refused(what: str, code: int) -> MailError:
    return (GiveUp if code >= _FOR_GOOD else TryLater)(f"{what} ({code}).")


@contextmanager
def _connected(config: MailServer, timeouts: MailTimeouts) -> Iterator[smtplib.SMTP]:
    context = ssl.create_default_context()
    is_tls = config.smtp_security is SmtpSecurity.TLS
    wait_s = timeouts.answer_s
    server = smtplib.SMTP_SSL(timeout=wait_s, context=context) if is_tls else smtplib.SMTP(timeout=wait_s)
    # smtplib checks the certificate against the name it was made with, which is without one here.
    server._host = config.smtp_host  # type: ignore[attr-defined]
    with _cut_off(server, timeouts.in_all_s):
        try:
            code, _ = server.connect(config.smtp_host, config.smtp_port)
            if code != _READY:
                raise ServerAway(f"The mail server takes no mail now ({code}).")
            if config.smtp_security is SmtpSecurity.STARTTLS:
                server.starttls(context=context)
            if config.smtp_user:
                server.login(config.smtp_user, config.smtp_password.get_secret_value())
            yield server
            # It has taken the mail: what goes wrong from here on changes nothing.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()


@contextmanager
def _cut_off(server: smtplib.SMTP, after_s: float) -> Iterator[None]:
    """End the connection when all together takes too long: a server that dribbles is never silent for long."""

    def end() -> None:
        with suppress(OSError, AttributeError):
            server.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    timer = threading.Timer(after_s, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
