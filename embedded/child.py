"""Start one server as a child that dies with its parent and holds no more power than it needs.

Run as a script (standard library only, so it costs a few milliseconds): it asks the kernel for a signal at
the death of its parent, gives up root when a user is named, and becomes the server. What only Linux offers is
left out elsewhere.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import pwd
import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

# Numbers of linux/prctl.h, linux/securebits.h and linux/capability.h.
_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_SECBIT_NO_SETUID_FIXUP = 4
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2


def command(
    argv: Sequence[str | Path],
    *,
    death_signal: signal.Signals = signal.SIGKILL,
    user: str | None = None,
    reach: Iterable[Path] = (),
    parent: str | None = None,
) -> list[str]:
    """The command line that starts ``argv`` through this file.

    ``reach``: paths ``user`` must be able to get at; when a folder above them is closed to that user, the
    child keeps the right to pass it, instead of opening the folder to everybody.
    ``parent``: the parent's process id or the file that holds it; the child ends at once when the parent is
    already gone.
    """
    options = ["--death-signal", death_signal.name]
    if user:
        options += ["--user", user]
    for path in reach:
        options += ["--reach", str(path)]
    if parent:
        options += ["--parent", parent]
    return [sys.executable, "-I", str(Path(__file__).resolve()), *options, "--", *map(str, argv)]


def _prctl(option: int, *values: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    padded = [ctypes.c_ulong(value) for value in (*values, 0, 0, 0, 0)[:4]]
    if libc.prctl(option, *padded) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"prctl({option}): {os.strerror(code)}")


def _permitted_capabilities() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapPrm:"):
            return int(line.split()[1], 16)
    return 0


def _set_capabilities(effective: int, permitted: int, inheritable: int) -> None:
    sets = (effective, permitted, inheritable)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(*(bits & 0xFFFFFFFF for bits in sets), *(bits >> 32 for bits in sets))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.capset(ctypes.byref(header), ctypes.byref(data)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"capset: {os.strerror(code)}")


def _keep_only(capability: int) -> None:
    """Make ``capability`` the only one of this process and of what it executes."""
    permitted = _permitted_capabilities()
    _set_capabilities(permitted, permitted, 0)
    # Postgres asks access(2) for its own files, which otherwise looks past what was kept.
    _prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP)
    bits = 1 << capability
    _set_capabilities(bits, bits, bits)
    _prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability)


def _passing_capability(executable: str) -> int:
    """The smallest right that passes closed folders; a program closed to others needs the larger one."""
    public = bool(os.stat(executable).st_mode & 0o001)
    if public and _permitted_capabilities() >> _CAP_DAC_READ_SEARCH & 1:
        return _CAP_DAC_READ_SEARCH
    return _CAP_DAC_OVERRIDE


def _reaches(executable: str, paths: Sequence[str]) -> bool:
    """Whether the present user gets at everything without any capability."""
    return os.access(executable, os.X_OK) and all(os.access(path, os.R_OK) for path in paths)


def _keep_needed(passing: int, executable: str, paths: Sequence[str]) -> None:
    """The change of user has emptied the effective set, so ``_reaches`` answers for the bare user."""
    if _reaches(executable, paths):
        _set_capabilities(0, 0, 0)
    else:
        _keep_only(passing)


def _become(user: str, executable: str, paths: Sequence[str]) -> None:
    entry = pwd.getpwnam(user)
    linux = sys.platform == "linux"
    if linux:
        passing = _passing_capability(executable)
        _prctl(_PR_SET_KEEPCAPS, 1)
    os.setgroups([entry.pw_gid])
    os.setgid(entry.pw_gid)
    os.setuid(entry.pw_uid)
    if linux:
        _keep_needed(passing, executable, paths)
    os.environ.update(HOME="/", USER=user, LOGNAME=user)


def _parent_id(parent: str) -> int:
    return int(parent) if parent.isdigit() else int(Path(parent).read_text())


def _follow_parent(death_signal: str, parent: int | None) -> None:
    """Changing the user clears the wish, so this comes last."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.Signals[death_signal])
    if parent not in (None, os.getppid()):
        sys.exit("The process that started this one is gone.")


def main() -> None:
    """Parse the command line of ``command`` and become the server."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--death-signal", required=True)
    parser.add_argument("--user")
    parser.add_argument("--reach", action="append", default=[])
    parser.add_argument("--parent")
    parser.add_argument("argv", nargs="+")
    options = parser.parse_args()
    # Read before the change of user: the file is for the one who starts.
    parent = _parent_id(options.parent) if options.parent else None
    if options.user:
        _become(options.user, options.argv[0], options.reach)
    _follow_parent(options.death_signal, parent)
    os.execvp(options.argv[0], options.argv)  # noqa: S606 - the caller's own list, no shell


if __name__ == "__main__":
    main()
