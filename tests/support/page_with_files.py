"""A page that gives files and takes some, behind the gate of the pages: ``python -m api.server`` serves ``app``."""

from __future__ import annotations

import streamlit as st

from api.routes import routes
from api.stack import stack
from services.identity import SESSION_COOKIE
from store.ids import new_id
from ui import protocol, session

TAKES_FILES = "takes-files"


@st.cache_data
def kept_for_everybody() -> str:
    """Another text each time the cache of the server is emptied."""
    return str(new_id())


def draw() -> None:
    """A file that is there, one that is made on demand, and a place for files when the address asks for it."""
    session.require_person()
    token = st.context.cookies[SESSION_COOKIE]
    st.download_button("there", data=f"there for {token}", on_click="ignore")
    st.download_button("on demand", data=lambda: f"made for {token}", on_click="ignore")
    st.text(kept_for_everybody())
    if TAKES_FILES in st.query_params:
        st.file_uploader("file")


if __name__ == "__main__":
    draw()
else:
    protocol.keep_page_ids_out_of_logs()
    app = st.App(__file__, routes=routes("<svg></svg>"), middleware=stack())
