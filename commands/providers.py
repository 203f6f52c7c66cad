"""The providers of this installation, for the terminal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pipeline.providers.declaration import ProviderSpec

Json = Annotated[bool, typer.Option("--json", help="Print what each declares, as JSON.")]
Page = Annotated[str, typer.Option("--page", help="Print the frame of a provider's page of documents.")]


def providers(as_json: Json = False, page: Page = "") -> None:
    """List every source and look-up: its name in an order, whether it works here, and which settings it has."""
    import settings
    from pipeline.output.provider_pages import declared, frame
    from pipeline.providers.registry import registry
    from services.errors import NotFound

    settings.get()
    if page and page not in registry().providers:
        raise NotFound(f"There is no provider “{page}”. There are {', '.join(registry().providers)}.")
    if page:
        typer.echo(frame(registry().providers[page]), nl=False)
    elif as_json:
        typer.echo(json.dumps([declared(spec) for spec in registry()], ensure_ascii=False, indent=2))
    else:
        from commands._checks import secrets

        present = secrets.present(knows=True)
        for spec in registry():
            _tell(spec, present)


def _tell(spec: ProviderSpec, present: frozenset[str]) -> None:
    from pipeline.providers.registry import registry
    from store import provider_setup

    missing = provider_setup.missing(spec, present)
    state = f"off: set {' and '.join(missing)}" if missing else "on"
    name = spec.order_key if spec.order_key in registry().by_order_key else spec.key
    typer.echo(f"{name} ({spec.order_label}, {spec.kind}): {state}. {spec.help}")
    for setting in spec.settings:
        shown = "" if setting.is_secret or setting.default == "" else f" [{setting.default}]"
        typer.echo(f"  {setting.name}{shown}: {setting.help}")
