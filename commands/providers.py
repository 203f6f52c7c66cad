"""The providers of this installation, for the terminal."""

from __future__ import annotations

import typer


def providers() -> None:
    """List every source and look-up: its name in an order, whether it works here, and which settings it has."""
    import settings
    from jobs import provider_setup
    from pipeline.providers.registry import registry

    settings.get()
    for spec in registry():
        missing = provider_setup.missing(spec)
        state = f"off: set {' and '.join(missing)}" if missing else "on"
        name = spec.order_key if spec.order_key in registry().by_order_key else spec.key
        typer.echo(f"{name} ({spec.order_label}, {spec.kind}): {state}. {spec.help}")
        for setting in spec.settings:
            shown = "" if setting.is_secret or setting.default == "" else f" [{setting.default}]"
            typer.echo(f"  {setting.name}{shown}: {setting.help}")
