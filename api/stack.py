"""What every request goes through before Streamlit sees it, in this order."""

from __future__ import annotations

from starlette.middleware import Middleware

from api.errors import CalmErrors
from api.headers import SecurityHeaders
from api.limits import BodySize, ParallelRequests
from api.middleware import KnownHosts, SignedInOnly
from api.own_pages import OwnPages
from api.page_head import PageHead
from api.streams import Streams
from ui import protocol


def stack() -> list[Middleware]:
    """From the outside in, for one application."""
    return [
        Middleware(SecurityHeaders),
        Middleware(CalmErrors),
        Middleware(KnownHosts),
        Middleware(ParallelRequests),
        Middleware(BodySize),
        Middleware(SignedInOnly),
        Middleware(OwnPages, streams=Streams(protocol.close)),
        Middleware(PageHead),
    ]
