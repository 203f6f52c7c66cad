"""This machine and what it was told: versions, secret, address, disk."""

from __future__ import annotations

import os
import platform
import shutil
import ssl
from collections.abc import Iterator
from pathlib import Path

from commands._checks.finding import Finding, ok, size, skipped, warning, wrong
from pipeline.network.http import trusted
from settings import Settings, version
from store.sealing import knows_secret

# Postgres with its log, and a large file of leads.
_SCARCE_BYTES, _LOW_BYTES, _LOW_SHARE = 100 * 10**6, 10**9, 0.05


def findings(config: Settings) -> Iterator[Finding]:
    """What needs no server."""
    yield ok("versions", f"ProspectPro {version()}, Python {platform.python_version()}")
    yield _secret()
    yield from _certificates()
    yield _address(config)
    yield _disk(config.data_dir)


def _secret() -> Finding:
    if knows_secret():
        return ok("APP_SECRET", "Set.")
    return skipped(
        "APP_SECRET", "Not set here: suppression lists, second factors and links do not work on this host."
    )


def _certificates() -> Iterator[Finding]:
    if not (file := os.environ.get("SSL_CERT_FILE")):
        return
    try:
        trusted()
    except (OSError, ssl.SSLError):
        said = f"The file in SSL_CERT_FILE ({file}) holds no certificates that can be read."
        yield wrong("certificates", said, "Name a file in PEM format that this user may read.")
    else:
        yield ok("certificates", f"Those in {file} are trusted besides the usual ones.")


def _address(config: Settings) -> Finding:
    address = config.address()
    if address.startswith("https:") and not config.secure_cookie:
        return warning(
            "address", f"{address}, and cookies go over plain HTTP as well.", "Set SECURE_COOKIE=true."
        )
    if address.startswith("https:") and not os.environ.get("FORWARDED_ALLOW_IPS"):
        return warning(
            "address",
            f"{address}, by a proxy that is not named, so everybody seems to come from its address.",
            "Set FORWARDED_ALLOW_IPS to the proxy's address where `serve` runs.",
        )
    return ok("address", address)


def _disk(folder: Path) -> Finding:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    found = shutil.disk_usage(existing)
    said = f"{size(found.free)} free of {size(found.total)} for {folder}"
    if found.free < _SCARCE_BYTES:
        return wrong("disk", said, "Make room, or name a folder on another disk in DATA_DIR.")
    if found.free < _LOW_BYTES or found.free < _LOW_SHARE * found.total:
        return warning("disk", said, "Make room before it is full; RETENTION_DAYS bounds what is kept.")
    return ok("disk", said)
