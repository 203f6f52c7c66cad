"""What all tools for agents share: whom a call acts for, what is said about a tool, how it refuses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, ParamSpec, TypeVar

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field

from services.errors import Refused
from services.identity import Person

Asking = Callable[[Context[Any, Any]], Person]
"""Whom a call acts for."""
Asked = ParamSpec("Asked")
Told = TypeVar("Told")
LOOKS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
KEEPS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
REMOVES = ToolAnnotations(read_only_hint=False, destructive_hint=True, open_world_hint=False)
SENDS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=True)
COSTS = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=True
)
Tool = tuple[Callable[..., Any], ToolAnnotations]
"""A tool with what is said about it."""
OnceKey = Annotated[
    str,
    Field(
        min_length=8,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text new for each thing to be made, such as a UUID: called again with the same one, what there"
        " is is told and nothing is started.",
    ),
]


def refusals_told(tool: Callable[Asked, Told]) -> Callable[Asked, Told]:
    """What a service refuses is told to the agent; anything else stays ours."""

    @wraps(tool)
    def told(*args: Asked.args, **kwargs: Asked.kwargs) -> Told:
        try:
            return tool(*args, **kwargs)
        except Refused as refused:
            raise ToolError(str(refused)) from None

    return told
