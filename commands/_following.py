"""Watching a campaign from the terminal, and saying how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from uuid import UUID

import typer
from tqdm import tqdm

from commands._as_json import as_json
from commands._files import Wanted, write_private
from commands._patience import LostSight, say, through_pauses
from pipeline.campaign import CampaignSpec, CampaignStatus
from pipeline.output.export import USUAL_LAYOUT, ExportFormat, Layout
from services import campaigns, exporting, limits, understanding
from services.campaigns import CampaignView
from services.exporting import ExportFile
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store.interruptible import pause
from ui import ending_words

# How a campaign may end: the exit code, which docs/command-line.md lists too, and what is said of it.
_CODES = {
    CampaignStatus.COMPLETED: 0,
    CampaignStatus.PARTIAL: 3,
    CampaignStatus.FAILED: 4,
    CampaignStatus.CANCELLED: 5,
}
ENDINGS = {status: (code, ending_words.ENDED[status]) for status, code in _CODES.items()}
LOST_SIGHT = 6
_POLL_S = 0.2
_FOLLOW = "manage.py follow"


def understood(spec: CampaignSpec) -> None:
    """Say what each type of business is taken for, before anything is ordered."""
    for reading in through_pauses(lambda: understanding.readings(spec), "Nothing was ordered."):
        if reading.problem is None:
            say(reading.told)


def bounded(person: Person) -> None:
    """Say what the money limits leave, when there are any."""
    rows = through_pauses(lambda: limits.standing(person), "Nothing was ordered.")
    if rows:
        say(f"Left to spend: {limits.left_in_words(rows)}")
    if nearly := limits.notice(rows):
        say(nearly)


def ordered(person: Person, spec: CampaignSpec, key: str) -> UUID:
    """Order the campaign once, whatever happens on the way, and say its id. Ctrl-C meanwhile stops it again."""
    lost = "Whether the campaign was ordered is not known: look under Campaigns before you order it again."

    def order() -> UUID:
        return through_pauses(lambda: campaigns.submit(person, spec, key), lost)

    try:
        campaign_id = order()
    except KeyboardInterrupt:
        # The order may stand already: the same key finds it, so that it can be stopped.
        campaign_id = order()
        _stop(person, campaign_id)
    say(f"Ordered campaign {campaign_id}.")
    return campaign_id


def follow(person: Person, campaign_id: UUID) -> CampaignView:
    """Draw a progress bar on standard error until the campaign has ended. Ctrl-C stops the campaign.

    Raises LostSight when the database stays away for too long, or at a second Ctrl-C.
    """
    while True:
        try:
            return _watched(person, campaign_id)
        except KeyboardInterrupt:
            _stop(person, campaign_id)


def _stop(person: Person, campaign_id: UUID) -> None:
    say("Stopping the campaign. Ctrl-C again leaves it to run.")
    try:
        through_pauses(lambda: campaigns.cancel(person, campaign_id), _not_stopped(campaign_id))
    except KeyboardInterrupt:
        raise LostSight(_not_stopped(campaign_id)) from None


def _not_stopped(campaign_id: UUID) -> str:
    return f"Campaign {campaign_id} was not stopped. Stop it under Campaigns, or watch it: {_FOLLOW} {campaign_id}"


def _watched(person: Person, campaign_id: UUID) -> CampaignView:
    lost = f"Campaign {campaign_id} goes on as soon as it is back. Watch it then: {_FOLLOW} {campaign_id}"
    with tqdm(total=100, unit="%", bar_format="{desc} {bar} {n:.0f} % [{elapsed}]") as bar:
        while True:
            view = through_pauses(lambda: campaigns.get(person, campaign_id), lost)
            bar.set_description_str(view.stage.value.replace("_", " "), refresh=False)
            bar.update(view.progress - bar.n)
            if view.status.is_final:
                return view
            pause(_POLL_S)


def told(person: Person, view: CampaignView, wanted: Mapping[Path, Wanted], is_json: bool) -> int:
    """Say how a campaign ended, write its leads, and return the exit code. Raises LostSight."""
    lost = f"Campaign {view.id} is {view.status}; its leads can be read when it is back: {_FOLLOW} {view.id}"
    if is_json:
        typer.echo(_taken(person, view, as_json(view), lost).data)
    else:
        typer.echo(ending_words.in_words(view))
    for path, how in wanted.items():
        file = _taken(person, view, how.format, lost, how.layout)
        _write(path, file.data, view.id)
        typer.echo(f"{file.rows:,} leads written to {path}{_without(file)}", err=is_json)
    return ENDINGS[view.status][0]


def _without(file: ExportFile) -> str:
    """How many leads are not in the file."""
    return f"; {file.left_out:,} left out, which lack what it needs" if file.left_out else ""


def _taken(
    person: Person,
    view: CampaignView,
    format: str | ExportFormat,
    lost: str,
    layout: Layout = USUAL_LAYOUT,
) -> ExportFile:
    """The leads in a format, noted in the export log like every file that leaves."""
    return through_pauses(
        lambda: exporting.export(person, view.id, LeadFilter(), LeadSort.BEST, format, layout), lost
    )


def _write(path: Path, data: bytes, campaign_id: UUID) -> None:
    try:
        write_private(path, data)
    except OSError as error:
        raise LostSight(
            f"The leads could not be written to {path} ({error.strerror}); the campaign has ended and keeps them."
            f" Write them elsewhere: {_FOLLOW} {campaign_id} --out FILE"
        ) from None
