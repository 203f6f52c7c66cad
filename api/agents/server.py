"""The server of tools for agents (Model Context Protocol), and what it says of itself."""

from __future__ import annotations

from typing import Any

from mcp.server import MCPServer
from mcp.server.transport_security import TransportSecuritySettings

import settings
from api.agents.tools import Asking, Tools

BEHIND_OUR_GATE = TransportSecuritySettings(enable_dns_rebinding_protection=False)
"""Names of this site alone, and no page of another one, come this far (``api.middleware``)."""
_HOW = (
    "ProspectPro finds real businesses and contacts. Call plan first: it costs nothing and says what would be found and"
    " paid. To go on, call quote, show what it may cost to whoever pays, and start it with a cap once they agree."
    " Follow it with progress until is_final, then read leads. Amounts are US dollars as text. A null value is not"
    " known: say so and never fill it in."
)


def server(asking: Asking) -> MCPServer[Any]:
    """One that acts for whoever ``asking`` says a call is from."""
    made: MCPServer[Any] = MCPServer(
        "ProspectPro",
        title="ProspectPro",
        instructions=_HOW,
        version=settings.version(),
        log_level="WARNING",
        subscriptions=False,
    )
    for tool, said in Tools(asking).all():
        made.add_tool(tool, annotations=said)
    return made
