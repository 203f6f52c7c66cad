"""Campaigns that repeat, from the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from commands._failures import told_plainly
from commands._reached import Json, Row, amount, reached, shown, usd
from commands._watching import User, Workspace

if TYPE_CHECKING:
    from clients.prospectpro import Repeat

schedules = typer.Typer(help="Have campaigns repeat, and see what came of each time.", no_args_is_help=True)
Id = Annotated[UUID, typer.Argument(help="The id of a schedule, as `schedules list` says it.")]
Cron = Annotated[
    str,
    typer.Option("--cron", help="When: minute, hour, day of the month, month, weekday, such as '0 8 * * 1'."),
]
Zone = Annotated[str, typer.Option("--time-zone", help="By whose clock, such as Europe/Helsinki.")]
Each = Annotated[str, typer.Option("--budget", help="The most each time may cost, in US dollars.")]
Month = Annotated[
    str,
    typer.Option(
        "--month", help="The most all of a month may cost, in US dollars; no such cap unless given."
    ),
]
New = Annotated[bool, typer.Option("--only-new", help="Leave out companies that are in your book already.")]
NewMonth = Annotated[
    str,
    typer.Option("--month", help="The most all of a month may cost, in US dollars; none for no such cap."),
]
OnlyNew = Annotated[
    bool | None,
    typer.Option("--only-new/--all", help="Whether to leave out companies that are in your book already."),
]
NewName = Annotated[str, typer.Option("--name", help="What it is called.")]
Name = Annotated[str, typer.Option("--name", help="What it is called; as the campaign, unless given.")]


@schedules.command()
@told_plainly()
def create(  # noqa: PLR0913 - one parameter for each word of the command
    campaign_id: Annotated[UUID, typer.Argument(help="The campaign whose order repeats.")],
    cron: Cron,
    time_zone: Zone = "UTC",
    budget: Each = "0",
    month: Month = "",
    only_new: New = False,
    name: Name = "",
    user: User = "",
    workspace: Workspace = "",
    as_json: Json = False,
) -> None:
    """Have the order of a campaign placed again and again, in your name; the first time when it is due next."""
    with reached(user, workspace) as pro:
        made = pro.add_schedule(
            str(campaign_id),
            {
                "name": name or pro.campaign(str(campaign_id))["title"],
                "cron": cron,
                "time_zone": time_zone,
                "budget_usd": amount(budget, "--budget"),
                "month_usd": amount(month, "--month") if month else None,
                "only_new": only_new,
            },
        )
    shown(made, _line, as_json)


@schedules.command()
@told_plainly()
def change(  # noqa: PLR0913 - one parameter for each word of the command
    schedule_id: Id,
    cron: Cron = "",
    time_zone: Zone = "",
    budget: Each = "",
    month: NewMonth = "",
    only_new: OnlyNew = None,
    name: NewName = "",
    user: User = "",
    workspace: Workspace = "",
    as_json: Json = False,
) -> None:
    """Repeat it otherwise from now on; what no option says stays, and one that is paused stays so."""
    with reached(user, workspace) as pro:
        before = pro.schedule(str(schedule_id))
        repeat: Repeat = {
            "name": name or before["name"],
            "cron": cron or before["cron"],
            "time_zone": time_zone or before["time_zone"],
            "budget_usd": amount(budget, "--budget") if budget else before["budget_usd"],
            "month_usd": _month(month) if month else before["month_usd"],
            "only_new": before["only_new"] if only_new is None else only_new,
        }
        shown(pro.change_schedule(str(schedule_id), repeat), _line, as_json)


@schedules.command("list")
@told_plainly()
def listing(user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """List the campaigns of the workspace that repeat, those first that are due next."""
    with reached(user, workspace) as pro:
        shown(pro.schedules(), _line, as_json, "Nothing repeats.")


@schedules.command()
@told_plainly()
def show(schedule_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Say when one is due next, what it may spend in a month and has spent."""
    with reached(user, workspace) as pro:
        shown(pro.schedule(str(schedule_id)), _line, as_json)


@schedules.command()
@told_plainly()
def history(schedule_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Say what came of each time one was due, newest first."""
    with reached(user, workspace) as pro:
        shown(pro.schedule_runs(str(schedule_id)), _run, as_json, "It was not due yet.")


@schedules.command()
@told_plainly()
def pause(schedule_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Order nothing more until it is resumed; what runs goes on."""
    _steered(schedule_id, "pause", user, workspace, as_json)


@schedules.command()
@told_plainly()
def resume(schedule_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Order again from the next time on."""
    _steered(schedule_id, "resume", user, workspace, as_json)


@schedules.command()
@told_plainly()
def run(schedule_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Order within a minute, and again when it is due next."""
    _steered(schedule_id, "run", user, workspace, as_json)


@schedules.command()
@told_plainly()
def remove(schedule_id: Id, user: User = "", workspace: Workspace = "") -> None:
    """Forget one with its history; its campaigns stay."""
    with reached(user, workspace) as pro:
        pro.remove_schedule(str(schedule_id))
    typer.echo(f"Removed schedule {schedule_id}.")


def _steered(
    schedule_id: UUID, how: Literal["pause", "resume", "run"], user: str, workspace: str, as_json: bool
) -> None:
    with reached(user, workspace) as pro:
        shown(pro.steer_schedule(str(schedule_id), how), _line, as_json)


def _month(typed: str) -> str | None:
    return None if typed.strip().casefold() == "none" else amount(typed, "--month")


def _line(told: Row) -> str:
    due = f"paused ({told['pause_cause']})" if told["paused_at"] else f"next {told['next_at']}"
    spent = f"{usd(told['spent_usd'])} this month"
    cap = f"{spent} of {usd(told['month_usd'])}" if told["month_usd"] is not None else spent
    return f"{told['id']}  {due}  {told['cron']} {told['time_zone']}  {cap}  {told['name']}"


def _run(told: Row) -> str:
    if told["campaign_id"] is None:
        return f"{told['due_at']}  {told['outcome']}"
    result = f"{told['status']}, {told['leads'] or 0:,} leads, {usd(told['spent_usd'] or '0')}"
    return f"{told['due_at']}  {told['outcome']}  {told['campaign_id']}  {result}"
