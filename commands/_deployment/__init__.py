"""What ``deploy-check`` looks at, from outside, in the order in which one thing needs another."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from commands._checks.finding import Finding, State, wrong
from commands._deployment import door, others, work
from commands._deployment.asked import FAILURES, Asked

Look = Callable[[Asked], Iterator[Finding]]
ROWS = (
    *("reached", "headers", "sign-in", "live page", "key", "workers", "mail"),
    *("campaign", "progress", "live progress", "leads", "download", "cost", "isolation", "cleaned up"),
)
"""All that may be told of, in order."""
_LOOKS: tuple[tuple[str, Look], ...] = (
    ("reached", door.reached),
    ("headers", door.headers),
    ("sign-in", door.sign_in),
    ("key", others.key),
    ("campaign", work.findings),
)
_NEEDED = ("reached", "key")
_NOBODY = "Check the address, whether `manage.py serve` or `make run` runs, and the proxy before it."
_LOGS = "See the log of the web server, and of the proxy before it."


def findings(asked: Asked) -> Iterator[Finding]:
    """Everything that is looked at; what needs something that failed is not looked at."""
    for about, look in _LOOKS:
        found = list(_told(about, look, asked))
        yield from found
        if any(each.about == about in _NEEDED and each.state is State.WRONG for each in found):
            return


def _told(about: str, look: Look, asked: Asked) -> Iterator[Finding]:
    """What was found, and where the look itself failed, that."""
    try:
        yield from look(asked)
    except FAILURES as error:
        said = f"{error}".splitlines()[0] if f"{error}" else type(error).__name__
        yield wrong(about, said, _NOBODY if about == "reached" else _LOGS)
