"""How much a page moves while it loads."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.support.browsing import Visit

MOST_SHIFT = 0.1
"""What web.dev/articles/cls calls good."""
COUNT_SHIFTS = """
window.shifted = 0;
new PerformanceObserver(list => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


def shift(browser: Browser, visit: Visit, path: str, size: tuple[int, int]) -> float:
    """The layout shift of a page that a browser opens for the first time, as web.dev/articles/cls defines it but for
    its windows: everything is added up, so that the figure is never too good."""
    cold = Visit(browser, visit.url, size)
    cold.context.add_cookies(visit.context.cookies())  # type: ignore[arg-type]
    cold.page.add_init_script(COUNT_SHIFTS)
    cold.page.goto(path)
    cold.page.get_by_role("heading", level=1).wait_for()
    cold.page.locator('.stApp[data-test-script-state="notRunning"]').wait_for()
    cold.page.wait_for_load_state("networkidle")
    moved = float(cold.page.evaluate("window.shifted"))
    cold.context.close()
    return moved
