"""Handing a file over to where a schedule sends it, and trying whether that works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

import settings
from pipeline.delivery import s3, sftp
from pipeline.delivery.places import DeliveryError, Parcel, Place, S3Place, SftpPlace, WebhookPlace
from pipeline.network.public_address import Unreachable
from pipeline.network.reach import Reach, servers
from pipeline.network.store_http import StoreHttp
from pipeline.network.web_post import Poster
from pipeline.output import webhook_message
from pipeline.output.webhook_message import Message
from store import provider_setup
from store.ids import new_id

MOST_POSTED = 5_000_000
"""Bytes of a file that travels in a message; our own choice: receivers rarely take more."""
_FIRST_GOOD, _FIRST_OTHER = 200, 300
Signed = tuple[Message, int]
"""A message, and the second it is sent in."""


def send(place: Place, secret: str, parcel: Parcel) -> str:
    """Hand a file over by SFTP or into a bucket; where it is now. Raises DeliveryError."""
    if isinstance(place, SftpPlace):
        return sftp.send(place, secret, reach(), parcel)
    if isinstance(place, S3Place):
        with _store() as http:
            return s3.send(place, secret, http, parcel)
    raise DeliveryError("Files do not go there by themselves.", is_final=True)


def post(place: WebhookPlace, secret: str, signed: Signed) -> str:
    """Send a signed message; where it went. Raises DeliveryError."""
    message, sent_s = signed
    config = settings.get()
    poster = Poster(
        provider_setup.user_agent(),
        gateway=config.webhook_gateway,
        proxy=config.outbound_proxy.get_secret_value(),
    )
    try:
        headers = webhook_message.headers(message, sent_s, [secret])
        status = poster.post(place.url, message.body(), headers)
    except Unreachable as error:
        raise DeliveryError(str(error)) from None
    finally:
        poster.close()
    if not _FIRST_GOOD <= status < _FIRST_OTHER:
        raise DeliveryError(f"It answered with the status {status}.")
    return place.url


def check(place: Place, secret: str) -> None:
    """Write a few bytes there and remove them; nothing for a mail and an address. Raises DeliveryError."""
    name = f".prospectpro-check-{new_id().hex[-8:]}"
    if isinstance(place, SftpPlace):
        sftp.check(place, secret, reach(), name)
    elif isinstance(place, S3Place):
        with _store() as http:
            s3.check(place, secret, http, name)


def reach() -> Reach:
    """Which servers files may go to."""
    return _reach(settings.get().export_hosts)


@lru_cache(maxsize=1)
def _reach(named: str) -> Reach:
    return Reach(servers(named))


@contextmanager
def _store() -> Iterator[StoreHttp]:
    http = StoreHttp(provider_setup.user_agent(), reach(), settings.get().outbound_proxy.get_secret_value())
    try:
        yield http
    finally:
        http.close()
