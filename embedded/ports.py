"""The port the web server will listen on."""

from __future__ import annotations

import socket
from typing import cast

from embedded.errors import CannotStart


def free_port(host: str, wanted: int) -> int:
    """``wanted`` itself, or a free port for 0; raises CannotStart when nobody can listen there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, wanted))
            return cast(int, probe.getsockname()[1])
        except OSError as error:
            raise CannotStart(
                f"Port {wanted} on {host} cannot be used ({error.strerror})."
                " Choose another one with WEB_PORT, for example WEB_PORT=8502."
            ) from error
