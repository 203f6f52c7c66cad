"""Bulk orders and their campaigns, a line each."""

from __future__ import annotations

from commands._reached import Row, usd
from pipeline.output.notices import counted, ranged

_TO = " to "


def line(told: Row) -> str:
    """A bulk order."""
    counts = told["campaigns"]
    ended = counts["total"] - counts["pending"] - counts["processing"]
    done = f"{told['progress']:>3} %  {ended:,} of {counted(counts['total'], 'campaign')}"
    spent = f"{usd(told['spent_usd'])} of {usd(told['cap_usd'])}"
    return f"{_named(told)} {done}, {counted(told['leads'], 'lead')}, {spent}  {told['title']}"


def campaign_line(told: Row) -> str:
    """One of its campaigns."""
    return f"{_named(told)} {counted(told['leads'], 'lead')}, {usd(told['spent_usd'])}  {told['title']}"


def _named(told: Row) -> str:
    return f"{told['id']}  {told['status']:<10}"


def plan_line(told: Row) -> str:
    """What all of them would come to."""
    few, many = told["leads_low"], told["leads_high"]
    leads = f"{ranged(f'{few:,}', f'{many:,}', _TO)} lead{'' if few == many == 1 else 's'}"
    cost = ranged(usd(told["cost_low_usd"]), usd(told["cost_high_usd"]), _TO)
    seconds = ranged(f"{told['duration_low_s']:,}", f"{told['duration_high_s']:,}", _TO)
    return f"{counted(told['orders'], 'campaign')}: {leads}, {cost}, {seconds} s one after the other"
