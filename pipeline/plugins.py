"""Finding what a file declares: the modules of one of our packages, then those somebody added from outside.

A plugin is one file in a folder ``prospectpro_plugins`` on Python's path. The folder has no ``__init__.py``, so
several of them, in different places, count as one package: the packaging guide's "namespace packages",
https://packaging.python.org/en/latest/guides/creating-and-discovering-plugins/.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

from pydantic import ValidationError

from pipeline.errors import BrokenPlugin

PLUGINS = "prospectpro_plugins"


def modules(package: str) -> Iterator[ModuleType]:
    """The modules of ``package``, one of ours, and then every plugin, each by name; a leading ``_`` hides one.

    Raises BrokenPlugin for the first plugin that cannot be imported.
    """
    ours = import_module(package)
    for name in _names(list(ours.__path__)):
        yield import_module(f"{package}.{name}")
    for name in _names(_folders()):
        yield _plugin(name)


def file_of(module: ModuleType) -> str:
    """The file a module is in, for a sentence about it."""
    return module.__file__ or module.__name__


def _names(folders: list[str]) -> list[str]:
    found = (module.name for module in pkgutil.iter_modules(folders))
    return sorted(name for name in found if not name.startswith("_"))


def _folders() -> list[str]:
    """Every folder of plugins on the path; a name in several of them is taken from the first."""
    spec = find_spec(PLUGINS)
    if spec is None:
        return []
    if spec.origin is not None:
        raise BrokenPlugin(spec.origin, "the folder of plugins is no namespace package with this file in it.")
    return list(spec.submodule_search_locations or ())


def _plugin(name: str) -> ModuleType:
    try:
        return import_module(f"{PLUGINS}.{name}")
    except Exception as error:  # whatever a stranger's file does, the person at the terminal reads a sentence
        spec = find_spec(f"{PLUGINS}.{name}")
        file = (spec.origin if spec else None) or str(Path(_folders()[0]) / f"{name}.py")
        raise BrokenPlugin(file, _problem(error)) from error


def _problem(error: Exception) -> str:
    """The error as the end of a sentence: which field of a declaration is wrong, or what Python says."""
    if isinstance(error, ValidationError):
        wrong = (f"{'.'.join(map(str, found['loc']))}: {found['msg']}" for found in error.errors())
        return f"{'; '.join(wrong)}."
    return f"{type(error).__name__}: {' '.join(str(error).split()).rstrip('.')}."
