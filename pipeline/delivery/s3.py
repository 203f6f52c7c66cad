"""Files into a bucket of a store that speaks Amazon's S3. The library signs; the exchange itself is ours, so that it
goes where it may and no further (its hook: https://docs.aws.amazon.com/boto3/latest/guide/events.html)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from pipeline.delivery.places import DeliveryError, Parcel, S3Place
from pipeline.network.public_address import Unreachable
from pipeline.network.store_http import StoreHttp

_SIGNED_FOR = "before-send.s3"
# What stays as it is however often one asks.
_FINAL: Final = {
    "AccessDenied": "the key may not do it. Let it put and delete objects below this prefix",
    "InvalidAccessKeyId": "it does not know the access key",
    "SignatureDoesNotMatch": "the secret key is another one. Set it again",
    "NoSuchBucket": "there is no such bucket",
    "AuthorizationHeaderMalformed": "the region is another one",
    "PermanentRedirect": "the bucket is at another endpoint",
    "EntityTooLarge": "the file is larger than it takes",
}
_FOR_NOW: Final = {"SlowDown": "it is busy", "ServiceUnavailable": "it is busy", "InternalError": "it failed"}
_CODE = re.compile(r"[A-Za-z0-9]{1,40}")


def send(place: S3Place, secret: str, http: StoreHttp, parcel: Parcel) -> str:
    """Put the file there, in one piece, in the place of one of that name; where it is now. Raises DeliveryError."""
    key = key_of(place, parcel.name)
    with _answered(), _opened(place, secret, http) as store:
        store.put_object(
            Bucket=place.bucket,
            Key=key,
            Body=parcel.file,
            ContentLength=parcel.size,
            ContentType=parcel.mime,
        )
    return f"s3://{place.bucket}/{key}"


def check(place: S3Place, secret: str, http: StoreHttp, name: str) -> None:
    """Put a few bytes under ``name`` and delete them. Raises DeliveryError."""
    key = key_of(place, name)
    with _answered(), _opened(place, secret, http) as store:
        store.put_object(Bucket=place.bucket, Key=key, Body=b"ProspectPro\n")
        store.delete_object(Bucket=place.bucket, Key=key)


def key_of(place: S3Place, name: str) -> str:
    """The key of a file of that name."""
    return "/".join(part for part in (place.prefix.strip("/"), name) if part)


@contextmanager
def _opened(place: S3Place, secret: str, http: StoreHttp) -> Iterator[Any]:
    import boto3
    from botocore.awsrequest import AWSResponse
    from botocore.config import Config

    def carried(request: Any, **_: object) -> AWSResponse:  # noqa: ANN401 - of the library
        headers = {name: _text(value) for name, value in request.headers.items() if name.lower() != "expect"}
        said = http.send(request.method, request.url, headers, request.body)
        return AWSResponse(request.url, said.status, dict(said.headers), _Raw(said.body))

    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path", "payload_signing_enabled": True},
        retries={"total_max_attempts": 1},
        # Many stores know no other checksum than that of the signature.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
    session = boto3.session.Session(
        aws_access_key_id=place.access_key, aws_secret_access_key=secret, region_name=place.region
    )
    client = session.client("s3", endpoint_url=place.endpoint, config=config)
    client.meta.events.register(_SIGNED_FOR, carried)
    yield client


@contextmanager
def _answered() -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except Unreachable as error:
        raise DeliveryError(f"The store cannot be reached: {error}") from None
    except ClientError as error:
        raise _refused(error.response) from None
    except BotoCoreError as error:
        raise DeliveryError(f"The store was not understood ({type(error).__name__}).") from None


def _refused(response: Any) -> DeliveryError:  # noqa: ANN401 - of the library
    """What a store says is not repeated but for its code: it may hold what it was sent."""
    said = str(response.get("Error", {}).get("Code", ""))
    code = said if _CODE.fullmatch(said) else ""
    status = response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    words = _FINAL.get(code) or _FOR_NOW.get(code) or "it gave no reason we know"
    is_final = code not in _FOR_NOW and 300 <= status < 500 and status not in (408, 429)
    return DeliveryError(f"The store refused ({code or status}): {words}.", is_final=is_final)


def _text(value: bytes | str) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


class _Raw(io.BytesIO):
    def stream(self) -> Iterator[bytes]:
        """As the library reads an answer."""
        yield self.getvalue()
