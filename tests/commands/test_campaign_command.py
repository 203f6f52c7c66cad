"""`manage.py campaign`: a whole campaign without a browser."""

from __future__ import annotations

import csv
import json
import signal
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
from openpyxl import load_workbook

import settings
from commands import _following
from pipeline.campaign import CampaignStatus
from pipeline.output.export import Spelling
from services import campaigns, catalogue, export_choices
from services.identity import Person
from tests.support.people import person
from tests.support.plugins import TOY_FORMAT, add_plugin
from tests.support.servers import Database, rows
from tests.support.terminal import manage
from tests.support.workers import eventually, worker

MANAGE = (sys.executable, str(settings.PROJECT_ROOT / "manage.py"))


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    catalogue.ensure_first_fill()
    return person("owner")


def test_it_ends_with_counts_cost_and_a_file(owner: Person, tmp_path: Path) -> None:
    target = tmp_path / "leads.csv"
    target.touch(0o644)
    order = ("campaign", "coffee shop", "Helsinki", "--max", "12", "--budget", "0", "--csv", str(target))
    with worker(tmp_path):
        done = manage(*order)
    assert done.returncode == 0, done.stderr
    assert "“coffee shop” → Café, Coffee retailer" in done.stderr
    assert "Campaign completed: 12 leads, $0.00" in done.stdout
    assert stat.filemode(target.stat().st_mode) == "-rw-------"
    with target.open(encoding="utf-8-sig") as file:
        assert len(list(csv.DictReader(file))) == 12


def test_the_ending_of_a_file_chooses_the_format_also_of_a_plugin(
    owner: Person, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_plugin(tmp_path, "toy_format", TOY_FORMAT)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    table, toy = tmp_path / "leads.csv", tmp_path / "leads.TOY"
    with worker(tmp_path):
        done = manage("campaign", "cafe", "Helsinki", "--max", "3", "--csv", str(table), "--out", str(toy))
    assert done.returncode == 0, done.stderr
    assert len(toy.read_text().splitlines()) == 4
    with table.open(encoding="utf-8-sig") as file:
        assert [row["Name"] for row in csv.DictReader(file)] == toy.read_text().splitlines()[1:]
    with closing(psycopg2.connect(database.superuser_url)) as conn, conn.cursor() as cursor:
        cursor.execute("select format, row_count from exports order by id")
        assert cursor.fetchall() == [("csv", 3), ("toy", 3)]


def test_a_preset_chooses_the_columns_and_says_who_is_left_out(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    export_choices.save(owner, "Call list", "csv", ["Phone", "Name"])
    export_choices.remember(owner, Spelling(delimiter=";", has_mark=False))
    letters, calls = tmp_path / "letters.xlsx", tmp_path / "calls.csv"
    with worker(tmp_path):
        order = ("campaign", "cafe", "Helsinki", "--max", "20", "--out", str(letters), "--preset", "letters")
        done = manage(*order)
        assert done.returncode == 0, done.stderr
        (campaign,) = campaigns.list_mine(owner).rows
        again = manage("follow", str(campaign.id), "--out", str(calls), "--preset", "CALL LIST")
    assert again.returncode == 0, again.stderr
    head, *lines = load_workbook(letters)["Leads"].iter_rows(values_only=True)
    assert head[0] == "Company"
    assert f"{len(lines)} leads written to {letters}; {20 - len(lines)} left out" in done.stdout
    assert calls.read_text().splitlines()[0] == "Phone;Name"
    assert len(calls.read_text().splitlines()) == 21


def test_json_holds_the_leads_and_nothing_else_is_printed(
    owner: Person, database: Database, tmp_path: Path
) -> None:
    with worker(tmp_path):
        whose = ("--user", owner.email, "--workspace", owner.workspace_name.upper())
        done = manage("campaign", "bakery, cafe", "Helsinki", "--max", "5", "--json", *whose)
    answer = json.loads(done.stdout)
    assert (answer["status"], answer["cost_usd"], len(answer["leads"])) == ("completed", "0", 5)
    assert rows(database.superuser_url, "select format, row_count from exports") == [("json", 5)]
    assert campaigns.list_mine(owner).total == 1


def test_interrupting_it_stops_the_campaign(owner: Person, database: Database, tmp_path: Path) -> None:
    # A test run in the background ignores Ctrl-C and hands that on to what it starts.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen([*MANAGE, "campaign", "cafe", "Helsinki"], stdout=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, heard)
    eventually(lambda: campaigns.list_mine(owner).total == 1, "the order")
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate()
    assert process.returncode == 5
    assert "cancelled" in said
    assert campaigns.list_mine(owner).rows[0].status is CampaignStatus.CANCELLED


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("cafe", "Helsinki", "--max", "0"), "between 1 and 1,000"),
        (("cafe", "Helsinki", "--max", "ten"), "whole number"),
        (("cafe", "Helsinki", "--budget", "1,50"), "budget"),
        (("", "Helsinki"), "at least one type"),
        (("cafe", "Helsinki", "--user", "nobody@example.com"), "Nobody has an account"),
        (("cafe", "Helsinki", "--workspace", "Sales"), "You are in no workspace called “Sales”."),
        (("cafe", "Helsinki", "--csv", "/no/such/folder/leads.csv"), "no folder"),
        (("cafe", "Helsinki", "--out", "/no/such/folder/leads.xlsx"), "no folder"),
        (("cafe", "Helsinki", "--csv", "/tmp"), "is a folder"),
        (("cafe", "Helsinki", "--out", "/proc/leads.csv"), "cannot be written"),
        (("cafe", "Helsinki", "--csv", "/tmp/leads.xlsx", "--out", "/tmp/leads.xlsx"), "the same file"),
        (("cafe", "Helsinki", "--out", "leads.docx"), "There are .csv, .json, .vcf, .xlsx."),
        (("cafe", "Helsinki", "--preset", "hubspot"), "Name the file, too."),
        (("cafe", "Helsinki", "--out", "leads.csv", "--preset", "letters"), "writes .xlsx files"),
        (("cafe", "Helsinki", "--out", "leads.csv", "--preset", "docx"), "There are hubspot, letters,"),
        (("cafe", "Helsinki", "--out", "leads"), "There are .csv, .json, .vcf, .xlsx."),
    ],
)
def test_a_wrong_order_gets_a_sentence_and_costs_nothing(
    owner: Person, words: tuple[str, ...], says: str
) -> None:
    done = manage("campaign", *words)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert campaigns.list_mine(owner).total == 0


