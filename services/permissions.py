"""Who may do what: one table, asked by every service, page and menu, and shown to people (docs/roles.md).

The database asks once more: its policies let a viewer write nothing, show nobody another workspace, and show an
administrator's rows to nobody else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from services.errors import NotAllowed
from services.identity import Person
from services.roles import MemberRole


class Right(StrEnum):
    """Something only some people may do. The first are those of a workspace, the others those of the installation."""

    RUN_CAMPAIGNS = "run_campaigns"
    WORK_LEADS = "work_leads"
    SHARE_VIEWS = "share_views"
    EXPORT_LEADS = "export_leads"
    DELETE_CAMPAIGNS = "delete_campaigns"
    SEE_TEAM_SPENDING = "see_team_spending"
    SET_LIMITS = "set_limits"
    SUPPRESS = "suppress"
    LIFT_SUPPRESSIONS = "lift_suppressions"
    KEEP_LISTS = "keep_lists"
    ERASE = "erase"
    REPORT_SUBJECTS = "report_subjects"
    STATE_LEGAL_BASIS = "state_legal_basis"
    RENAME_WORKSPACE = "rename_workspace"
    MANAGE_PEOPLE = "manage_people"
    ASSIGN = "assign"
    MANAGE_WEBHOOKS = "manage_webhooks"
    HAND_OFF = "hand_off"
    CONNECT_CRM = "connect_crm"
    HAND_OVER = "hand_over"
    PAY = "pay"
    SEE_ALL_JOBS = "see_all_jobs"
    STEER_ALL_JOBS = "steer_all_jobs"
    SEE_WORKERS = "see_workers"
    SEE_HEALTH = "see_health"
    STEER_HEALTH = "steer_health"
    SEE_PROVIDERS = "see_providers"
    SET_KEYS = "set_keys"
    STEER_PROVIDERS = "steer_providers"
    SEE_PLACES = "see_places"
    LOAD_PLACES = "load_places"
    SEE_ALL_SPENDING = "see_all_spending"
    SET_INSTALLATION_LIMITS = "set_installation_limits"
    SEE_MAIL_HEALTH = "see_mail_health"
    DECIDE_EXPORT = "decide_export"
    MANAGE_USERS = "manage_users"
    ERASE_EVERYWHERE = "erase_everywhere"
    SEE_AUDIT = "see_audit"


class Standing(StrEnum):
    """What a person is: a role in the workspace they work in, and perhaps an administrator of the installation."""

    VIEWER = "viewer"
    MEMBER = "member"
    ADMIN = "admin"
    OWNER = "owner"
    ADMINISTRATOR = "administrator"


_WORKING: Final = frozenset({Standing.MEMBER, Standing.ADMIN, Standing.OWNER})
_LEADING: Final = frozenset({Standing.ADMIN, Standing.OWNER})
_INSTALLATION: Final = frozenset({Standing.ADMINISTRATOR})

WHO_MAY: Final[dict[Right, frozenset[Standing]]] = {
    Right.RUN_CAMPAIGNS: _WORKING,
    Right.WORK_LEADS: _WORKING,
    Right.SHARE_VIEWS: _WORKING,
    Right.EXPORT_LEADS: _WORKING,
    Right.DELETE_CAMPAIGNS: _WORKING,
    Right.SEE_TEAM_SPENDING: _LEADING,
    Right.SET_LIMITS: _LEADING,
    Right.SUPPRESS: _WORKING,
    Right.LIFT_SUPPRESSIONS: _LEADING,
    Right.KEEP_LISTS: _WORKING,
    Right.ERASE: _LEADING,
    Right.REPORT_SUBJECTS: _LEADING,
    Right.STATE_LEGAL_BASIS: _LEADING,
    Right.RENAME_WORKSPACE: _LEADING,
    Right.MANAGE_PEOPLE: _LEADING,
    Right.ASSIGN: _LEADING,
    Right.MANAGE_WEBHOOKS: _LEADING,
    Right.HAND_OFF: _WORKING,
    Right.CONNECT_CRM: _LEADING,
    Right.HAND_OVER: frozenset({Standing.OWNER}),
    Right.PAY: frozenset({Standing.OWNER}),
    Right.SEE_ALL_JOBS: _INSTALLATION,
    Right.STEER_ALL_JOBS: _INSTALLATION,
    Right.SEE_WORKERS: _INSTALLATION,
    Right.SEE_HEALTH: _INSTALLATION,
    Right.STEER_HEALTH: _INSTALLATION,
    Right.SEE_PROVIDERS: _INSTALLATION,
    Right.SET_KEYS: _INSTALLATION,
    Right.STEER_PROVIDERS: _INSTALLATION,
    Right.SEE_PLACES: _INSTALLATION,
    Right.LOAD_PLACES: _INSTALLATION,
    Right.SEE_ALL_SPENDING: _INSTALLATION,
    Right.SET_INSTALLATION_LIMITS: _INSTALLATION,
    Right.SEE_MAIL_HEALTH: _INSTALLATION,
    Right.DECIDE_EXPORT: _INSTALLATION,
    Right.MANAGE_USERS: _INSTALLATION,
    Right.ERASE_EVERYWHERE: _INSTALLATION,
    Right.SEE_AUDIT: _INSTALLATION,
}

IN_WORDS: Final[dict[Right, str]] = {
    Right.RUN_CAMPAIGNS: "Order, repeat, continue, rename, tag and stop campaigns",
    Right.WORK_LEADS: "Work on leads: values, calls, status, owner, tags, follow-up and notes",
    Right.SHARE_VIEWS: "Share views of leads with the workspace",
    Right.EXPORT_LEADS: "Download leads",
    Right.DELETE_CAMPAIGNS: "Delete campaigns",
    Right.SEE_TEAM_SPENDING: "See what each person of the workspace spends",
    Right.SET_LIMITS: "Set money limits of the workspace and of its people",
    Right.SUPPRESS: "Put people and companies on the suppression list",
    Right.LIFT_SUPPRESSIONS: "Take people and companies off the suppression list",
    Right.KEEP_LISTS: "Upload lists of companies, remove lists of customers",
    Right.ERASE: "Erase people and companies from the workspace",
    Right.STATE_LEGAL_BASIS: "State the legal basis that exports show",
    Right.REPORT_SUBJECTS: "Take a report of what the workspace holds about somebody",
    Right.RENAME_WORKSPACE: "Rename the workspace",
    Right.MANAGE_PEOPLE: "Invite and remove people, change the roles of others",
    Right.ASSIGN: "Say whom new companies are given to",
    Right.MANAGE_WEBHOOKS: "Have other systems told of campaigns and leads (webhooks)",
    Right.HAND_OFF: "Hand leads to a connected customer system (CRM)",
    Right.CONNECT_CRM: "Connect customer systems, say what is handed over, fetch customers",
    Right.HAND_OVER: "Hand over ownership",
    Right.PAY: "Choose the plan of the workspace and pay for it",
    Right.SEE_ALL_JOBS: "See the jobs of all workspaces",
    Right.STEER_ALL_JOBS: (
        "Stop, retry, put first and delete the jobs of all workspaces, pause the queue, let workers rest"
    ),
    Right.SEE_WORKERS: "See the workers",
    Right.SEE_HEALTH: "See how the installation does, its alerts and its regular duties",
    Right.STEER_HEALTH: "Have regular duties done at once, take note of alerts",
    Right.SEE_PROVIDERS: "See the providers and how they do",
    Right.STEER_PROVIDERS: "Stop asking providers, try them again, ask what credit is left",
    Right.SEE_PLACES: "See where the open data of the catalogue is from, and how old it is",
    Right.LOAD_PLACES: "Load, renew and remove places of the catalogue",
    Right.SET_KEYS: "Set and remove the keys of providers and the mail server",
    Right.SEE_ALL_SPENDING: "See what all workspaces spend",
    Right.SET_INSTALLATION_LIMITS: "Set money limits of the installation",
    Right.SEE_MAIL_HEALTH: "See how sending mails goes",
    Right.DECIDE_EXPORT: "Decide which providers' values may be exported",
    Right.ERASE_EVERYWHERE: "Erase people and companies from all workspaces",
    Right.MANAGE_USERS: "Create, disable and delete accounts, make administrators and links for a new password",
    Right.SEE_AUDIT: "See who did what in the installation",
}
"""Each right as people read it."""


NEEDS_ACCOUNT: Final = "This needs an account. Sign up, and you keep the campaigns you have."
"""What a guest is told."""
LOOKING: Final = "See campaigns, leads, spending and the people of the workspace"
"""What belonging to a workspace is enough for."""


def in_a_table(*, with_plans: bool = True) -> tuple[tuple[str, ...], ...]:
    """Each right in words, and whether each standing has it, in their order: “yes” or nothing. ``with_plans``: what is
    about plans, which are not sold everywhere."""
    shown = [right for right in Right if with_plans or right is not Right.PAY]
    rows = [(LOOKING, _WORKING | {Standing.VIEWER}), *((IN_WORDS[right], WHO_MAY[right]) for right in shown)]
    return tuple((words, *("yes" if each in allowed else "" for each in Standing)) for words, allowed in rows)


def standings(person: Person) -> frozenset[Standing]:
    """All that a person is where they work now."""
    role = Standing(MemberRole(person.role).value)
    return frozenset({role, Standing.ADMINISTRATOR} if person.is_admin else {role})


def may(person: Person, right: Right) -> bool:
    """Whether the person has the right."""
    return not WHO_MAY[right].isdisjoint(standings(person))


def require(person: Person, right: Right) -> None:
    """Go on only when the person has the right. Raises NotAllowed, which says who could help."""
    if problem := why_not(person, right):
        raise NotAllowed(problem)


def why_not(person: Person, right: Right) -> str | None:
    """Why the person may not, and who could help; None when they may."""
    if may(person, right):
        return None
    if WHO_MAY[right] == _INSTALLATION:
        return "This is for administrators."
    if person.guest_until is not None:
        return NEEDS_ACCOUNT
    if person.session_id is None:
        return "The key does not go that far. Use one with the scope submit or admin."
    if Standing.ADMIN not in WHO_MAY[right]:
        return "Only the owner of the workspace may do this."
    wanted = IN_WORDS[right][0].lower() + IN_WORDS[right][1:]
    role = person.role.with_article
    return f"In this workspace you are {role}. To {wanted}, ask an admin or the owner for another role."
