"""A server that speaks SFTP over a real socket and keeps files in memory, with what can go wrong at one."""

from __future__ import annotations

import os
import socket
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256

import paramiko
from paramiko.common import AUTH_FAILED, AUTH_SUCCESSFUL, OPEN_SUCCEEDED

USER, PASSWORD = "exports", "a password of theirs"


@dataclass(slots=True)
class SftpServer:
    """``files`` by their paths; ``is_full`` has it keep nothing more, ``drops`` has it end so many connections when a
    file would get its name, after it got it."""

    key: paramiko.PKey
    port: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    folders: set[str] = field(default_factory=lambda: {"/", "/leads"})
    renamed: list[str] = field(default_factory=list)
    known_key: paramiko.PKey | None = None
    is_full: bool = False
    drops: int = 0
    _ends: list[paramiko.Transport] = field(default_factory=list)

    def host_key(self) -> str:
        """As people compare it."""
        digest = b64encode(sha256(self.key.asbytes()).digest()).decode().rstrip("=")
        return f"{self.key.get_name()} SHA256:{digest}"


def new_key() -> paramiko.PKey:
    """A key that takes no time to make."""
    return paramiko.ECDSAKey.generate(bits=256)


@contextmanager
def sftp_server() -> Iterator[SftpServer]:
    """A running one, with the folder ``/leads``."""
    server = SftpServer(new_key())
    listener = socket.create_server(("127.0.0.1", 0))
    server.port = listener.getsockname()[1]
    thread = threading.Thread(target=_serve, args=(listener, server), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()
        for transport in server._ends:
            transport.close()


def _serve(listener: socket.socket, server: SftpServer) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        transport = paramiko.Transport(connection)
        server._ends.append(transport)
        transport.add_server_key(server.key)
        transport.set_subsystem_handler("sftp", paramiko.SFTPServer, _Folder, server, transport)
        with suppress(paramiko.SSHException, EOFError, OSError):
            transport.start_server(server=_Door(server))


class _Door(paramiko.ServerInterface):  # type: ignore[misc]
    def __init__(self, server: SftpServer) -> None:
        self._server = server

    def check_auth_password(self, username: str, password: str) -> int:
        return int(AUTH_SUCCESSFUL if (username, password) == (USER, PASSWORD) else AUTH_FAILED)

    def check_auth_publickey(self, username: str, key: paramiko.PKey) -> int:
        known = self._server.known_key
        is_theirs = known is not None and key == known and username == USER
        return int(AUTH_SUCCESSFUL if is_theirs else AUTH_FAILED)

    def get_allowed_auths(self, _username: str) -> str:
        return "password,publickey"

    def check_channel_request(self, _kind: str, _number: int) -> int:
        return int(OPEN_SUCCEEDED)


class _Folder(paramiko.SFTPServerInterface):  # type: ignore[misc]
    def __init__(self, _door: object, server: SftpServer, transport: paramiko.Transport) -> None:
        self._server, self._transport = server, transport

    def open(self, path: str, flags: int, _attr: object) -> object:
        if self._folder(path) not in self._server.folders:
            return paramiko.SFTP_NO_SUCH_FILE
        if flags & os.O_WRONLY:
            self._server.files[self.canonicalize(path)] = b""
        handle = _Handle(flags)
        handle.server, handle.path = self._server, self.canonicalize(path)
        return handle

    def stat(self, path: str) -> object:
        data = self._server.files.get(self.canonicalize(path))
        if data is None:
            return paramiko.SFTP_NO_SUCH_FILE
        found = paramiko.SFTPAttributes()
        found.st_size = len(data)
        return found

    def remove(self, path: str) -> int:
        gone = self._server.files.pop(self.canonicalize(path), None)
        return int(paramiko.SFTP_NO_SUCH_FILE if gone is None else paramiko.SFTP_OK)

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        self._server.files[self.canonicalize(newpath)] = self._server.files.pop(self.canonicalize(oldpath))
        self._server.renamed.append(self.canonicalize(newpath))
        if self._server.drops:
            self._server.drops -= 1
            self._transport.close()
        return int(paramiko.SFTP_OK)

    def _folder(self, path: str) -> str:
        return str(os.path.dirname(self.canonicalize(path)))


class _Handle(paramiko.SFTPHandle):  # type: ignore[misc]
    server: SftpServer
    path: str

    def write(self, offset: int, data: bytes) -> int:
        if self.server.is_full:
            return int(paramiko.SFTP_FAILURE)
        held = self.server.files[self.path]
        self.server.files[self.path] = held[:offset] + data + held[offset + len(data) :]
        return int(paramiko.SFTP_OK)

    def stat(self) -> object:
        found = paramiko.SFTPAttributes()
        found.st_size = len(self.server.files[self.path])
        return found
