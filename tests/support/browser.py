"""Where the Chromium of this machine is; run as a module it says so, or ends with code 1."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> Path | None:
    """The system's browser, else the one Playwright downloaded, else None."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            return Path(found)
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
    return next(iter(sorted(folder.glob("chromium-*/chrome-linux*/chrome"))), None)


if __name__ == "__main__":
    path = chromium()
    sys.stdout.write(f"{path or ''}\n")
    sys.exit(path is None)
