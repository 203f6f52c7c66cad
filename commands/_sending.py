"""The words of `scheduled-exports`, and what they say: what is in a file, when it is sent, and where to."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast
from uuid import UUID

import typer

from commands._reached import Row

if TYPE_CHECKING:
    from clients.prospectpro import Sending

SECRET_VARIABLE = "PROSPECTPRO_EXPORT_SECRET"  # noqa: S105 - the name of a variable
Id = Annotated[UUID, typer.Argument(help="The id of one, as `scheduled-exports list` says it.")]
Name = Annotated[str | None, typer.Option("--name", help="What it is called.")]
Cron = Annotated[
    str | None,
    typer.Option("--cron", help="When: minute, hour, day of the month, month, weekday, such as '0 8 * * 1'."),
]
Zone = Annotated[str | None, typer.Option("--time-zone", help="By whose clock, such as Europe/Helsinki.")]
Target = Annotated[
    str | None, typer.Option("--target", help="By which way: mail, link, sftp, s3 or webhook.")
]
Place = Annotated[
    list[str] | None,
    typer.Option(
        "--place",
        help="Where to, once for each: host=, port=, user=, folder= and host_key= of sftp; endpoint=, region=, bucket=,"
        " prefix= and access_key= of s3; url= of webhook; days= of link.",
    ),
]
SecretFile = Annotated[
    Path | None,
    typer.Option(
        "--secret-file",
        help="File that holds the password, the private key, the secret key of a bucket, or what messages are signed"
        f" with; else {SECRET_VARIABLE}.",
    ),
]
Format = Annotated[
    str | None, typer.Option("--format", help="The format or preset of the file; csv unless given.")
]
Columns = Annotated[
    list[str] | None,
    typer.Option("--column", help="A heading of the file, once for each; all unless given, and for ''."),
]
Spelling = Annotated[
    list[str] | None,
    typer.Option(
        "--spelling", help="How tables are written: delimiter=; or has_mark=false or decimal_mark=,"
    ),
]
Filter = Annotated[
    list[str] | None,
    typer.Option(
        "--filter",
        help="Which companies, such as has_email=true or tag=fair, once for each: the filters of the interface for"
        " programs. All together take the place of those before; '' lets every company through.",
    ),
]
Sort = Annotated[str | None, typer.Option("--sort", help="In which order, such as best or name.")]
_PLAIN = ("name", "cron", "time_zone", "target", "format", "sort")
_SENT = ("name", "cron", "time_zone", "format", "columns", "spelling", "target", "place")
_TEXTS = ("text", "place", "category", "source", "tag")
_NUMBERS_OF_PLACES = ("port", "days")
_WITH_SECRET = ("sftp", "s3", "webhook")
_LONGEST_QUOTE = 40


def sent(words: Mapping[str, Any], before: Row | None = None) -> Sending:
    """The body that the parameters of a command make; what they do not say is as ``before``. Raises Invalid."""
    body: dict[str, Any] = {name: before[name] for name in _SENT} if before else {"time_zone": "UTC"}
    body |= {name: words[name] for name in _PLAIN if words[name] is not None}
    if words["columns"]:
        body["columns"] = [column for column in words["columns"] if column]
    stays = before is not None and body["target"] == before["target"]
    kept = body.get("place", {}) if stays else {}
    body["place"] = {**kept, **_pairs("--place", words["place"], _of_place)}
    if words["spelling"]:
        body["spelling"] = {**body.get("spelling", {}), **_pairs("--spelling", words["spelling"], _json)}
    if words["filter"]:
        body["filter"] = _pairs("--filter", [each for each in words["filter"] if each], _of_filter)
    if body["target"] in _WITH_SECRET:
        body["secret"] = _secret(words["secret_file"])
    return cast("Sending", body)


def _secret(file: Path | None) -> str:
    """That of the file, or else that of the environment; empty for none. It is no argument of a command, as others on
    the machine see those. Raises Invalid."""
    from commands._reading import read_text
    from services.errors import Invalid

    if file is None:
        return os.environ.get(SECRET_VARIABLE, "").strip()
    found = read_text(file).strip()
    if not found:
        raise Invalid(f"{file} is empty: it has to hold the password or the key.")
    return found


def _pairs(
    option: str, typed: Sequence[str] | None, meant: Callable[[str, str], object]
) -> dict[str, object]:
    """Names with their values; of a name that comes more than once all. Raises Invalid."""
    from services.errors import Invalid

    found: dict[str, list[object]] = {}
    for each in typed or ():
        name, sign, value = each.partition("=")
        if not sign or not name.strip():
            raise Invalid(
                f"{option} “{each[:_LONGEST_QUOTE]}” is no name with its value, such as name=value."
            )
        found.setdefault(name.strip(), []).append(meant(name.strip(), value))
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def _of_place(name: str, value: str) -> object:
    return int(value) if name in _NUMBERS_OF_PLACES and value.isdecimal() else value


def _of_filter(name: str, value: str) -> object:
    return value if name in _TEXTS else _json(name, value)


def _json(_name: str, value: str) -> object:
    """A number, true, false or what is written in brackets as such, and any other value as the text it is."""
    try:
        found: object = json.loads(value)
    except ValueError:
        return value
    return found


def line(told: Row) -> str:
    """One that is sent again and again."""
    from pipeline.delivery.places import in_words

    due = f"paused ({told['pause_cause']})" if told["paused_at"] else f"next {told['next_at']}"
    where = in_words(told["target"], told["place"])
    return f"{told['id']}  {due}  {told['cron']} {told['time_zone']}  {told['format']} to {where}  {told['name']}"


def run_line(told: Row) -> str:
    """What came of one time."""
    from pipeline.output.notices import counted

    rows = "" if told["rows"] is None else counted(told["rows"], "lead")
    again = "can be sent again" if told["can_send_again"] else ""
    next_try = f"tried again {told['try_at']}" if told["try_at"] else ""
    parts = (told["id"], told["due_at"], told["outcome"], rows, told["place"], told["said"], next_try, again)
    return "  ".join(part for part in parts if part)
