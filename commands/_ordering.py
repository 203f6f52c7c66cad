"""What `campaign` does with its words: order what they say, or the companies of a file, and wait for the end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import typer

from commands import _following as following
from commands import _own_list as own_list
from commands._files import files_by_words
from commands._order import spec_of
from commands._patience import say
from services.identity import Person
from store.ids import new_id


def carried_out(person: Person, words: Mapping[str, Any]) -> int:
    """Order and follow a campaign by the parameters of the command; returns the exit code."""
    files = files_by_words(person, words)
    with own_list.checked(person, own_list.named(words)) as found:
        spec = spec_of(words, found.orderable if found else None)
        if found and words["dry_run"]:
            said, code = own_list.planned(person, found.row, spec, as_json=words["as_json"])
            typer.echo(said)
            return code
        if found:
            for line in own_list.in_words(found.row):
                say(line)
        following.understood(spec)
        following.bounded(person)
        campaign_id = following.ordered(person, spec, f"terminal-{new_id()}")
    return following.told(person, following.follow(person, campaign_id), files, words["as_json"])
