"""Every server dies with the process that started it, and holds no right it does not need."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from embedded.account import service_account
from embedded.child import command

_GRACE_S = 30
_CAP_DAC_OVERRIDE = 1 << 1
_CAP_DAC_READ_SEARCH = 1 << 2
_PRINT_OWN_ID_AND_WAIT = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"


def test_the_child_dies_when_its_parent_is_killed() -> None:
    child = command([sys.executable, "-c", _PRINT_OWN_ID_AND_WAIT], death_signal=signal.SIGTERM)
    parent = subprocess.Popen(
        [sys.executable, "-c", f"import subprocess; subprocess.run({child!r})"], stdout=subprocess.PIPE
    )
    assert parent.stdout
    server = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.wait()
    parent.stdout.close()
    gone, alive = psutil.wait_procs([server], timeout=_GRACE_S)
    assert (gone, alive) == ([server], [])


def test_a_child_whose_parent_is_already_gone_does_not_start() -> None:
    stranger = os.getppid()
    done = subprocess.run(
        command(["true"], parent=str(stranger)), capture_output=True, text=True, timeout=_GRACE_S, check=False
    )
    assert (done.returncode, done.stderr) == (1, "The process that started this one is gone.\n")


def _rights_and_user(folder: Path, user: str) -> tuple[int, list[str]]:
    """The effective capabilities of a child that has to reach ``folder``, and whom it runs as."""
    report = "cat /proc/self/status; id -un"
    argv = command(["/bin/sh", "-c", report], user=user, reach=[folder])
    lines = subprocess.run(argv, capture_output=True, text=True, check=True).stdout.splitlines()
    effective = next(line for line in lines if line.startswith("CapEff:"))
    return int(effective.split()[1], 16), lines[-1:]


def test_root_is_given_up_down_to_the_right_to_pass_closed_folders(tmp_path: Path) -> None:
    account = service_account()
    if account is None:
        with pytest.raises(subprocess.CalledProcessError):
            _rights_and_user(tmp_path, "root")
        return
    closed, inside = tmp_path / "closed", tmp_path / "closed" / "inside"
    inside.mkdir(parents=True)
    closed.chmod(0o700)
    rights, user = _rights_and_user(inside, account.pw_name)
    assert rights in (_CAP_DAC_OVERRIDE, _CAP_DAC_READ_SEARCH)
    assert user == [account.pw_name]
    assert _rights_and_user(Path("/usr"), account.pw_name) == (0, [account.pw_name])
    assert closed.stat().st_mode & 0o777 == 0o700


def test_what_is_kept_also_counts_where_a_program_asks_before_it_opens(tmp_path: Path) -> None:
    account = service_account()
    user = account.pw_name if account else None
    tmp_path.chmod(0o700)
    asked = "import os, sys; print(os.access(sys.argv[1], os.R_OK))"
    argv = command([sys.executable, "-c", asked, tmp_path], user=user, reach=[tmp_path])
    assert subprocess.check_output(argv, text=True) == "True\n"


def test_the_parents_id_may_be_in_a_file_for_the_starting_user_only(tmp_path: Path) -> None:
    account = service_account()
    pid_file = tmp_path / "parent.pid"
    pid_file.write_text(f"{os.getpid()}\n")
    pid_file.chmod(0o600)
    user = account.pw_name if account else None
    argv = command([shutil.which("true") or ""], user=user, parent=str(pid_file))
    assert subprocess.run(argv, timeout=_GRACE_S, check=False).returncode == 0
