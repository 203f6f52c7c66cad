"""Which tests ``make test-fast`` runs is read from their code, and a wrong reading fails instead of slowing it down."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.support.browsing import chrome
from tests.support.servers import Database


def is_marked(request: pytest.FixtureRequest) -> bool:
    return request.node.get_closest_marker("processes") is not None


def test_a_test_with_a_database_is_marked(request: pytest.FixtureRequest, database: Database) -> None:
    assert is_marked(request)


def test_a_test_that_names_a_helper_that_starts_a_browser_is_marked(request: pytest.FixtureRequest) -> None:
    assert callable(chrome)
    assert is_marked(request)


def test_an_unmarked_test_cannot_start_a_process(request: pytest.FixtureRequest) -> None:
    assert not is_marked(request)
    # Found by a name that no reader of code would understand.
    hidden = import_module("sub" + "process")
    with pytest.raises(RuntimeError, match="starts a process"):
        hidden.run(["true"], check=True)
