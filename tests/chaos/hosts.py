"""Hosts of their own on one machine: network namespaces on one switch, each of which can be cut off or frozen.

The calling process moves into a fresh namespace first, so that none of the addresses can meet one of the machine's.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

_SWITCH = "switch"
_HERE = "10.0.0.1"
_STOP_S = 40
_NAMES = Path("/etc/netns")


class Host:
    """One host. What runs there sees its own network alone."""

    def __init__(self, name: str, number: int, folder: Path) -> None:
        self.title = name
        self.name = f"pp-{os.getpid()}-{name}"
        self.address = f"10.0.0.{number}"
        self.log = folder / f"{name}.log"
        self.folder = folder / name
        self.folder.mkdir()
        self._running: list[subprocess.Popen[bytes]] = []
        self._cable = f"cable{number}"

    def connect(self) -> None:
        """Make it and plug it in."""
        _ip("netns", "add", self.name)
        _ip("link", "add", self._cable, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        _ip("link", "set", self._cable, "master", _SWITCH, "up")
        for words in (
            ("addr", "add", f"{self.address}/24", "dev", "eth0"),
            ("link", "set", "eth0", "up"),
            ("link", "set", "lo", "up"),
        ):
            _ip("-n", self.name, *words)

    def start(self, argv: Sequence[str | Path], environment: Mapping[str, str] | None = None) -> None:
        """Have a program run there, with nothing of this environment but where programs are."""
        self._running.append(
            subprocess.Popen(
                self._there(argv),
                env=self._environment(environment),
                stdout=self.log.open("ab"),
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        )

    def run(
        self, argv: Sequence[str | Path], environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Have a program run there to its end."""
        return subprocess.run(
            self._there(argv), env=self._environment(environment), capture_output=True, text=True
        )

    def knows(self, name: str, address: str) -> None:
        """Let it look up a name."""
        folder = _NAMES / self.name
        folder.mkdir(parents=True)
        (folder / "hosts").write_text(f"127.0.0.1 localhost\n{address} {name}\n")

    def cut(self) -> None:
        """Pull the cable: nothing arrives any more, and nobody is told."""
        _ip("link", "set", self._cable, "down")

    def plug(self) -> None:
        """Put it back."""
        _ip("link", "set", self._cable, "up")

    def freeze(self) -> None:
        """Everything there stands still, with its connections open."""
        self._all("suspend")

    def thaw(self) -> None:
        """Everything goes on as if no time had passed."""
        self._all("resume")

    def remove(self) -> None:
        """Stop what runs there, the last first, and take the host away."""
        with suppress(subprocess.CalledProcessError):
            self.plug()
        self.thaw()
        for process in reversed(self._running):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
        self._all("kill")
        subprocess.run(["ip", "netns", "delete", self.name], check=False)
        shutil.rmtree(_NAMES / self.name, ignore_errors=True)

    def _there(self, argv: Sequence[str | Path]) -> list[str]:
        named = ["unshare", "--uts", "sh", "-c", f'hostname {self.title}; exec "$@"', "sh"]
        return ["ip", "netns", "exec", self.name, *named, *map(str, argv)]

    def _environment(self, more: Mapping[str, str] | None) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self.folder), **(more or {})}

    def _all(self, what: str) -> None:
        found = subprocess.run(
            ["ip", "netns", "pids", self.name], capture_output=True, text=True, check=False
        )
        for pid in found.stdout.split():
            with suppress(psutil.NoSuchProcess):
                getattr(psutil.Process(int(pid)), what)()


@contextmanager
def hosts(folder: Path, **numbers: int) -> Iterator[dict[str, Host]]:
    """Hosts by name, at 10.0.0.NUMBER; this process is at 10.0.0.1. Needs root and a namespace of its own."""
    _ip("link", "set", "lo", "up")
    _ip("link", "add", _SWITCH, "type", "bridge")
    _ip("addr", "add", f"{_HERE}/24", "dev", _SWITCH)
    _ip("link", "set", _SWITCH, "up")
    made = {name: Host(name, number, folder) for name, number in numbers.items()}
    try:
        for host in made.values():
            host.connect()
        yield made
    finally:
        for host in reversed(made.values()):
            host.remove()


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True)
