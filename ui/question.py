"""A question before something that is hard to take back: asked in a dialog, done once it is answered with yes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from services.identity import Person
from ui import said, session
from ui.text import plain

_ASKED = "question_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked and then done; ``body`` and ``done`` may hold what people typed."""

    title: str
    body: str
    yes: str
    act: Callable[[Person], None]
    done: str


def ask(question: Question) -> None:
    """A callback: have the page ask; a list that is drawn anew would take a question of its own away."""
    st.session_state[_ASKED] = question


def draw() -> None:
    """Draw the question that is open, if one is."""
    question = st.session_state.get(_ASKED)
    if question is not None:
        st.dialog(question.title, on_dismiss=_answered)(_body)(question)


def _body(question: Question) -> None:
    st.markdown(plain(question.body))
    with st.container(horizontal=True):
        if st.button(question.yes, type="primary", key="question_yes"):
            _answered()
            said.after(lambda: question.act(session.require_person()), question.done)
            st.rerun()
        if st.button("Leave it as it is", key="question_no"):
            _answered()
            st.rerun()


def _answered() -> None:
    st.session_state.pop(_ASKED, None)
