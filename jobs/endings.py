"""How a campaign can end, in the words its owner reads."""

from __future__ import annotations

import settings
from jobs import faults
from pipeline.campaign import CampaignStatus
from pipeline.errors import SourceError
from pipeline.run import Outcome
from store.progress import End


def ended(outcome: Outcome) -> End:
    """The pipeline came to its end."""
    leads = f"{outcome.leads:,} lead{'' if outcome.leads == 1 else 's'}"
    word = "complete" if outcome.status is CampaignStatus.COMPLETED else "ended early"
    return End(
        status=outcome.status,
        reason=outcome.reason,
        cause=outcome.cause,
        notice=outcome.notice,
        message=f"Campaign {word}: {leads}.",
    )


def cancelled() -> End:
    """The person stopped it."""
    reason = "You stopped this campaign. What it had found by then is kept."
    return End(status=CampaignStatus.CANCELLED, reason=reason, message="Stopped. What was found is kept.")


def never_begun() -> End:
    """The person stopped the bulk order before its turn came."""
    reason = "You stopped the bulk order before this campaign began. Nothing was spent."
    return End(status=CampaignStatus.CANCELLED, reason=reason, message="Stopped before it began.")


def out_of_time() -> End:
    """It ran for as long as a campaign may."""
    minutes = settings.get().campaign_minutes
    return End(
        status=CampaignStatus.PARTIAL,
        reason=f"The {minutes} minutes a campaign may run are over. What was found is kept.",
        message=f"Stopped after {minutes} minutes. What was found is kept.",
    )


def never_started() -> End:
    """Nobody took it."""
    hours = settings.get().waiting_hours
    return End(
        status=CampaignStatus.FAILED,
        reason=f"No worker took this campaign within {hours} hours. Nothing was spent in that time.",
        error=f"No worker claimed it within {hours} hours.",
        message=f"Given up after waiting {hours} hours for a worker.",
    )


def source_failed(error: SourceError) -> End:
    """No source of businesses could answer."""
    return End(
        status=CampaignStatus.FAILED,
        reason=str(error),
        cause=error.cause,
        error=str(error),
        message="The source could not answer.",
    )


def crashed(error: Exception, reference: str) -> End:
    """A fault of ours; the details are in the log under ``reference``, and without values for administrators."""
    return End(
        status=CampaignStatus.FAILED,
        reason=f"Something went wrong on our side. What was found is kept. Reference {reference}.",
        error=f"{type(error).__name__}, reference {reference}",
        message="Something went wrong on our side.",
        fault=faults.told(error),
    )


def gave_up(attempts: int) -> End:
    """The workers that ran it kept dying."""
    return End(
        status=CampaignStatus.FAILED,
        reason=f"This campaign was interrupted {attempts} times and was stopped. What was found is kept.",
        error=f"The worker died {attempts} times while running this campaign.",
        message=f"Given up after {attempts} interrupted attempts.",
    )
