"""ProspectPro's command line: every module of ``commands/`` is one command of the same name."""

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
            function = getattr(import_module(f"commands.{module.name}"), module.name)
            app.command(module.name.replace("_", "-"))(told_plainly()(function))
    return app


if __name__ == "__main__":
    application()()
