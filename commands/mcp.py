"""The tools for agents over standard input and output."""

from __future__ import annotations

from commands import _plugins as plugins


def mcp() -> None:
    """Serve the tools for agents (Model Context Protocol) on standard input and output. Needs PROSPECTPRO_KEY."""
    from api.agents.server import server
    from services import identity
    from services.errors import Invalid
    from services.identity import KEY_VARIABLE, Person
    from store import readiness
    from store.database import Role

    plugins.load()
    readiness.wait_until_ready(Role.WEB, 5)

    def asking(_: object) -> Person:
        person = identity.by_key()
        if person is None:
            raise Invalid(f"Put an API key into {KEY_VARIABLE}: create-key makes one.")
        return person

    asking(None)
    server(asking).run("stdio")
