"""The system user that Postgres runs as when the application is started by root, whom Postgres refuses."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from embedded.errors import CannotStart

NAME = "prospectpro"
_USERADD_NAME_IN_USE = 9


def service_account() -> pwd.struct_passwd | None:
    """The user to drop to, created when missing; None for everybody but root. Raises CannotStart."""
    if os.geteuid() != 0:
        return None
    return _known() or _create()


def hand_over(path: Path, account: pwd.struct_passwd | None) -> None:
    """Give one file or folder to the account; nothing to do without one."""
    if account:
        os.chown(path, account.pw_uid, account.pw_gid)


def _known() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return None


def _create() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if not useradd:
        raise CannotStart(
            f"Postgres does not run as root. Create the system user '{NAME}', or start as an ordinary user."
        )
    done = subprocess.run(  # noqa: S603 - fixed arguments, no shell
        [useradd, "--system", "--no-create-home", "--home-dir", "/", "--shell", "/usr/sbin/nologin", NAME],
        capture_output=True,
        text=True,
        check=False,
    )
    account = _known()
    if account is None or done.returncode not in (0, _USERADD_NAME_IN_USE):
        raise CannotStart(f"The system user '{NAME}' could not be created: {done.stderr.strip()}")
    return account
