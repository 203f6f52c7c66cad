"""What a person waits for: from a click to the page that has settled, from a written figure to the screen, and how much
a page moves while it loads."""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2
import typer
from playwright.sync_api import expect

from bench._installation import spread
from embedded.layout import Layout
from embedded.postgres import Postgres
from tests.support.application import application
from tests.support.browsing import Visit, become_first_admin, chrome, order
from tests.support.layout import MOST_SHIFT, shift

_TIMES = 10
_DESKTOP = (1440, 900)
_SIZES = (_DESKTOP, (390, 844))
_COLD = ("/", "/new_campaign", "/campaigns", "/leads", "/spend")
# Half a second is what still feels like an answer to the click.
_MOST_SETTLING_S = 0.5


def main() -> None:
    """Print a row for each; ends with code 1 when a bar is missed."""
    with (
        tempfile.TemporaryDirectory() as folder,
        application(Path(folder) / "app") as app,
        chrome() as browser,
    ):
        visit = Visit(browser, app.url, _DESKTOP)
        become_first_admin(visit, app.first_admin_link)
        clicks = [_click(visit) for _ in range(_TIMES)]
        database = Postgres(Layout(app.data_dir)).url("postgres")
        _order(visit)
        with _held_up(database):
            _start(visit)
            expect(visit.page.get_by_text("Running", exact=True)).to_be_visible()
            writes = [_write(visit, database, 1000 + number) for number in range(_TIMES)]
            settled = [_settle(visit, name) for _ in range(_TIMES // 2) for name in ("Campaigns", "Spend")]
        shifts = {
            f"{path} {size[0]} × {size[1]}": shift(browser, visit, path, size)
            for path in _COLD
            for size in _SIZES
        }
        visit.context.close()
    print(f"{_TIMES} times, seconds{'min':>20}{'median':>9}{'max':>9}")
    print(f"{'click to progress page':<29}{spread(clicks)}")
    print(f"{'database write to screen':<29}{spread(writes)}")
    print(f"{'click in the menu to settled':<29}{spread(settled)}")
    print("a running campaign is looked at once a second")
    for what, moved in shifts.items():
        print(f"layout shift of a cold load of {what:<28}{moved:.3f}")
    missed = [
        *(["layout shift"] if max(shifts.values()) > MOST_SHIFT else []),
        *(["click to settled"] if statistics.median(settled) > _MOST_SETTLING_S else []),
    ]
    if missed:
        print(f"Bars were missed: {', '.join(missed)}", file=sys.stderr)
        raise typer.Exit(1)


def _click(visit: Visit) -> float:
    _order(visit)
    begun = time.perf_counter()
    _start(visit)
    return time.perf_counter() - begun


def _order(visit: Visit) -> None:
    visit.page.goto("/new_campaign")
    order(visit.page, "cafe", "Helsinki")
    expect(visit.page.get_by_role("button", name="Start campaign")).to_be_enabled()


def _start(visit: Visit) -> None:
    visit.page.get_by_role("button", name="Start campaign").click()
    expect(visit.page.get_by_role("heading", name="cafe in Helsinki")).to_be_visible()


def _settle(visit: Visit, name: str) -> float:
    """From the click on a line of the menu until its page stands and the server has nothing more to draw."""
    begun = time.perf_counter()
    visit.page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    visit.page.get_by_role("heading", name=name, level=1).wait_for()
    visit.page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    return time.perf_counter() - begun


def _write(visit: Visit, database: str, figure: int) -> float:
    with closing(psycopg2.connect(database)) as conn, conn, conn.cursor() as cursor:
        cursor.execute("update campaigns set businesses_found = %s where status = 'processing'", (figure,))
    begun = time.perf_counter()
    metric = visit.page.get_by_test_id("stMetric").filter(has_text="Businesses found")
    metric.get_by_text(f"{figure:,}").wait_for()
    return time.perf_counter() - begun


@contextmanager
def _held_up(database: str) -> Iterator[None]:
    """While this lasts no worker can store what it found, so a campaign goes on running."""
    with closing(psycopg2.connect(database)) as conn, conn.cursor() as cursor:
        cursor.execute("lock table businesses in exclusive mode")
        yield
        conn.rollback()


if __name__ == "__main__":
    typer.run(main)
