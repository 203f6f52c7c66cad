"""`manage.py campaign` while the database pauses: it waits, says so, and never loses or doubles a campaign."""

from __future__ import annotations

import csv
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import settings
from services import campaigns, catalogue
from services.identity import Person
from tests.support import outages
from tests.support.outages import Servers
from tests.support.people import person
from tests.support.workers import eventually, worker

AWAY = "The database does not answer at the moment"


class Terminal:
    """A command at a terminal, whose standard error can be read while it runs."""

    def __init__(self, folder: Path, *words: str) -> None:
        self._log = folder / "stderr"
        # A test run in the background ignores Ctrl-C and hands that on to what it starts.
        heard = signal.signal(signal.SIGINT, signal.default_int_handler)
        with self._log.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(settings.PROJECT_ROOT / "manage.py"), *words],
                stdout=subprocess.PIPE,
                stderr=output,
                text=True,
            )
        signal.signal(signal.SIGINT, heard)

    def said(self) -> str:
        return self._log.read_text()

    def wait_for(self, words: str) -> None:
        eventually(lambda: words in self.said() or self.process.poll() is not None, words)
        assert words in self.said()

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def end(self) -> tuple[int, str]:
        """Its exit code and what it printed; nothing it said is a traceback."""
        printed, _ = self.process.communicate()
        assert "Traceback" not in self.said()
        return self.process.returncode, printed

    @property
    def campaign(self) -> str:
        (found,) = re.findall(r"Ordered campaign (\S+)\.", self.said())
        return str(found)


@pytest.fixture
def servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    with outages.servers(tmp_path / "servers") as (made, environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        outages.prepare()
        catalogue.ensure_first_fill()
        yield made


@pytest.fixture
def owner(servers: Servers) -> Person:
    return person("owner")


def test_it_waits_for_the_database_and_ends_with_the_leads(
    servers: Servers, owner: Person, tmp_path: Path
) -> None:
    target = tmp_path / "leads.csv"
    terminal = Terminal(tmp_path, "campaign", "cafe", "Helsinki", "--max", "3", "--csv", str(target))
    terminal.wait_for("Ordered campaign")
    servers.stop_postgres()
    terminal.wait_for(AWAY)
    servers.start_postgres()
    terminal.wait_for("The database answers again.")
    with worker(tmp_path):
        code, printed = terminal.end()
    assert (code, "Campaign completed: 3 leads" in printed) == (0, True), terminal.said()
    with target.open(encoding="utf-8-sig") as file:
        assert len(list(csv.DictReader(file))) == 3
    again = Terminal(tmp_path, "follow", terminal.campaign)
    assert (again.end()[0], campaigns.list_mine(owner).total) == (0, 1)


def test_an_order_typed_during_a_pause_is_placed_once(
    servers: Servers, owner: Person, tmp_path: Path
) -> None:
    servers.stop_postgres()
    terminal = Terminal(tmp_path, "campaign", "cafe", "Helsinki")
    terminal.wait_for("Waiting for up to")
    servers.start_postgres()
    terminal.wait_for("Ordered campaign")
    terminal.interrupt()
    code, printed = terminal.end()
    assert (code, "cancelled" in printed) == (5, True)
    assert campaigns.list_mine(owner).total == 1


def test_it_can_be_left_while_the_server_stands_still(
    servers: Servers, owner: Person, tmp_path: Path
) -> None:
    terminal = Terminal(tmp_path, "campaign", "cafe", "Helsinki")
    terminal.wait_for("Ordered campaign")
    with servers.frozen_postgres():
        terminal.interrupt()
        terminal.wait_for("Stopping the campaign.")
        terminal.interrupt()
        code, printed = terminal.end()
    assert (code, printed) == (6, "")
    assert f"was not stopped. Stop it under Campaigns, or watch it: manage.py follow {terminal.campaign}" in (
        terminal.said()
    )
    later = Terminal(tmp_path, "follow", terminal.campaign)
    eventually(lambda: "%" in later.said(), "the progress bar")
    later.interrupt()
    assert later.end()[0] == 5
