"""Overture's releases where they are published: a public bucket, whose files are read in place.

Where: https://docs.overturemaps.org/getting-data/cloud-sources/ . A release is named by its day and a number, as in
``2026-08-19.0``; the bucket keeps the last ones alone.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pyarrow.fs

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.imports.remote_file import Remote, unanswered

_ENDPOINT = "https://s3.us-west-2.amazonaws.com"
LATEST = "latest"
_OWNER = "Overture's server"
_REGION = "us-west-2"
_RELEASES = "overturemaps-us-west-2/release"
_PLACES = "theme=places/type=place"
_NAME = re.compile(r"20\d\d-\d\d-\d\d\.\d+")
_CONNECT_S, _ANSWER_S = 10, 60


def files(release: str, endpoint: str = "", proxy: str = "") -> tuple[Remote, ...]:
    """The files of a release's places, or of the newest one. ``endpoint`` is the address of a mirror that speaks S3, as
    http://mirror.example.com:9000, ``proxy`` that of a proxy; both may be empty.

    Raises SourceError when the server does not answer, or has no such release.
    """
    if endpoint and not re.fullmatch(r"https?://[^/\s]+", endpoint):
        raise _unknown("Give the server as in https://mirror.example.com.")
    if release != LATEST and not _NAME.fullmatch(release):
        raise _unknown(f"“{release[:40]}” is no release: name one as in 2026-08-19.0, or {LATEST}.")
    server = _server(endpoint, proxy)
    names = sorted(
        entry.base_name for entry in _listed(server, _RELEASES) if _NAME.fullmatch(entry.base_name)
    )
    if not names:
        raise _unknown(f"{_OWNER} names no release. Look at the address that was given for it.")
    if release != LATEST and release not in names:
        raise _unknown(f"{_OWNER} does not have the release {release} any more, or yet: {', '.join(names)}.")
    folder = f"{_RELEASES}/{names[-1] if release == LATEST else release}/{_PLACES}"
    found = [entry for entry in _listed(server, folder) if entry.base_name.endswith(".parquet")]
    if not found:
        raise _unknown(f"The release {release} holds no places.")
    return tuple(
        Remote(_OWNER, entry.path, entry.size, entry.mtime, server)
        for entry in sorted(found, key=lambda entry: str(entry.path))
    )


def _server(endpoint: str, proxy: str) -> pyarrow.fs.S3FileSystem:
    at = urlsplit(endpoint or _ENDPOINT)
    return pyarrow.fs.S3FileSystem(
        anonymous=True,
        region=_REGION,
        scheme=at.scheme,
        endpoint_override=at.netloc,
        proxy_options=proxy or None,
        connect_timeout=_CONNECT_S,
        request_timeout=_ANSWER_S,
    )


def _listed(server: pyarrow.fs.S3FileSystem, folder: str) -> list[pyarrow.fs.FileInfo]:
    try:
        found: list[pyarrow.fs.FileInfo] = server.get_file_info(
            pyarrow.fs.FileSelector(folder, allow_not_found=True)
        )
    except OSError as error:
        raise unanswered(_OWNER) from error
    return found


def _unknown(sentence: str) -> SourceError:
    return SourceError(Cause.BAD_FILE, detail=sentence)
