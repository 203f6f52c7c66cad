"""What people wrote or uploaded about somebody, as a report tells it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from pipeline.corrections import WORKED_OUT
from pipeline.output.subject_report import Told
from pipeline.suppression import Subject
from store import lists, subject_invitations, subject_tags, subject_views, subject_work
from store.database import Connection
from store.subject_work import HeldEdit, HeldNote


def told(conn: Connection, workspace_id: UUID, subject: Subject) -> Mapping[str, Told]:
    """Notes, corrected values, tags, saved views, invitations and uploaded lists that name the subject."""
    tags = subject_tags.held(conn, workspace_id, subject)
    views = subject_views.held(conn, workspace_id, subject)
    invited = subject_invitations.held(conn, workspace_id, subject)
    listed = lists.naming(conn, workspace_id, subject)
    return {
        "done_in_the_book": [_note(note) for note in subject_work.notes(conn, workspace_id, subject)],
        "typed_by_people": [_edit(edit) for edit in subject_work.edits(conn, workspace_id, subject)],
        "tags_of_campaigns": [{"campaign": campaign, "tag": tag} for campaign, tag in tags],
        "saved_views": [
            {"name": view.name, "made_by": view.by, "since": moment(view.since)} for view in views
        ],
        "invitations": [
            {"address": one.email, "role": one.role, "made_by": one.by, "at": moment(one.at)}
            for one in invited
        ],
        "uploaded_lists": [
            {"name": name, "kind": kind, "uploaded_at": moment(since)} for name, kind, since in listed
        ],
    }


def moment(at: datetime) -> str:
    """``2026-11-27 01:45 UTC``."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def _note(note: HeldNote) -> Mapping[str, Told]:
    said = note.detail.get("text") if note.kind == "note" else note.detail.get("to")
    return {
        "at": moment(note.at),
        "by": note.by,
        "what": note.kind,
        "said": said if isinstance(said, str) or said is None else json.dumps(said, ensure_ascii=False),
    }


def _edit(edit: HeldEdit) -> Mapping[str, Told]:
    return {
        "at": moment(edit.at),
        "by": edit.by,
        "field": edit.field,
        "value": ", ".join(
            str(value)
            for name, value in edit.typed.items()
            if name not in WORKED_OUT and isinstance(value, str)
        )
        or None,
    }
