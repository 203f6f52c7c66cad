"""What the states of a campaign, a lead and a worker are called on the pages."""

from __future__ import annotations

from typing import Literal

from pipeline.campaign import CampaignStatus
from pipeline.fields import BY_NAME
from pipeline.lead import EmailStatus, StepOutcome
from pipeline.output.ending_mail import MailWhen
from pipeline.providers.registry import registry
from pipeline.words.categories import label_for
from services.comparing import Show
from services.lead_filter import EmailKind, FollowUp, TeamStatus
from services.providers import ProviderState

Colour = Literal["red", "orange", "yellow", "blue", "green", "violet", "gray"]

STATUS: dict[CampaignStatus, tuple[str, Colour]] = {
    CampaignStatus.PENDING: ("Waiting", "gray"),
    CampaignStatus.PROCESSING: ("Running", "blue"),
    CampaignStatus.COMPLETED: ("Complete", "green"),
    CampaignStatus.PARTIAL: ("Ended early", "orange"),
    CampaignStatus.FAILED: ("Failed", "red"),
    CampaignStatus.CANCELLED: ("Cancelled", "gray"),
}

WORTH_A_LOOK: tuple[str, Colour] = ("Worth a look", "orange")

# What to choose, and what that means.
MAIL_WHEN: dict[MailWhen, tuple[str, str]] = {
    MailWhen.ALL: ("Always", "Complete, ended early or failed."),
    MailWhen.PROBLEMS: (
        "Only when it needs me",
        "Ended early, failed, or complete with less than it should have.",
    ),
    MailWhen.NEVER: ("Never", "Everything is on the pages all the same."),
}

EMAIL_STATUS: dict[EmailStatus, str] = {
    EmailStatus.NONE: "No e-mail",
    EmailStatus.UNVERIFIED: "Not verified",
    EmailStatus.VERIFIED: "Verified",
    EmailStatus.ACCEPTED: "Accepted by its mail server",
    EmailStatus.CATCHALL: "Accepts any address",
    EmailStatus.TYPED: "Typed, not checked",
    EmailStatus.UNKNOWN: "Could not be checked",
    EmailStatus.DISPOSABLE: "Throw-away address",
    EmailStatus.INVALID: "Does not exist",
}

TEAM_STATUS: dict[TeamStatus, str] = {
    TeamStatus.NEW: "New",
    TeamStatus.CONTACTED: "Contacted",
    TeamStatus.INTERESTED: "Interested",
    TeamStatus.WON: "Won",
    TeamStatus.LOST: "Lost",
}

YES_NO: dict[bool, str] = {True: "Yes", False: "No"}
DIFFERENCE: dict[Show, str] = {Show.NEW: "New", Show.GONE: "Gone", Show.CHANGED: "Changed"}
FOLLOW_UP: dict[FollowUp, str] = {
    FollowUp.DUE: "Due",
    FollowUp.OVERDUE: "Overdue",
    FollowUp.TODAY: "Today",
    FollowUp.WEEK: "Next 7 days",
    FollowUp.SET: "Has a day",
    FollowUp.NONE: "Has none",
}

EMAIL_KIND: dict[EmailKind, str] = {
    EmailKind.PERSONAL: "Of one person",
    EmailKind.ROLE: "Shared, such as info@",
    EmailKind.FREE: "At a mailbox provider",
}

STEP_OUTCOME: dict[StepOutcome, tuple[str, Colour]] = {
    StepOutcome.FOUND: ("Found", "green"),
    StepOutcome.NOT_FOUND: ("Nothing found", "gray"),
    StepOutcome.SKIPPED: ("Skipped", "gray"),
    StepOutcome.FAILED: ("Failed", "red"),
    StepOutcome.UNCERTAIN: ("Uncertain", "orange"),
}

PROVIDER_STATE: dict[ProviderState | None, tuple[str, Colour]] = {
    ProviderState.OK: ("Answers", "green"),
    ProviderState.WAITING: ("Waiting", "orange"),
    ProviderState.REFUSED: ("Key refused", "red"),
    ProviderState.EXHAUSTED: ("Credits used up", "red"),
    ProviderState.UNREACHABLE: ("Does not answer", "orange"),
    None: ("Not asked yet", "gray"),
}


STOPPED: tuple[str, Colour] = ("Stopped", "red")

_CORRECTED = {"name": "Name", "category": "Type"}


def field_name(field: str) -> str:
    """The label of a lead's field."""
    return BY_NAME[field].label if field in BY_NAME else field.replace("_", " ").capitalize()


def value_words(field: str, value: str | None) -> tuple[str, str | None]:
    """A value of a lead that people can correct: its label, and the value as it is shown."""
    label = _CORRECTED.get(field) or field_name(field)
    return label, label_for(value) if field == "category" and value else value


def step_name(step: str) -> str:
    """What people call a step of the waterfall."""
    known = registry().by_order_key
    return known[step].order_label if step in known else field_name(step)
