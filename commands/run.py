"""The whole application from one terminal."""

from __future__ import annotations

from commands import _plugins as plugins


def run() -> None:
    """Start everything: the databases unless you name your own, the web server and the workers."""
    from embedded import supervise

    plugins.load()
    supervise.run()
