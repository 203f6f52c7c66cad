"""Who the key is, what it tells of the machines behind, and what others see of its campaign."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import uuid4

from clients.prospectpro import PREFIX, Campaign, Problem
from commands._checks.finding import Finding, ok, skipped, warning, wrong
from commands._deployment.asked import Asked
from pipeline.output.notices import counted

_FOREIGN = "not_found"
_STOP = "Take it from the network, and look at `manage.py doctor` (policies)."


def key(asked: Asked) -> Iterator[Finding]:
    """It holds; an administrator's also tells of workers and mails."""
    if not asked.key:
        yield wrong("key", "None was given.", "Set TOKEN, or PROSPECTPRO_KEY, to a key that may order.")
        return
    with asked.program(asked.key) as program:
        me = program.me()
        yield ok("key", f"It acts for {me['email']} in {me['workspace']}, as {me['role']}.")
        try:
            told = program.installation()
        except Problem as problem:
            if problem.cause != "not_allowed":
                raise
            yield skipped("workers", "Takes an administrator's key with the scope admin.")
            return
    if told["workers"]:
        needs = "".join(f" {each['title']}." for each in told["findings"])
        said = f"{counted(told['workers'], 'worker')} at work, version {told['version']}.{needs}"
        look = "See Health."
        yield warning("workers", said, look) if needs else ok("workers", said)
    else:
        yield wrong("workers", "None lives: campaigns wait.", "Start `manage.py worker`.")
    yield _mail(told["mails"])


def _mail(told: dict[str, object]) -> Finding:
    if not told["are_on"]:
        return skipped("mail", "No mail server is set, so none is sent.")
    if told["problem"]:
        return wrong("mail", f"{told['waiting']} wait: {told['problem']}", "See `manage.py doctor`, mail.")
    last = f"the last one went at {told['last_sent_at']}" if told["last_sent_at"] else "none was sent yet"
    return ok("mail", f"On; {told['waiting']} waiting, {last}.")


def isolation(asked: Asked, mine: Campaign) -> Iterator[Finding]:
    """Nobody but the workspace sees the campaign: not without a key, not with a wrong one, not with another's."""
    paths = [f"/campaigns/{mine['id']}{more}" for more in ("", "/progress", "/leads", "/file?format=csv")]
    with asked.browser() as browser:
        for sent in ({}, {"Authorization": f"Bearer ppk_{uuid4().hex}"}):
            for path in paths:
                if (status := browser.get(PREFIX + path, headers=sent).status_code) != 401:
                    said = f"{path} answers {status} to strangers."
                    yield wrong("isolation", said, _STOP)
                    return
        if browser.get(f"/results?campaign={mine['id']}").status_code == 200:
            yield wrong("isolation", "Its page opens without signing in.", _STOP)
            return
    if not asked.other_key:
        said = "Strangers see nothing; no key of another workspace was given to look with."
        yield skipped("isolation", said)
        return
    yield from _foreign(asked, mine)


def _foreign(asked: Asked, mine: Campaign) -> Iterator[Finding]:
    with asked.program(asked.other_key) as other, asked.program(asked.key) as own:
        if other.me()["workspace"] == own.me()["workspace"]:
            yield skipped("isolation", "Both keys are of one workspace.")
            return
        looks: tuple[Callable[[], object], ...] = (
            lambda: other.campaign(mine["id"]),
            lambda: list(other.leads(mine["id"])),
            lambda: other.file(mine["id"]),
            lambda: other.cancel(mine["id"]),
            lambda: other.delete(mine["id"]),
        )
        for look in looks:
            try:
                look()
            except Problem as problem:
                if problem.cause in (_FOREIGN, "not_allowed"):
                    continue
                raise
            yield wrong("isolation", "Another workspace sees or changes the campaign.", _STOP)
            return
        if any(each["id"] == mine["id"] for each in other.campaigns(text=mine["title"])):
            yield wrong("isolation", "Another workspace finds the campaign.", _STOP)
            return
    yield ok("isolation", "Neither strangers nor another workspace see or change the campaign.")
