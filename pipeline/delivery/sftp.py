"""Files into a folder of a server that speaks SFTP, whose key somebody confirmed."""

from __future__ import annotations

import hashlib
import io
import posixpath
import socket
from base64 import b64encode
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, Final

from pipeline.delivery.places import DeliveryError, Parcel, SftpPlace
from pipeline.network.public_address import Unreachable
from pipeline.network.reach import Reach

CHANGED_KEY: Final = (
    "The server shows another key than the one that was confirmed. Nothing was sent. Ask its owner, then confirm the"
    " new key under Change."
)
_CONNECT_S, _SILENT_S = 10.0, 30.0
_PIECE = 32_768
_PRIVATE = "-----BEGIN"


def host_key(place: SftpPlace, reach: Reach) -> str:
    """The key the server shows, as ``SftpPlace.host_key``. Raises DeliveryError."""
    with _greeted(place, reach) as transport:
        return _shown(transport)


def send(place: SftpPlace, secret: str, reach: Reach, parcel: Parcel) -> str:
    """Write the file beside its place, then give it its name, in the place of one of that name; where it is now. Raises
    DeliveryError."""
    there = posixpath.join(place.folder, parcel.name)
    half = posixpath.join(place.folder, f".{parcel.name}.part")
    with _opened(place, secret, reach) as sftp:
        try:
            with sftp.open(half, "wb") as target:
                target.set_pipelined(pipelined=True)
                while piece := parcel.file.read(_PIECE):
                    target.write(piece)
            if sftp.stat(half).st_size != parcel.size:
                raise DeliveryError("The server kept less of the file than was sent. Its disk may be full.")
            _renamed(sftp, half, there)
        except BaseException:
            with suppress(Exception):
                sftp.remove(half)
            raise
    return f"sftp://{place.host}{'' if there.startswith('/') else '/'}{there}"


def check(place: SftpPlace, secret: str, reach: Reach, name: str) -> None:
    """Write a few bytes under ``name`` and remove them. Raises DeliveryError."""
    there = posixpath.join(place.folder, name)
    with _opened(place, secret, reach) as sftp:
        with sftp.open(there, "wb") as target:
            target.write(b"ProspectPro\n")
        sftp.remove(there)


def _renamed(sftp: Any, half: str, there: str) -> None:  # noqa: ANN401 - of the library
    try:
        sftp.posix_rename(half, there)
    except OSError:
        # A server without OpenSSH's extension renames onto nothing only.
        with suppress(OSError):
            sftp.remove(there)
        sftp.rename(half, there)


@contextmanager
def _greeted(place: SftpPlace, reach: Reach) -> Iterator[Any]:
    import paramiko

    try:
        where = reach.address(place.host, place.port)
        with socket.create_connection((where, place.port), _CONNECT_S) as connection:
            transport = paramiko.Transport(connection)
            with closing(transport):
                transport.banner_timeout = transport.auth_timeout = _CONNECT_S
                _prefer(transport, place.host_key)
                transport.start_client(timeout=_CONNECT_S)
                yield transport
    except Unreachable as error:
        raise DeliveryError(str(error)) from None
    except paramiko.AuthenticationException:
        raise DeliveryError(
            "The server refused to sign in: user, password or key are others.", is_final=True
        ) from None
    except paramiko.SSHException as error:
        raise DeliveryError(f"The server does not speak SFTP as we do ({type(error).__name__}).") from None
    except PermissionError:
        raise DeliveryError(
            "The server does not let this user write into the folder.", is_final=True
        ) from None
    except FileNotFoundError:
        raise DeliveryError("The server has no such folder. Make it there first.", is_final=True) from None
    except OSError as error:
        raise DeliveryError(_in_words(error)) from None
    except EOFError:
        raise DeliveryError("The server ended the connection.") from None


def _in_words(error: OSError) -> str:
    if isinstance(error, TimeoutError | ConnectionError | socket.gaierror):
        return f"The server does not answer ({type(error).__name__})."
    return "The server could not keep the file. Its disk may be full."


@contextmanager
def _opened(place: SftpPlace, secret: str, reach: Reach) -> Iterator[Any]:
    import paramiko

    with _greeted(place, reach) as transport:
        if not place.host_key:
            raise DeliveryError("The key of the server has to be confirmed first.", is_final=True)
        if _shown(transport) != place.host_key:
            raise DeliveryError(CHANGED_KEY, is_final=True)
        if secret.startswith(_PRIVATE):
            transport.auth_publickey(place.user, _private(secret))
        else:
            transport.auth_password(place.user, secret)
        with closing(paramiko.SFTPClient.from_transport(transport)) as sftp:
            sftp.get_channel().settimeout(_SILENT_S)
            yield sftp


def _shown(transport: Any) -> str:  # noqa: ANN401 - of the library
    key = transport.get_remote_server_key()
    digest = b64encode(hashlib.sha256(key.asbytes()).digest()).decode().rstrip("=")
    return f"{key.get_name()} SHA256:{digest}"


def _prefer(transport: Any, confirmed: str) -> None:  # noqa: ANN401 - of the library
    """A server has keys of several kinds: ask for the kind that was confirmed."""
    kind = confirmed.partition(" ")[0].removeprefix("ssh-")
    options = transport.get_security_options()
    options.key_types = sorted(options.key_types, key=lambda name: bool(kind) and kind not in name)


def is_private_key(secret: str) -> bool:
    """Whether it can be read as a private key without a password of its own."""
    try:
        return secret.startswith(_PRIVATE) and _private(secret) is not None
    except DeliveryError:
        return False


def _private(secret: str) -> Any:  # noqa: ANN401 - of the library
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        with suppress(paramiko.SSHException, ValueError, TypeError):
            return kind.from_private_key(io.StringIO(secret))
    raise DeliveryError("The private key cannot be read. It must have no password of its own.", is_final=True)
