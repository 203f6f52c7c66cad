"""What people choose about exports: columns saved under a name for the workspace, and the spelling each wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from pipeline.output.export import BY_TITLE, Layout, Spelling
from pipeline.output.export_formats import formats
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.names import named
from services.permissions import Right, require
from store import export_presets
from store.database import Role, transaction
from store.export_presets import StoredPreset as StoredPreset
from store.ids import new_id

MAX_NAME = 60
"""Characters of a preset's name; our own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportChoices:
    """What there is to choose from: the workspace's presets, and the spelling the person chose last."""

    presets: tuple[StoredPreset, ...]
    spelling: Spelling


def choices(person: Person) -> ExportChoices:
    """The presets of the workspace whose formats are there, and the person's spelling."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found, spelling = export_presets.choices(conn, person.workspace_id, person.id)
    known = tuple(preset for preset in found if preset.format in formats())
    return ExportChoices(presets=known, spelling=Spelling.model_validate(spelling))


def layout(columns: Sequence[str], spelling: Spelling) -> Layout:
    """The layout with these columns, by their headings; those there are no more are left out, and none means all."""
    chosen = tuple(BY_TITLE[title] for title in columns if title in BY_TITLE)
    return Layout(columns=chosen, spelling=spelling) if chosen else Layout(spelling=spelling)


def save(person: Person, name: str, format: str, columns: Sequence[str]) -> UUID:
    """Keep a choice of columns for the workspace; returns its id.

    Raises NotAllowed, Conflict for a name that is taken, and Invalid for what cannot be kept.
    """
    require(person, Right.EXPORT_LEADS)
    known = formats().get(format)
    if known is None or known.arrange is None:
        raise Invalid({"format": "Choose a format that has columns to choose."})
    if not columns or not set(columns) <= set(BY_TITLE):
        raise Invalid({"columns": "Choose at least one column."})
    preset_id, title = new_id(), named(name, MAX_NAME)
    with transaction(Role.WEB, proof=person.proof) as conn:
        is_new = export_presets.add(
            conn, person.workspace_id, person.id, (preset_id, title, format), list(dict.fromkeys(columns))
        )
    if not is_new:
        raise Conflict(f"There is a preset called “{title}”. Choose another name.")
    return preset_id


def delete(person: Person, preset_id: UUID) -> None:
    """Delete a preset for everybody. Raises NotAllowed and NotFound."""
    require(person, Right.EXPORT_LEADS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        is_gone = export_presets.remove(conn, person.workspace_id, preset_id)
    if not is_gone:
        raise NotFound("That preset is gone, or only its maker or an admin may delete it.")


def remember(person: Person, spelling: Spelling) -> None:
    """Keep how the person wants text tables spelled."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        export_presets.choose_spelling(conn, person.id, spelling.model_dump_json())
