"""At every moment of a run, the worker dies: the campaign ends, and the promises hold."""

from __future__ import annotations

import pytest

from tests.support.drill import IN_THE_RUN, Ground


@pytest.mark.parametrize("moment", IN_THE_RUN)
def test_nothing_is_lost(moment: str, ground: Ground) -> None:
    ground.nothing_is_lost(moment, "parent")
