"""A public bucket on a real socket: what S3 answers to who lists folders and reads parts of files, and what goes wrong
there.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html and API_GetObject.html
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_WRITTEN = "2026-08-19T10:00:00.000Z"
_WRITTEN_HTTP = "Wed, 19 Aug 2026 10:00:00 GMT"


class PublicBucket:
    """``objects`` by bucket and key. ``sent`` are bytes of objects; the next ``faults`` requests are answered with that
    status, 0 for an end without an answer, and so are all that read once ``most_reads`` were answered."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects = objects
        self.sent = 0
        self.reads = 0
        self.faults: list[int] = []
        self.most_reads: int | None = None
        self.signed: list[str] = []
        self.url = ""

    def listing(self, bucket: str, prefix: str, delimiter: str) -> str:
        """One level of the keys below a prefix."""
        keys = sorted(
            name.removeprefix(f"{bucket}/") for name in self.objects if name.startswith(f"{bucket}/")
        )
        here = [key for key in keys if key.startswith(prefix)]
        folders = sorted(
            {
                prefix + key[len(prefix) :].split(delimiter)[0] + delimiter
                for key in here
                if delimiter and delimiter in key[len(prefix) :]
            }
        )
        files = [key for key in here if not (delimiter and delimiter in key[len(prefix) :])]
        said = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>{_WRITTEN}</LastModified>"
            f"<Size>{len(self.objects[f'{bucket}/{key}'])}</Size></Contents>"
            for key in files
        ) + "".join(f"<CommonPrefixes><Prefix>{escape(each)}</Prefix></CommonPrefixes>" for each in folders)
        return (
            '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
            f"<Name>{bucket}</Name><KeyCount>{len(files) + len(folders)}</KeyCount><IsTruncated>false</IsTruncated>"
            f"{said}</ListBucketResult>"
        )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    bucket: ClassVar[PublicBucket]

    def do_HEAD(self) -> None:
        self._object(with_body=False)

    def do_GET(self) -> None:
        asked = parse_qs(urlsplit(self.path).query)
        if "list-type" in asked:
            if not self._has_failed():
                bucket = unquote(urlsplit(self.path).path).strip("/")
                prefix, delimiter = (asked.get(name, [""])[0] for name in ("prefix", "delimiter"))
                self._answer(200, self.bucket.listing(bucket, prefix, delimiter).encode())
        else:
            self._object(with_body=True)

    def _object(self, *, with_body: bool) -> None:
        name = unquote(urlsplit(self.path).path).lstrip("/")
        content = self.bucket.objects.get(name)
        if self._has_failed(is_read=with_body):
            return
        if content is None:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>" if with_body else b"")
            return
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", ""))
        first, last = (
            (int(wanted[1]), min(int(wanted[2]), len(content) - 1)) if wanted else (0, len(content) - 1)
        )
        part = content[first : last + 1]
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(part)))
        self.send_header("Last-Modified", _WRITTEN_HTTP)
        self.send_header("ETag", '"0"')
        if wanted:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(content)}")
        self.end_headers()
        if with_body:
            self.bucket.sent += len(part)
            self.wfile.write(part)

    def _has_failed(self, *, is_read: bool = False) -> bool:
        if said := self.headers.get("Authorization"):
            self.bucket.signed.append(said)
        self.bucket.reads += is_read
        is_over = self.bucket.most_reads is not None and self.bucket.reads > self.bucket.most_reads
        status = self.bucket.faults.pop(0) if self.bucket.faults else 0 if is_over and is_read else None
        if status is None:
            return False
        if status == 0:
            self.close_connection = True
            return True
        self._answer(status, b"<Error><Code>SlowDown</Code><Message>Reduce your rate.</Message></Error>")
        return True

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests say what they need to know."""


@contextmanager
def public_bucket(objects: dict[str, bytes]) -> Iterator[PublicBucket]:
    """A running one."""
    bucket = PublicBucket(objects)
    handler = type("Handler", (_Handler,), {"bucket": bucket})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        bucket.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield bucket
        finally:
            server.shutdown()
            thread.join()
