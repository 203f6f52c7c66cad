"""A list of companies from the terminal: read and checked as on the page Lists, and gone unless it is ordered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import typer

import settings
from commands._patience import say, through_pauses
from commands._reading import read_bytes
from pipeline.campaign import CampaignSpec
from pipeline.output.notices import counted
from services import limits, lists, plan_facts, planning
from services.errors import Invalid, NotFound
from services.identity import Person
from services.lists import Column, Head, ListKind, ListRow, ListState, Orderable, Upload
from store.database import PAUSES
from store.interruptible import pause
from ui import plan_words

_POLL_S = 0.5
_MOST_PROBLEMS = 20
_MB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A file as the words of the command name it; ``columns`` are those its titles do not tell."""

    path: Path
    name: str
    columns: Sequence[str]
    country: str


@dataclass(frozen=True, slots=True)
class Checked:
    """A list that a worker has checked: what it found, and what can be ordered."""

    row: ListRow
    orderable: Orderable


def named(words: Mapping[str, Any]) -> Named | None:
    """The list that the parameters of the command name, if any. Raises Invalid for words that do not go together."""
    path = words["own_list"]
    with_list = {"--column": "columns", "--name": "name", "--country": "country", "--dry-run": "dry_run"}
    if path is None:
        stray = next((option for option, key in with_list.items() if words[key]), None)
        if stray:
            raise Invalid(f"{stray} is about a list. Name its file with --list.")
        return None
    if any(words[key] for key in ("business_types", "location", "radius_km", "by_name", "sources")):
        raise Invalid("A list takes the place of types, location and sources. Give either.")
    return Named(
        path=path, name=words["name"] or path.stem, columns=words["columns"] or (), country=words["country"]
    )


@contextmanager
def checked(person: Person, file: Named | None) -> Iterator[Checked | None]:
    """Have a worker check the file. What is not ordered by the end is let go of.

    Raises NotAllowed, Conflict while too many lists wait, and Invalid for a file of which nothing can be ordered.
    """
    if file is None:
        yield None
        return
    data = _data(file.path)
    head = lists.read(data)
    columns = _columns(head, file.columns)
    say(f"Read as {', '.join(f'{column}: {head.titles[place]}' for column, place in columns.items())}.")
    upload = Upload(name=file.name, kind=ListKind.OWN, reason="", columns=columns, country=file.country)
    list_id = lists.offer(person, data, upload)
    try:
        yield _awaited(person, list_id)
    finally:
        with suppress(NotFound, *PAUSES):
            lists.discard(person, list_id)


def in_words(row: ListRow) -> list[str]:
    """What the check found, in lines."""
    known = f"{row.known:,} of them {'means a company' if row.known == 1 else 'mean companies'} of your book"
    again = f", {row.repeated:,} repeat{'s' if row.repeated == 1 else ''} another one" if row.repeated else ""
    lines = [
        f"{row.name}: {counted(row.rows, 'row')} read, {row.usable:,} can be used, {row.bad:,} cannot{again}."
        f" {known}."
    ]
    lines += [f"Row {place:,}: {why}" for place, why in row.problems[:_MOST_PROBLEMS]]
    if row.bad > _MOST_PROBLEMS:
        lines.append(f"And {counted(row.bad - _MOST_PROBLEMS, 'more row', 'more rows')}.")
    return lines


def planned(person: Person, row: ListRow, spec: CampaignSpec, *, as_json: bool) -> tuple[str, int]:
    """What the check found and what the campaign would take; and the exit code, 1 when it would be refused."""
    bounds = limits.standing(person)
    expected = planning.estimate(person, spec)
    refusals = plan_facts.refusals(spec, bounds)
    if as_json:
        of_list = {
            "name": row.name,
            **{field: getattr(row, field) for field in ("rows", "usable", "bad", "repeated", "known")},
            "problems": [{"row": place, "why": why} for place, why in row.problems],
        }
        plan = plan_facts.facts(spec, expected, bounds, refusals).model_dump(mode="json")
        said = json.dumps({"list": of_list, **plan}, ensure_ascii=False, indent=2)
    else:
        said = "\n".join([*in_words(row), plan_words.in_words(spec, expected, bounds)])
    for sentence in refusals:
        say(sentence)
    return said, 1 if refusals else 0


def _data(path: Path) -> bytes:
    most = settings.get().upload_mb
    data = read_bytes(path, most * _MB + 1)
    if len(data) > most * _MB:
        raise Invalid(f"{path.name} is larger than {most} MB (UPLOAD_MB). Split it.")
    return data


def _columns(head: Head, told: Sequence[str]) -> dict[Column, int]:
    """Which column is what: as guessed, but for those the command tells."""
    columns = dict(head.guessed)
    for each in told:
        name, sign, title = (part.strip() for part in each.partition("="))
        if not sign or name.casefold() not in list(Column):
            raise Invalid(
                {"columns": f"“{each}” names no column. Write one of {', '.join(Column)}, =, and a title."}
            )
        column = Column(name.casefold())
        columns.pop(column, None)
        if not title:
            continue
        if title not in head.titles:
            raise Invalid({"columns": f"There is no column “{title}”. There are {', '.join(head.titles)}."})
        place = head.titles.index(title)
        columns = {other: at for other, at in columns.items() if at != place}
        columns[column] = place
    return columns


def _awaited(person: Person, list_id: UUID) -> Checked:
    say("A worker checks the list.")
    try:
        while _state(person, list_id) is ListState.CHECKING:
            pause(_POLL_S)
    except KeyboardInterrupt:
        say("Stopped. Nothing was ordered.")
        raise typer.Exit(1) from None
    row = next(row for row in lists.newest(person) if row.id == list_id)
    if row.state is ListState.REFUSED:
        raise Invalid(f"{row.said} Mend the file.")
    if not row.usable:
        raise Invalid(" ".join([*in_words(row), "There is nobody to look up."]))
    return Checked(row, lists.orderable(person, list_id))


def _state(person: Person, list_id: UUID) -> ListState:
    return through_pauses(lambda: lists.state(person, list_id)[0], "Nothing was ordered.")
