"""The fields of a file that is sent again and again: when, as what, and where."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import streamlit as st

from pipeline.delivery.places import Target
from pipeline.output.export import COLUMNS, USUAL_SPELLING, Spelling
from pipeline.output.export_presets import known
from pipeline.output.formats import csv
from services import export_places
from services.export_places import Delivery
from services.scheduled_exports import ExportScheduleRow
from ui import export_place_fields, refused, repeating_cards, schedule_form
from ui.text import plain

TARGETS: Final = {
    Target.MAIL: "A link by mail",
    Target.LINK: "A link for spreadsheets",
    Target.SFTP: "SFTP",
    Target.S3: "A bucket (S3)",
    Target.WEBHOOK: "A webhook",
}
_TOLD = {
    Target.MAIL: "You are mailed a link to the file, which waits here for you alone. The file is in no mail.",
    Target.LINK: "Whoever has the link gets the newest file as CSV, as Google Sheets does. Choose every hour or day.",
    Target.SFTP: "The file is written into a folder that is there already.",
    Target.S3: "Any store that speaks Amazon's S3. The key needs to put and delete objects, and nothing else.",
    Target.WEBHOOK: "A signed message holds the file, up to 5 MB.",
}
_TRIED = "export_tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the fields begin with; ``kept`` is the schedule they are of, if it is there already."""

    times: tuple[str, str, str]
    format: str = csv.FORMAT.key
    columns: Sequence[str] = ()
    spelling: Spelling
    target: Target = Target.MAIL
    place: Mapping[str, Any] = field(default_factory=dict)
    kept: UUID | None = None


def of_row(row: ExportScheduleRow) -> Start:
    """What the fields hold of a schedule there is."""
    return Start(
        times=(row.name, row.cron, row.time_zone),
        format=row.format,
        columns=row.asked["columns"],
        spelling=Spelling.model_validate(row.asked["spelling"]),
        target=Target(row.target),
        place=row.place,
        kept=row.id,
    )


def fields(key: str, start: Start, wrong: Mapping[str, str]) -> Delivery | None:
    """Draw the fields; what they say, None while the time is missing."""
    name, cron, zone = schedule_form.times(key, start.times, wrong)
    target = st.radio(
        "Where to",
        list(TARGETS),
        list(TARGETS).index(start.target),
        format_func=TARGETS.__getitem__,
        key=f"target_{key}",
        horizontal=True,
    )
    st.caption(_TOLD[target])
    format, columns = _as(key, start, wrong, is_link=target is Target.LINK)
    draw = export_place_fields.DRAWN.get(target)
    before = start.place if target == start.target else {}
    keeps = bool(start.kept) and target == start.target
    place, secret = draw(key, before, wrong, keeps=keeps) if draw else ({}, "")
    refused.below(wrong)
    if cron is None:
        return None
    return Delivery(
        name=name,
        cron=cron,
        time_zone=zone,
        format=format,
        columns=columns,
        spelling=USUAL_SPELLING.model_copy(update={"has_mark": False})
        if target is Target.LINK
        else start.spelling,
        target=target,
        place=place,
        secret=secret,
    )


def buttons(
    label: str,
    key: str,
    wanted: Delivery | None,
    act: Callable[[Delivery], None],
    kept: UUID | None,
) -> None:
    """What can be done with the fields: ``act``, and trying whether files arrive; ``kept`` is the schedule there is."""
    st.button(label, type="primary", key=f"save-{key}", disabled=wanted is None, on_click=act, args=(wanted,))
    if wanted is None or wanted.target in (Target.MAIL, Target.LINK):
        return
    st.button("Try it now", key=f"try-{key}", on_click=_tried, args=(key, wanted, kept))
    if st.session_state.pop(_TRIED, None) == key:
        st.success("It works.")
    elif why := repeating_cards.wrong(key).get("place"):
        st.error(plain(why))


def _tried(key: str, wanted: Delivery, kept: UUID | None) -> None:
    """A callback."""
    if repeating_cards.done(key, lambda person: export_places.try_out(person, wanted, kept)):
        st.session_state[_TRIED] = key


def _as(key: str, start: Start, wrong: Mapping[str, str], *, is_link: bool) -> tuple[str, Sequence[str]]:
    formats = {
        each: format
        for each, format in known().items()
        if format.stream and (not is_link or each == csv.FORMAT.key)
    }
    left, right = st.columns(2)
    chosen = left.selectbox(
        "As",
        list(formats),
        list(formats).index(start.format) if start.format in formats else 0,
        format_func=lambda each: formats[each].label,
        key=f"as_{is_link}_{key}",
    )
    refused.below(wrong, "format")
    if not formats[chosen].arrange:
        return chosen, ()
    titles = [column.title for column in COLUMNS]
    columns = right.multiselect(
        "Columns",
        titles,
        [title for title in start.columns if title in titles],
        key=f"columns_{key}",
        placeholder="All, in their usual order",
    )
    return chosen, columns
