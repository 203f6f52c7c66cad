"""The providers' own bill beside the ledger, question by question."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.support.servers import rows

Question = tuple[str, str]
"""An operation, and what was asked for in one canonical form."""
_PAGE = ("text", "rectangle", "page", "ratings", "minRating")


@dataclass
class Account:
    """All that was paid for one question, in micro-dollars; ``uncertain`` may or may not have been billed."""

    billed: int = 0
    certain: int = 0
    uncertain: int = 0
    campaigns: set[str] = field(default_factory=set)


def accounts(
    url: str, bill: Sequence[Mapping[str, Any]], campaign: UUID | None = None
) -> dict[Question, Account]:
    """Every question that was billed or stands in the ledger as sent: of one campaign, or of the installation."""
    found: dict[Question, Account] = defaultdict(Account)
    for question, price in billed(bill):
        found[question].billed += price
    query = (
        "select campaign_id, operation, arguments, state, cost_micros from provider_calls"
        " where price_micros > 0 and state not in ('held', 'spared')"
    )
    for which, operation, arguments, state, cost in rows(url, query):
        if campaign is not None and str(which) != str(campaign):
            continue
        account = found[_of_ledger(str(operation), arguments)]
        account.campaigns.add(str(which))
        account.certain += int(str(cost)) if state == "done" else 0
        account.uncertain += int(str(cost)) if state == "unknown" else 0
    return dict(found)


def billed(bill: Sequence[Mapping[str, Any]]) -> list[tuple[Question, int]]:
    """What each request cost; the lines of a list belong to one."""
    requests: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for line in bill:
        if line["outcome"] != "too_fast":
            requests[line["request"]].append(line)
    return [
        (_of_bill(lines[0]["operation"], [line["argument"] for line in lines]), _sum(lines))
        for lines in requests.values()
    ]


def lost_answers(bill: Sequence[Mapping[str, Any]]) -> int:
    """How many requests were billed and got no answer."""
    return len({line["request"] for line in bill if line["outcome"].startswith("late")})


def unrecorded(url: str, bill: Sequence[Mapping[str, Any]], campaign: UUID | None = None) -> Iterator[str]:
    """What was billed and is not in the ledger, neither as cost nor as uncertain; and bills above a budget."""
    found = accounts(url, bill, campaign)
    for question, account in found.items():
        if account.billed > account.certain + account.uncertain:
            yield (
                f"{question} was billed at {account.billed}, the ledger has {account.certain}"
                f" and {account.uncertain} uncertain"
            )
    yield from _above_budget(url, found, campaign)


def uncharged(url: str, bill: Sequence[Mapping[str, Any]], campaign: UUID | None = None) -> Iterator[str]:
    """What the ledger is certain of and nobody billed."""
    for question, account in accounts(url, bill, campaign).items():
        if account.certain > account.billed:
            yield f"{question} cost {account.certain} by the ledger, {account.billed} by the bill"


def _above_budget(url: str, found: Mapping[Question, Account], campaign: UUID | None) -> Iterator[str]:
    """Questions of several campaigns count for none of them, but for the installation."""
    budgets = {
        str(which): int(str(budget)) for which, budget in rows(url, "select id, budget_micros from campaigns")
    }
    if campaign is not None:
        budgets = {str(campaign): budgets[str(campaign)]}
    own: dict[str, int] = defaultdict(int)
    for account in found.values():
        if len(account.campaigns) == 1:
            own[next(iter(account.campaigns))] += account.billed
    for which, amount in own.items():
        if amount > budgets[which]:
            yield f"{amount} was billed for {which} on a budget of {budgets[which]}"
    total = sum(account.billed for account in found.values())
    if total > sum(budgets.values()):
        yield f"{total} was billed on budgets of {sum(budgets.values())}"


def _sum(lines: Sequence[Mapping[str, Any]]) -> int:
    return sum(int(line["price_micros"]) for line in lines)


def _of_bill(operation: str, arguments: Sequence[str]) -> Question:
    if operation == "jobs_create":
        return operation, _list(arguments)
    return operation, arguments[0] if operation == "text_search" else _plain(arguments[0])


def _of_ledger(operation: str, arguments: Any) -> Question:  # noqa: ANN401 - JSON
    if operation == "jobs_create":
        return operation, _list(arguments["emails"])
    if operation == "text_search":
        return operation, json.dumps(
            {name: arguments[name] for name in _PAGE if name in arguments}, sort_keys=True
        )
    return operation, _plain(
        next(str(arguments[name]) for name in ("domain", "email", "address") if name in arguments)
    )


def _list(emails: Sequence[str]) -> str:
    return " ".join(sorted(_plain(email) for email in emails))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
