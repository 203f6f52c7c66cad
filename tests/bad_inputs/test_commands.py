"""Commands, typed at a terminal: each refuses in a sentence, before anything is ordered."""

from __future__ import annotations

import pytest

from services import campaigns
from tests.bad_inputs.conftest import World
from tests.bad_inputs.table import Case
from tests.support.terminal import manage

COMMANDS = (
    Case(1, "nothing", ("campaign", "", "Helsinki"), "at least one type"),
    Case(17, "no place", ("campaign", "cafe", "asdfqwer"), "asdfqwer"),
    Case(19, "coordinates out of range", ("campaign", "cafe", "91,181"), "not on Earth"),
    Case(24, "a fraction", ("campaign", "cafe", "Helsinki", "--max", "10.5"), "whole number"),
    Case(29, "a comma", ("campaign", "cafe", "Helsinki", "--budget", "1,50"), "budget"),
    Case(13, "bytes that are no text", ("campaign", "cafe", "caf\udc80"), "cannot be stored"),
    Case(
        100,
        "the same address in capitals",
        ("create-admin", "OWNER@EXAMPLE.COM", "--password-stdin"),
        "already has an account",
    ),
    Case(
        99, "a password of a megabyte", ("create-admin", "new@example.com", "--password-stdin"), "at most 128"
    ),
)


@pytest.mark.parametrize("case", COMMANDS, ids=str)
def test_a_command_says_what_is_wrong(world: World, case: Case[tuple[str, ...], str]) -> None:
    before = campaigns.list_mine(world.owner).total
    words = (*case.given, "--user", "owner@example.com") if case.given[0] == "campaign" else case.given
    given = "x" * 1_000_000 if case.number == 99 else "a long enough password\n"
    done = manage(*words, given=given)
    assert done.returncode == 1
    assert case.expected in done.stderr
    assert "Traceback" not in done.stderr
    assert campaigns.list_mine(world.owner).total == before


FOLLOWED = (
    Case(84, "somebody else's campaign", ("theirs", ()), "We can't find that campaign."),
    Case(96, "a file where a folder is", ("done", ("--csv", "/tmp")), "is a folder"),
)


@pytest.mark.parametrize("case", FOLLOWED, ids=str)
def test_following_says_what_is_wrong(world: World, case: Case[tuple[str, tuple[str, ...]], str]) -> None:
    whose, more = case.given
    done = manage("follow", str(getattr(world, whose)), "--user", "owner@example.com", *more)
    assert done.returncode == 1
    assert case.expected in done.stderr
    assert "Traceback" not in done.stderr
