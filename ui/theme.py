"""The look that the theme file cannot express: widths, spacing, steps, empty states, phones."""

from __future__ import annotations

import streamlit as st

_STYLE = """
<style>
.stMainBlockContainer { max-width: 76rem; padding-top: 3.25rem; padding-bottom: 4rem; }
[data-testid="stHeader"] { background: transparent; }
:has(> [data-testid="stSidebarLogo"]) { display: flex; align-items: center; gap: .625rem; }
:has(> [data-testid="stSidebarLogo"])::after { content: "ProspectPro"; font-size: 1.25rem; font-weight: 700;
  letter-spacing: -.01em; }
[data-testid="stElementToolbar"] { display: none; }
[data-testid="stMetric"] { min-width: 0; }
[data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; }
[class*="st-key-pp-figures"] > div { min-width: 8.5rem; flex: 1 1 8.5rem; }
[class*="st-key-pp-figures"] [data-testid="stMetric"] { background: var(--pp-card); }
[class*="st-key-pp-card"] { background: var(--pp-card); box-shadow: 0 1px 2px rgb(16 42 36 / 6%); }
[class*="st-key-pp-card-plan"] [data-testid="stMetric"] { background: transparent; }
[class*="st-key-pp-card-row"] { transition: border-color .15s ease; }
[class*="st-key-pp-card-row"]:hover { border-color: var(--pp-accent); }
[data-testid="stBaseButton-tertiary"], [data-testid="stBaseButton-pillsActive"],
[data-testid="stBaseButton-segmented_controlActive"] { color: var(--pp-accent); }
[class*="st-key-pp-card-empty"] { text-align: center; padding: 2.75rem 1rem; align-items: center; }
[class*="st-key-pp-card-empty"] p { max-width: 32rem; margin-inline: auto; }
[class*="st-key-pp-foot"] p { font-size: .8125rem; color: var(--pp-muted); }
.pp-steps { display: flex; gap: .5rem; list-style: none; margin: 0 !important; padding: 0 !important; }
.pp-steps li { flex: 1 1 0; margin: 0 !important; padding: .625rem 0 0 !important; font-size: .875rem;
  line-height: 1.3; border-top: 4px solid var(--pp-line); color: var(--pp-muted); }
.pp-steps li.done { border-color: var(--pp-accent); }
.pp-steps li.now { border-color: var(--pp-accent); color: inherit; font-weight: 650; }
.pp-steps li.halt { border-color: var(--pp-warn); color: inherit; font-weight: 650; }
.pp-steps small { display: block; font-size: .75rem; font-weight: 400; color: var(--pp-muted); }
.st-key-pp-live [data-stale="true"] { opacity: 1 !important; transition: none !important; }
.pp-button { display: inline-block; padding: .5rem 1.125rem; border-radius: .625rem; background: #0F766E;
  color: #fff !important; text-decoration: none !important; font-weight: 600; }
.pp-button:hover { background: #0B6159; }
.pp-button:focus-visible { outline: 3px solid var(--pp-accent); outline-offset: 2px; }
.st-key-pp-account [data-testid="stText"] { color: var(--pp-muted); font-size: .875rem; }
.pp-account button { width: 100%; padding: .4rem .75rem; border-radius: .625rem; cursor: pointer;
  border: 1px solid var(--pp-line); background: transparent; color: inherit;
  font: inherit; font-size: .875rem; }
.pp-account button:hover, .pp-account button:focus-visible { border-color: var(--pp-accent);
  color: var(--pp-accent); }
@media (max-width: 640px) {
  .stMainBlockContainer { padding-inline: 1rem; padding-top: 3.5rem; }
  [class*="st-key-pp-figures"] > div { flex-basis: 40%; }
  [class*="st-key-pp-card-filters"] [data-testid="stColumn"] { min-width: 40%; flex: 1 1 40%; }
  [class*="st-key-pp-card-filters"] [data-testid="stColumn"]:first-child { min-width: 100%; flex: 1 1 100%; }
  .pp-steps li { font-size: 0; }
  .pp-steps li.now, .pp-steps li.halt { font-size: .8125rem; flex-grow: 4; }
  .pp-steps small { display: none; }
}
</style>
"""

_COLOURS = {
    "light": {
        "card": "#FFFFFF",
        "accent": "#0F766E",
        "line": "#D9E2DF",
        "muted": "#55655F",
        "warn": "#B45309",
    },
    "dark": {
        "card": "#131D1B",
        "accent": "#2DBFAF",
        "line": "#2A3835",
        "muted": "#9DB0AA",
        "warn": "#FBBF24",
    },
}


def apply() -> None:
    """Put the style on the page; call it once per rerun."""
    theme = "dark" if st.context.theme.type == "dark" else "light"
    colours = " ".join(f"--pp-{name}: {value};" for name, value in _COLOURS[theme].items())
    st.html(f"<style>:root {{ {colours} }}</style>{_STYLE}")
