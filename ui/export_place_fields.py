"""The fields of where files are sent, each way its own; they give the place and its secret, empty to keep one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import streamlit as st

from pipeline.delivery.places import SFTP_PORT, Target
from pipeline.output.webhook_message import new_secret
from services import export_places
from services.client_links import MOST_DAYS, USUAL_DAYS
from services.identity import Person
from ui import kept, refused, repeating_cards

_BY_PASSWORD, _BY_KEY = "Password", "Private key"
KEYS: Final = (
    *("target", "host", "port", "user", "folder", "by", "endpoint", "region", "bucket", "prefix"),
    *("access_key", "url", "days"),
)
"""What the fields are called before the key of their form, but for the secrets."""
_KEPT = "Kept. Type another one to change it"


def _text(
    label: str, name: str, key: str, start: Mapping[str, Any], wrong: Mapping[str, str], **more: str
) -> str:
    kept.begin_with(f"{name}_{key}", start.get(name, ""))
    typed = st.text_input(label, key=f"{name}_{key}", max_chars=500, **more)  # type: ignore[call-overload]
    refused.below(wrong, name)
    return str(typed)


def _secret(label: str, name: str, key: str, wrong: Mapping[str, str], *, keeps: bool) -> str:
    """Each way has a field of its own: what is typed for one is no secret of another."""
    typed = st.text_input(
        label, key=f"{name}_{key}", type="password", autocomplete="off", placeholder=_KEPT if keeps else ""
    )
    refused.below(wrong, "secret")
    return str(typed)


def link(
    key: str, start: Mapping[str, Any], wrong: Mapping[str, str], *, keeps: bool
) -> tuple[dict[str, object], str]:
    """Of a link: for how many days it is open."""
    kept.begin_with(f"days_{key}", start.get("days", USUAL_DAYS))
    days = st.number_input("Days it is open", 1, MOST_DAYS, key=f"days_{key}")
    refused.below(wrong, "days")
    if keeps:
        st.caption("A link that is open stays as it is. One that has ended, or was closed, is made anew.")
    return {"days": int(days)}, ""


def sftp(
    key: str, start: Mapping[str, Any], wrong: Mapping[str, str], *, keeps: bool
) -> tuple[dict[str, object], str]:
    """Of a server that speaks SFTP, with the key that was confirmed, and the secret."""
    left, right = st.columns([3, 1])
    with left:
        host = _text("Server", "host", key, start, wrong, placeholder="files.example.com")
    with right:
        kept.begin_with(f"port_{key}", start.get("port", SFTP_PORT))
        port = st.number_input("Port", 1, 65535, key=f"port_{key}")
        refused.below(wrong, "port")
    left, right = st.columns(2)
    with left:
        user = _text("User", "user", key, start, wrong, autocomplete="off")
    with right:
        folder = _text("Folder", "folder", key, start, wrong, placeholder="The user's own")
    by = st.radio("Sign in by", (_BY_PASSWORD, _BY_KEY), key=f"by_{key}", horizontal=True)
    if by == _BY_PASSWORD:
        secret = _secret(by, "password", key, wrong, keeps=keeps)
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

    def ask(person: Person) -> None:
        st.session_state[shown] = (place, export_places.key_shown(person, place))

    repeating_cards.done(key, ask)


def s3(
    key: str, start: Mapping[str, Any], wrong: Mapping[str, str], *, keeps: bool
) -> tuple[dict[str, object], str]:
    """Of a bucket, and the secret."""
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
        secret = _secret("Secret key", "secret_key", key, wrong, keeps=keeps)
    place: dict[str, object] = {
        "endpoint": endpoint,
        "region": region,
        "bucket": bucket,
        "prefix": prefix,
        "access_key": access_key,
    }
    return place, secret


def webhook(
    key: str, start: Mapping[str, Any], wrong: Mapping[str, str], *, keeps: bool
) -> tuple[dict[str, object], str]:
    """Of an address, and what messages are signed with."""
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


DRAWN: Final[Mapping[Target, Callable[..., tuple[dict[str, object], str]]]] = {
    Target.LINK: link,
    Target.SFTP: sftp,
    Target.S3: s3,
    Target.WEBHOOK: webhook,
}
"""What draws the fields of a way, by its key, what they begin with, what is wrong, and whether a secret is kept."""
