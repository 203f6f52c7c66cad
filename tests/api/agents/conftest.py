"""Agents come by the same door as programs."""

from tests.api.v1.conftest import known_places as known_places
from tests.api.v1.conftest import owner as owner
from tests.services.conftest import keys as keys
