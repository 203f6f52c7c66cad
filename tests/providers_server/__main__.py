"""Starts a stand-in and prints its address: ``python -m tests.providers_server --port 0``."""

from __future__ import annotations

import socket
from typing import Annotated

import typer
import uvicorn

from tests.providers_server.app import create
from tests.providers_server.desk import Desk
from tests.providers_server.names import serve
from tests.providers_server.protocol import BreakableHttp
from tests.providers_server.world import World

# What the providers document: Hunter 15 a second and 500 a minute, Snov.io 60 a minute, the usage policies of
# OpenStreetMap one a second.
_LIMITS: dict[str, list[tuple[int, float]]] = {
    "hunter": [(15, 1.0), (500, 60.0)],
    "neverbounce": [(10, 1.0)],
    "snov": [(60, 60.0)],
    "google_places": [(600, 60.0)],
    "nominatim": [(1, 1.0)],
}


def main(
    port: Annotated[int, typer.Option(help="0 picks a free one.")] = 0,
    host: Annotated[str, typer.Option(help="The address it listens on.")] = "127.0.0.1",
    latency: Annotated[str, typer.Option(help="For instance google_places=0.2,hunter=0.8")] = "",
    job_s: Annotated[float, typer.Option(help="Seconds a verification list takes.")] = 0.2,
    synthetic: Annotated[
        int, typer.Option(help="How many potteries there are beside the shipped places.")
    ] = 0,
    known: Annotated[
        int | None, typer.Option(help="Of 100 companies with a domain, so many have a known address.")
    ] = None,
    limited: Annotated[bool, typer.Option(help="Whether the providers' rate limits are enforced.")] = True,
) -> None:
    """Serve until stopped."""
    pairs = (item.split("=") for item in latency.split(",") if item)
    desk = Desk({name: float(value) for name, value in pairs}, _LIMITS if limited else {})
    world = World(synthetic, known)
    app = create(desk, world, job_s)
    with socket.create_server((host, port)) as listener:
        typer.echo(f"http://{host}:{listener.getsockname()[1]} {host}:{serve(world, host)}")
        config = uvicorn.Config(
            app,
            http=BreakableHttp,
            log_level="warning",
            lifespan="off",
            access_log=False,
            # Whoever hangs up on an answer that never comes may be gone without a word.
            timeout_graceful_shutdown=2,
        )
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    typer.run(main)
