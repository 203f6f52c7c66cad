"""How large the project is, and how many files a contributor touches.

Lines of Python a folder, with the median and largest file and function of each; then every checklist of
``docs/contributing``, followed on a copy. Ends with code 1 when one fails or touches more files than it may.
"""

from __future__ import annotations

import ast
import statistics
import subprocess
import sys
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

import settings
from tests.support.checklists import MOST_FILES, Checklist, checklists, followed

_LEFT_OUT = {".venv", "var", "artifacts"}


def main() -> None:
    """Print one row a folder, then one a checklist."""
    _sizes()
    found = list(checklists())
    with ThreadPoolExecutor() as pool:
        kept = [_is_kept(*pair) for pair in zip(found, pool.map(_follow, found), strict=True)]
    sys.exit(0 if all(kept) else 1)


def _follow(checklist: Checklist) -> subprocess.CompletedProcess[str]:
    with TemporaryDirectory() as folder:
        return followed([checklist], Path(folder))


def _is_kept(checklist: Checklist, done: subprocess.CompletedProcess[str]) -> bool:
    """Tell how following a checklist went."""
    most = MOST_FILES[checklist.name]
    works, last = done.returncode == 0, (done.stdout.strip().splitlines() or ["nothing was said"])[-1]
    print(f"{checklist.name:<28}{len(checklist.files):>3} files, at most {most}: {last}", flush=True)
    if not works:
        print(done.stdout, done.stderr, sep="\n")
    return works and len(checklist.files) <= most


def _sizes() -> None:
    files: dict[str, dict[str, int]] = defaultdict(dict)
    functions: dict[str, dict[str, int]] = defaultdict(dict)
    for path in sorted(settings.PROJECT_ROOT.rglob("*.py")):
        name = path.relative_to(settings.PROJECT_ROOT)
        if name.parts[0] not in _LEFT_OUT:
            folder = name.parts[0] if len(name.parts) > 1 else "."
            files[folder][str(name)] = len(path.read_text().splitlines())
            functions[folder].update(_functions(path))
    head = f"{'folder':<12}{'files':>6}{'lines':>7}{'median':>8}{'largest file':>42}"
    print(f"{head}{'median':>8}{'largest function':>52}")
    for folder in sorted(files, key=lambda name: -sum(files[name].values())):
        found, longest = files[folder], functions[folder] or {"": 0}
        print(
            f"{folder:<12}{len(found):>6}{sum(found.values()):>7}{statistics.median(found.values()):>8.0f}"
            f"{_largest(found):>42}{statistics.median(longest.values()):>8.0f}{_largest(longest):>52}"
        )


def _functions(path: Path) -> dict[str, int]:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds)]
    return {f"{path.stem}.{node.name}": (node.end_lineno or node.lineno) - node.lineno + 1 for node in found}


def _largest(sizes: dict[str, int]) -> str:
    name = max(sizes, key=lambda key: sizes[key])
    return f"{name} {sizes[name]}"


if __name__ == "__main__":
    typer.run(main)
