"""Each kind of refusal can be told from the others, and is answered over HTTP with its own status."""

from __future__ import annotations

import ast

import pytest

import settings
from api.refusals import STATUS, status_of
from services import errors
from services.errors import Conflict, Invalid, NotAllowed, NotFound, Refused, TooMany

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refused)]


@pytest.mark.parametrize(
    ("refused", "status"),
    [
        (NotAllowed("For administrators."), 403),
        (NotFound("We can't find it."), 404),
        (Conflict("It still runs."), 409),
        (Invalid("Not this."), 422),
        (TooMany("Wait."), 429),
    ],
)
def test_each_kind_has_its_status(refused: Refused, status: int) -> None:
    assert status_of(refused) == status


def test_no_kind_lacks_a_status() -> None:
    assert set(STATUS) == set(KINDS) - {Refused}


def test_what_is_invalid_says_about_which_fields() -> None:
    wrong = Invalid({"name": "Give a name.", "country": "Give a country."})
    assert (str(wrong), set(wrong.fields)) == ("Give a name. Give a country.", {"name", "country"})
    assert (str(Invalid("Reload the page.")), Invalid("Reload the page.").fields) == ("Reload the page.", {})


def test_nobody_raises_the_root_itself() -> None:
    """A refusal whose kind is not said cannot be answered with the right status."""
    raised = [
        f"{path.relative_to(settings.PROJECT_ROOT)}:{node.lineno}"
        for folder in ("api", "commands", "jobs", "pages", "services", "ui")
        for path in (settings.PROJECT_ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "Refused"
    ]
    assert raised == []
