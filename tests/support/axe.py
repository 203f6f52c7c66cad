"""What axe-core finds on a page that keeps people from using it, but for faults of Streamlit itself."""

from __future__ import annotations

from importlib import resources

from playwright.sync_api import Page

_AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text()
_IMPACTS = ("serious", "critical")
# What Streamlit draws and we cannot change: the items of its menu stand below a group of their own, not in the list.
_STREAMLITS = {"list": "[data-testid=stSidebarNav]", "listitem": "[data-testid=stSidebarNav]"}
# Colours on their way to those of the theme are set at once. All in one go, as Streamlit may draw the page anew.
_LOOK = """async ([impacts, streamlits]) => {
    const still = document.createElement("style");
    still.textContent = "*, *::before, *::after { transition: none !important }";
    document.head.append(still);
    const found = await axe.run({ elementRef: true });
    const ours = (rule, node) => !(rule in streamlits && node.element.closest(streamlits[rule]));
    return found.violations.filter(fault => impacts.includes(fault.impact)).flatMap(fault =>
        fault.nodes.filter(node => ours(fault.id, node)).map(node =>
            `${fault.id} (${fault.impact}) ${node.target} ${node.html.slice(0, 200)}`));
}"""


def faults(page: Page, where: str) -> list[str]:
    """What is still found at a second look; the first may meet a page that is being drawn."""
    page.evaluate(_AXE)
    found: list[str] = []
    for _ in range(2):
        found = page.evaluate(_LOOK, [_IMPACTS, _STREAMLITS])
        if not found:
            break
    return [f"{where}: {fault}" for fault in found]
