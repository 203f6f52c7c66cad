"""The server of tools for agents (Model Context Protocol), and what it says of itself."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from mcp.server import MCPServer
from mcp.server.mcpserver.tools import Tool as DescribedTool
from mcp.server.transport_security import TransportSecuritySettings

import settings
from api.agents.bulk_tools import BulkTools
from api.agents.schedule_tools import ScheduleTools
from api.agents.scheduled_export_tools import ScheduledExportTools
from api.agents.telling import Asking, Tool
from api.agents.tools import Tools

BEHIND_OUR_GATE = TransportSecuritySettings(enable_dns_rebinding_protection=False)
"""Names of this site alone, and no page of another one, come this far (``api.middleware``)."""
_HOW = (
    "ProspectPro finds real businesses and contacts. Call plan first: it costs nothing and says what would be found and"
    " paid. To go on, call quote, show what it may cost to whoever pays, and start it with a cap once they agree."
    " Follow it with progress until is_final, then read leads. Many campaigns go the same way by bulk_plan, bulk_start"
    " and bulk_progress; schedule_create has one repeat. Where files of scheduled_exports go, people alone say. Amounts"
    " are US dollars as text. A null value is not known: say so and never fill it in."
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
        tools=[*_described(asking)],
    )
    return made


@lru_cache(maxsize=1)
def _described(asking: Asking) -> tuple[DescribedTool, ...]:
    """Describing them takes a tenth of a second, and over HTTP each request has a server of its own."""
    return tuple(DescribedTool.from_function(tool, annotations=said) for tool, said in tools(asking))


def tools(asking: Asking) -> tuple[Tool, ...]:
    """Every tool with what is said about it."""
    return (
        *Tools(asking).all(),
        *BulkTools(asking).all(),
        *ScheduleTools(asking).all(),
        *ScheduledExportTools(asking).all(),
    )
