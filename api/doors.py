"""How many connections are open, in all and from one network."""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Sequence

# What one customer of a provider usually has of IPv6 (RFC 6177); of IPv4 it is one address.
_NETWORK_BITS = 64


def neighbourhood(address: str) -> str:
    """What addresses are counted by: one of IPv4, the network of one of IPv6."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return address
    return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False))


class Doors:
    """The connections of one server; ``proxies`` are addresses and networks that bring many people."""

    def __init__(self, most: int, most_of_one: int, proxies: Sequence[str]) -> None:
        self._most, self._most_of_one = most, most_of_one
        self._proxies = [network for each in proxies if (network := _network(each))]
        self._all_proxies = "*" in proxies
        self._open: Counter[str] = Counter()

    def refusal(self, address: str) -> int:
        """The status with which one more connection from here is refused; 0 when it is welcome."""
        if self._open.total() >= self._most:
            return 503
        is_full = self._open[neighbourhood(address)] >= self._most_of_one
        return 429 if is_full and not self._is_proxy(address) else 0

    def enter(self, address: str) -> None:
        """One more is open."""
        self._open[neighbourhood(address)] += 1

    def leave(self, address: str) -> None:
        """One less is open."""
        place = neighbourhood(address)
        self._open[place] -= 1
        if not self._open[place]:
            del self._open[place]

    def _is_proxy(self, address: str) -> bool:
        if self._all_proxies:
            return True
        found = _network(address)
        return found is not None and any(
            found.version == each.version and found.network_address in each for each in self._proxies
        )


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None
