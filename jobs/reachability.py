"""Whether the free live map can be reached from this machine, noted for the form and the administrators."""

from __future__ import annotations

import settings
from jobs import provider_setup
from pipeline.errors import SourceError
from pipeline.money.calls import Provider
from pipeline.network.http import ProviderHttp
from store import provider_status
from store.database import Role, transaction


def check() -> bool:
    """Ask Overpass how it is, and write the answer down."""
    endpoint = provider_setup.endpoints(settings.get())[Provider.OVERPASS]
    http = ProviderHttp(Provider.OVERPASS, endpoint, user_agent=provider_setup.user_agent())
    try:
        answers = http.get("status").status == 200
    except SourceError:
        answers = False
    finally:
        http.close()
    state, message = ("ok", "It answers.") if answers else ("unreachable", "This machine cannot reach it.")
    with transaction(Role.SYSTEM) as conn:
        provider_status.report(conn, Provider.OVERPASS, state, message)
    return answers
