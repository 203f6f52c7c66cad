"""A worker loads what campaigns read once, before it forks."""

from __future__ import annotations

import os
import subprocess
import sys

import settings
from jobs.warm_up import warm_up

# In a process of its own: here, other tests have read some of it already, and keep what they made of it.
_LEFT_OUT = """
from jobs.warm_up import warm_up
from pipeline.chains import brands
from pipeline.contact import suffixes
from pipeline.network.http import trusted
from pipeline.words import categories, lexicon
warm_up()
loaded = (
    brands.by_name, brands.by_wikidata, suffixes._everybodys, suffixes._registries, lexicon.labels,
    categories.all_categories, trusted,
)
print([function.__name__ for function in loaded if not function.cache_info().currsize])
"""


def test_what_takes_time_to_load_is_there_afterwards() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LEFT_OUT],
        capture_output=True,
        text=True,
        cwd=settings.PROJECT_ROOT,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_no_file_stays_open_whose_place_forked_processes_would_share() -> None:
    warm_up()
    names = os.listdir("/proc/self/fd")
    opened = [
        os.readlink(f"/proc/self/fd/{name}") for name in names if os.path.islink(f"/proc/self/fd/{name}")
    ]
    assert [path for path in opened if path.startswith(str(settings.PROJECT_ROOT / "pipeline"))] == []
