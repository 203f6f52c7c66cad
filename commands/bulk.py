"""Bulk orders from the terminal: many campaigns planned, ordered, watched and steered together."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal
from uuid import UUID

import typer

from commands._bulk_words import campaign_line, line
from commands._failures import told_plainly
from commands._order import (
    Budget,
    Confidence,
    Customers,
    Independents,
    Known,
    Max,
    MustHave,
    MustNot,
    NiceToHave,
    Only,
    Radius,
    Reach,
    Sources,
    Waterfall,
)
from commands._reached import Json, amount, reached, shown
from commands._watching import User, Workspace

bulk = typer.Typer(help="Order many campaigns at once, watch and steer them together.", no_args_is_help=True)
File = Annotated[
    Path,
    typer.Argument(
        help="Orders: a line each, such as 'dentist; Helsinki; 20; 1.50', or a .csv or .xlsx file with titles; - for"
        " standard input."
    ),
]
Id = Annotated[UUID, typer.Argument(help="The id of a bulk order, as `bulk list` says it.")]
Follow = Annotated[bool, typer.Option("--wait", help="Wait until all campaigns have ended.")]
Cap = Annotated[
    str,
    typer.Option(
        "--cap", help="The most all of them may cost together, in US dollars; the sum of their budgets."
    ),
]
SkipBad = Annotated[
    bool, typer.Option("--skip-bad", help="Leave out what cannot be ordered; without, nothing is ordered.")
]
SkipDuplicates = Annotated[
    bool,
    typer.Option(
        "--skip-duplicates", help="Leave out what looks for the same as another order or as what runs."
    ),
]
_SHARED = "What the options say holds for every order that does not say otherwise."


@bulk.command(epilog=_SHARED)
@told_plainly()
def plan(  # noqa: PLR0913 - one parameter for each word of the command, read from the context
    ctx: typer.Context,
    file: File,
    max_results: Max = None,
    budget: Budget = None,
    min_confidence: Confidence = None,
    min_reach: Reach = None,
    independents_only: Independents = False,
    only: Only = "",
    known: Known = "",
    customers: Customers = "",
    radius_km: Radius = None,
    sources: Sources = "",
    waterfall: Waterfall = "",
    must_have: MustHave = None,
    nice_to_have: NiceToHave = None,
    must_not: MustNot = None,
    user: User = "",
    workspace: Workspace = "",
    as_json: Json = False,
) -> None:
    """Say what many orders would find, cost and take. Nothing is started, asked or paid.

    Exit codes: 0 when all could be started, 1 when some would be refused.
    """
    with reached(user, workspace) as pro:
        from commands import _bulk as steps

        raise typer.Exit(steps.plan(pro, file, ctx.params))


@bulk.command(epilog=_SHARED)
@told_plainly()
def run(  # noqa: PLR0913 - one parameter for each word of the command, read from the context
    ctx: typer.Context,
    file: File,
    cap: Cap = "",
    skip_bad: SkipBad = False,
    skip_duplicates: SkipDuplicates = False,
    wait: Follow = False,
    max_results: Max = None,
    budget: Budget = None,
    min_confidence: Confidence = None,
    min_reach: Reach = None,
    independents_only: Independents = False,
    only: Only = "",
    known: Known = "",
    customers: Customers = "",
    radius_km: Radius = None,
    sources: Sources = "",
    waterfall: Waterfall = "",
    must_have: MustHave = None,
    nice_to_have: NiceToHave = None,
    must_not: MustNot = None,
    user: User = "",
    workspace: Workspace = "",
    as_json: Json = False,
) -> None:
    """Order many campaigns at once: all that are not left out, or none. Say the id of the bulk order.

    Exit codes: 0 ordered, 1 refused; with --wait those of `campaign`. Ctrl-C ends the waiting, not the campaigns.
    """
    with reached(user, workspace) as pro:
        from commands import _bulk as steps

        raise typer.Exit(steps.run(pro, file, ctx.params))


@bulk.command("list")
@told_plainly()
def listing(user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """List the bulk orders of the workspace, newest first."""
    with reached(user, workspace) as pro:
        shown(pro.bulk_orders(), line, as_json, "There is no bulk order.")


@bulk.command()
@told_plainly()
def show(
    bulk_id: Id, wait: Follow = False, user: User = "", workspace: Workspace = "", as_json: Json = False
) -> None:
    """Say how far a bulk order is. With --wait the exit codes are those of `campaign`."""
    with reached(user, workspace) as pro:
        from commands import _bulk as steps

        raise typer.Exit(steps.end(pro, pro.bulk_order(str(bulk_id)), wait=wait, as_json=as_json))


@bulk.command()
@told_plainly()
def campaigns(bulk_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """List the campaigns of a bulk order; `follow` writes the leads of one."""
    with reached(user, workspace) as pro:
        pro.bulk_order(str(bulk_id))
        shown(pro.bulk_campaigns(str(bulk_id)), campaign_line, as_json)


@bulk.command()
@told_plainly()
def pause(bulk_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Let no further campaign of it begin; those that run go on to their end."""
    _steered(bulk_id, "pause", user, workspace, as_json)


@bulk.command()
@told_plainly()
def resume(bulk_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Let its campaigns begin again."""
    _steered(bulk_id, "resume", user, workspace, as_json)


@bulk.command()
@told_plainly()
def cancel(bulk_id: Id, user: User = "", workspace: Workspace = "", as_json: Json = False) -> None:
    """Stop all of its campaigns; what they found stays."""
    _steered(bulk_id, "cancel", user, workspace, as_json)


@bulk.command("continue")
@told_plainly()
def go_on(
    bulk_id: Id,
    add_cap: Annotated[str, typer.Option("--add-cap", help="By how many US dollars to raise the cap.")] = "0",
    user: User = "",
    workspace: Workspace = "",
    as_json: Json = False,
) -> None:
    """Let its campaigns that failed, were cut short or stopped do what they left undone."""
    with reached(user, workspace) as pro:
        from pipeline.bulk_rows import MAX_ORDERS

        told = pro.go_on_with_bulk(str(bulk_id), add_cap_usd=amount(add_cap, "--add-cap", MAX_ORDERS))
    shown(told, line, as_json)


@bulk.command()
@told_plainly()
def delete(bulk_id: Id, user: User = "", workspace: Workspace = "") -> None:
    """Remove an ended bulk order with its campaigns and their leads; what they cost stays."""
    with reached(user, workspace) as pro:
        pro.delete_bulk(str(bulk_id))
    typer.echo(f"Deleted bulk order {bulk_id}.")


def _steered(
    bulk_id: UUID, how: Literal["pause", "resume", "cancel"], user: str, workspace: str, as_json: bool
) -> None:
    with reached(user, workspace) as pro:
        shown(pro.steer_bulk(str(bulk_id), how), line, as_json)
