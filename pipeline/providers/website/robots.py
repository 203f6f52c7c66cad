"""What the owners of sites let robots read, and how fast (RFC 9309, and the Crawl-delay and Request-rate beside it)."""

from __future__ import annotations

from collections import OrderedDict

from protego import Protego

from pipeline.network.public_address import Unreachable, checked
from pipeline.providers.website.guard import Fetcher

ROBOT = "ProspectPro"
_MAX_BYTES = 500_000  # RFC 9309, 2.5: a crawler reads at least 500 kibibytes.
_KEPT = 500


class Robots:
    """What the robots.txt of each host says; each is read once while it is among the newest 500."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher
        self._known: OrderedDict[str, Protego] = OrderedDict()

    def allow(self, url: str) -> bool:
        """Whether the owner of the URL's host lets us read it; raises Unreachable."""
        return bool(self._of(url).can_fetch(url, ROBOT))

    def pause_s(self, url: str) -> float:
        """The seconds the owner wants between two pages; raises Unreachable."""
        rules = self._of(url)
        rate = rules.request_rate(ROBOT)
        return max(
            rules.crawl_delay(ROBOT) or 0.0, rate.seconds / rate.requests if rate and rate.requests else 0.0
        )

    def _of(self, url: str) -> Protego:
        """No file allows everything, a server that fails forbids everything."""
        scheme, host, _ = checked(url)
        origin = f"{scheme}://{host}"
        rules = self._known.get(origin)
        if rules is None:
            rules = self._known[origin] = self._read(origin)
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return rules

    def _read(self, origin: str) -> Protego:
        page = self._fetcher.get(f"{origin}/robots.txt")
        if page.status >= 500 or page.status == 429:
            raise Unreachable("The site cannot say at the moment whether robots may read it.")
        is_given = page.status < 400 and "html" not in page.content_type
        return rules_of(page.content if is_given else b"")


def rules_of(content: bytes) -> Protego:
    """The rules of a robots.txt, whatever marks of byte order, bad bytes and line ends it holds."""
    text = content[:_MAX_BYTES].decode("utf-8-sig", errors="replace").lstrip("\ufeff")
    return Protego.parse(text.replace("\x00", ""))
