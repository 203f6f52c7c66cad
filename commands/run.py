"""The whole application from one terminal."""

from __future__ import annotations


def run() -> None:
    """Start everything: the databases unless you name your own, the web server and the workers."""
    from embedded import supervise

    supervise.run()
