"""Where one installation keeps its files, and a folder for sockets whose path is short and plain."""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from embedded.account import service_account
from embedded.errors import CannotStart

# A socket's path holds 107 bytes on Linux and 103 on macOS.
_LONGEST_SOCKET_PATH = 103
_LONGEST_SOCKET_NAME = "/postgres/.s.PGSQL.5432"
_PLAIN = re.compile(r"[A-Za-z0-9/._-]+")


@dataclass(frozen=True)
class Layout:
    """The paths below one data folder."""

    root: Path

    @property
    def postgres(self) -> Path:
        """Parent of the database cluster."""
        return self.root / "postgres"

    @property
    def redis(self) -> Path:
        """Redis' append-only files and configuration."""
        return self.root / "redis"

    @property
    def secrets(self) -> Path:
        """One file for each secret."""
        return self.root / "secrets"

    @property
    def logs(self) -> Path:
        """What every process wrote."""
        return self.root / "logs"

    @property
    def programs(self) -> Path:
        """How the supervisor starts each program, one file each."""
        return self.root / "programs"

    @property
    def lock(self) -> Path:
        """Held by the process that runs this installation."""
        return self.root / "manager.lock"

    @property
    def sockets(self) -> Path:
        """The folder of all sockets, with links resolved."""
        return (self.root / "run").resolve()

    def make_folders(self) -> None:
        """Create what is missing, closed to other users. Raises CannotStart."""
        try:
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            for folder in (self.postgres, self.redis, self.secrets, self.logs, self.programs):
                folder.mkdir(exist_ok=True, mode=0o700)
            self._make_socket_folder()
        except OSError as error:
            raise CannotStart(f"The data folder {self.root} cannot be used: {error.strerror}.") from error

    def remove_socket_folder(self) -> None:
        """Leave nothing outside the data folder. Call once every server has ended."""
        run = self.root / "run"
        if run.is_symlink():
            shutil.rmtree(run.resolve(), ignore_errors=True)
            run.unlink()

    def _make_socket_folder(self) -> None:
        run = self.root / "run"
        if run.is_symlink() and not _is_private(run):
            run.unlink()
        if not run.is_symlink():
            if _is_usable(run.absolute()):
                run.mkdir(exist_ok=True, mode=0o700)
            else:
                run.symlink_to(_short_folder())
        # Postgres runs as another user under root and has to pass this folder and the one above.
        account = service_account()
        if account:
            for folder in (self.root, run):
                os.chown(folder, -1, account.pw_gid)
                folder.chmod(stat.S_IMODE(folder.stat().st_mode) | stat.S_IXGRP)


def _is_private(folder: Path) -> bool:
    """Whether nobody else could have put the folder there since it was recorded."""
    try:
        found = folder.stat()
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o067


def _is_usable(folder: Path) -> bool:
    """Whether the kernel takes the paths of sockets in it, and nobody who writes them down needs to quote anything:
    they stand in URLs, configuration files and Redis's list of clients, which is parted by spaces."""
    length = len(os.fsencode(f"{folder}{_LONGEST_SOCKET_NAME}"))
    return length <= _LONGEST_SOCKET_PATH and bool(_PLAIN.fullmatch(str(folder)))


def _short_folder() -> Path:
    made = Path(tempfile.mkdtemp(prefix="prospectpro-"))
    if _is_usable(made):
        return made
    made.rmdir()
    return Path(tempfile.mkdtemp(prefix="prospectpro-", dir="/tmp"))