def test_with_several_accounts_it_asks_whose(owner: Person) -> None:
    person("other")
    done = manage("campaign", "cafe", "Helsinki")
    assert (done.returncode, "--user" in done.stderr) == (1, True)


def test_without_an_installation_it_says_how_to_start_one() -> None:
    done = manage("campaign", "cafe", "Helsinki")
    assert done.returncode == 1
    assert "make run" in done.stderr
    assert "Traceback" not in done.stderr


def test_create_admin_makes_an_administrator_once(database: Database) -> None:
    made = manage("create-admin", "admin@example.com", "--password-stdin", given="a long enough password\n")
    again = manage("create-admin", "admin@example.com", "--password-stdin", given="a long enough password\n")
    assert made.returncode == 0, made.stderr
    assert (again.returncode, "already has an account" in again.stderr) == (1, True)
    with psycopg2.connect(database.superuser_url) as conn, conn.cursor() as cursor:
        cursor.execute("select is_admin from users")
        assert cursor.fetchall() == [(True,)]
    conn.close()


def test_every_ending_has_its_own_code_and_sentence_and_is_documented() -> None:
    document = (settings.PROJECT_ROOT / "docs" / "command-line.md").read_text()
    assert set(_following.ENDINGS) == {status for status in CampaignStatus if status.is_final}
    codes = [code for code, _ in _following.ENDINGS.values()]
    assert len({*codes, 1, 2, _following.LOST_SIGHT}) == len(codes) + 3
    for status, (code, sentence) in _following.ENDINGS.items():
        assert f"| {code} | {status} | {sentence} |" in document
    assert f"| {_following.LOST_SIGHT} | out of sight |" in document
