"""Parts of long lists: where one begins, and where the next one is."""

from __future__ import annotations

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services import paging
from services.errors import Invalid

_PARTS = 2
MOST = 200


class Part(BaseModel):
    """Which part of a list is asked for. What is not known here is refused: a filter with a typing error in its name
    would let everything through."""

    model_config = ConfigDict(extra="forbid")

    cursor: str | None = Field(
        default=None, max_length=1000, description="`next_cursor` of the part before; nothing for the first."
    )
    limit: int = Field(default=50, ge=1, le=MOST, description="How many at most.")

    def begins(self) -> str | None:
        """The cursor, which was given out. Raises Invalid: starting anew would have a program read the same for
        ever."""
        if self.cursor is not None and paging.decode(self.cursor, _PARTS) is None:
            raise Invalid({"cursor": "This is no cursor that was given out. Begin without one."})
        return self.cursor


class Page(BaseModel):
    """A part of a list. ``next_cursor`` is null in the last one; the header `Link` holds the address of the next."""

    next_cursor: str | None


def link(request: Request, response: Response, next_cursor: str | None) -> None:
    """Name the next part in the header."""
    if next_cursor is not None:
        address = request.url.include_query_params(cursor=next_cursor)
        response.headers["Link"] = f'<{address.path}?{address.query}>; rel="next"'
