"""The whole application from one terminal."""

from __future__ import annotations

from commands import _plugins as plugins
from commands._failures import told_plainly


def run() -> None:
    """Start everything: the databases unless you name your own, the web server and the workers."""
    import settings
    from embedded import supervise
    from embedded.errors import CannotStart

    with told_plainly(CannotStart, settings.SettingsError):
        plugins.load()
        supervise.run()
