"""What axe-core finds on a page that keeps people from using it, but for faults of Streamlit itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from playwright.sync_api import Page

_AXE = (resources.files("axe_playwright_python") / "axe.min.js").read_text()
_IMPACTS = ("critical", "serious", "moderate", "minor")
_KEEP_PEOPLE_OUT = _IMPACTS[:2]
# What Streamlit draws and we cannot change: the items of its menu stand below a group of their own, not in the list.
# The small chart in a figure is a picture beside the figure it is of.
_STREAMLITS = {
    "svg-img-alt": "[data-testid=stMetricChart]",
    "list": "[data-testid=stSidebarNav]",
    "listitem": "[data-testid=stSidebarNav]",
}
# All rules of levels A and AA that read a colour.
_OF_COLOURS = ["color-contrast", "link-in-text-block"]
# Colours on their way to those of the theme are set at once. All in one go, as Streamlit may draw the page anew.
_LOOK = """async ([streamlits, only]) => {
    const still = document.createElement("style");
    still.textContent = "*, *::before, *::after { transition: none !important }";
    document.head.append(still);
    const found = await axe.run({ elementRef: true, resultTypes: ["violations"], ...(only && { runOnly: only }) });
    const ours = (rule, node) => !(rule in streamlits && node.element.closest(streamlits[rule]));
    return found.violations.flatMap(fault => fault.nodes.map(node => ({
        impact: fault.impact, is_ours: ours(fault.id, node), rule: fault.id,
        told: `${fault.id} (${fault.impact}) ${node.target} ${node.html.slice(0, 200)}`})));
}"""


@dataclass
class Look:
    """What was found on a page: ``faults`` keep people from using it, ``counts`` are all of ours by impact, ``rules``
    those of them that are less, by rule, and ``streamlits`` are those we cannot change."""

    faults: list[str]
    counts: dict[str, int]
    rules: dict[str, int]
    streamlits: int


def look(page: Page, where: str, *, only_colours: bool = False) -> Look:
    """What is still found at a second look; the first may meet a page that is being drawn. ``only_colours`` asks for
    what another theme can change."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_AXE)
    asked = [_STREAMLITS, {"type": "rule", "values": _OF_COLOURS} if only_colours else None]
    seen = _sorted(page.evaluate(_LOOK, asked), where)
    return _sorted(page.evaluate(_LOOK, asked), where) if seen.faults else seen


def _sorted(found: Sequence[Mapping[str, Any]], where: str) -> Look:
    ours = [fault for fault in found if fault["is_ours"]]
    less = [fault["rule"] for fault in ours if fault["impact"] not in _KEEP_PEOPLE_OUT]
    return Look(
        faults=[f"{where}: {fault['told']}" for fault in ours if fault["impact"] in _KEEP_PEOPLE_OUT],
        counts=dict(Counter(fault["impact"] for fault in ours)),
        rules=dict(Counter(less)),
        streamlits=len(found) - len(ours),
    )


def table(looks: Iterable[Look]) -> str:
    """The sums of several looks, for the end of a test run."""
    seen = list(looks)
    counts, rules = Counter[str](), Counter[str]()
    for one in seen:
        counts.update(one.counts)
        rules.update(one.rules)
    told = ", ".join(f"{counts[impact]} {impact}" for impact in _IMPACTS)
    less = ", ".join(f"{rule} {number}" for rule, number in rules.most_common())
    streamlits = sum(one.streamlits for one in seen)
    return (
        f"{len(seen)} looks at pages: {told}; {streamlits} of Streamlit itself\nof these: {less or 'nothing'}"
    )
