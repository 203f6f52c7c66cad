"""Asks the interface for programs whatever its document allows, and what it does not: ``make fuzz``.

Starts a database, a Redis and the application, has schemathesis ask every operation ``--cases`` times in each of its
ways, and ends with 1 when it finds anything. More words are passed on to it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from api.v1.problems import PREFIX
from bench._installation import installation
from services import api_keys
from services.api_keys import Scope
from services.identity import Person
from tests.support.campaigns import finished, lead
from tests.support.web_server import web_server

_CONFIG = Path(__file__).with_name("schemathesis.toml")
# Its answer goes on for as long as the campaign does.
_ENDLESS = "/campaigns/{campaign_id}/events"


def main() -> None:
    """Print what schemathesis says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=50, help="Requests of each kind for each operation.")
    parser.add_argument("--seed", type=int, default=1)
    given, more = parser.parse_known_args()
    with installation() as (folder, owner):
        limits = {"API_REQUESTS_PER_MINUTE": "1000000", "CONNECTIONS_PER_ADDRESS": "1000"}
        with web_server("streamlit_app:app", folder / "web.log", **limits) as server:
            key = _key(owner)
            options = ["--max-examples", str(given.cases), "--seed", str(given.seed), *more]
            sys.exit(fuzzed(server.url, key, folder, *options))


def _key(owner: Person) -> str:
    """A key that may do everything, in a workspace where there is something to find."""
    finished(owner, [lead(number, email="info@cafe.example.com") for number in range(1, 6)])
    return api_keys.create(owner, "Fuzzing", Scope.ADMIN, 1)


def fuzzed(url: str, key: str, folder: Path, *options: str) -> int:
    """The exit code of schemathesis, asked to find anything at this address."""
    argv = [
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(_CONFIG), "run"),
        *(f"{url}{PREFIX}/openapi.json", "--url", f"{url}{PREFIX}"),
        *("--header", f"Authorization: Bearer {key}", "--exclude-path", _ENDLESS),
        # It would find its own key.
        *("--exclude-operation-id", "keys_revoke"),
        # What is right by its form may still be refused: a place nobody knows, a cursor that was not given out.
        # An answer that is given again may be of what was deleted since.
        *("--checks", "all", "--exclude-checks", "positive_data_acceptance,ensure_resource_availability"),
        *("--continue-on-failure", "--request-timeout", "30", *options),
    ]
    return subprocess.run(argv, cwd=folder).returncode


if __name__ == "__main__":
    main()
