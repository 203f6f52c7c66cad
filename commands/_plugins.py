"""What every long-running command does first: load what plugins declare, so that a broken one is told at once."""

from __future__ import annotations


def load() -> None:
    """Load every plugin. Raises BrokenPlugin, whose sentence ``told_plainly`` prints."""
    from pipeline.output import export_presets
    from pipeline.providers.registry import registry

    export_presets.known()
    registry()
