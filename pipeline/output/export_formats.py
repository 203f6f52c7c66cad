"""The formats leads can be taken away in: what modules of ``pipeline/output/formats`` and plugins declare as FORMAT."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pipeline import plugins
from pipeline.errors import BrokenPlugin
from pipeline.output.export import ExportFormat

_PACKAGE = "pipeline.output.formats"


@cache
def formats() -> Mapping[str, ExportFormat]:
    """Every format by its key: ours first, then those of plugins, each by the name of its file.

    Raises BrokenPlugin for a plugin that cannot be imported, or whose key or ending another format has.
    """
    found: dict[str, ExportFormat] = {}
    for module in plugins.modules(_PACKAGE):
        declared = getattr(module, "FORMAT", None)
        if declared is None:
            continue
        if not isinstance(declared, ExportFormat):
            raise BrokenPlugin(plugins.file_of(module), "its FORMAT is no ExportFormat.")
        if any(
            declared.key == other.key or declared.extension == other.extension for other in found.values()
        ):
            problem = f"another format has the key “{declared.key}” or the ending “.{declared.extension}”."
            raise BrokenPlugin(plugins.file_of(module), problem)
        found[declared.key] = declared
    return MappingProxyType(found)


def by_extension(extension: str) -> ExportFormat | None:
    """The format of files that end like this, with or without the dot, or None."""
    wanted = extension.lstrip(".").casefold()
    return next((format for format in formats().values() if format.extension == wanted), None)
