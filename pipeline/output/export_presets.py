"""The presets of exports: what modules of ``pipeline/output/presets`` and plugins declare as PRESET.

A preset is a format of its own: a table in another format, with columns of its own and perhaps not every lead.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType

from pipeline import plugins
from pipeline.errors import BrokenPlugin
from pipeline.geo.countries import country_name
from pipeline.lead import EmailStatus
from pipeline.output.export import USUAL_SPELLING, Cell, Column, ExportFormat, ExportRow, Layout, Spelling
from pipeline.output.export_formats import formats

_PACKAGE = "pipeline.output.presets"
_NOBODY_READS = frozenset({EmailStatus.INVALID, EmailStatus.DISPOSABLE})
FOR_IMPORTERS = Spelling(has_mark=False)
"""What systems read that import a table: UTF-8 with commas, and no mark that would belong to the first heading."""


def preset(  # noqa: PLR0913 - what makes a preset
    base: ExportFormat,
    *,
    key: str,
    label: str,
    told: str,
    columns: Sequence[tuple[str, Callable[[ExportRow], Cell | None]]],
    takes: Callable[[ExportRow], bool],
    spelling: Spelling = USUAL_SPELLING,
) -> ExportFormat:
    """A table in the format ``base`` with these headings, and what each column holds of a lead."""
    layout = Layout(columns=tuple(Column(title, 24, read) for title, read in columns), spelling=spelling)
    stream = base.stream
    return ExportFormat(
        key=key,
        label=label,
        mime=base.mime,
        extension=base.extension,
        write=lambda rows, about: base.file(rows, about, layout),
        told=told,
        takes=takes,
        headings=tuple(title for title, _ in columns),
        stream=(lambda rows, about, _, target: stream(rows, about, layout, target)) if stream else None,
        most=base.most,
    )


@cache
def presets() -> Mapping[str, ExportFormat]:
    """Every preset by its key: ours first, then those of plugins, each by the name of its file.

    Raises BrokenPlugin for a plugin that cannot be imported, or whose key a format or another preset has.
    """
    found: dict[str, ExportFormat] = {}
    for module in plugins.modules(_PACKAGE):
        declared = getattr(module, "PRESET", None)
        if declared is None:
            continue
        if not isinstance(declared, ExportFormat):
            raise BrokenPlugin(plugins.file_of(module), "its PRESET is no ExportFormat.")
        if declared.key in found or declared.key in formats():
            problem = f"another format or preset has the key “{declared.key}”."
            raise BrokenPlugin(plugins.file_of(module), problem)
        found[declared.key] = declared
    return MappingProxyType(found)


def known() -> Mapping[str, ExportFormat]:
    """Every format and every preset by its key."""
    return {**formats(), **presets()}


def value(name: str) -> Callable[[ExportRow], Cell | None]:
    """Reads a field of ``pipeline.fields`` by its name."""
    return lambda row: row.values.get(name)


def country(row: ExportRow) -> str | None:
    """The country's English name, which address fields of other programs ask for."""
    code = row.values.get("country")
    return country_name(code) if code else None


def address_line(row: ExportRow) -> str | None:
    """The address on one line, with the country that a map needs to find it."""
    line = row.values.get("address")
    return ", ".join(part for part in (line, country(row)) if part) if line else None


def email(row: ExportRow) -> str | None:
    """The address, unless its mailbox does not exist or was made to be thrown away."""
    return None if row.email_status in _NOBODY_READS else row.values.get("email")


def described(row: ExportRow) -> str:
    """What it is, and whom to credit: the licence asks for it wherever the data goes."""
    return f"{row.category} · {row.attribution}"
