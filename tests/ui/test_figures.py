"""Figures and cards are markup of ours around what anybody may have typed."""

from __future__ import annotations

from tests.support.figures import figures_in, words_in
from ui import figures
from ui.figures import Figure

EVIL = '<img src=x onerror="alert(1)">'


def test_whatever_is_shown_is_shown_as_text() -> None:
    shown = [figures.markup([Figure(EVIL, EVIL, EVIL)]), figures.card(EVIL, "", "log"), figures.note(EVIL)]
    assert [markup for markup in shown if "<img" in markup] == []
    assert figures_in(shown[0]) == {EVIL: EVIL}
    assert [words_in(markup).count(EVIL) for markup in shown] == [3, 1, 1]
