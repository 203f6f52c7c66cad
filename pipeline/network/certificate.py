"""When the certificate of a web address ends, asked of whoever answers there."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

_TIMEOUT_S: Final = 5.0
_HTTPS: Final = 443
_HAS_EXPIRED: Final = 10  # OpenSSL's X509_V_ERR_CERT_HAS_EXPIRED.


class Unseen(Exception):
    """Nobody answered there with a certificate that can be checked; the message says why."""


class Ended(Exception):
    """The certificate has ended."""


def ends_at(address: str) -> datetime:
    """When the certificate of an https address ends. Raises Unseen and Ended."""
    found = urlsplit(address)
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((found.hostname or "", found.port or _HTTPS), _TIMEOUT_S) as plain,
            context.wrap_socket(plain, server_hostname=found.hostname) as secured,
        ):
            certificate = secured.getpeercert() or {}
    except ssl.SSLCertVerificationError as error:
        if error.verify_code == _HAS_EXPIRED:
            raise Ended from None
        raise Unseen(f"its certificate is not trusted here ({error.verify_message})") from None
    except (OSError, ValueError) as error:
        raise Unseen(f"it cannot be reached from here ({type(error).__name__})") from None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
