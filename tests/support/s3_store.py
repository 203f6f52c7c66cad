"""A store that speaks the REST interface of Amazon's S3 over a real socket, as documented: it checks each signature
(https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html), keeps objects, and can fail."""

from __future__ import annotations

import hashlib
import hmac
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

from tests.support.wire import Wire, plain, wire

ACCESS_KEY, SECRET_KEY, REGION, BUCKET = "AKIAEXAMPLE", "a secret key of theirs", "eu-test-1", "our-leads"
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([^/]+)/s3/aws4_request, SignedHeaders=([^,]+), Signature=(\w{64})"
)
_REFUSAL = "<?xml version='1.0'?><Error><Code>{}</Code><Message>no</Message></Error>"


@dataclass(slots=True)
class S3Store:
    """``objects`` by bucket and key; ``faults`` are codes with their status, which the next requests get, ``lost``
    answers those that never arrive although the object was kept."""

    server: Wire | None = None
    objects: dict[str, bytes] = field(default_factory=dict)
    put: list[str] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)
    lost: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self.server is not None
        return self.server.url


@contextmanager
def s3_store() -> Iterator[S3Store]:
    """A running one, with one empty bucket."""
    store = S3Store()

    def answer(connection: socket.socket, request: bytes) -> None:
        if said := _answered(store, request):
            plain(_REFUSAL.format(said[0]) if said[0] else "", said[1], "Content-Type: application/xml")(
                connection, request
            )

    with wire(answer) as server:
        store.server = server
        yield store


def _answered(store: S3Store, request: bytes) -> tuple[str, str] | None:
    """Code and status; None for an answer that is lost."""
    head, _, body = request.partition(b"\r\n\r\n")
    line, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in rest)}
    method, path, _ = line.split(" ")
    if refusal := _unsigned(method, path, headers, body):
        return refusal, "403 Forbidden"
    if store.faults:
        return store.faults.pop(0)
    bucket, _, key = unquote(path).removeprefix("/").partition("/")
    if bucket != BUCKET:
        return "NoSuchBucket", "404 Not Found"
    if method == "DELETE":
        store.objects.pop(key, None)
        return "", "204 No Content"
    store.objects[key] = body
    store.put.append(key)
    if store.lost:
        store.lost -= 1
        return None
    return "", "200 OK"


def _unsigned(method: str, path: str, headers: dict[str, str], body: bytes) -> str:
    """Why a request is not signed as it should be; empty when it is."""
    found = _AUTHORIZATION.fullmatch(headers.get("authorization", ""))
    if not found:
        return "AccessDenied"
    access, day, region, signed, signature = found.groups()
    if access != ACCESS_KEY:
        return "InvalidAccessKeyId"
    digest = headers["x-amz-content-sha256"]
    if region != REGION or digest != hashlib.sha256(body).hexdigest():
        return "SignatureDoesNotMatch"
    named = "".join(f"{name}:{headers[name].strip()}\n" for name in signed.split(";"))
    canonical = "\n".join([method, path, "", named, signed, digest])
    scope = f"{day}/{region}/s3/aws4_request"
    told = "\n".join(
        [
            "AWS4-HMAC-SHA256",
            headers["x-amz-date"],
            scope,
            hashlib.sha256(canonical.encode()).hexdigest(),
        ]
    )
    key = f"AWS4{SECRET_KEY}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    right = hmac.new(key, told.encode(), hashlib.sha256).hexdigest()
    return "" if hmac.compare_digest(right, signature) else "SignatureDoesNotMatch"
