"""The other servers: Redis and the one for mails."""

from __future__ import annotations

from collections.abc import Iterator

from commands._checks import secrets
from commands._checks.databases import clock
from commands._checks.finding import Finding, ok, size, warning, wrong
from jobs import mail_server
from jobs.mail_server import MailError
from jobs.queue import RedisNotConfigured, RedisNotReady
from jobs.redis_facts import RedisFacts, redis_facts
from settings import Settings, SettingsError
from store import in_force

_NEARLY = 0.8
_OLDEST_REDIS, _OLDEST_VALKEY = (6, 2), (7, 2)


def redis_findings() -> Iterator[Finding]:
    """Whether it takes writes, what it does when it is full, and what it keeps."""
    try:
        facts = redis_facts()
    except (RedisNotConfigured, RedisNotReady, SettingsError) as error:
        advice = "Campaigns are ordered and kept meanwhile, and none begins. Mend Redis; nothing is lost."
        yield wrong("Redis", str(error), advice)
        return
    bound = f" of {size(facts.max_bytes)}" if facts.max_bytes else ""
    said = f"{facts.product} {facts.version}, {size(facts.used_bytes)}{bound} used, {facts.in_line} wake-ups in line."
    if _is_old(facts):
        yield warning("Redis", said, "ProspectPro is tested with Redis 6.2 or newer, or Valkey; upgrade it.")
    elif facts.max_bytes and facts.used_bytes > _NEARLY * facts.max_bytes:
        yield warning("Redis", said, "Raise maxmemory: 64 MB is plenty for ProspectPro alone.")
    else:
        yield ok("Redis", said)
    yield _policy(facts)
    yield _persistence(facts)
    yield clock("clock of Redis", facts.clock)


def mail_findings(config: Settings, *, knows: bool) -> Iterator[Finding]:
    """Whether the mail server lets us in; nothing is sent. ``knows``: whether one is set in the interface can be looked
    up."""
    if knows and in_force.MAIL in secrets.unreadable():
        yield warning("mail server of the interface", secrets.UNREADABLE, secrets.SET_AGAIN)
    server = in_force.mail() if knows else config
    if not server.smtp_host:
        yield ok("mail", "Off: none is set on Providers, and SMTP_HOST is empty.")
        return
    try:
        mail_server.greet(server)
    except MailError as error:
        advice = "Check the mail server on Providers, or SMTP_HOST and the settings that begin like it."
        yield wrong("mail", str(error), advice)
        return
    said = f"{server.smtp_host} takes mails of {server.mail_from}."
    if config.public_url:
        yield ok("mail", said)
    else:
        advice = "Set PUBLIC_URL: the links in mails lead to this machine only."
        yield warning("mail", said, advice)


def _policy(facts: RedisFacts) -> Finding:
    said = f"maxmemory-policy {facts.policy}, {facts.evicted:,} keys evicted."
    if facts.policy == "noeviction" or not facts.max_bytes:
        return ok("Redis when full", said)
    advice = "Set maxmemory-policy noeviction: evicted wake-ups come back by Postgres, only later."
    return warning("Redis when full", said, advice)


def _persistence(facts: RedisFacts) -> Finding:
    if not facts.has_written:
        return wrong(
            "Redis's disk", "Its last write to disk failed.", "Make room on its disk; its log says more."
        )
    if facts.keeps is None:
        return ok("Redis's disk", "It does not say whether it keeps its memory; Postgres is the record.")
    if facts.keeps:
        return ok("Redis's disk", "It keeps its memory on disk.")
    return ok("Redis's disk", "It keeps nothing on disk: after a restart wake-ups come back by Postgres.")


def _is_old(facts: RedisFacts) -> bool:
    found = tuple(int(part) for part in facts.version.split(".")[:2] if part.isdigit())
    return found < (_OLDEST_VALKEY if facts.product == "Valkey" else _OLDEST_REDIS)
