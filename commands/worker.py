"""One campaign worker."""

from __future__ import annotations

from collections.abc import Iterator

from commands import _plugins as plugins
from commands._waiting import Wait, say, waiting


def worker(wait: Wait = 5) -> None:
    """Run campaigns until asked to stop."""
    from jobs import export_sending, queue, webhooks
    from jobs import worker as campaign_worker
    from jobs.side_work import SideWork
    from services import billing_work, book_file_work, crm_work, place_load_steps
    from store import readiness
    from store.database import Role, check_secret

    plugins.load()
    readiness.wait_until_ready(Role.WORKER, wait, waiting(wait))
    check_secret()
    queue.wait_until_ready(wait, waiting(wait))
    if empty := readiness.empty_catalogue(Role.WORKER):
        say(empty)
    files = SideWork(name="files", are_due=book_file_work.are_due, run_due=book_file_work.run_due)
    hooks = SideWork(name="webhooks", are_due=webhooks.are_due, run_due=webhooks.send_due)
    systems = SideWork(name="crm", are_due=crm_work.are_due, run_due=crm_work.run_due)
    places = SideWork(name="places", are_due=place_load_steps.are_due, run_due=_places)
    paid = SideWork(name="billing", are_due=billing_work.are_due, run_due=billing_work.run_due)
    sends = SideWork(name="sends", are_due=export_sending.are_due, run_due=export_sending.run_due)
    campaign_worker.main([files, hooks, systems, places, paid, sends])


def _places() -> Iterator[str]:
    # What reads files of places takes a second to load, and there are seldom any to read.
    from services import place_load_work

    yield from place_load_work.run_due()
