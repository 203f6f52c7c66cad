"""Which servers files may be sent to: those with public addresses, and those the installation names."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.network.public_address import Resolve, Unreachable, public_address, resolve


def servers(named: str) -> frozenset[tuple[str, int]]:
    """``nas.lan:22 minio.lan:9000`` as names and ports. Raises ValueError for what is none."""
    found = set()
    for one in named.replace(",", " ").split():
        host, colon, port = one.rpartition(":")
        if not colon or not host or not port.isdecimal() or not 0 < int(port) < 65536:
            raise ValueError("has to be like nas.lan:22 minio.lan:9000")
        found.add((host.lower(), int(port)))
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Reach:
    """``excepted`` servers may be in a private network, and be spoken to without encryption."""

    excepted: frozenset[tuple[str, int]] = frozenset()
    resolver: Resolve = resolve

    def is_excepted(self, host: str, port: int) -> bool:
        """Whether the installation names this server."""
        return (host.lower(), port) in self.excepted

    def address(self, host: str, port: int) -> str:
        """The address to connect to. Raises Unreachable for one in a private network."""
        if self.is_excepted(host, port):
            try:
                return self.resolver(host)[0]
            except (OSError, UnicodeError, IndexError):
                raise Unreachable("The server's name is not known.") from None
        try:
            return public_address(host, self.resolver).strip("[]")
        except Unreachable as error:
            raise Unreachable(str(error).replace("The site's", "The server's")) from None
