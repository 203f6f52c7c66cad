"""Several ways to find out what a typed place means, tried in order."""

from __future__ import annotations

from pipeline.errors import SourceError
from pipeline.place import Area
from pipeline.providers.context import Locate


def first_that_knows(*locators: Locate) -> Locate:
    """Asks one after the other; raises the first failure only when none of the others knows the place."""

    def locate(location: str, radius_km: float | None) -> Area | None:
        failure: SourceError | None = None
        for ask in locators:
            try:
                area = ask(location, radius_km)
            except SourceError as error:
                failure = failure or error
                continue
            if area is not None:
                return area
        if failure is not None:
            raise failure
        return None

    return locate
