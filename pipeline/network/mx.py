"""Whether a domain can receive mail at all, by DNS: free, and asked before money is spent on an address."""

from __future__ import annotations

import threading
from enum import Enum

import dns.exception
import dns.resolver

_LIFETIME_S = 4.0
# Every resolver that works knows this name; one that does not is no witness against any other.
_MUST_EXIST = ("com.", "NS")


class Mail(Enum):
    """What DNS says of a domain."""

    RECEIVES = "receives"
    CANNOT = "cannot"
    NOT_CHECKED = "not_checked"


class MailCheck:
    """Asks a name server once per domain; safe to use from many threads.

    ``server`` is ``address:port``; None takes the machine's own name servers.
    """

    def __init__(self, server: str | None = None) -> None:
        self._resolver = _resolver(server)
        self._known: dict[str, Mail] = {}
        self._lock = threading.Lock()
        self._works: bool | None = None

    def check(self, domain: str) -> Mail:
        """RFC 5321 §5.1: a mail exchanger, or failing that an address; RFC 7505: a null MX takes no mail.

        Whatever is no clear answer is NOT_CHECKED.
        """
        if domain not in self._known:
            # Without a lock: a name server that is slow about one domain must not hold up all others.
            self._known[domain] = self._asked(domain)
        return self._known[domain]

    @property
    def works(self) -> bool:
        """Whether the name server answers at all; asked once."""
        with self._lock:
            if self._works is None:
                self._works = self._has(*_MUST_EXIST) is True
            return self._works

    def _asked(self, domain: str) -> Mail:
        if not self.works:
            return Mail.NOT_CHECKED
        try:
            answer = self._resolver.resolve(domain, "MX")
        except dns.resolver.NXDOMAIN:
            return Mail.CANNOT
        except dns.resolver.NoAnswer:
            return self._by_address(domain)
        except dns.exception.DNSException:
            return Mail.NOT_CHECKED
        hosts = [str(record.exchange) for record in answer]
        return Mail.CANNOT if hosts == ["."] else Mail.RECEIVES

    def _by_address(self, domain: str) -> Mail:
        found = [self._has(domain, kind) for kind in ("A", "AAAA")]
        if True in found:
            return Mail.RECEIVES
        return Mail.NOT_CHECKED if None in found else Mail.CANNOT

    def _has(self, name: str, kind: str) -> bool | None:
        """Whether a record exists; None when nobody could say."""
        try:
            return bool(self._resolver.resolve(name, kind))
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return False
        except dns.exception.DNSException:
            return None


def _resolver(server: str | None) -> dns.resolver.Resolver:
    try:
        resolver = dns.resolver.Resolver(configure=not server)
    except dns.resolver.NoResolverConfiguration:
        resolver = dns.resolver.Resolver(configure=False)
    if server:
        host, _, port = server.rpartition(":")
        resolver.nameservers, resolver.port = [host], int(port)
    resolver.lifetime = _LIFETIME_S
    return resolver
