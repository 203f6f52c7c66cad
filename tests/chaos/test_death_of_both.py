"""At every moment of a run, worker and run together dies: the campaign ends, and the promises hold."""

from __future__ import annotations

import pytest

from tests.support.drill import IN_THE_RUN, DrillSetup


@pytest.mark.parametrize("moment", IN_THE_RUN)
def test_nothing_is_lost(moment: str, drill_setup: DrillSetup) -> None:
    drill_setup.nothing_is_lost(moment, "both")
