"""Installations that let guests in, and guests."""

from __future__ import annotations

import pytest

import settings
from services import guests, identity
from services.identity import Person, Visitor
from store import migrate

HOME = Visitor(ip="192.0.2.7", device="A browser")


def let_guests_in(monkeypatch: pytest.MonkeyPatch, **figures: int) -> None:
    """Set ``GUEST_CAMPAIGNS`` and the like, and have the database know of it as a start does."""
    for name, value in figures.items():
        monkeypatch.setenv(name.upper(), str(value))
    settings.get.cache_clear()
    migrate.upgrade()


def guest(visitor: Visitor = HOME) -> Person:
    """Somebody who has just arrived."""
    found = identity.who_is(guests.arrive(visitor).token)
    assert found is not None
    return found
