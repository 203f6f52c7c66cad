"""Commands as somebody types them at a terminal, run to their end."""

from __future__ import annotations

import os
import subprocess
from tempfile import TemporaryFile

from tests.support.preloaded import Program

_TIMEOUT_S = 150


def manage(*words: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """``manage.py`` in the environment of the test; ``given`` is what is typed once it runs."""
    with TemporaryFile() as typed, TemporaryFile() as output, TemporaryFile() as errors:
        typed.write(given.encode())
        typed.seek(0)
        program = Program(words, output, {**os.environ, **environment}, errors=errors, given=typed)
        code = program.wait(_TIMEOUT_S)
        output.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(words, code, output.read().decode(), errors.read().decode())
