"""What stands in the logs: events with stable names and fields, each a line that no value breaks."""

from __future__ import annotations

import ast
import logging
import re

import pytest

import settings
from pipeline import events
from pipeline.events import EVENTS

_FOLDERS = ("api", "jobs", "pipeline", "services", "store", "ui")
_NO_FIELDS = {"problem"}


def written() -> dict[str, set[str]]:
    """Every event that the code writes, with the fields it names; ids that are passed on are those of the campaign."""
    found: dict[str, set[str]] = {}
    for folder in _FOLDERS:
        for path in (settings.PROJECT_ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and re.fullmatch(
                    r"events\.(info|warning|error)", ast.unparse(node.func)
                ):
                    name = ast.literal_eval(node.args[1])
                    found.setdefault(name, set()).update(_fields(node))
    return found


def _fields(call: ast.Call) -> set[str]:
    named = {keyword.arg for keyword in call.keywords if keyword.arg}
    if any(ast.unparse(keyword.value) == "_ids(lease)" for keyword in call.keywords):
        named |= {"campaign_id", "job_id"}
    if any(ast.unparse(keyword.value) == "about" for keyword in call.keywords):
        named |= {"alert_id", "invitation_id", "mention_mail_id", "billing_mail_id"}
    return named - _NO_FIELDS


def test_the_code_writes_the_events_that_are_listed_and_no_other_line() -> None:
    assert {name: set(fields) for name, (_, fields) in EVENTS.items()} == written()
    others = [
        path.as_posix()
        for folder in _FOLDERS
        for path in (settings.PROJECT_ROOT / folder).rglob("*.py")
        if path.name != "events.py"
        and re.search(r"\b_?log\.(info|warning|error|exception)\(", path.read_text(), re.I)
    ]
    assert others == []


def test_the_documents_list_every_event() -> None:
    text = (settings.PROJECT_ROOT / "docs" / "logs.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+) \|$", text, re.MULTILINE)
    assert {name: (when, tuple(re.findall(r"`(\w+)`", fields))) for name, when, fields in rows} == dict(
        EVENTS
    )


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("plain-1.2:3", "plain-1.2:3"),
        ("two words", '"two words"'),
        ("a\nINFO forged job_id=1", '"a\\nINFO forged job_id=1"'),
        ('"', '"\\""'),
        ("\u2028", '"\\u2028"'),
        ("", '""'),
        ("x" * 900, "x" * 500),
    ],
)
def test_no_value_breaks_a_line_or_passes_for_a_field(value: str, shown: str) -> None:
    assert events.line("mail_failed", {"reason": value, "left_out": None}) == f"mail_failed reason={shown}"


def test_all_that_a_request_leads_to_names_it(caplog: pytest.LogCaptureFixture) -> None:
    log = logging.getLogger("tests.events")
    with caplog.at_level(logging.INFO), events.request("req_1"):
        events.info(log, "campaign_ordered", campaign_id="c", job_id="j")
    events.warning(log, "redis_away")
    assert [record.getMessage() for record in caplog.records] == [
        "campaign_ordered request_id=req_1 campaign_id=c job_id=j",
        "redis_away",
    ]
