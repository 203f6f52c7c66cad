"""ProspectPro's command line: every module of ``commands/`` is one command of the same name, or a group of them."""

from __future__ import annotations

import pkgutil
from importlib import import_module

import typer

import commands
from commands._failures import told_plainly


def application() -> typer.Typer:
    """The command line with every command."""
    app = typer.Typer(
        help="ProspectPro: open lead generation.", no_args_is_help=True, pretty_exceptions_enable=False
    )
    for module in pkgutil.iter_modules(commands.__path__):
        if not module.name.startswith("_"):
            made = getattr(import_module(f"commands.{module.name}"), module.name)
            name = module.name.replace("_", "-")
            if isinstance(made, typer.Typer):
                app.add_typer(made, name=name)
            else:
                app.command(name)(told_plainly()(made))
    return app


def names(app: typer.Typer) -> frozenset[str]:
    """The names of all commands and groups of them."""
    single = (command.name for command in app.registered_commands)
    return frozenset(map(str, (*single, *(group.name for group in app.registered_groups))))


if __name__ == "__main__":
    application()()
