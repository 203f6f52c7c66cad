"""The fields of a file that is sent again and again: when, as what, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import streamlit as st

from pipeline.delivery.places import SFTP_PORT, Target
from pipeline.output.export import COLUMNS, Spelling
from pipeline.output.export_presets import known
from pipeline.output.webhook_message import new_secret
from services import export_places
from services.export_places import Delivery
from services.scheduled_exports import ExportScheduleRow
from ui import refused, repeating_cards, schedule_form

TARGETS: Final = {
    Target.MAIL: "A link by mail",
    Target.SFTP: "SFTP",
    Target.S3: "A bucket (S3)",
    Target.WEBHOOK: "A webhook",
}
_BY_PASSWORD, _BY_KEY = "Password", "Private key"
_KEPT = "Kept. Type another one to change it"
_TOLD = {
    Target.MAIL: "You are mailed a link to the file, which waits here for you alone. The file is in no mail.",
    Target.SFTP: "The file is written into a folder that is there already.",
    Target.S3: "Any store that speaks Amazon's S3. The key needs to put and delete objects, and nothing else.",
    Target.WEBHOOK: "A signed message holds the file, up to 5 MB.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What the fields begin with; ``kept`` is the schedule they are of, if it is there already."""

    times: tuple[str, str, str]
    format: str = "csv"
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
    format, columns = _as(key, start, wrong)
    target = st.radio(
        "Where to",
        list(TARGETS),
        list(TARGETS).index(start.target),
        format_func=TARGETS.__getitem__,
        key=f"target_{key}",
        horizontal=True,
    )
    st.caption(_TOLD[target])
    draw = {Target.SFTP: _sftp, Target.S3: _s3, Target.WEBHOOK: _webhook}.get(target)
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
        spelling=start.spelling,
        target=target,
        place=place,
        secret=secret,
    )


def _as(key: str, start: Start, wrong: Mapping[str, str]) -> tuple[str, Sequence[str]]:
    formats = {each: format for each, format in known().items() if format.stream}
    left, right = st.columns(2)
    chosen = left.selectbox(
        "As",
        list(formats),
        list(formats).index(start.format) if start.format in formats else 0,
        format_func=lambda each: formats[each].label,
        key=f"as_{key}",
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


def _text(
    label: str, name: str, key: str, start: Mapping[str, Any], wrong: Mapping[str, str], **more: str
) -> str:
    typed = st.text_input(label, start.get(name, ""), key=f"{name}_{key}", max_chars=500, **more)  # type: ignore[call-overload]
    refused.below(wrong, name)
    return str(typed)


def _secret(label: str, key: str, wrong: Mapping[str, str], *, keeps: bool) -> str:
    typed = st.text_input(
        label, key=f"secret_{key}", type="password", autocomplete="off", placeholder=_KEPT if keeps else ""
    )
    refused.below(wrong, "secret")
    return str(typed)


def _sftp(
    key: str, start: Mapping[str, Any], wrong: Mapping[str, str], *, keeps: bool
) -> tuple[dict[str, object], str]:
    left, right = st.columns([3, 1])
    with left:
        host = _text("Server", "host", key, start, wrong, placeholder="files.example.com")
    with right:
        port = st.number_input("Port", 1, 65535, start.get("port", SFTP_PORT), key=f"port_{key}")
        refused.below(wrong, "port")
    left, right = st.columns(2)
    with left:
        user = _text("User", "user", key, start, wrong, autocomplete="off")
    with right:
        folder = _text("Folder", "folder", key, start, wrong, placeholder="The user's own")
    by = st.radio("Sign in by", (_BY_PASSWORD, _BY_KEY), key=f"by_{key}", horizontal=True)
    if by == _BY_PASSWORD:
        secret = _secret(by, key, wrong, keeps=keeps)
    else:
        secret = st.text_area(
            "Private key, without a password of its own",
            key=f"private_{key}",
            placeholder=_KEPT if keeps else "-----BEGIN OPENSSH PRIVATE KEY-----",
        )
        secret = f"{secret.strip()}\n" if secret.strip() else ""
        refused.below(wrong, "secret")
    place: dict[str, object] = {"host": host, "port": int(port), "user": user, "folder": folder}
    return {**place, "host_key": _host_key(key, place, str(start.get("host_key", "")), wrong)}, secret


def _host_key(key: str, place: Mapping[str, object], confirmed: str, wrong: Mapping[str, str]) -> str:
    """The key that was confirmed: before, or just now of the server that is named now."""
    shown = f"host_key_{key}"
    of, found = st.session_state.get(shown, (None, ""))
    st.button("Ask the server for its key", key=f"ask_{key}", on_click=_ask, args=(key, shown, dict(place)))
    if of != place:
        if confirmed:
            st.caption(f"Confirmed: {confirmed}")
        refused.below(wrong, "host_key")
        return confirmed
    st.code(found, language=None, wrap_lines=True)
    is_right = st.checkbox("I compared it with what the owner of the server says", key=f"right_{key}_{found}")
    refused.below(wrong, "host_key")
    return found if is_right else ""


def _ask(key: str, shown: str, place: dict[str, object]) -> None:
    """A callback."""
    st.session_state.pop(shown, None)

    def ask(person: Any) -> None:  # noqa: ANN401 - a Person
        st.session_state[shown] = (place, export_places.key_shown(person, place))

    repeating_cards.done(key, ask)


def _s3(
    key: str, start: Mapping[str, Any], wrong: Mapping[str, str], *, keeps: bool
) -> tuple[dict[str, object], str]:
    left, right = st.columns([3, 1])
    with left:
        endpoint = _text(
            "Endpoint", "endpoint", key, start, wrong, placeholder="https://s3.eu-central-1.amazonaws.com"
        )
    with right:
        region = _text("Region", "region", key, {"region": "us-east-1", **start}, wrong)
    left, right = st.columns(2)
    with left:
        bucket = _text("Bucket", "bucket", key, start, wrong)
        access_key = _text("Access key", "access_key", key, start, wrong, autocomplete="off")
    with right:
        prefix = _text("Folder in it", "prefix", key, start, wrong, placeholder="None")
        secret = _secret("Secret key", key, wrong, keeps=keeps)
    place: dict[str, object] = {
        "endpoint": endpoint,
        "region": region,
        "bucket": bucket,
        "prefix": prefix,
        "access_key": access_key,
    }
    return place, secret


def _webhook(
    key: str, start: Mapping[str, Any], wrong: Mapping[str, str], *, keeps: bool
) -> tuple[dict[str, object], str]:
    url = _text("Address", "url", key, start, wrong, placeholder="https://crm.example.com/files")
    made = f"signing_{key}"
    if keeps and made not in st.session_state:
        st.button("Sign with another secret", key=f"renew_{key}", on_click=_renew, args=(made,))
        refused.below(wrong, "secret")
        return {"url": url}, ""
    secret = st.session_state.setdefault(made, new_secret())
    st.caption("The receiver checks the signature with this secret. Copy it now; it is not shown again.")
    st.code(secret, language=None, wrap_lines=True)
    return {"url": url}, str(secret)


def _renew(made: str) -> None:
    """A callback."""
    st.session_state[made] = new_secret()
