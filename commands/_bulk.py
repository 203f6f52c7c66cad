"""What the commands of bulk orders do with their words: plan, order, and wait for the end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from clients.prospectpro import ProspectPro
from commands._bulk_file import written
from commands._bulk_words import line, plan_line
from commands._following import ENDINGS, LOST_SIGHT
from commands._here import Here
from commands._reached import Row, amount, shown
from commands._waiting import say
from pipeline.bulk_rows import MAX_ORDERS
from pipeline.campaign import CampaignStatus
from services.errors import Invalid
from store.interruptible import pause

_POLL_S = 1.0
_NOTHING_GOOD = "None of these can be ordered."


def plan(pro: ProspectPro | Here, file: Path, words: Mapping[str, Any]) -> int:
    """Say what the orders of a file come to; the exit code is 1 when some would be refused. Raises Invalid."""
    orders = written(file, words)
    unread = orders.unread()
    for wrong in unread:
        say(wrong)
    if not orders.orders:
        raise Invalid(_NOTHING_GOOD)
    found = pro.plan_bulk(orders.orders)
    shown(found, plan_line, words["as_json"])
    for noted in (*orders.told(found["bad"]), *orders.told(found["duplicates"])):
        say(noted)
    return 1 if unread or found["bad"] else 0


def run(pro: ProspectPro | Here, file: Path, words: Mapping[str, Any]) -> int:
    """Order them, and wait for the end when that is asked for; returns the exit code. Raises Invalid."""
    orders = written(file, words)
    for wrong in orders.unread():
        say(wrong)
    if not orders.orders:
        raise Invalid(_NOTHING_GOOD)
    if orders.bad and not words["skip_bad"]:
        raise Invalid("Nothing was ordered. Mend these, or leave them out with --skip-bad.")
    made = pro.order_bulk(
        orders.orders,
        amount(words["cap"], "--cap", MAX_ORDERS) if words["cap"] else None,
        skip_bad=words["skip_bad"],
        skip_duplicates=words["skip_duplicates"],
    )
    for noted in orders.told(made["left_out"]):
        say(f"Left out: {noted}")
    say(f"Ordered bulk order {made['id']}.")
    return end(pro, made, wait=words["wait"], as_json=words["as_json"])


def end(pro: ProspectPro | Here, bulk: Row, *, wait: bool, as_json: bool) -> int:
    """Show a bulk order, once it has ended if that is to be waited for; returns the exit code."""
    if not wait:
        shown(bulk, line, as_json)
        return 0
    try:
        ended = _ended(pro, bulk)
    except KeyboardInterrupt:
        say(f"The bulk order goes on. Watch it: manage.py bulk show {bulk['id']} --wait")
        return LOST_SIGHT
    shown(ended, line, as_json)
    return ENDINGS[CampaignStatus(ended["status"])][0]


def _ended(pro: ProspectPro | Here, bulk: Row) -> Row:
    with tqdm(total=100, unit="%", bar_format="{desc} {bar} {n:.0f} % [{elapsed}]") as bar:
        while not bulk["is_final"]:
            pause(_POLL_S)
            bulk = pro.bulk_order(bulk["id"])
            bar.set_description_str(bulk["status"], refresh=False)
            bar.update(bulk["progress"] - bar.n)
    return bulk
