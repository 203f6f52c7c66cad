"""What the supervisor runs: the programs, their order and how long each may take to stop."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import settings
from embedded import postgres, redis
from embedded.child import command
from embedded.installation import Installation
from embedded.secret_files import write_private

CONFIG_FILE = "supervisord.conf"
CONTROL_SOCKET = "supervisor.sock"
_PID_FILE = "supervisord.pid"
_DRAIN_S = 25
"""A paid question that was sent is waited for: at most 15 seconds, and what it takes to write down its answer."""

_PREPARED_S = "600"

# Paths are relative to the data folder, whose name the supervisor could misread, or to the plain one of the sockets.
# For the same reason a program's command line is a file of its own.
# A program that ends within ``startsecs`` four times in a row is given up.
_HEAD = """\
[supervisord]
nodaemon=true
silent=true
logfile=logs/supervisor.log
logfile_maxbytes=5MB
logfile_backups=2
pidfile={pid_file}
childlogdir=logs
{user}
[unix_http_server]
file=%(here)s/{socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[group:application]
programs=web,worker
priority=30
"""
_PROGRAM = """
[program:{name}]
command=/bin/sh programs/{name}.sh
process_name={process_name}
numprocs={copies}
priority={priority}
autorestart=true
startsecs=5
startretries=3
stopsignal={stop_signal}
stopwaitsecs={stop_s}
redirect_stderr=true
stdout_logfile=logs/{log}.log
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=3
"""


@dataclass(frozen=True)
class Program:
    """One program; a higher ``priority`` starts later and stops earlier."""

    name: str
    argv: Sequence[str]
    priority: int
    stop_signal: signal.Signals
    stop_s: int
    copies: int = 1

    def section(self) -> str:
        """Its part of the supervisor's configuration."""
        number = "_%(process_num)02d" if self.copies > 1 else ""
        return _PROGRAM.format(
            name=self.name,
            process_name=f"%(program_name)s{number}",
            copies=self.copies,
            priority=self.priority,
            stop_signal=self.stop_signal.name.removeprefix("SIG"),
            stop_s=self.stop_s,
            log=self.name + number,
        )


def write_config(installation: Installation) -> Path:
    """Write the supervisor's configuration, which holds no secret, and return its path."""
    head = _HEAD.format(
        pid_file=_PID_FILE,
        socket=CONTROL_SOCKET,
        user="user=root\n" if os.geteuid() == 0 else "",
    )
    programs = _programs(installation)
    for program in programs:
        write_private(
            installation.layout.programs / f"{program.name}.sh", f"exec {shlex.join(program.argv)}\n"
        )
    path = installation.layout.sockets / CONFIG_FILE
    write_private(path, head + "".join(program.section() for program in programs))
    return path


def _programs(installation: Installation) -> list[Program]:
    parent = str(installation.layout.root / _PID_FILE)
    programs = []
    if installation.postgres:
        argv = installation.postgres.start_command(parent=parent)
        programs.append(Program("postgres", argv, 10, postgres.STOP_SIGNAL, stop_s=2))
    if installation.redis:
        argv = installation.redis.start_command(parent=parent)
        programs.append(Program("redis", argv, 20, redis.STOP_SIGNAL, stop_s=1))
    count = installation.settings.worker_count
    programs.append(Program("worker", _manage("worker", parent), 31, signal.SIGTERM, _DRAIN_S, count))
    programs.append(Program("web", _manage("serve", parent), 32, signal.SIGTERM, 1))
    return programs


def _manage(name: str, parent: str) -> list[str]:
    """The databases start at the same time, and the schema may have to be made or upgraded first."""
    argv: list[str | Path] = [
        sys.executable,
        settings.PROJECT_ROOT / "manage.py",
        name,
        "--wait",
        _PREPARED_S,
    ]
    return command(argv, parent=parent)
