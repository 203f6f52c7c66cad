"""``manage.py deploy-check``: an installation in order, and everything it notices about one that is not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from commands._checks.finding import State
from commands._deployment import ROWS, findings
from commands._deployment.asked import Asked
from tests.support.broken_site import CAMPAIGN, ID, KEY, OTHER, broken_site

ASKED = Asked(
    url="", key=KEY, other_key=OTHER, email="", password="", kind="cafe", location="Helsinki", within_s=0.2
)
THIS = f"/api/v1/campaigns/{ID}"
UNKNOWN = {"sign-in", "live page", "live progress"}
"""Without an account, and of a campaign that is over at once."""


def found(url: str, key: str = KEY, other_key: str = OTHER) -> dict[str, State]:
    """What was said of each row."""
    asked = replace(ASKED, url=url, key=key, other_key=other_key)
    return {each.about: each.state for each in findings(asked)}


def test_an_installation_in_order_passes() -> None:
    with broken_site() as url:
        told = found(url)
    assert told == {row: State.SKIPPED if row in UNKNOWN else State.OK for row in ROWS}


def lead(*names: str) -> dict[str, Any]:
    return {"items": [{"name": name} for name in names], "next_cursor": None}


def machines(**told: object) -> dict[str, Any]:
    mails = {"are_on": True, "waiting": 0, "problem": None, "last_sent_at": None}
    whole = {"version": "1.0.0", "workers": 1, "findings": [], "mails": mails}
    return {"GET /api/v1/installation": (200, whole | told)}


def at(*percents: int) -> dict[str, Any]:
    return {f"GET {THIS}/events": (200, [{"progress": percent} for percent in percents])}


REFUSED = {"are_on": True, "waiting": 2, "problem": "Refused.", "last_sent_at": None}
COST = {"items": [{"cost_usd": "0.02"}], "next_cursor": None}
# Each site lies in several ways, of which each is told in a row of its own.
SITES: list[tuple[set[str], dict[str, dict[str, Any]]]] = [
    ({"reached"}, {"own": {"GET /healthz": (503, "secret")}}),
    ({"reached"}, {"own": {"GET /api/v1/ready": (503, {})}}),
    (
        {"headers", "sign-in", "workers", "progress", "leads", "download", "cost", "isolation"},
        {
            "headers": {"X-Frame-Options": ""},
            "own": {
                "GET /sign-in": (200, "Nobody has an account here yet."),
                f"GET {THIS}/leads": (200, lead("Cafe 1")),
                "GET /api/v1/spend": (200, {"total": {"cost_usd": "0.01"}}),
            }
            | at(10, 100)
            | machines(workers=0),
            "strangers": {f"GET {THIS}": (200, CAMPAIGN)},
        },
    ),
    (
        {"headers", "sign-in", "mail", "progress", "live progress", "download", "cost", "isolation"},
        {
            "headers": {"Content-Security-Policy": "default-src *"},
            "own": {
                "POST /sign-in": (303, ""),
                f"GET {THIS}": (200, {**CAMPAIGN, "ended_at": "2026-11-27T09:00:30Z"}),
                f"GET {THIS}/file": (200, "name\nCafe 1\nCafe 1\n"),
                "GET /api/v1/calls": (200, COST),
            }
            | at(10, 50, 30, 90, 100)
            | machines(mails=REFUSED),
            "strangers": {"GET /results": (200, "")},
        },
    ),
    (
        {"live page", "campaign", "isolation"},
        {
            "own": {
                "GET /_stcore/stream": (400, ""),
                f"GET {THIS}": (200, {**CAMPAIGN, "leads": 0}),
                f"GET {THIS}/leads": (200, lead()),
                f"GET {THIS}/file": (200, "name\n"),
            },
            "foreign": {f"GET {THIS}/leads": (200, lead("Cafe 1"))},
        },
    ),
    (
        {"campaign", "isolation"},
        {
            "own": {f"GET {THIS}": (200, {**CAMPAIGN, "status": "failed"})},
            "foreign": {f"POST {THIS}/cancel": (200, CAMPAIGN)},
        },
    ),
    (
        {"isolation"},
        {"foreign": {"GET /api/v1/campaigns": (200, {"items": [CAMPAIGN], "next_cursor": None})}},
    ),
    ({"campaign"}, {"own": {f"GET {THIS}": (200, {**CAMPAIGN, "is_final": False})}}),
    ({"campaign"}, {"own": {"POST /api/v1/campaigns": (500, {"cause": "failed"})}}),
]


@pytest.mark.parametrize(("rows", "lies"), SITES, ids=[f"{number}" for number in range(len(SITES))])
def test_it_notices(rows: set[str], lies: dict[str, dict[str, Any]]) -> None:
    with broken_site(**lies) as url:
        told = found(url)
    assert {row for row, state in told.items() if state is State.WRONG} == rows
    assert told.keys() <= set(ROWS)


def test_the_campaign_is_deleted_also_when_a_request_fails_midway() -> None:
    with broken_site(own={f"GET {THIS}/leads": (500, {"cause": "failed"})}) as url:
        told = found(url)
    assert (told["campaign"], told["cleaned up"]) == (State.WRONG, State.OK)
    running = {f"GET {THIS}": (500, {"cause": "failed"})}
    with broken_site(own=running) as url:
        assert found(url)["cleaned up"] is State.WARNING


def test_what_is_not_there_is_told() -> None:
    with broken_site() as url:
        assert found(url, key="")["key"] is State.WRONG
        unknown = found(url, key="ppk_unknown")
        assert (unknown["key"], "campaign" in unknown) == (State.WRONG, False)
        assert found(url, other_key=KEY)["isolation"] is State.SKIPPED
    assert found(url) == {"reached": State.WRONG}


@pytest.mark.parametrize("key", ["ppk_é", "ppk_a\nb", "ppk_\u200b"], ids=["letter", "line", "invisible"])
def test_a_key_that_was_copied_wrong_is_told_so_without_it(key: str) -> None:
    with broken_site() as url:
        *_, last = findings(replace(ASKED, url=url, key=key))
    assert (last.about, last.state) == ("key", State.WRONG)
    assert "Copy it again" in last.said
    assert key not in last.said
