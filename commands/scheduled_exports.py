"""Files of leads that are sent again and again, from the terminal."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import typer

from commands._failures import told_plainly
from commands._reached import Json, reached, shown
from commands._sending import (
    Columns,
    Cron,
    Filter,
    Format,
    Id,
    Name,
    Place,
    SecretFile,
    Sort,
    Spelling,
    Target,
    Zone,
    line,
    run_line,
    sent,
)
from commands._watching import User, Workspace

scheduled_exports = typer.Typer(
    help="Have files of leads sent again and again, and see what came of each time.", no_args_is_help=True
)
Run = Annotated[UUID, typer.Argument(help="The id of one time, as `scheduled-exports history` says it.")]


@scheduled_exports.command()
@told_plainly()
def create(  # noqa: PLR0913 - one parameter for each word of the command, read from the context
    ctx: typer.Context,
    name: Name,
    cron: Cron,
    target: Target,
    time_zone: Zone = None,
    place: Place = None,
    secret_file: SecretFile = None,
    format: Format = None,
    columns: Columns = None,
    spelling: Spelling = None,
    filter: Filter = None,
    sort: Sort = None,
    user: User = "",
    workspace: Workspace = "",
    as_json: Json = False,
) -> None:
    """Have a file of leads sent again and again, in your name; the first time when it is due next."""
    with reached(user, workspace) as pro:
        shown(pro.add_scheduled_export(sent(ctx.params)), line, as_json)


@scheduled_exports.command()
@told_plainly()
def change(  # noqa: PLR0913 - one parameter for each word of the command, read from the context
    ctx: typer.Context,
    schedule_id: Id,
    name: Name = None,
    cron: Cron = None,
    target: Target = None,
    time_zone: Zone = None,
    place: Place = None,
    secret_file: SecretFile = None,
    format: Format = None,
    columns: Columns = None,
    spelling: Spelling = None,
    filter: Filter = None,
    sort: Sort = None,
    user: User = "",
    workspace: Workspace = "",
    as_json: Json = False,
) -> None:
    """Send otherwise from now on; what no option says stays, and one that is paused stays so."""
    with reached(user, workspace) as pro:
        body = sent(ctx.params, pro.scheduled_export(str(schedule_id)))
        shown(pro.change_scheduled_export(str(schedule_id), body), line, as_json)


@scheduled_exports.command("host-key")
@told_plainly()
def host_key(
    host: Annotated[str, typer.Argument(help="The server, such as files.example.com.")],
    login: Annotated[str, typer.Argument(help="The user there.")],
    port: Annotated[int, typer.Option("--port", help="The port it listens on.")] = 22,
    user: User = "",
    workspace: Workspace = "",
) -> None:
    """Print the key that a server of SFTP shows now, for --place host_key=. Compare it with what its owner says."""
    with reached(user, workspace) as pro:
        typer.echo(pro.host_key(host, login, port=port))


@scheduled_exports.command("list")
@told_plainly()
def listing(user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """List the files of the workspace that are sent again and again, those first that are due next."""
    with reached(user, workspace) as pro:
        shown(pro.scheduled_exports(), line, as_json, "No file is sent regularly.")


@scheduled_exports.command()
@told_plainly()
def show(schedule_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Say when one is due next, and where it goes; with --json also what is in it."""
    with reached(user, workspace) as pro:
        shown(pro.scheduled_export(str(schedule_id)), line, as_json)


@scheduled_exports.command()
@told_plainly()
def history(schedule_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Say what came of each time one was due, newest first."""
    with reached(user, workspace) as pro:
        shown(pro.scheduled_export_runs(str(schedule_id)), run_line, as_json, "It was not due yet.")


@scheduled_exports.command("try")
@told_plainly()
def try_out(schedule_id: Id, user: User = "", workspace: Workspace = "") -> None:
    """Write a few bytes where its files go and remove them, or send a message that says it is a test."""
    with reached(user, workspace) as pro:
        pro.try_scheduled_export(str(schedule_id))
    typer.echo("Files arrive there.")


@scheduled_exports.command()
@told_plainly()
def pause(schedule_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Send nothing more until it is resumed."""
    _steered(schedule_id, "pause", user, workspace, as_json)


@scheduled_exports.command()
@told_plainly()
def resume(schedule_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Send again from the next time on."""
    _steered(schedule_id, "resume", user, workspace, as_json)


@scheduled_exports.command()
@told_plainly()
def run(schedule_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Have a file made within a minute, and again when it is due next."""
    _steered(schedule_id, "run", user, workspace, as_json)


@scheduled_exports.command("send-again")
@told_plainly()
def send_again(
    schedule_id: Id, run_id: Run, user: User = "", workspace: Workspace = "", as_json: Json = False
) -> None:
    """Send a file that was not sent once more, to where the schedule sends now."""
    with reached(user, workspace) as pro:
        shown(pro.send_export_again(str(schedule_id), str(run_id)), run_line, as_json)


@scheduled_exports.command()
@told_plainly()
def remove(schedule_id: Id, user: User = "", workspace: Workspace = "") -> None:
    """Forget one with its history and files that wait; what was sent stays where it is."""
    with reached(user, workspace) as pro:
        pro.remove_scheduled_export(str(schedule_id))
    typer.echo(f"Removed schedule {schedule_id}.")


def _steered(
    schedule_id: UUID, how: Literal["pause", "resume", "run"], user: str, workspace: str, as_json: bool
) -> None:
    with reached(user, workspace) as pro:
        shown(pro.steer_scheduled_export(str(schedule_id), how), line, as_json)
