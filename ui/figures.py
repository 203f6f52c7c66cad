"""Figures and cards as markup: elements of Streamlit for each would cost a page that is drawn each second more than all
it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

ROOM = '<div class="room"></div>'
"""Where a chart lies upon a card."""


@dataclass(frozen=True, slots=True)
class Figure:
    """``note`` says what it counts, where that is not plain."""

    label: str
    value: str
    note: str = ""


def markup(figures: Sequence[Figure]) -> str:
    """A list of names and values."""
    return f'<dl class="pp-figures">{"".join(_item(figure) for figure in figures)}</dl>'


def card(title: str, inside: str, place: Literal["chart", "log", "cost"]) -> str:
    """A card with a heading around markup; the style sheet knows its place."""
    return f'<section class="pp-card {place}"><h2>{escape(title)}</h2>{inside}</section>'


def note(text: str) -> str:
    """A line of small print on a card."""
    return f'<p class="note">{escape(text)}</p>'


def _item(figure: Figure) -> str:
    small = f'<dd class="note">{escape(figure.note)}</dd>' if figure.note else ""
    return f"<div><dt>{escape(figure.label)}</dt><dd>{escape(figure.value)}</dd>{small}</div>"
