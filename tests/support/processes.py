"""Which tests start other processes: servers, browsers, interpreters. Read from their code; nobody keeps a list.

``make test-fast`` runs the others, within seconds.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType, ModuleType

import pytest

# What every way to start a process goes through: Python's own module, and the browser's driver.
_STARTERS = frozenset({"subprocess", "sync_playwright"})
_STARTING = frozenset({"subprocess.Popen", "os.posix_spawn", "os.exec"})
# Where a helper may be that does.
_HOMES = ("tests", "embedded")
MARK = "processes"


def starts_processes(item: pytest.Item, known: dict[object, bool]) -> bool:
    """Whether a test, its fixtures or a helper of theirs names a way to start a process. ``known`` keeps what was found
    of each function, as thousands of tests share their fixtures."""
    for function in _functions(item):
        if function not in known:
            known[function] = _reaches(function, set())
        if known[function]:
            return True
    return False


def _functions(item: pytest.Item) -> Iterator[object]:
    yield getattr(item, "function", None)
    for definitions in getattr(item, "_fixtureinfo").name2fixturedefs.values():  # noqa: B009 - pytest has no other way
        yield from (definition.func for definition in definitions)


def _reaches(thing: object, seen: set[object]) -> bool:
    thing = inspect.unwrap(thing) if callable(thing) else thing
    if id(thing) in seen or not _is_helper(getattr(thing, "__module__", None)):
        return False
    seen.add(id(thing))
    if isinstance(thing, type):
        return any(_reaches(part, seen) for part in vars(thing).values())
    if not isinstance(thing, FunctionType):
        return False
    names = set(_names(thing.__code__))
    return bool(names & _STARTERS) or any(_reaches(found, seen) for found in _found(thing, names))


def _names(code: CodeType) -> Iterator[str]:
    """The global names and attributes a function uses, those of its inner functions included."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names(inner)


def _found(function: FunctionType, names: set[str]) -> Iterator[object]:
    """What the names stand for in the module of the function, or in a module with helpers that it imports."""
    known = [function.__globals__[name] for name in names if name in function.__globals__]
    yield from known
    for module in known:
        if isinstance(module, ModuleType) and _is_helper(module.__name__):
            yield from (vars(module)[name] for name in names if name in vars(module))


def _is_helper(module: str | None) -> bool:
    return module is not None and module.partition(".")[0] in _HOMES


class NoProcesses:
    """Turns the start of a process into an error while a test runs that is not marked."""

    def __init__(self) -> None:
        """Python offers no way to take an audit hook back, so there is one for the whole run."""
        self._item: pytest.Item | None = None
        sys.addaudithook(self._heard)

    @contextmanager
    def during(self, item: pytest.Item) -> Iterator[None]:
        """Hold ``item`` to its mark."""
        self._item = None if item.get_closest_marker(MARK) else item
        try:
            yield
        finally:
            self._item = None

    def _heard(self, event: str, _arguments: object) -> None:
        if self._item is not None and event in _STARTING:
            raise RuntimeError(
                f"{self._item.nodeid} starts a process, which {__name__} did not see in its code."
            )
