"""How people's words for types of business are understood: 400 words in fourteen languages, and what it costs.

``types.csv`` holds what people type, as headings of directories and phone books have it, with the tags that are right.
Ends with code 1 when the first answer, any of the first three, or silence about a word misses its bar.
"""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import typer

from pipeline.words.understanding import How, Understood, understand

FIRST, ANY_OF_THREE = 0.90, 0.97
MOST_LOAD_S, MOST_RESIDENT_MB = 0.3, 10
_COST = """
import resource, time
from pipeline.words.understanding import understand
def resident_mb(): return int(open("/proc/self/statm").read().split()[1]) * resource.getpagesize() / 1e6
before, start = resident_mb(), time.process_time()
understand("Friseur"); understand("Friseurinnen")
loaded = time.process_time() - start
start = time.process_time()
understand("resturant")
print(loaded, time.process_time() - start, resident_mb() - before)
"""


def main() -> None:
    """Print one row a language, then the cost, then each word that was not understood right."""
    with (Path(__file__).parent / "types.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    by_language: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    missed = []
    for row in rows:
        found, right = understand(row["typed"]), frozenset(row["tags"].split(";"))
        figures = _is_first(found, right), _is_among(found, right), _is_silent(found)
        by_language[row["language"]].append(figures)
        if not figures[0]:
            missed.append(f"{row['language']}  {row['typed']}: {found.how}, {found.label}")
    everything = [figures for found in by_language.values() for figures in found]
    print(f"{'language':<10}{'words':>6}{'first right':>13}{'any of three':>14}{'silent':>8}")
    for language, each in (*by_language.items(), ("all", everything)):
        first, three, silent = (sum(one) / len(each) for one in zip(*each, strict=True))
        print(f"{language:<10}{len(each):>6}{first:>13.1%}{three:>14.1%}{silent:>8.1%}")
    print(*missed, sep="\n")
    sys.exit(1 if _bars([first, three, silent]) else 0)


def _bars(shares: Sequence[float]) -> list[str]:
    """The bars that were missed, each told."""
    code = subprocess.run([sys.executable, "-c", _COST], check=True, capture_output=True, text=True)
    load_s, unknown_s, resident_mb = map(float, code.stdout.split())
    print(
        f"first words {load_s:.3f} s, a word nobody knows {unknown_s:.3f} s of processor time; {resident_mb:.1f} MB"
    )
    first, three, silent = shares
    bars = {
        f"first answer right: {first:.1%}, at least {FIRST:.0%}": first >= FIRST,
        f"any of three: {three:.1%}, at least {ANY_OF_THREE:.0%}": three >= ANY_OF_THREE,
        f"silently searched for in names: {silent:.1%}, never": silent == 0,
        f"load: {load_s:.3f} s, at most {MOST_LOAD_S} s": load_s <= MOST_LOAD_S,
        f"memory: {resident_mb:.1f} MB, at most {MOST_RESIDENT_MB} MB": resident_mb <= MOST_RESIDENT_MB,
    }
    missed = [bar for bar, is_kept in bars.items() if not is_kept]
    for bar in missed:
        print(f"MISSED {bar}")
    return missed


def _is_first(found: Understood, right: frozenset[str]) -> bool:
    return not right.isdisjoint(found.tags) and found.how is not How.NARROWED


def _is_among(found: Understood, right: frozenset[str]) -> bool:
    return _is_first(found, right) or any(
        not right.isdisjoint(choice.tags) for choice in found.alternatives[: 3 if not found.tags else 2]
    )


def _is_silent(found: Understood) -> bool:
    """Whether its words would be searched for although nobody chose so."""
    return not found.tags and found.how is not How.UNKNOWN


if __name__ == "__main__":
    typer.run(main)
