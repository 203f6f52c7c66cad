"""Plugins as somebody adds them: one file each, in a folder ``prospectpro_plugins`` that Python finds."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent

import settings
from pipeline.output.export_formats import formats
from pipeline.output.export_presets import presets
from pipeline.plugins import PLUGINS
from pipeline.providers.registry import registry

TOY_FORMAT = """
    from pipeline.output.export import COLUMNS, ExportFormat


    def write(rows, about):
        lines = [about.spec.title, *(str(COLUMNS[0].read(row)) for row in rows)]
        return "\\n".join(lines).encode()


    FORMAT = ExportFormat(key="toy", label="Toy", mime="text/plain", extension="toy", write=write)
"""


def add_plugin(path: Path, name: str, source: str) -> Path:
    """Write the plugin ``name`` below ``path``, which stands on Python's path; returns its file."""
    folder = path / PLUGINS
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.py"
    file.write_text(dedent(source))
    return file


@contextmanager
def added_plugin(path: Path, name: str, source: str) -> Iterator[None]:
    """This process as one that was started with the plugin."""
    add_plugin(path, name, source)
    sys.path.insert(0, str(path))
    _forget()
    try:
        yield
    finally:
        sys.path.remove(str(path))
        _forget()


def _forget() -> None:
    """Declarations are read once a process; here the next look reads them anew."""
    importlib.invalidate_caches()
    for module in [module for module in sys.modules if module.partition(".")[0] == PLUGINS]:
        del sys.modules[module]
    for read in (formats, presets, registry, settings.model, settings.get):
        read.cache_clear()
