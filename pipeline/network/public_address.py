"""Which addresses that strangers name may be connected to: public ones alone, each under its own port.

The rules (OWASP, Server-Side Request Forgery Prevention): http and https on their own ports, no user names; the host
is resolved once, every address it has must be a public one, and the connection goes to that very address.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from pipeline.contact.contacts import host_ascii

_PORTS = {"http": 80, "https": 443}
# Addresses that hide another one, and one block that only partly counts as private elsewhere.
_REFUSED = tuple(
    ipaddress.ip_network(net)
    for net in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "::ffff:0:0/96",
        "2001::/32",
        "fec0::/10",
        "192.0.0.0/24",
    )
)

Resolve = Callable[[str], Sequence[str]]
"""The addresses of a host name; raises OSError."""


class Unreachable(Exception):
    """An address cannot or must not be reached; the message says why in words for people."""


def resolve(host: str) -> Sequence[str]:
    """The addresses the machine's resolver gives."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(item[4][0]) for item in found))


def checked(url: str) -> tuple[str, str, str]:
    """Scheme, host and the rest of a URL that may be fetched; raises Unreachable."""
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise Unreachable("The address is not a web address.") from None
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc:
        raise Unreachable("The address is not a public web address.")
    if port not in (None, _PORTS[parts.scheme]):
        raise Unreachable("The address names an unusual port.")
    name = host_ascii(host)
    if name is None or not _is_name(name):
        raise Unreachable("The address is not a public web address.")
    rest = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return parts.scheme, name, rest


def public_address(host: str, resolver: Resolve = resolve) -> str:
    """The first address of a host, as it is written in a URL, all of which are public; raises Unreachable."""
    try:
        addresses = resolver(host)
    except (OSError, UnicodeError):
        raise Unreachable("The site's name is not known.") from None
    if not addresses:
        raise Unreachable("The site's name is not known.")
    if not all(is_public(address) for address in addresses):
        raise Unreachable("The site's name leads into a private network.")
    return f"[{addresses[0]}]" if ":" in addresses[0] else addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, and hides no other one inside."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if any(ip.version == net.version and ip in net for net in _REFUSED):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _is_name(host: str) -> bool:
    """A host name with a letter in its ending: no IP address in whatever spelling, no name without a dot."""
    ending = host.rpartition(".")[2]
    return "." in host and any(char.isalpha() for char in ending) and not ending.startswith("0x")
