"""Where files are sent, as it is kept: everything but the secret."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, BinaryIO, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from pipeline.network.web_post import address_of

SFTP_PORT: Final = 22


class Target(StrEnum):
    """The ways by which a file is sent."""

    MAIL = "mail"
    LINK = "link"
    SFTP = "sftp"
    S3 = "s3"
    WEBHOOK = "webhook"


class DeliveryError(Exception):
    """A file was not taken; the message says why, in words for people. ``is_final``: trying again would not help."""

    def __init__(self, said: str, *, is_final: bool = False) -> None:
        super().__init__(said)
        self.is_final = is_final


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A file on its way: its name there, its type, its size in bytes, and where to read it from."""

    name: str
    mime: str
    size: int
    file: BinaryIO | io.RawIOBase


def _clean(text: str) -> str:
    kept = text.strip()
    if not kept.isprintable():
        raise ValueError("holds signs that cannot be typed; type it anew")
    return kept


def _path(text: str) -> str:
    if ".." in text.split("/"):
        raise ValueError("must not lead upwards by ..")
    return text.rstrip("/") or text[:1]


_Text = Annotated[str, Field(max_length=200), AfterValidator(_clean)]
_Needed = Annotated[_Text, Field(min_length=1)]
_Folder = Annotated[_Text, AfterValidator(_path)]


class _Place(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    @property
    def asks_secret_of(self) -> tuple[object, ...]:
        """Whom a secret is told: one that was kept for somebody is told nobody else."""
        return ()


class MailPlace(_Place):
    """The mailbox of who made the schedule: a mail leads to the file in the application."""


class LinkPlace(_Place):
    """A link of our own that gives the newest file to whoever holds it, for so many days."""

    days: int = Field(default=30, ge=1, le=90)


class SftpPlace(_Place):
    """A folder on a server that speaks SFTP. ``host_key``: the one key the server may show, its kind and fingerprint as
    ``ssh-ed25519 SHA256:…``, which somebody compared and confirmed."""

    host: _Needed
    port: int = Field(default=SFTP_PORT, ge=1, le=65535)
    user: _Needed
    folder: _Folder = ""
    host_key: Annotated[str, Field(pattern=r"^([a-z0-9@.-]{3,60} SHA256:[A-Za-z0-9+/]{43})?$")] = ""

    @property
    def asks_secret_of(self) -> tuple[object, ...]:
        return (self.host, self.port, self.user)

    @field_validator("host")
    @classmethod
    def _is_a_host(cls, host: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9.:_-]+", host):
            raise ValueError("is a name such as files.example.com, without sftp:// and folder")
        return host.lower()


class S3Place(_Place):
    """A bucket of a store that speaks Amazon's S3. ``prefix`` stands before the name of each file, as a folder does."""

    endpoint: _Needed
    region: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]{1,40}$")] = "us-east-1"
    bucket: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    prefix: _Folder = ""
    access_key: Annotated[str, Field(pattern=r"^[!-~]{3,128}$")]

    @property
    def asks_secret_of(self) -> tuple[object, ...]:
        return (self.endpoint, self.access_key)

    @field_validator("endpoint")
    @classmethod
    def _is_an_address(cls, endpoint: str) -> str:
        try:
            found = urlsplit(endpoint)
            port = found.port
        except ValueError:
            found, port = urlsplit(""), None
        is_one = (
            found.scheme in ("https", "http") and found.hostname and "@" not in found.netloc and port != 0
        )
        if not is_one or found.path.strip("/") or found.query or found.fragment:
            raise ValueError(
                "is an address such as https://s3.eu-central-1.amazonaws.com, without the bucket"
            )
        return f"{found.scheme}://{found.netloc}"


class WebhookPlace(_Place):
    """An address that is sent the file in a signed message."""

    url: Annotated[str, Field(max_length=500), AfterValidator(_clean)]

    @field_validator("url")
    @classmethod
    def _can_be_sent_to(cls, url: str) -> str:
        address_of(url)
        return url


Place = MailPlace | LinkPlace | SftpPlace | S3Place | WebhookPlace
PLACES: Final[dict[Target, type[Place]]] = {
    Target.MAIL: MailPlace,
    Target.LINK: LinkPlace,
    Target.SFTP: SftpPlace,
    Target.S3: S3Place,
    Target.WEBHOOK: WebhookPlace,
}


def place_of(target: str, kept: dict[str, Any]) -> Place:
    """A place that was kept. Raises ValidationError."""
    return PLACES[Target(target)].model_validate(kept)


def in_words(target: str, kept: Mapping[str, Any]) -> str:
    """Where files go, for people."""
    told = {
        Target.MAIL: "its maker by mail, as a link",
        Target.LINK: "whoever has its link",
        Target.SFTP: f"{kept.get('user')} at {kept.get('host')}, folder {kept.get('folder') or 'of the user'}",
        Target.S3: f"bucket {kept.get('bucket')} at {kept.get('endpoint')}",
        Target.WEBHOOK: str(kept.get("url")),
    }
    return told[Target(target)]
