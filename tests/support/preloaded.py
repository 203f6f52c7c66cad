"""``manage.py`` in processes that start at once: forked from one that has loaded the code, kept for the whole test run.

Started from nothing, a worker spends its first seconds reading code, and a test run starts hundreds. It is the same
program in a process and an environment of its own; that it starts from nothing as well, other tests show.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import selectors
import signal
import socket
import struct
import subprocess
import sys
import traceback
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import reload
from typing import IO, NoReturn

import manage
import settings
from commands import worker as _worker_command  # noqa: F401 - loaded before the first fork
from jobs import export_sending as _sending  # noqa: F401 - loaded before the first fork
from jobs import side_work
from jobs import webhooks as _webhooks  # noqa: F401 - loaded before the first fork
from jobs import worker as _worker  # noqa: F401 - loaded before the first fork
from jobs.warm_up import warm_up
from pipeline.output.export_formats import formats
from pipeline.output.export_presets import presets
from pipeline.providers.registry import registry
from services import billing_work as _billing  # noqa: F401 - loaded before the first fork
from services import book_file_work as _files  # noqa: F401 - loaded before the first fork
from services import crm_work as _crm  # noqa: F401 - loaded before the first fork
from services import place_load_steps as _places  # noqa: F401 - loaded before the first fork
from store import crash_points

_MESSAGE_BYTES = 1 << 20
_NUMBER = struct.Struct("i")


class Program:
    """One running ``manage.py``; as far as tests need it, what ``subprocess.Popen`` is."""

    def __init__(
        self,
        words: Sequence[str],
        output: IO[bytes],
        environment: Mapping[str, str],
        *,
        errors: IO[bytes] | None = None,
        given: IO[bytes] | None = None,
    ) -> None:
        """Start it; what it says goes to ``output``, its errors to a file of their own where there is one, and it reads
        ``given``, or nothing."""
        self.returncode: int | None = None
        order = json.dumps({"words": list(words), "environment": dict(environment)}).encode()
        self._report, theirs = os.pipe()
        weakref.finalize(self, os.close, self._report)
        with open(os.devnull, "rb") as nothing:
            files = (given or nothing, output, errors or output)
            socket.send_fds(_loaded(), [order], [theirs, *(file.fileno() for file in files)])
        os.close(theirs)
        self.pid = self._told()

    def poll(self) -> int | None:
        """Its exit code, or minus the signal that ended it; None while it runs."""
        return self._ended(0)

    def wait(self, timeout: float) -> int:
        """Wait for its end. Raises TimeoutExpired."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired("manage.py", timeout)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it without a word."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, timeout: float) -> int | None:
        if self.returncode is None and select.select([self._report], [], [], timeout)[0]:
            self.returncode = self._told()
        return self.returncode

    def _told(self) -> int:
        number: int
        (number,) = _NUMBER.unpack(os.read(self._report, _NUMBER.size))
        return number


@cache
def _loaded() -> socket.socket:
    """Where the process that forks takes orders; it ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MESSAGE_BYTES)
    with theirs:
        argv = [sys.executable, "-m", __name__, str(theirs.fileno())]
        process = subprocess.Popen(argv, pass_fds=[theirs.fileno()], cwd=settings.PROJECT_ROOT)
    atexit.register(_end, ours, process)
    return ours


def _end(orders: socket.socket, process: subprocess.Popen[bytes]) -> None:
    orders.close()
    process.wait()


def _serve(orders: socket.socket) -> None:
    """Fork a program for each order, tell its number, and later how it ended."""
    running: dict[int, tuple[int, int]] = {}
    with selectors.DefaultSelector() as ready:
        ready.register(orders, selectors.EVENT_READ)
        while True:
            for key, _ in ready.select():
                if key.fd in running:
                    pid, report = running.pop(key.fd)
                    ready.unregister(key.fd)
                    os.close(key.fd)
                    _say(report, os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
                    os.close(report)
                    continue
                message, descriptors, _, _ = socket.recv_fds(orders, _MESSAGE_BYTES, 4)
                if not message:
                    return
                report, *files = descriptors
                if not (pid := os.fork()):
                    _become(files, **json.loads(message))
                for file in files:
                    os.close(file)
                _say(report, pid)
                watched = os.pidfd_open(pid)
                running[watched] = pid, report
                ready.register(watched, selectors.EVENT_READ)


def _say(report: int, number: int) -> None:
    with suppress(BrokenPipeError):  # a test that is over does not listen any more
        os.write(report, _NUMBER.pack(number))


def _become(files: Sequence[int], words: list[str], environment: dict[str, str]) -> NoReturn:
    """Be the program, as if started from nothing."""
    code = 1
    try:
        side_work.die_with_parent()
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.environ.clear()
        os.environ.update(environment)
        sys.path[1:1] = filter(None, environment.get("PYTHONPATH", "").split(os.pathsep))
        # What is read from the settings, the path of modules and the environment.
        for known in (settings.get, registry, formats, presets):
            known.cache_clear()
        reload(crash_points)
        sys.argv = ["manage.py", *words]
        manage.application()()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 - whatever it was, nothing goes back into the loop of the one that forked
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    warm_up()
    _serve(socket.socket(fileno=int(sys.argv[1])))
