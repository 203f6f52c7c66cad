"""Commands of another machine than ProspectPro's: by its interface for programs, where PROSPECTPRO_URL names it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import httpx
import typer
from tqdm import tqdm

from clients.prospectpro import Campaign, Order, Problem, ProspectPro
from commands._files import as_csv, check_writable, write_private
from commands._following import ENDINGS, LOST_SIGHT
from commands._order import said
from commands._waiting import say
from commands._watching import URL_VARIABLE
from pipeline.campaign import CampaignStatus
from pipeline.output.export_formats import by_extension
from services.errors import Invalid
from services.identity import KEY_VARIABLE
from store.interruptible import pause

_POLL_S = 1.0
_LIST = "Files of companies are uploaded on the page Lists, and their campaign is planned and ordered there."
_WHO = f"{KEY_VARIABLE} says who asks, and in which workspace."
_HERE = {
    **dict.fromkeys(("--list", "--column", "--name", "--country", "--dry-run"), _LIST),
    **dict.fromkeys(("--user", "--workspace"), _WHO),
}
"""Options of commands on the machine itself, and what there is instead."""
_NAMED = {"--list": "own_list", "--column": "columns"}


def plan(words: Mapping[str, Any]) -> int:
    """Say what an order would find, cost and take; the exit code is 1 when it would be refused."""
    with server(words) as pro:
        told = pro.plan(cast(Order, said(words)))
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2) if words["as_json"] else told["summary"])
    for sentence in told["refusals"]:
        say(sentence)
    return 1 if told["refusals"] else 0


def campaign(words: Mapping[str, Any]) -> int:
    """Order a campaign and follow it to its end."""
    with server(words) as pro:
        files = _files(words)
        made = pro.order(cast(Order, said(words)), idempotency_key=f"terminal-{uuid4()}")
        say(f"Ordered campaign {made['id']}.")
        return _followed(pro, made["id"], files, words)


def follow(words: Mapping[str, Any]) -> int:
    """Follow a campaign to its end."""
    with server(words) as pro:
        return _followed(pro, str(words["campaign_id"]), _files(words), words)


@contextmanager
def server(words: Mapping[str, Any]) -> Iterator[ProspectPro]:
    """The installation that is named. Raises Invalid with a sentence for whatever it refuses, and ends the command with
    a code of its own when it cannot be reached any more."""
    for option, instead in _HERE.items():
        if words.get(_NAMED.get(option, option.removeprefix("--").replace("-", "_"))):
            raise Invalid(f"{option} is for commands on the machine itself. {instead}")
    key = os.environ.get(KEY_VARIABLE, "").strip()
    if not key:
        raise Invalid(f"Set {KEY_VARIABLE} to a key of the installation that {URL_VARIABLE} names.")
    try:
        with ProspectPro(os.environ[URL_VARIABLE].strip(), key) as pro:
            yield pro
    except Problem as problem:
        raise Invalid(
            f"{problem} ({problem.request_id})" if problem.cause == "failed" else str(problem)
        ) from None
    except (httpx.TransportError, httpx.InvalidURL) as error:
        say(f"The server that {URL_VARIABLE} names cannot be reached: {error}")
        say("Look under Campaigns before you order again.")
        raise typer.Exit(LOST_SIGHT) from None


def _files(words: Mapping[str, Any]) -> dict[Path, str]:
    """Where to write the leads, and in which format or preset. Raises Invalid before anything is ordered."""
    files = as_csv(words)
    out: Path | None = words["out"]
    if words["preset"] and not out:
        raise Invalid({"preset": "--preset says how to write --out FILE. Name the file, too."})
    if out:
        format = by_extension(out.suffix)
        if not words["preset"] and format is None:
            raise Invalid({"out": f"{out.name} names no format by its ending."})
        files[out] = words["preset"] or (format.key if format else "")
    for path in files:
        check_writable(path)
    return files


def _followed(pro: ProspectPro, campaign_id: str, files: Mapping[Path, str], words: Mapping[str, Any]) -> int:
    """Watch a campaign to its end and say how it did. Ctrl-C stops the campaign."""
    while True:
        try:
            ended = _watched(pro, campaign_id)
            break
        except KeyboardInterrupt:
            say("Stopping the campaign. Ctrl-C again leaves it to run.")
            pro.cancel(campaign_id)
    if words["as_json"]:
        told = {**ended, "leads": list(pro.leads(campaign_id))}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo(ended["summary"])
    for path, format in files.items():
        write_private(path, pro.file(campaign_id, format))
        typer.echo(f"Leads written to {path}", err=words["as_json"])
    return ENDINGS[CampaignStatus(ended["status"])][0]


def _watched(pro: ProspectPro, campaign_id: str) -> Campaign:
    with tqdm(total=100, unit="%", bar_format="{desc} {bar} {n:.0f} % [{elapsed}]") as bar:
        while True:
            seen = pro.campaign(campaign_id)
            bar.set_description_str(seen["stage"].replace("_", " "), refresh=False)
            bar.update(seen["progress"] - bar.n)
            if seen["is_final"]:
                return seen
            pause(_POLL_S)
