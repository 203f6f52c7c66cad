"""The one entry: the page script when Streamlit runs it, the web application when a server imports it."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st

from api.routes import routes
from api.stack import stack
from pipeline import events
from services.errors import DATABASE_AWAY
from ui import failure, late_ticks, lead_map, logo, navigation, protocol, theme
from ui.collector import timed_collection


def draw_page() -> None:
    """One rerun: the frame around the page, then the page."""
    st.set_page_config(page_title="ProspectPro", page_icon=logo.MARK, layout="wide")
    theme.apply()
    with events.request(f"page_{secrets.token_hex(12)}"):
        try:
            navigation.run()
        except DATABASE_AWAY as error:
            # Caught here, as Streamlit would write it into the log each time somebody's page asks again.
            failure.away(error)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any] | None]:
    """What runs beside the server for as long as it runs."""
    navigation.take_over_pages()
    late_ticks.pass_over()
    lead_map.register()
    protocol.keep_page_ids_out_of_logs()
    with timed_collection():
        yield None


if __name__ == "__main__":
    draw_page()
else:
    app = st.App(
        __file__,
        routes=routes(logo.MARK),
        middleware=stack(),
        lifespan=lifespan,
        on_script_error=failure.show,
    )
